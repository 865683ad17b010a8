"""What a risk desk sees, made by hand: acts, logins, and a book of a few record arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rules.events import DAY, Kind, Records
from rules.records import ENTRY, MEMBER, ORDER, WITHDRAWAL
from sim.risk.service import Seen
from sim.risk.traces import LOGIN, Traces
from sim.rows import events_of, together

START = 20_000
"""First business day."""


class Ledger:
    """As much of a book as the desk reads.

    Args:
        people: size of the market. joined: who is registered, since the day before; everybody if left out.
    """

    def __init__(self, people: int, joined: Iterable[int] | None = None) -> None:
        self.members = np.zeros(people, MEMBER)
        self.members["joined_at"], self.members["upline"] = -1, -1
        self.members["joined_at"][list(range(people) if joined is None else joined)] = (START - 1) * DAY
        self._rows = {
            "orders": np.zeros(0, ORDER),
            "entries": np.zeros(0, ENTRY),
            "withdrawals": np.zeros(0, WITHDRAWAL),
        }

    def rows(self, name: str) -> Records:
        return self._rows[name]

    def add(self, name: str, **fields: int | Sequence[int]) -> int:
        """A new row; gives its number."""
        rows = self._rows[name]
        row = np.zeros(1, rows.dtype)
        for field, value in fields.items():
            row[field] = value
        self._rows[name] = np.concatenate([rows, row])
        return len(rows)

    def order(self, buyer: int, goods: int, *, above: int = -1, refunded: int = 0, day: int | None = 0) -> int:
        """An order that was paid on a day of the run; None = never."""
        paid_at = -1 if day is None else (START + day) * DAY
        chain = [above, *[-1] * (ORDER["chain"].shape[0] - 1)]
        return self.add("orders", buyer=buyer, goods=goods, refunded=refunded, paid_at=paid_at, chain=[chain])

    def entry(self, order: int, member: int, amount: int, day: int = 0) -> int:
        """An entry of a day of the run."""
        return self.add("entries", order=order, member=member, amount=amount, time=(START + day) * DAY)


def act(kind: Kind, member: int = -1, day: int = 0, second: int = 43_200, **fields: int) -> Records:
    """One event of a day of the run."""
    return events_of(kind, np.array([(START + day) * DAY + second]), member=member, **fields)


def acts(*events: Records) -> Records:
    """Events, in the order given."""
    return together(list(events))


def login(member: int, device: int, place: int = 0, views: int = 10) -> Records:
    return np.array([(40_000, member, device, place, views)], LOGIN)


def seen(
    book: Ledger,
    *events: Records,
    day: int = 0,
    traces: Traces | None = None,
    refused: Sequence[Records] = (),
    logins: Sequence[Records] = (),
    forbidden: Sequence[int] = (),
    capped: Sequence[int] = (),
) -> Seen:
    """A day as the desk sees it."""
    return Seen(
        day,
        (START + day) * DAY,
        acts(*events),
        acts(*refused),
        np.concatenate([np.zeros(0, LOGIN), *logins]),
        np.array(forbidden, np.int32),
        np.array(capped, np.int32),
        book,
        traces or Traces.apart(len(book.members)),
    )


def told(findings: Records) -> dict[int, int]:
    """The value of every finding, by member."""
    members = findings["member"].tolist()
    assert len(set(members)) == len(members)
    return dict(zip(members, findings["value"].tolist(), strict=True))
