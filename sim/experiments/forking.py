"""Forks 分叉: runs that go on from one saved morning, each under a plan of its own, and count from there on.

What a run owes to luck is drawn anew from another seed: what happens to people and what they decide from that morning
on. Who they are and whom they know, when they come by themselves, and what was drawn already (their next order, what is
on its way) is as it was saved. With the world's own seed it is the world that goes on.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rules.errors import InputError, Place
from rules.plan.model import Plan
from sim.checkpoint import branch, resume
from sim.experiments.replication import Outcome, outcome_of
from sim.model import StoreModel
from sim.scenario import Scenario
from sim.since import Since


@dataclass(frozen=True)
class Fork:
    """A saved morning.

    Attributes:
        path: of the file. scenario, people: of its world. day: that comes next, from 0. days: that are left.
        luck: seed of the world's luck up to then.
    """

    path: Path
    scenario: Scenario
    people: int
    day: int
    days: int
    luck: int

    @property
    def date(self) -> dt.date:
        """Of the first day that is left."""
        return self.scenario.start + dt.timedelta(self.day)


def read_fork(path: Path) -> Fork:
    """The morning of a file.

    Raises:
        InputError: no checkpoint, or one of another version.
    """
    model = resume(path)
    world = model.world
    return Fork(path, model.conditions, world.people, model.day, model.days - model.day, world.luck)


def check_fork(fork: Fork, plans: Iterable[Plan], scenario: Scenario | None = None) -> None:
    """Refuse what could not go on from there, before anything runs.

    Args:
        plans: of all arms. scenario: the market that is meant, where one is named; how it began is past.

    Raises:
        InputError: another market, or a plan that this world cannot go on under.
    """
    if scenario and _begun_alike(scenario) != _begun_alike(fork.scenario):
        raise InputError(
            f"was not saved of this market {scenario.scenario}",
            Place(str(fork.path)),
            f"the market {fork.scenario.scenario} as it was when the world was saved",
        )
    for plan in plans:
        resume(fork.path, plan)


def go_on(path: Path, plan: Plan, luck: int, workers: int = 1) -> Outcome:
    """Run a saved world to its end under a plan, which is in force from its morning on.

    Args:
        luck: seed of what is drawn from now on. workers: threads; change nothing in the result.
    """
    started = time.perf_counter()
    model, since = forked(path, plan, luck, workers)
    model.run()
    return outcome_of(model, luck, time.perf_counter() - started, since)


def forked(path: Path, plan: Plan, luck: int, workers: int = 1) -> tuple[StoreModel, Since]:
    """A saved world under a plan and with luck of its own from its morning on, and what counts from then."""
    model = resume(path, workers=workers)
    since = Since(model.metrics, model.store.book, model.day)
    model.world.take_luck(luck)
    branch(model, plan)
    return model, since


def _begun_alike(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"cold_start": None})
