"""What a job on a new machine does first: compile the kernels, once, and say so."""

from __future__ import annotations

from app.jobs import Tell

COLD = ("cold",)
"""What is told while that goes on."""


def warm(tell: Tell) -> None:
    """Compile where that has not been done."""
    from rules import jit

    if jit.is_cold():
        from sim.warm import compile_everything

        tell(COLD)
        compile_everything()
