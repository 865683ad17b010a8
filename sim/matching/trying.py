"""Trying a cause: the replay once more with some dials turned, and what of the match changes by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.errors import InputError
from rules.events import DAY, EventLog, Kind
from rules.events import Records as Entries
from rules.plan.model import Plan
from rules.plan.versions import PlanBook
from sim.history.replay import open_engine
from sim.matching.dials import Dial, changed
from sim.matching.grid import Grid
from sim.matching.trees import stands_alone, trees_of

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
MANY = 300_000
"""From so many events on causes are tried on a part of the log first."""

Plans = Plan | Sequence[Plan] | PlanBook


@dataclass(frozen=True)
class World:
    """What is replayed: the log, its plans, and what it began with (see `sim.history.replay.replay`)."""

    log: EventLog
    plans: Plans
    start_day: int | None = None
    opening: Entries | None = None

    @property
    def first_day(self) -> int:
        """The business day that campaigns count from."""
        events = self.log.events
        return self.start_day if self.start_day is not None else int(events["time"][0]) // DAY if len(events) else 0

    @property
    def plan(self) -> Plan:
        """The plan that was in force first."""
        return self.every[0]

    @property
    def every(self) -> list[Plan]:
        """All plans, the one in force first before the others."""
        plans = self.plans.plans if isinstance(self.plans, PlanBook) else self.plans
        return [plans] if isinstance(plans, Plan) else list(plans)

    @property
    def name(self) -> str:
        """What the replay is called: as `sim.history.replay` calls it."""
        return " + ".join(plan.plan for plan in self.every)

    def book(self, dials: Sequence[Dial] = ()) -> Book:
        """The book after a replay with some dials turned in every plan."""
        plans = _each(self.plans, lambda plan: changed(plan, dials))
        engine, events, _ = open_engine(self.log, plans, self.start_day, self.opening)
        engine.apply(events)
        return engine.book

    def entries(self, dials: Sequence[Dial] = ()) -> Entries:
        """`ENTRY`, what such a replay makes."""
        return self.book(dials).rows("entries").copy()


@dataclass(frozen=True)
class Effect:
    """What turning some dials does to the places that differ.

    Attributes:
        dials: those turned.
        fits: by differing place, whether the sides agree now, and nothing else of its order has come apart.
        meets: the same, whatever happens beside it.
        moves: whether the replay says another amount than before.
        broken: when the orders were placed of the places that agreed before, and do not now.
        amounts: fen that the replay says now.
    """

    dials: tuple[Dial, ...]
    fits: Booleans
    meets: Booleans
    moves: Booleans
    broken: Integers
    amounts: Integers


@dataclass
class Trials:
    """Tries causes on one grid, each once.

    Attributes:
        differing: the places in question. scope: by place, whether it takes part at all.
        placed: when each order was placed; the last stands for none.
        most: replays that may be made. made: those that were.
        scout: the part of the world in which the differing places lie, if it is much smaller: what explains nothing
            there is not tried on the whole.
    """

    world: World
    grid: Grid
    differing: Integers
    scope: Booleans
    placed: Integers
    most: int
    made: int = 0
    scout: World | None = None
    _known: dict[frozenset[str], Effect] = field(default_factory=dict)

    def effect(self, dials: Sequence[Dial]) -> Effect:
        """What turning these dials does."""
        key = frozenset(dial.key for dial in dials)
        if key not in self._known:
            self.made += 1
            seen = self._tried(tuple(dials), self.scout) if self.scout else None
            self._known[key] = seen if seen and not seen.meets.any() else self._tried(tuple(dials), self.world)
        return self._known[key]

    @property
    def spent(self) -> bool:
        """Whether no more replays may be made."""
        return self.made >= self.most

    def _tried(self, dials: tuple[Dial, ...], world: World) -> Effect:
        grid, at = self.grid, self.differing
        try:
            entries = world.entries(dials)
        except InputError:  # such as commission on the profit, where nobody knows what goods cost
            entries = world.entries()
        sums, codes, outside = grid.at(entries)
        apart = self.scope & (sums != grid.recorded)
        broken = np.flatnonzero(apart & (grid.recorded == grid.replayed))
        orders = np.concatenate([grid.places.order[broken], grid.orders_of(codes[outside != 0])])
        spoiled = np.zeros(len(self.placed), np.bool_)
        spoiled[orders[orders >= 0]] = True
        meets = ~apart[at]
        return Effect(
            dials,
            fits=meets & ~spoiled[grid.places.order[at]],
            meets=meets,
            moves=sums[at] != grid.replayed[at],
            broken=self.placed[orders],
            amounts=sums[at],
        )


def scout_of(world: World, grid: Grid, many: int = MANY) -> World | None:
    """The trees in which the places that differ lie, where the log is long and they are less than half of it."""
    events, orders = world.log.events, np.unique(grid.places.order[grid.differing])
    if len(events) < many or not len(orders) or orders[0] < 0 or not stands_alone(world.log, world.plan):
        return None
    part = trees_of(world.log, orders)
    return replace(world, log=part, start_day=world.first_day) if 2 * len(part.events) < len(events) else None


def placed_at(log: EventLog, orders: int) -> Integers:
    """When each order was placed, seconds; one more, for places of no order, is 0."""
    placed = np.zeros(orders + 1, np.int64)
    made = log.events[log.events["kind"] == Kind.order]
    placed[made["order"]] = made["time"]
    return placed


def _each(plans: Plans, change: Callable[[Plan], Plan]) -> Plans:
    if isinstance(plans, Plan):
        return change(plans)
    if isinstance(plans, PlanBook):
        return PlanBook([replace(one, plan=change(one.plan)) for one in plans.versions])
    return [change(plan) for plan in plans]
