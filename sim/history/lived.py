"""A small market that was lived and read again: everything that is needed to tell of any order, person or month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rules.book import Book
from rules.events import EventLog, Records
from rules.journey.journey import Journeys
from rules.journey.words import Told
from rules.plan.model import Plan
from rules.readable import State
from sim.history.explain import read_again
from sim.history.replay import walk
from sim.history.shipped import Past
from sim.model import StoreModel
from sim.scenario import Scenario


@dataclass(frozen=True)
class Lived:
    """A run as both engines left it.

    Attributes:
        past: its events, and the people before the first one.
        plans: all versions of its plan.
        state: of the readable engine, with the steps of every entry. book: of the compiled one.
    """

    past: Past
    plans: Sequence[Plan]
    state: State
    book: Book

    @cached_property
    def journeys(self) -> Journeys:
        """Tells the way of each entry."""
        return Journeys(self.state, self.past.log.names)

    @cached_property
    def told(self) -> Told:
        """What stands behind the numbers."""
        return Told(self.state, self.past.log.names)


def live(
    scenario: Scenario, plan: Plan, people: int, days: int, seed: int, progress: Callable[[int, int], None]
) -> Lived:
    """Live a market, and read its events again; `progress` is told days done and days in all."""
    model = StoreModel(scenario=scenario, plan=plan, people=people, days=days, seed=seed)
    opening, batches = model.store.book.members.copy(), list[Records]()
    model.sink = lambda events, entries: batches.append(events.copy())
    model.run(progress)
    past = Past(scenario.scenario, EventLog(np.concatenate(batches), model.names), model.world.start, opening)
    return read(past, model.plans)


def read(past: Past, plans: Sequence[Plan]) -> Lived:
    """Read events with both engines."""
    engine = read_again(past, plans, None, lambda count: None)
    book = walk(past.log, list(plans), past.start_day, past.opening).book
    return Lived(past, plans, engine.state, book)
