"""The page about faults is complete: every invariant, every planted bug."""

from __future__ import annotations

import re
from pathlib import Path

from sim.stress.faults.audit import INVARIANTS
from sim.stress.faults.planted import PLANTED

PAGE = (Path(__file__).parents[4] / "docs" / "FAULTS.md").read_text("utf-8")


def test_every_invariant_is_explained_in_its_own_words():
    assert dict(re.findall(r"^\| `(\w+)`: (.*?) \|", PAGE, re.MULTILINE)) == {
        name: english for name, (english, _) in INVARIANTS.items()
    }


def test_every_planted_bug_is_listed():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(PLANTED)
