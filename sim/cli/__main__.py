"""`python -m sim.cli` is `fenxiao`."""

from sim.cli import main

main()
