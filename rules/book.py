"""The book: all that the rules remember between events, and the only place where a rank or a balance is written.

Members, orders, lines, entries, statements and withdrawals are record arrays, one row each, in one place in memory per
row: the engine walks them in the order of events. They grow by doubling; `count` says how many rows are in use.
A book can be copied, saved and loaded as it stands: it holds no pointers, only row numbers (-1 = none).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum

import numpy as np
from numba.experimental.structref import StructRefProxy
from numpy.typing import NDArray

from rules.events import Numbers, Records, Table
from rules.jit import by_reference, kernel
from rules.plan.limits import MAX_LEVELS

NEVER = -1
"""A time that has not come: not registered, not paid, not received."""


class OrderStatus(IntEnum):
    """Where an order stands; `rules.lifecycle` says what may follow."""

    created = 0
    paid = 1
    shipped = 2
    received = 3
    cancelled = 4
    refunded = 5


class EntryStatus(IntEnum):
    """Where the money of an entry is. A reversal takes effect at once and never moves."""

    pending = 0
    held = 1
    available = 2
    reversal = 3


class Component(IntEnum):
    """Which mechanism made an entry; an adjustment is an operator's answer to a dispute."""

    base = 0
    bonus = 1
    ladder = 2
    team = 3
    adjustment = 10


class WithdrawalStatus(IntEnum):
    """requested → reviewing → sent → paid | failed | unknown; unknown keeps its channel order number for ever."""

    reviewing = 0
    sent = 1
    paid = 2
    failed = 3
    unknown = 4
    rejected = 5


MEMBER = np.dtype(
    [
        ("bound_at", "i8"),  # when the upline was set
        ("joined_at", "i8"),  # registered; NEVER
        ("clicked_at", "i8"),  # last click on anybody's share
        ("pending", "i8"),  # fen, of orders not yet received
        ("held", "i8"),  # fen, in the hold
        ("available", "i8"),  # fen; below 0 where a refund came after the payout
        ("withdrawing", "i8"),  # fen, asked for and under way
        ("withdrawn", "i8"),  # fen, paid out (gross of fee and tax)
        ("earned", "i8"),  # fen, all entries net of reversals
        ("day_total", "i8"),  # fen of order entries on `day`, for the daily cap
        ("spent", "i8"),  # fen, own paid orders with freight, not reduced by refunds
        ("largest_order", "i8"),  # fen, the largest of them
        ("promoted", "i8"),  # fen promoted so far, net of refunds
        ("upline", "i4"),  # whom the member is bound to
        ("clicked_by", "i4"),  # whose share the last click was on
        ("day", "i4"),
        ("orders", "i4"),  # own paid orders
        ("promoted_orders", "i4"),  # paid orders attributed at level 1
        ("direct_team", "i4"),  # registered members bound to this one
        ("statement", "i4"),  # latest row of this member in `statements`
        ("streak_day", "i4"),  # last day with a promotion record
        ("streak", "i2"),  # days in a row with one
        ("months_on_target", "i2"),
        ("months_under", "i2"),
        ("withdraw_count", "i2"),  # requests on `withdraw_day`
        ("withdraw_day", "i4"),
        ("rank", "u1"),
        ("next_rank", "i1"),  # joined, and in effect from next month on; -1 = none
        ("clicked_via", "u1"),  # a Mark: of the last click
        ("bound_via", "u1"),  # a Mark: of the binding
        ("appointed", "?"),  # made a promoter by an operator
        ("qualified", "?"),  # a promoter for ever by one large order
        ("frozen", "?"),
        ("real_name", "?"),
        ("tax_registered", "?"),
    ],
    align=True,
)

ORDER = np.dtype(
    [
        ("placed_at", "i8"),
        ("paid_at", "i8"),
        ("received_at", "i8"),
        ("auto_receive_at", "i8"),
        ("settle_at", "i8"),
        ("goods", "i8"),  # fen paid for goods, without freight
        ("freight", "i8"),  # fen paid for freight
        ("refunded", "i8"),  # fen of `goods` given back
        ("buyer", "i4"),
        ("first_line", "i4"),
        ("first_entry", "i4"),  # -1 before its entries are made
        ("first_adjustment", "i4"),  # entry, -1 = none
        ("disputed_by", "i4"),  # who disputes it now, -1 = nobody
        ("disputed_line", "i2"),
        ("adjustments", "i2"),  # how many there are
        ("lines", "i2"),
        ("entries", "i2"),  # entries made together; reversals and adjustments come later and elsewhere
        ("plan", "i2"),  # index of the plan whose rates apply
        ("terms", "i2"),  # index of the plan in force when it was placed: what is fixed when, and what waits
        ("regime", "i2"),  # which campaigns were on
        ("status", "u1"),
        ("refund_open", "?"),
        ("channel", "u1"),
        ("via", "u1"),  # a Mark: how the buyer was bound to the level-1 person
        ("counts_apart", "?"),  # whether volumes went to `counted` because `chain` was looked up again later
        ("chain", "i4", (MAX_LEVELS,)),  # people above the buyer, nearest first, as the snapshot saw them
        ("chain_rank", "i1", (MAX_LEVELS,)),  # their ranks when rates were fixed; below 0 = barred or nobody
        ("allowed", "i2", (MAX_LEVELS,)),  # bits: levels at which each of them may be paid; bit 0 = at all
        ("counted", "i4", (MAX_LEVELS,)),  # the chain at payment
    ],
    align=True,
)

LINE = np.dtype(
    [
        ("paid", "i8"),  # fen paid for the line's goods
        ("price", "i8"),  # fen, public unit price
        ("member_price", "i8"),  # fen; -1 where there is none
        ("freight", "i8"),  # fen
        ("refunded", "i8"),  # fen of `paid` given back
        ("quantity", "i4"),
        ("refunded_quantity", "i4"),
        ("sku", "i4"),
        ("category", "i2"),
    ],
    align=True,
)

ENTRY = np.dtype(
    [
        ("time", "i8"),
        ("amount", "i8"),  # fen; a reversal is negative
        ("base", "i8"),  # fen the rate was taken of; 0 for fixed amounts and bonuses
        ("clawed", "i8"),  # fen of this entry reversed so far
        ("order", "i4"),  # -1 for entries of a period or a streak
        ("member", "i4"),
        ("rate", "i4"),  # parts per million; 0 for fixed amounts and bonuses
        ("reverses", "i4"),  # row of the entry that this one takes back, else -1
        ("period", "i4"),  # number of the day, week or month of a period entry, else -1
        ("line", "i2"),  # from 1; 0 = the order as a whole
        ("plan", "i2"),
        ("source", "i2"),  # which bonus of the plan; -2 = taken back by an adjustment; else -1
        ("level", "u1"),  # 0 where levels have no meaning
        ("component", "u1"),
        ("status", "u1"),
    ],
    align=True,
)

STATEMENT = np.dtype(
    [
        ("closed_volume", "i8"),  # fen when the period was closed
        ("closed_amount", "i8"),  # fen booked at the close
        ("volume", "i8"),  # fen now, after late refunds
        ("booked", "i8"),  # fen booked in all
        ("member", "i4"),
        ("period", "i4"),
        ("previous", "i4"),  # the member's row before this one
        ("plan", "i2"),
        ("slot", "u1"),  # which period component of the plan
        ("entry", "i4"),  # the latest entry booked for it, -1 before the first
    ],
    align=True,
)

WITHDRAWAL = np.dtype(
    [
        ("time", "i8"),
        ("amount", "i8"),  # fen asked for
        ("fee", "i8"),
        ("tax", "i8"),
        ("member", "i4"),
        ("status", "u1"),
        ("known", "?"),
    ],
    align=True,
)

STEP = np.dtype([("time", "i8"), ("kind", "i4"), ("ref", "i4")], align=True)
"""A thing that will happen because time passes; kept in a binary heap by (time, kind, ref)."""

REFUSAL = np.dtype([("time", "i8"), ("event", "i8"), ("code", "i4"), ("member", "i4")], align=True)
"""An event that changed nothing, and why (`rules.lifecycle.Refusal`); `event` counts all events from 0."""

CLOCK = np.dtype(
    [
        ("now", "i8"),
        ("next_midnight", "i8"),  # 0 before the first event
        ("events", "i8"),  # events seen
        ("orders", "i8"),
        ("lines", "i8"),
        ("entries", "i8"),
        ("statements", "i8"),
        ("steps", "i8"),
        ("refusals", "i8"),
        ("withdrawals", "i8"),
        ("wanted", "i8"),  # rows the engine needs before it can go on
        ("plan", "i8"),  # index of the plan in force
        ("fees", "i8"),  # fen kept from paid withdrawals
        ("taxes", "i8"),
    ],
    align=True,
)
"""The single row of counters: how far time has come and how many rows of each array are in use."""


class Rows(StructRefProxy):
    """The arrays of a `Book` as kernels take them; `clock[0]` has the counts."""

    members: Table
    volumes: Numbers
    orders: Table
    lines: Table
    entries: Table
    statements: Table
    withdrawals: Table
    steps: Table
    refusals: Table
    clock: Table


by_reference(Rows, list(Rows.__annotations__))


@kernel
def make_rows(
    members: Records,
    volumes: NDArray[np.int64],
    orders: Records,
    lines: Records,
    entries: Records,
    statements: Records,
    withdrawals: Records,
    steps: Records,
    refusals: Records,
    clock: Records,
) -> Rows:
    """The arrays as one thing that kernels take."""
    return Rows(members, volumes, orders, lines, entries, statements, withdrawals, steps, refusals, clock)


@dataclass
class Book:
    """All state of the rules.

    Attributes:
        members: `MEMBER`, one row a person of the market, registered or not.
        volumes: int64 fen, (meters, members): what each member has gathered in the running period.
        orders, lines, entries, statements, withdrawals, steps, refusals: see the dtypes; `clock` has the counts.
    """

    members: Records
    volumes: NDArray[np.int64]
    orders: Records = field(default_factory=lambda: np.zeros(64, ORDER))
    lines: Records = field(default_factory=lambda: np.zeros(64, LINE))
    entries: Records = field(default_factory=lambda: np.zeros(64, ENTRY))
    statements: Records = field(default_factory=lambda: np.zeros(16, STATEMENT))
    withdrawals: Records = field(default_factory=lambda: np.zeros(16, WITHDRAWAL))
    steps: Records = field(default_factory=lambda: np.zeros(64, STEP))
    refusals: Records = field(default_factory=lambda: np.zeros(16, REFUSAL))
    clock: Records = field(default_factory=lambda: np.zeros(1, CLOCK))

    def arrays(self) -> Rows:
        """The arrays, to hand to a kernel; valid until the next `grow`."""
        return make_rows(*(getattr(self, part.name) for part in fields(self)))

    def grow(self, name: str, rows: int) -> None:
        """Make room for at least `rows` more rows in the array `name`."""
        array: Records = getattr(self, name)
        needed = int(self.clock[0][name]) + rows
        if needed > len(array):
            larger = np.zeros(max(needed, 2 * len(array)), array.dtype)
            larger[: len(array)] = array
            setattr(self, name, larger)

    def rows(self, name: str) -> Records:
        """The rows of `name` that are in use, in order of their making."""
        array: Records = getattr(self, name)
        used: Records = array[: int(self.clock[0][name])]
        return used

    def copy(self) -> Book:
        """A book that shares nothing with this one."""
        return Book(**{part.name: getattr(self, part.name).copy() for part in fields(self)})


def open_book(members: int, meters: int) -> Book:
    """An empty book for a market of `members` people, nobody registered, and plans with `meters` volume meters."""
    people = np.zeros(members, MEMBER)
    for name in ("bound_at", "joined_at", "clicked_at"):
        people[name] = NEVER
    for name in ("upline", "clicked_by", "day", "statement", "streak_day", "withdraw_day", "next_rank"):
        people[name] = -1
    return Book(members=people, volumes=np.zeros((meters, members), np.int64))
