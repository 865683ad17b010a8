"""Many worlds, one after the other: what was tried, and what broke."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sim.stress.faults.script import script
from sim.stress.faults.shrink import told_shortly
from sim.stress.faults.world import Kit, Outcome, World


@dataclass
class Survey:
    """What became of some worlds.

    Attributes:
        seeds: how many. failed: those in which an invariant broke, without traces.
        steps, commits, stale: in all of them. faults, replies: by kind. seconds: it took.
    """

    seeds: int = 0
    steps: int = 0
    commits: int = 0
    stale: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Add a world."""
        self.seeds += 1
        self.steps += outcome.steps
        self.commits += outcome.commits
        self.stale += outcome.stale
        self.faults.update(outcome.faults)
        self.replies.update(outcome.replies)
        if outcome.broken:
            self.failed.append(outcome)

    @property
    def broken(self) -> Counter[str]:
        """In how many worlds each invariant was the first to break."""
        return Counter(one.broken[0].invariant for one in self.failed)


def survey(seeds: Iterable[int], kit: Kit, advance: Callable[[], None] = lambda: None, until: int = 0) -> Survey:
    """Live through the worlds of some seeds.

    Args:
        advance: called after each. until: stop after so many that failed; 0 = never.
    """
    found, started = Survey(), time.perf_counter()
    for seed in seeds:
        found.add(World(script(seed), kit).run())
        advance()
        if until and len(found.failed) >= until:
            break
    found.seconds = time.perf_counter() - started
    return found


@dataclass(frozen=True)
class Told:
    """A failing world as it is told: made smaller, with a trace.

    Attributes:
        deliveries, mishaps: what is left of its script, in words. trace: who did what.
    """

    outcome: Outcome
    deliveries: list[str]
    mishaps: list[str]

    @property
    def trace(self) -> list[str]:
        """Who did what, step by step."""
        return self.outcome.trace


def told(seed: int, kit: Kit) -> Told | None:
    """The failing world of a seed, made smaller; `None` if nothing breaks."""
    whole = script(seed)
    outcome = World(whole, kit).run()
    if not outcome.broken:
        return None
    smaller, again = told_shortly(whole, kit, outcome)
    deliveries = [f"{one.job.name} to client {one.client}" for one in smaller.deliveries]
    return Told(again, deliveries, [one.name for one in smaller.mishaps])
