"""The book: all that the rules remember between events, and the only place where a rank or a balance is written.

Members, orders, lines, entries, statements and withdrawals are record arrays, one row each, in one place in memory per
row: the engine walks them in the order of events. They grow by doubling; `count` says how many rows are in use.
A book can be copied, saved and loaded as it stands: it holds no pointers, only row numbers (-1 = none).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numba.experimental.structref import StructRefProxy
from numpy.typing import NDArray

from rules.events import Numbers, Records, Table
from rules.jit import by_reference, kernel
from rules.memory import borrowed, holding
from rules.plan.limits import FULL_CREDIT
from rules.records import (
    ARM,
    CLOCK,
    COUPON,
    DEFERRAL,
    ENTRY,
    LINE,
    MEMBER,
    MEMBER_EXTRA,
    NEVER,
    ORDER,
    ORDER_EXTRA,
    PART,
    PIECE,
    PLACING,
    POOL,
    REFUSAL,
    ROUND,
    SHARE,
    SKU,
    STANDING,
    STATEMENT,
    STEP,
    UPLINE,
    WITHDRAWAL,
)

GROWING = (
    *("orders", "order_extras", "lines", "entries", "parts", "statements", "steps", "refusals", "withdrawals"),
    *("coupons", "pools", "shares", "uplines", "deferrals", "pieces", "rounds", "placings"),
)
"""The arrays that gain rows."""
_COUNTED = {"order_extras": "orders"}
"""Arrays that have a row for each row of another: `CLOCK` counts those."""
LINE_BYTES = 64
"""Bytes of a cache line."""
_LARGE, _FAR, _PER_MEMBER = 1 << 20, 4, 4
"""An array of so many bytes grows by this factor, and has so many rows a member at least: memory that nobody has
written costs nothing, moving rows does."""


class Rows(StructRefProxy):
    """The arrays of a `Book` as kernels take them; `clock[0]` has the counts."""

    members: Table
    volumes: Numbers
    orders: Table
    lines: Table
    entries: Table
    parts: Table
    statements: Table
    withdrawals: Table
    coupons: Table
    titles: Numbers
    steps: Table
    refusals: Table
    pools: Table
    shares: Table
    uplines: Table
    deferrals: Table
    pieces: Table
    rounds: Table
    placings: Table
    standings: Table
    skus: Table
    budgets: Numbers
    clock: Table
    areas: Numbers
    arms: Table
    order_extras: Table
    member_extras: Table


by_reference(Rows, list(Rows.__annotations__), counted=False)


@kernel
def make_rows(
    members: Records,
    volumes: NDArray[np.int64],
    orders: Records,
    lines: Records,
    entries: Records,
    parts: Records,
    statements: Records,
    withdrawals: Records,
    coupons: Records,
    titles: NDArray[np.int64],
    steps: Records,
    refusals: Records,
    pools: Records,
    shares: Records,
    uplines: Records,
    deferrals: Records,
    pieces: Records,
    rounds: Records,
    placings: Records,
    standings: Records,
    skus: Records,
    budgets: NDArray[np.int64],
    clock: Records,
    areas: NDArray[np.int64],
    arms: Records,
    order_extras: Records,
    member_extras: Records,
) -> Rows:
    """The arrays as one thing that kernels take; whoever hands it over holds them."""
    return Rows(
        borrowed(members),
        borrowed(volumes),
        borrowed(orders),
        borrowed(lines),
        borrowed(entries),
        borrowed(parts),
        borrowed(statements),
        borrowed(withdrawals),
        borrowed(coupons),
        borrowed(titles),
        borrowed(steps),
        borrowed(refusals),
        borrowed(pools),
        borrowed(shares),
        borrowed(uplines),
        borrowed(deferrals),
        borrowed(pieces),
        borrowed(rounds),
        borrowed(placings),
        borrowed(standings),
        borrowed(skus),
        borrowed(budgets),
        borrowed(clock),
        borrowed(areas),
        borrowed(arms),
        borrowed(order_extras),
        borrowed(member_extras),
    )


@dataclass
class Book:
    """All state of the rules.

    Attributes:
        members: `MEMBER`, one row a person of the market, registered or not.
        volumes: int64 fen, (meters, members): what each member has gathered in the running period.
        titles: (titles, members): NEVER = not held, 0 = held, else the stamp of the latest period whose allowance was
            booked (`rules.commission.direct_team`).
        orders, lines, entries, parts, statements, withdrawals, coupons, steps, refusals, pools, shares, uplines,
            deferrals, pieces, rounds, placings: see the dtypes; `clock` has the counts.
        standings: `STANDING`, (races, members).
        areas: the agent first appointed to each area; `MEMBER.next_agent` leads to the next. -1 = nobody.
        arms: `ARM`.
        order_extras, member_extras: `ORDER_EXTRA` and `MEMBER_EXTRA`, a row for each of orders and members.
        skus: `SKU`, (arms, products); no products where no plan has dynamic rates.
        budgets: fen that campaigns with a budget have spent, in the order of `campaign.budget_ids`.
    """

    members: Records
    volumes: NDArray[np.int64]
    orders: Records = field(default_factory=lambda: np.zeros(64, ORDER))
    lines: Records = field(default_factory=lambda: np.zeros(64, LINE))
    entries: Records = field(default_factory=lambda: np.zeros(64, ENTRY))
    parts: Records = field(default_factory=lambda: np.zeros(64, PART))
    statements: Records = field(default_factory=lambda: np.zeros(16, STATEMENT))
    withdrawals: Records = field(default_factory=lambda: np.zeros(16, WITHDRAWAL))
    coupons: Records = field(default_factory=lambda: np.zeros(16, COUPON))
    titles: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    steps: Records = field(default_factory=lambda: np.zeros(64, STEP))
    refusals: Records = field(default_factory=lambda: np.zeros(16, REFUSAL))
    pools: Records = field(default_factory=lambda: np.zeros(16, POOL))
    shares: Records = field(default_factory=lambda: np.zeros(16, SHARE))
    uplines: Records = field(default_factory=lambda: np.zeros(16, UPLINE))
    deferrals: Records = field(default_factory=lambda: np.zeros(16, DEFERRAL))
    pieces: Records = field(default_factory=lambda: np.zeros(16, PIECE))
    rounds: Records = field(default_factory=lambda: np.zeros(16, ROUND))
    placings: Records = field(default_factory=lambda: np.zeros(16, PLACING))
    standings: Records = field(default_factory=lambda: np.zeros((0, 0), STANDING))
    skus: Records = field(default_factory=lambda: np.zeros((1, 0), SKU))
    budgets: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    clock: Records = field(default_factory=lambda: np.zeros(1, CLOCK))
    areas: NDArray[np.int64] = field(default_factory=lambda: np.full(1, -1, np.int64))
    arms: Records = field(default_factory=lambda: np.zeros(1, ARM))
    order_extras: Records = field(default_factory=lambda: np.zeros(64, ORDER_EXTRA))
    member_extras: Records = field(default_factory=lambda: np.zeros(0, MEMBER_EXTRA))

    def __post_init__(self) -> None:
        if len(self.member_extras) < len(self.members):
            self.member_extras = np.zeros(len(self.members), MEMBER_EXTRA)

    def arrays(self) -> Rows:
        """The arrays, to hand to a kernel; valid until the next `grow`."""
        arrays = [getattr(self, part.name) for part in fields(self)]
        return holding(make_rows(*arrays), arrays)

    def make_room(self, rows: int) -> None:
        """Make room for at least `rows` more rows in every array."""
        for name in GROWING:
            self.grow(name, rows)

    def grow(self, name: str, rows: int) -> None:
        """Make room for at least `rows` more rows in the array `name`."""
        array: Records = getattr(self, name)
        needed = self.count(name) + rows
        if needed > len(array):
            room = max(_FAR * len(array), _PER_MEMBER * len(self.members)) if array.nbytes >= _LARGE else 2 * len(array)
            setattr(self, name, enlarged(array, max(needed, room)))

    def know_areas(self, count: int) -> None:
        """Make room for agents of the areas 0 to `count` - 1."""
        if count > len(self.areas):
            self.areas = np.concatenate([self.areas, np.full(count - len(self.areas), -1, np.int64)])

    def open_with(self, members: Records) -> None:
        """Take over `MEMBER` rows of a book as it stood before its first event."""
        self.members[: len(members)] = members
        agents = np.flatnonzero(members["area"] >= 0)
        first = np.setdiff1d(agents, members["next_agent"])
        self.know_areas(int(members["area"].max(initial=-1)) + 1)
        self.areas[members["area"][first]] = first
        self.clock[0]["agents"] = len(agents)

    def rows(self, name: str) -> Records:
        """The rows of `name` that are in use, in order of their making."""
        array: Records = getattr(self, name)
        used: Records = array[: self.count(name)]
        return used

    def count(self, name: str) -> int:
        """How many rows of the array `name` are in use."""
        return int(self.clock[0][_COUNTED.get(name, name)])

    def trim(self) -> None:
        """Let go of the rows that are not in use."""
        for name in GROWING:
            setattr(self, name, enlarged(self.rows(name), self.count(name)))

    def copy(self) -> Book:
        """A book that shares nothing with this one."""
        copies = {part.name: getattr(self, part.name) for part in fields(self)}
        for name, array in copies.items():
            copies[name] = enlarged(self.rows(name), len(array)) if name in GROWING else array.copy()
        return Book(**copies)


def enlarged(array: Records, rows: int) -> Records:
    """An array that begins with another and goes on with zeros.

    Copied as bytes, padding and all: field by field takes 20 x.
    """
    larger = zeros(rows, array.dtype)
    larger.view(np.uint8)[: array.nbytes] = array.view(np.uint8)
    return larger


def zeros(rows: int, dtype: np.dtype[np.void]) -> Records:
    """Rows of zeros that begin with a cache line: a row of 64, 128, ... bytes then lies in as few lines as it can."""
    memory = np.zeros(rows * dtype.itemsize + LINE_BYTES, np.uint8)
    skipped = -memory.ctypes.data % LINE_BYTES
    return memory[skipped : skipped + rows * dtype.itemsize].view(dtype)


def open_book(
    members: int,
    meters: int,
    titles: int = 0,
    skus: int = 0,
    budgets: int = 0,
    arms: Sequence[int] = (0,),
    races: int = 0,
) -> Book:
    """An empty book for a market of `members` people, nobody registered.

    Args:
        members: how many people.
        meters: volumes that the plans add up.
        titles: titles that the plans give.
        skus: products that are counted for dynamic rates.
        budgets: campaigns with a budget.
        arms: the number of the plan that each arm begins with.
        races: what is counted for contests.
    """
    people = zeros(members, MEMBER)
    for name in ("bound_at", "joined_at", "clicked_at", "first_paid_at", "promoter_since"):
        people[name] = NEVER
    nobody = ("upline", "clicked_by", "day", "statement", "streak_day", "withdraw_day", "withdraw_month", "payout")
    for name in (*nobody, "next_agent", "area", "month", "first_deferral", "last_deferral", "next_rank"):
        people[name] = -1
    for name in ("coupon", "promoted_day", "sign_day"):
        people[name] = -1
    people["credit"] = FULL_CREDIT
    held = np.full((titles, members), NEVER, np.int64)
    goods = np.zeros((len(arms), skus), SKU)
    goods["raised_by"] = -1
    standings = np.zeros((races, members), STANDING)
    standings["rival"] = -1
    begun = np.zeros(len(arms), ARM)
    begun["plan"] = arms
    return Book(
        members=people,
        volumes=np.zeros((meters, members), np.int64),
        titles=held,
        standings=standings,
        skus=goods,
        budgets=np.zeros(budgets, np.int64),
        arms=begun,
    )
