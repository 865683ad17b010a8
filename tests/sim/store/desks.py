"""Small markets whose events a desk takes one by one, and what the engine over the whole book makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from rules.book import Book
from rules.events import Kind, Names, Records
from rules.plan.model import Plan
from sim.cli.common import given
from sim.market import Market
from sim.model import open_engine
from sim.pipeline import Desk
from sim.store.asks import Reply, Talk
from sim.store.slices import Slices
from sim.stress.load.stream import Task, stream_of

FIELDS = ("time", "order", "member", "component", "level", "line", "amount", "base", "rate", "period", "plan", "source")
"""What two entries have to have in common; numbers of rows are the store's own business."""
Serve = Callable[[Callable[[], Talk]], Reply]


@dataclass(frozen=True)
class Lived:
    """A market that has been lived through, and what the engine makes of its events when it sees them all."""

    plan: Plan
    names: Names
    market: Market
    people: int
    start: int
    end: int
    tasks: Sequence[Task]
    entries: Records
    book: Book

    def slices(self, client: int = 0) -> Slices:
        return Slices([self.plan], self.names, self.start, client)


@cache
def lived(plan_name: str, people: int, days: int, scenario: str = "three_tier", seed: int = 3) -> Lived:
    market, plan, people, days = given(scenario, plan_name, people, days)
    stream = stream_of(market, plan, people, days, seed)
    # the channel answers for itself in a load: here every payout is paid, some hours after it was sent
    tasks = list(stream.tasks)
    paid = {int(task.events["order"][0]): task.time for task in tasks if task.kind in (Kind.withdraw, Kind.approve)}
    for number, time in paid.items():
        event = tasks[0].events[:1].copy()
        event["kind"], event["order"], event["member"], event["other"] = Kind.paid, number, -1, -1
        event["time"], event["amount"] = time + 7200, 0
        tasks.append(Task(len(tasks), time + 7200, Kind.paid, event, 0, 0))
    tasks.sort(key=lambda task: task.time)
    tasks = [replace(task, source=number) for number, task in enumerate(tasks)]
    log = np.concatenate([task.events for task in tasks])
    tick = log[-1:].copy()
    tick["kind"], tick["time"] = Kind.tick, stream.end
    engine = open_engine([plan], stream.names, people, stream.start_day)
    entries = engine.apply(np.concatenate([log, tick]))
    return Lived(
        plan, stream.names, stream.market, people, stream.start_day, stream.end, tasks, entries.copy(), engine.book
    )


def feed(desk: Desk, world: Lived, serve: Serve, due: Callable[[int], Iterable[tuple[int, bool, int]]]) -> list[Reply]:
    """Bring all events of a world, each after what is due by then: `(when, whether a member, number)`."""
    replies = []

    def settle(until: int) -> None:
        while found := min(due(until), default=None):
            at, is_member, number = found
            begin = desk.settle_member if is_member else desk.settle_order
            serve(partial(begin, number, at))

    for task in world.tasks:
        settle(task.time)
        replies.append(serve(lambda task=task: desk.handle(task.events, task.number, task.source)))
    settle(world.end)
    return replies


def told(entries: Records) -> list[tuple[int, ...]]:
    return sorted(map(tuple, entries[list(FIELDS)].tolist()))
