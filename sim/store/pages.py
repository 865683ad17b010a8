"""Pages of the book: all that the rules remember of one member, one order or one withdrawal, as bytes and back.

A store that many clients use keeps the book page by page. On a page, members are called by their numbers in the
store, while rows that belong to the page itself (its lines, entries, statements, steps) are numbered from 0. Pages know
nothing of each other's rows, so that a client needs only those it has locked; `sim.store.slices` puts them together.

A page's `stamp` is a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): the time of the event
that touched it last, in seconds since the store's first day, and below that a count. Whoever changes pages stamps them
later than all of them were. Sorted by stamp, what clients did at once is one history of one thing after the other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rules.book import open_book
from rules.events import Records
from rules.records import (
    ENTRY,
    LINE,
    MEMBER,
    MEMBER_EXTRA,
    NEVER,
    ORDER,
    ORDER_EXTRA,
    PART,
    STATEMENT,
    STEP,
    WITHDRAWAL,
)

COUNT_BITS = 12
"""Bits of a stamp that count what happened in one second; more than fit there run over into the next second."""

MEMBER_HEAD = np.dtype(
    [
        ("stamp", "i8"),
        ("next_midnight", "i8"),
        ("due_at", "i8"),
        ("journals", "i4"),
        ("statements", "i4"),
        ("entries", "i4"),
        ("steps", "i4"),
    ]
)
ORDER_HEAD = np.dtype(
    [
        ("stamp", "i8"),
        ("commissions", "i2"),
        ("clawbacks", "i2"),
        ("refunds", "i2"),
        ("lines", "i2"),
        ("parts", "i4"),
        ("entries", "i4"),
        ("steps", "i4"),
    ]
)
_IDS = np.dtype("i8")


def layout() -> str:
    """A digest of how pages are laid out: pages of another layout are not read."""
    told = [MEMBER_HEAD, ORDER_HEAD, MEMBER, MEMBER_EXTRA, ORDER, ORDER_EXTRA, LINE, PART, ENTRY, STATEMENT, STEP]
    return hashlib.sha256(repr([one.descr for one in [*told, WITHDRAWAL]]).encode()).hexdigest()[:16]


@dataclass
class MemberPage:
    """What the rules remember of a member.

    Attributes:
        id: of the member. stamp: see above; -1 = nothing has happened yet.
        next_midnight: seconds; days before it are closed for this member. 0 = none is.
        due_at: when something becomes due for the member alone, -1 = nothing: the close of a period, a step.
        journals: how many journals without an order there are.
        row: `MEMBER`, one row; `upline` and `clicked_by` are members, `payout` is a withdrawal.
        extra: `MEMBER_EXTRA`, one row. volumes, titles: the member's column of the book's.
        statements, entries, steps: the member's, entries without an order only. ids: of the entries in the store.
    """

    id: int
    row: Records
    extra: Records
    volumes: NDArray[np.int64]
    titles: NDArray[np.int64]
    statements: Records = field(default_factory=lambda: np.zeros(0, STATEMENT))
    entries: Records = field(default_factory=lambda: np.zeros(0, ENTRY))
    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    steps: Records = field(default_factory=lambda: np.zeros(0, STEP))
    stamp: int = -1
    next_midnight: int = 0
    due_at: int = NEVER
    journals: int = 0

    @staticmethod
    def head_size() -> int:
        """Bytes at the beginning of a page within which its row lies."""
        return MEMBER_HEAD.itemsize + MEMBER.itemsize

    @staticmethod
    def rows_of(heads: bytes) -> Records:
        """The rows of many pages, of which so many bytes each were read."""
        return np.frombuffer(heads, [("head", MEMBER_HEAD), ("row", MEMBER)])["row"]

    def to_bytes(self) -> bytes:
        """The page as it is kept."""
        counts = (len(self.statements), len(self.entries), len(self.steps))
        head = np.array([(self.stamp, self.next_midnight, self.due_at, self.journals, *counts)], MEMBER_HEAD)
        parts = (head, self.row, self.extra, self.volumes, self.titles)
        return b"".join(one.tobytes() for one in (*parts, self.statements, self.entries, self.ids, self.steps))

    @classmethod
    def from_bytes(cls, member: int, kept: bytes, meters: int, titles: int) -> MemberPage:
        """The page of a member, in a store whose plans have so many meters and titles."""
        reader = _Reader(kept)
        head = reader.take(MEMBER_HEAD, 1)[0]
        entries = int(head["entries"])
        return cls(
            id=member,
            row=reader.take(MEMBER, 1),
            extra=reader.take(MEMBER_EXTRA, 1),
            volumes=reader.take(_IDS, meters),
            titles=reader.take(_IDS, titles),
            statements=reader.take(STATEMENT, int(head["statements"])),
            entries=reader.take(ENTRY, entries),
            ids=reader.take(_IDS, entries),
            steps=reader.take(STEP, int(head["steps"])),
            stamp=int(head["stamp"]),
            next_midnight=int(head["next_midnight"]),
            due_at=int(head["due_at"]),
            journals=int(head["journals"]),
        )


def blank_pages(members: int, meters: int, titles: int, verified: bool = True) -> list[MemberPage]:
    """Pages of members of whom nothing is known yet; `verified`: with real name, tax registration and signature."""
    book = open_book(members, meters, titles)
    if verified:
        for name in ("real_name", "tax_registered", "e_signed"):
            book.members[name] = True
    return [
        MemberPage(
            id=number,
            row=book.members[number : number + 1],
            extra=book.member_extras[number : number + 1],
            volumes=book.volumes[:, number].copy(),
            titles=book.titles[:, number].copy(),
        )
        for number in range(members)
    ]


@dataclass
class OrderPage:
    """What the rules remember of an order.

    Attributes:
        id: of the order. stamp: see above.
        row: `ORDER`, one row; `buyer` and `chain` are members, what is "first" is counted on this page.
        extra: `ORDER_EXTRA`, one row. lines, parts, entries, steps: the order's. ids: of the entries in the store.
        commissions, clawbacks, refunds: how many journals of these kinds, and refunds, there are.
    """

    id: int
    row: Records
    extra: Records
    lines: Records
    parts: Records = field(default_factory=lambda: np.zeros(0, PART))
    entries: Records = field(default_factory=lambda: np.zeros(0, ENTRY))
    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    steps: Records = field(default_factory=lambda: np.zeros(0, STEP))
    stamp: int = -1
    commissions: int = 0
    clawbacks: int = 0
    refunds: int = 0

    @property
    def due_at(self) -> int:
        """When it is received or settled because time has passed, -1 = nothing is due."""
        return int(self.steps["time"].min()) if len(self.steps) else NEVER

    def to_bytes(self) -> bytes:
        """The page as it is kept."""
        counts = (len(self.lines), len(self.parts), len(self.entries), len(self.steps))
        head = np.array([(self.stamp, self.commissions, self.clawbacks, self.refunds, *counts)], ORDER_HEAD)
        parts = (head, self.row, self.extra, self.lines, self.parts)
        return b"".join(one.tobytes() for one in (*parts, self.entries, self.ids, self.steps))

    @classmethod
    def from_bytes(cls, order: int, kept: bytes) -> OrderPage:
        """The page of an order."""
        reader = _Reader(kept)
        head = reader.take(ORDER_HEAD, 1)[0]
        entries = int(head["entries"])
        return cls(
            id=order,
            row=reader.take(ORDER, 1),
            extra=reader.take(ORDER_EXTRA, 1),
            lines=reader.take(LINE, int(head["lines"])),
            parts=reader.take(PART, int(head["parts"])),
            entries=reader.take(ENTRY, entries),
            ids=reader.take(_IDS, entries),
            steps=reader.take(STEP, int(head["steps"])),
            stamp=int(head["stamp"]),
            commissions=int(head["commissions"]),
            clawbacks=int(head["clawbacks"]),
            refunds=int(head["refunds"]),
        )


@dataclass
class WithdrawalPage:
    """What the rules remember of a withdrawal: `WITHDRAWAL`, one row; `previous` is a withdrawal of the store."""

    id: int
    row: Records

    def to_bytes(self) -> bytes:
        """The page as it is kept."""
        return self.row.tobytes()

    @classmethod
    def from_bytes(cls, withdrawal: int, kept: bytes) -> WithdrawalPage:
        """The page of a withdrawal."""
        return cls(withdrawal, np.frombuffer(kept, WITHDRAWAL).copy())


class _Reader:
    """Takes arrays off the front of bytes."""

    def __init__(self, kept: bytes) -> None:
        self._kept, self._place = bytearray(kept), 0

    def take(self, dtype: np.dtype[np.void] | np.dtype[np.int64], count: int) -> Records:
        """`count` rows, which may be written to."""
        rows = np.frombuffer(self._kept, dtype, count, self._place)
        self._place += rows.nbytes
        return rows
