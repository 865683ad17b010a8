"""The strongest invariant: what clients did at once is one history, and the ordinary engine comes to the same.

Every change has a stamp. The events that took effect, in the order of their stamps, are walked by `rules.engine.Engine`
over one book for everybody: the entries and everybody's balances must be those of the store, to the fen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from rules.engine import Engine
from rules.events import Kind, Records
from rules.orders import is_on_order
from sim.rows import events_of, together
from sim.store.assembly import NOTHING
from sim.store.pages import MemberPage
from sim.stress.faults.houses import House
from sim.stress.faults.tables import Record, Tables

_ENTRY = ("time", "order", "member", "component", "level", "line", "amount", "base", "rate", "period", "plan", "source")
_MEMBER = (
    *("upline", "bound_at", "joined_at", "clicked_at", "clicked_by", "frozen", "team", "orders", "clicks"),
    *("promoted_orders", "promoted", "spent", "earned", "pending", "held", "available", "withdrawing", "withdrawn"),
)


def differences(
    house: House, members: int, records: Sequence[Record], tables: Tables, sizes: tuple[int, int], end: int
) -> list[str]:
    """Where the store and the ordinary engine differ.

    Args:
        records: all that was committed, from the first day on. end: by when everything due has happened.
    """
    engine = house.engine(members)
    numbers: dict[int, int] = {}
    changed = sorted((one for one in records if one.change is not None), key=lambda one: (one.stamp, one.client))
    groups = [_events(one, numbers) for one in changed if one.job is not None and _took_effect(one)]
    expected = engine.apply(together([*groups, events_of(Kind.tick, np.array([end]))]))
    booked = [one.change.made.entries for one in changed if one.change is not None and len(one.change.made.ids)]
    return _of_entries(expected, booked, numbers) + _of_members(engine, tables, sizes) + _of_refusals(engine)


def _took_effect(record: Record) -> bool:
    return record.change is not None and record.change.made.refusal == NOTHING


def _events(record: Record, numbers: dict[int, int]) -> Records:
    """The events of a record, at its time; orders have the numbers of the order in which they came."""
    change, job = record.change, record.job
    assert change is not None
    assert job is not None
    events = job.events.copy()
    events["time"] = change.time
    kind = int(events["kind"][0])
    if kind == Kind.order or is_on_order(kind):
        number = int(events["order"][0])
        events["order"] = numbers.setdefault(number, len(numbers))
    return events


def _of_entries(expected: Records, booked: list[Records], numbers: dict[int, int]) -> list[str]:
    ours = [row for group in booked for row in group[list(_ENTRY)].tolist()]
    renumbered = Counter((row[0], numbers.get(row[1], row[1]), *row[2:]) for row in ours)
    theirs = Counter(expected[list(_ENTRY)].tolist())
    if renumbered == theirs:
        return []
    missing, more = theirs - renumbered, renumbered - theirs
    return [f"entries that the store has not: {_told(missing)}; that only the store has: {_told(more)}"]


def _told(rows: Counter[tuple[int, ...]]) -> str:
    told = (", ".join(f"{n} {v}" for n, v in zip(_ENTRY, row, strict=True)) for row in rows)
    return " | ".join(told) or "none"


def _of_members(engine: Engine, tables: Tables, sizes: tuple[int, int]) -> list[str]:
    found = []
    for number, kept in tables["member"].items():
        row, said = MemberPage.from_bytes(number, kept, *sizes).row[0], engine.book.members[number]
        other = [f"{name} {row[name]}, not {said[name]}" for name in _MEMBER if row[name] != said[name]]
        if other:
            found.append(f"member {number} has {'; '.join(other)}")
    return found


def _of_refusals(engine: Engine) -> list[str]:
    refused = engine.book.rows("refusals")
    return (
        [f"the engine refuses {len(refused)} events that the store took: {refused['code'].tolist()}"]
        if len(refused)
        else []
    )
