"""The first page is there soon: it waits for nothing that it does not need."""

import subprocess
import sys

import pytest
from visiting import ROOT


@pytest.mark.parametrize(
    "heavy", ["scipy.special", "pandas", "pyarrow.parquet", "sim.model", "numba", "rules.plan.model"]
)
def test_the_first_page_imports_nothing_heavy(heavy):
    program = f"import sys, app.choosing, app.pages.story; print({heavy!r} in sys.modules)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
