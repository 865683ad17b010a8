"""The events of a market as tasks for clients: what happens in a scenario, cut so that many can bring it at once.

What belongs together stays in order: everything about a buyer's orders, and about a member's money, is brought by the
client of that person. Between people only time holds things together, and that loosely, as in a live shop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rules.events import Kind, Names, Records
from rules.orders import is_on_order
from rules.plan.model import Plan
from sim.market import Market
from sim.scenario import Scenario

LEFT_OUT = (Kind.tick, Kind.paid, Kind.failed, Kind.unknown, Kind.close, Kind.plan, Kind.assign)
"""Kinds that clients do not bring: time passes by itself, and the payout channel answers for itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """One event for a client to bring.

    Attributes:
        source: its number, by which the store knows it again. time: when it happens.
        kind: of the event. events: its rows, more than one for an order of several lines.
        number: which refund of its order it is, from 0. person: whose client brings it.
    """

    source: int
    time: int
    kind: int
    events: Records
    number: int
    person: int


@dataclass(frozen=True)
class Stream:
    """All tasks of a scenario, in order of time, and what is behind their numbers."""

    scenario: str
    plans: tuple[Plan, ...]
    names: Names
    market: Market
    people: int
    start_day: int
    days: int
    tasks: Sequence[Task]

    @property
    def end(self) -> int:
        """The first moment after the last day."""
        return (self.start_day + self.days) * 86_400

    def hottest(self) -> int:
        """The product that most orders want; -1 = there are none."""
        wanted = [task.events["sku"] for task in self.tasks if task.kind == Kind.order]
        return int(np.bincount(np.concatenate(wanted)).argmax()) if wanted else -1

    def of_client(self, client: int, clients: int) -> list[Task]:
        """The tasks of one of so many clients."""
        return [task for task in self.tasks if task.person % clients == client]


def stream_of(scenario: Scenario, plan: Plan, people: int, days: int, seed: int) -> Stream:
    """Let a market live, and keep what happened in it.

    Args:
        scenario, plan, people, days, seed: of the market (`sim.model.StoreModel`).
    """
    from sim.model import StoreModel

    happened: list[Records] = []
    model = StoreModel(scenario=scenario, plan=plan, people=people, days=days, seed=seed)
    model.sink = lambda events, _: happened.append(events.copy())
    model.run()
    world = model.world
    events = np.concatenate(happened)
    tasks = list(_tasks(events))
    sold = sold_in(world.market, days)
    return Stream(scenario.scenario, (plan,), model.names, sold, people, world.start, days, tasks)


def sold_in(market: Market, days: int) -> Market:
    """A market whose shelves hold from the beginning what comes in on so many days."""
    return replace(market, stock=market.stock + market.restock * days)


def _tasks(events: Records) -> Iterator[Task]:
    buyer_of: dict[int, int] = {}
    drawn_by: dict[int, int] = {}
    refunds: dict[int, int] = {}
    kinds, orders = events["kind"].tolist(), events["order"].tolist()
    members, times = events["member"].tolist(), events["time"].tolist()
    place, source = 0, 0
    while place < len(events):
        kind, order = kinds[place], orders[place]
        end = place + 1
        while kind == Kind.order and end < len(events) and kinds[end] == Kind.order and orders[end] == order:
            end += 1
        if kind not in LEFT_OUT:
            if kind == Kind.order:
                buyer_of[order] = members[place]
            elif kind == Kind.withdraw:
                drawn_by[order] = members[place]
            person = members[place]
            if is_on_order(kind):
                person = buyer_of[order]
            elif kind in (Kind.approve, Kind.reject):
                person = drawn_by[order]
            number = refunds.get(order, 0) if kind == Kind.refund else 0
            if kind == Kind.refund:
                refunds[order] = number + 1
            yield Task(source, times[place], kind, events[place:end], number, person)
            source += 1
        place = end
