"""What a simulated store keeps, and the log from which it has it again after a crash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rules.events import DAY
from rules.records import WithdrawalStatus
from sim.store.asks import Change
from sim.store.journals import Journal
from sim.store.pages import WithdrawalPage
from sim.stress.faults.sources import Job

Tables: TypeAlias = dict[str, dict[Any, Any]]
"""Rows by key, by table."""
TABLES = (
    "member",  # by member: the page, as bytes
    "above",  # upline and last sharer, columns of the same row
    "member_due",  # when something is due for the member alone
    "wallet",  # by member: pending, held, available, withdrawing, withdrawn
    "order",  # by order: the page, as bytes
    "order_due",
    "bucket",  # by (order, line): from which bucket of the shelf its pieces came
    "shelf",  # by (sku, bucket): pieces
    "withdrawal",  # by withdrawal: the page, as bytes
    "payout",  # by withdrawal: `Payout`, columns of the same row
    "channel_no",  # under what number the payout channel knows it
    "inbox",  # by number of an event at its source: why it was refused, `NOTHING` if it took effect
    "journal",  # by journal: `Booked`
    "entry",  # by entry: member, order, amount, the entry it takes back
)
Writing: TypeAlias = tuple[str, Any, Any]
"""Table, key and row as it is from now on."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A journal as the store has it: rows of at most four legs, and the day it counts for."""

    event_at: int
    business_date: int
    rows: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Payout:
    """What the worker that pays out reads of a withdrawal: whose, its state, fen asked for, and fee and tax of it."""

    member: int
    status: WithdrawalStatus
    gross: int
    kept: int

    @property
    def is_open(self) -> bool:
        """Whether the channel has it, and has not said what became of it."""
        return self.status in (WithdrawalStatus.sent, WithdrawalStatus.unknown)

    @property
    def net(self) -> int:
        """What reaches the member, in fen."""
        return self.gross - self.kept


@dataclass(slots=True)
class Record:
    """A committed transaction in the log.

    Attributes:
        client: who made it. writings: what it wrote. change: what the desk asked to write, `None` if nothing.
        job: what it was for, `None` = what was due. stamp: of its pages, -1 if it wrote none.
    """

    client: int
    writings: list[Writing]
    change: Change | None = None
    job: Job | None = None
    stamp: int = -1


@dataclass
class Log:
    """The write-ahead log, and what there was before it.

    Attributes:
        opening: the tables before the first record. records: in the order of commits.
        flushed: how many of them would be there after a crash.
    """

    opening: Tables
    records: list[Record] = field(default_factory=list)
    flushed: int = 0

    def recovered(self) -> Tables:
        """The tables after a crash; what was not flushed is gone from the log, too."""
        del self.records[self.flushed :]
        tables = copied(self.opening)
        for record in self.records:
            apply(tables, record.writings)
        return tables


def empty() -> Tables:
    """A store with nothing in it."""
    return {name: {} for name in TABLES}


def copied(tables: Tables) -> Tables:
    """The same rows: rows are never changed, only replaced."""
    return {name: rows.copy() for name, rows in tables.items()}


def apply(tables: Tables, writings: Iterable[Writing]) -> None:
    """Write rows."""
    for table, key, row in writings:
        tables[table][key] = row


def booked(journal: Journal) -> Booked:
    """A journal as it is kept: its day is that of the local clock, Asia/Shanghai."""
    return Booked(journal.event_at, journal.event_at // DAY, tuple(journal.rows()))


def stamp_of(change: Change) -> int:
    """The stamp that a change has put on its pages."""
    pages = change.made.members
    if pages:
        return pages[0].stamp
    return -1 if change.made.order is None else change.made.order.stamp


def payout_of(page: WithdrawalPage) -> Payout:
    """The columns of a withdrawal."""
    row = page.row[0]
    status, kept = WithdrawalStatus(int(row["status"])), int(row["fee"]) + int(row["tax"])
    return Payout(int(row["member"]), status, int(row["amount"]), kept)
