"""What many clients did at once, done again by one, in memory: is it the same history?

Every change has a stamp later than those of all pages it looked at (`sim.store.pages`). In the order of stamps the
events are therefore a history of one thing after the other, and the engine over the whole book must come to the same
entries, to the cent. If it does not, two clients have seen something that no order of events explains.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Engine, select

from rules.events import DAY, Kind, Records
from rules.orders import is_on_order
from sim.model import open_engine
from sim.rows import events_of
from sim.store.pages import COUNT_BITS
from sim.store.slices import CLIENT_BITS
from sim.store.sql.schema import entries, inbox, orders
from sim.stress.load.client import PAYOUTS
from sim.stress.load.stream import Stream

FIELDS = ("time", "order", "member", "component", "level", "line", "amount", "base", "rate", "period", "plan", "source")
"""What two entries have to have in common; numbers of rows are the store's own business."""


@dataclass(frozen=True)
class Alone:
    """How many entries were compared, and those that only the store or only the engine has."""

    compared: int
    store_only: list[tuple[int, ...]]
    engine_only: list[tuple[int, ...]]

    @property
    def same(self) -> bool:
        """Whether it is the same history."""
        return not self.store_only and not self.engine_only


def compare_alone(engine: Engine, stream: Stream, until: int) -> Alone:
    """Let one engine over the whole book take what the store took, in the order of its stamps.

    Args:
        engine: of the database. stream: where the events came from. until: up to when the store has settled.
    """
    rows = select(inbox.c.number, inbox.c.source, inbox.c.kind).where(inbox.c.refusal < 0).order_by(inbox.c.number)
    placed = select(orders.c.id)
    with engine.connect() as connection:
        taken = [(int(number), int(source), int(kind)) for number, source, kind in connection.execute(rows)]
        columns = [entries.c.order_id if name == "order" else entries.c[name] for name in FIELDS]
        found = Counter(tuple(map(int, row)) for row in connection.execute(select(*columns)))
        there = {int(one) for (one,) in connection.execute(placed)}
    by_source = {task.source: task for task in stream.tasks}
    first = stream.start_day * DAY
    renumbered: dict[int, int] = {}
    log: list[Records] = []
    for number, source, kind in taken:
        moment = (number >> CLIENT_BITS >> COUNT_BITS) + first
        if source >= PAYOUTS:
            events = events_of(Kind(kind), np.array([moment]), order=(source - PAYOUTS) >> 2)
        else:
            events = by_source[source].events.copy()
        events["time"] = moment
        order = int(events["order"][0])
        if kind == Kind.order:
            renumbered[order] = len(renumbered)
        if kind == Kind.order or is_on_order(kind):
            events["order"] = renumbered[order]
        log.append(events)
    log.append(events_of(Kind.tick, np.array([max(until, int(log[-1]["time"][-1]) if log else until)])))
    alone = open_engine(list(stream.plans), stream.names, stream.people, stream.start_day)
    made = alone.apply(np.concatenate(log))
    back = {new: old for old, new in renumbered.items()}
    expected = Counter(
        tuple(back.get(value, value) if name == "order" else value for name, value in zip(FIELDS, row, strict=True))
        for row in made[list(FIELDS)].tolist()
    )
    assert set(renumbered) <= there
    return Alone(sum(expected.values()), sorted((found - expected).elements()), sorted((expected - found).elements()))
