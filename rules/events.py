"""The event log: the spine of the product. The world writes it, replay reads it, a case file is a small one.

A log is a NumPy record array of `EVENT` in the order in which things happened, plus the `Names` behind its numbers.
Members, orders, skus, categories, channels, ranks and areas are dense numbers from 0; -1 is "none".
Times are whole seconds since 1970-01-01 00:00 on the local clock (Asia/Shanghai, which has no summer time), so
`time // DAY` is the business day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
"""Seconds of a day."""

Records: TypeAlias = NDArray[np.void]
"""A record array: one row a thing, named fields."""


class Row:
    """One row of a record array, as kernels see it: fields are whole numbers (for type checks only)."""

    chain: Numbers
    chain_rank: Numbers
    rounding: Numbers
    minimum: Numbers
    running: Numbers
    tax_starts: Numbers
    tax_rates: Numbers
    tax_quicks: Numbers
    of_level_1: Numbers
    weights: Numbers
    company: Numbers
    clicked: Numbers
    sold: Numbers
    allowed: Numbers
    join: Numbers
    target_months: Numbers
    target_any: Numbers
    target_meter: Numbers
    target_over: Numbers
    credit_hold: Numbers

    def __getattr__(self, name: str) -> int:
        raise TypeError("for type checks only")

    def __setattr__(self, name: str, value: int) -> None:
        raise TypeError("for type checks only")


class Table:
    """A record array as kernels see it (for type checks only)."""

    shape: tuple[int, ...]

    def __getitem__(self, place: int | tuple[int, ...]) -> Row:
        raise TypeError("for type checks only")

    def __setitem__(self, place: int, row: Row) -> None:
        raise TypeError("for type checks only")

    def __len__(self) -> int:
        raise TypeError("for type checks only")


class Numbers:
    """An array of whole numbers as kernels see it (for type checks only)."""

    shape: tuple[int, ...]

    def __getitem__(self, place: int | tuple[int, ...]) -> int:
        raise TypeError("for type checks only")

    def __setitem__(self, place: int | tuple[int | slice, ...], number: int) -> None:
        raise TypeError("for type checks only")

    def __len__(self) -> int:
        raise TypeError("for type checks only")


class Kind(IntEnum):
    """What happened. The comment says which fields of `EVENT` an event of this kind fills beside `time` and `kind`."""

    register = 1  # member; other = inviter or -1; via
    share = 2  # member; sku where the share is of one product
    click = 3  # member = visitor, other = the sharer; via; sku where the share was of one product
    order = 4  # one row a line, rows of an order together: all but via; the same on each of them stand
    # amount = fen that points take off the whole order, rank = number of the coupon it uses or -1,
    # other = number of the order that it repeats, or -1
    pay = 5  # order
    cancel = 6  # order
    ship = 7  # order
    receive = 8  # order
    refund = 9  # order; line (0 = all); quantity (0 = all that is left) or amount (0 = by quantity)
    refund_open = 10  # order
    refund_refused = 11  # order
    rebind = 12  # member; other = new inviter or -1: an operator's word, always takes effect
    promote = 13  # member; rank
    freeze = 14  # member
    unfreeze = 15  # member
    withdraw = 16  # member; order = number of the withdrawal; amount
    approve = 17  # order = number of the withdrawal
    reject = 18  # order = number of the withdrawal
    paid = 19  # order = number of the withdrawal
    failed = 20  # order = number of the withdrawal
    unknown = 21  # order = number of the withdrawal
    plan = 22  # rank = index of the plan that is in force from now on; other = arm or -1: for everybody
    close = 23  # rank = a Period: closes the running period now
    sign_in = 24  # member
    tick = 25  # nothing: time has passed
    sign = 26  # member: has signed the payout agreement
    appoint = 27  # member becomes an agent of area; -1 = of none from now on
    redeem = 28  # member; rank = number of the gift
    grant = 29  # member; rank = number of the coupon
    dispute = 30  # order; member = who disputes; line (0 = all of it)
    settle_dispute = 31  # order; rank = 1 upheld, 0 refused; member (-1 = who disputed); amount, below 0 too
    assign = 32  # member; other = arm that the member belongs to from now on
    credit = 33  # member; rank = the credit score from now on, 0 to 100


class Mark(IntEnum):
    """By what a visitor was led to a promoter."""

    unknown = 0
    code = 1
    link = 2
    qr = 3


MARK_ZH = {Mark.code: "邀请码", Mark.link: "链接", Mark.qr: "扫码"}


class Period(IntEnum):
    """How long volumes add up before a close."""

    day = 0
    week = 1
    month = 2


class Activity(IntEnum):
    """Which activity an order belongs to. A group's head is the buyer who opened the group buy."""

    none = 0
    group_buy = 1
    group_head = 2
    seckill = 3
    bargain = 4


EVENT = np.dtype(
    [
        ("time", "i8"),  # seconds, local clock
        ("price", "i8"),  # fen, public unit price
        ("member_price", "i8"),  # fen, unit price for this buyer's grade; -1 where there is none
        ("discount", "i8"),  # fen, what came off the whole line
        ("freight", "i8"),  # fen, the line's share
        ("amount", "i8"),  # fen
        ("cost", "i8"),  # fen, what one unit cost the shop; -1 where it is not known
        ("fee", "i8"),  # fen, the line's part of what the payment cost
        ("order", "i4"),
        ("member", "i4"),
        ("other", "i4"),
        ("sku", "i4"),
        ("quantity", "i4"),
        ("line", "i2"),  # from 1
        ("category", "i2"),
        ("kind", "u1"),
        ("channel", "u1"),
        ("rank", "i2"),
        ("area", "i2"),
        ("activity", "u1"),  # an `Activity`
        ("unit_cut", "i1"),  # fen a unit, `rules.pricing.PricedLine.unit_cut`
        ("via", "u1"),  # a Mark
    ],
    align=True,
)
"""One event, 96 bytes."""


@dataclass
class Names:
    """What stands behind the numbers of a log: a list's index is the number; empty where numbers do."""

    members: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    skus: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    ranks: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    coupons: list[str] = field(default_factory=list)
    gifts: list[str] = field(default_factory=list)

    def member(self, number: int) -> str:
        """The member's name, or its number as text."""
        return self.members[number] if 0 <= number < len(self.members) else str(number)

    def order(self, number: int) -> str:
        """The order's name, or its number as text."""
        return self.orders[number] if 0 <= number < len(self.orders) else str(number)


@dataclass
class EventLog:
    """Events in the order they happened, and the names behind their numbers."""

    events: Records
    names: Names


def blank(count: int) -> Records:
    """`count` events with every reference at -1 and every amount at 0; `member_price` and `cost` are -1 (none)."""
    events = np.zeros(count, EVENT)
    for name in ("order", "member", "other", "sku", "category", "rank", "member_price", "area", "cost"):
        events[name] = -1
    return events
