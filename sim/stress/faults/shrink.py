"""A failing world made smaller: what can be left out while the same invariant still breaks is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sim.stress.faults.script import Script
from sim.stress.faults.world import Kit, Outcome, World

Thing = TypeVar("Thing")
TRIES = 250
"""Worlds that are tried at most."""


class _Budget:
    """How many more worlds are tried."""

    def __init__(self, tries: int) -> None:
        self.left = tries

    def spend(self) -> bool:
        """Whether another may be."""
        self.left -= 1
        return self.left >= 0


def shrunk(script: Script, kit: Kit, invariant: str, tries: int = TRIES) -> Script:
    """A smaller script that breaks the same invariant; the script itself if there is none.

    First mishaps are left out, then whole orders and withdrawals, then single deliveries: in halves, quarters, ...
    """
    budget = _Budget(tries)

    def breaks(smaller: Script) -> bool:
        return budget.spend() and any(one.invariant == invariant for one in World(smaller, kit).run().broken)

    script = script.without(
        script.deliveries, _fewer(script.mishaps, lambda kept: breaks(script.without(script.deliveries, kept)))
    )
    subjects = sorted({_subject(one.job.key) for one in script.deliveries})

    def of(kept: Sequence[tuple[str, int]]) -> Script:
        return script.without([one for one in script.deliveries if _subject(one.job.key) in kept], script.mishaps)

    script = of(_fewer(subjects, lambda kept: breaks(of(kept))))
    deliveries = _fewer(script.deliveries, lambda kept: breaks(script.without(kept, script.mishaps)))
    return script.without(deliveries, script.mishaps)


def _subject(key: tuple[str, int, int]) -> tuple[str, int]:
    """What a job is about: an order, a withdrawal, a member."""
    what, of, _ = key
    if what in ("withdraw", "approve", "reject"):
        return "withdrawal", of
    return ("order" if what in ("order", "pay", "cancel", "ship", "receive", "refund") else "member"), of


def _fewer(things: Sequence[Thing], enough: Callable[[list[Thing]], bool]) -> list[Thing]:
    """As few things as are enough, by leaving out ever smaller runs of them (Zeller's delta debugging, in short)."""
    kept, size = list(things), len(things)
    while size:
        first = 0
        while first < len(kept):
            rest = kept[:first] + kept[first + size :]
            if enough(rest):
                kept = rest
            else:
                first += size
        size //= 2
    return kept


def told_shortly(script: Script, kit: Kit, outcome: Outcome) -> tuple[Script, Outcome]:
    """The smallest world found that breaks what a failing one broke first, and its outcome with a trace."""
    smaller = shrunk(script, kit, outcome.broken[0].invariant)
    return smaller, World(smaller, kit, traced=True).run()
