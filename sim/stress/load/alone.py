"""What many clients did at once, done again by one, in memory: is it the same history?

Every change has a stamp later than those of all pages it looked at (`sim.store.pages`). In the order of stamps the
events are therefore a history of one thing after the other, and the engine over the whole book must come to the same
entries, to the cent, and refuse the same events for the same reasons. If it does not, two clients have seen something
that no order of events explains. Events that were refused are told, too: a newcomer whose inviter is refused is a
member all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import sqlalchemy
from sqlalchemy import select

from rules.engine import Engine
from rules.events import DAY, Kind, Records
from rules.orders import is_on_order
from sim.model import open_engine
from sim.rows import events_of
from sim.store.pages import COUNT_BITS
from sim.store.slices import CLIENT_BITS
from sim.store.sql.schema import entries, inbox
from sim.stress.load.client import PAYOUTS
from sim.stress.load.stream import Stream

FIELDS = ("time", "order", "member", "component", "level", "line", "amount", "base", "rate", "period", "plan", "source")
"""What two entries have to have in common; numbers of rows are the store's own business."""


@dataclass(frozen=True)
class Alone:
    """How many entries were compared, and what only the store or only the engine has.

    Attributes:
        store_only, engine_only: entries, as `FIELDS`. refusals: events that were not refused alike: their source, and
            what the store and what the engine said (`rules.lifecycle.Refusal`, -1 = taken).
    """

    compared: int
    store_only: list[tuple[int, ...]]
    engine_only: list[tuple[int, ...]]
    refusals: list[tuple[int, int, int]]

    @property
    def differences(self) -> int:
        """How many there are."""
        return len(self.store_only) + len(self.engine_only) + len(self.refusals)

    @property
    def same(self) -> bool:
        """Whether it is the same history."""
        return not self.differences


def compare_alone(engine: sqlalchemy.Engine, stream: Stream, until: int) -> Alone:
    """Let one engine over the whole book take what the store took, in the order of its stamps.

    Args:
        engine: of the database. stream: where the events came from. until: up to when the store has settled.
    """
    rows = select(inbox.c.number, inbox.c.source, inbox.c.kind, inbox.c.refusal).order_by(inbox.c.number)
    columns = [entries.c.order_id if name == "order" else entries.c[name] for name in FIELDS]
    with engine.connect() as connection:
        taken = [_Taken(*map(int, row)) for row in connection.execute(rows)]
        found = Counter(tuple(map(int, row)) for row in connection.execute(select(*columns)))
    log, numbers = _told(taken, stream)
    end = max(until, int(log[-1]["time"][-1]) if log else until)
    alone = open_engine(list(stream.plans), stream.names, stream.people, stream.start_day)
    made = alone.apply(np.concatenate([*log, events_of(Kind.tick, np.array([end]))]))
    expected = Counter(
        tuple(numbers.get(value, value) if name == "order" else value for name, value in zip(FIELDS, row, strict=True))
        for row in made[list(FIELDS)].tolist()
    )
    refused = _refused(alone, log)
    refusals = [
        (one.source, one.refusal, code) for one, code in zip(taken, refused, strict=True) if one.refusal != code
    ]
    only = sorted((found - expected).elements()), sorted((expected - found).elements())
    return Alone(sum(expected.values()), *only, refusals)


class _Taken(NamedTuple):
    """An event that the store has taken or refused: a row of its inbox."""

    number: int
    source: int
    kind: int
    refusal: int


def _told(taken: Sequence[_Taken], stream: Stream) -> tuple[list[Records], dict[int, int]]:
    """The events as an engine is told them, orders numbered as they come; and the store's numbers of the orders."""
    by_source = {task.source: task for task in stream.tasks}
    renumbered: dict[int, int] = {}
    log = []
    for one in taken:
        moment = (one.number >> CLIENT_BITS >> COUNT_BITS) + stream.start_day * DAY
        if one.source >= PAYOUTS:
            events = events_of(Kind(one.kind), np.array([moment]), order=(one.source - PAYOUTS) >> 2)
        else:
            events = by_source[one.source].events.copy()
        events["time"] = moment
        order = int(events["order"][0])
        if one.kind == Kind.order:
            renumbered[order] = len(renumbered)
        if one.kind == Kind.order or is_on_order(one.kind):
            events["order"] = renumbered[order]
        log.append(events)
    return log, {new: old for old, new in renumbered.items()}


def _refused(alone: Engine, log: Sequence[Records]) -> list[int]:
    """Why the engine refused each of the events it was told, -1 = it did not."""
    first = np.cumsum([0, *map(len, log)])
    told = [-1] * len(log)
    for refusal in alone.book.rows("refusals")[::-1]:  # of an order's lines the first one counts
        place = int(np.searchsorted(first, refusal["event"], "right")) - 1
        told[place] = int(refusal["code"])
    return told
