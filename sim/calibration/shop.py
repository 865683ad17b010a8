"""A shop as calibration sees it: order lines, people and clicks in columns, whatever folder they came from.

Times are seconds since 1970-01-01 of the local clock, money is fen, people are numbers from 0; ABSENT where a time is
not known, -1 where a person or a word is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError
from rules.events import DAY
from sim.history.cells import ABSENT
from sim.history.purchases import Purchases

SOON = 1_000
"""Seconds from a click within which an order is taken to follow from it."""

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """Order lines, every array (rows,), rows of an order together.

    Attributes:
        order: from 0, ascending. price: list price a piece. paid_amount: for the goods of the line.
        refund: given back of the line, 0 = all of it; ABSENT = nothing.
    """

    order: Integers
    member: Integers
    placed: Integers
    paid: Integers
    received: Integers
    refunded: Integers
    refund: Integers
    quantity: Integers
    price: Integers
    paid_amount: Integers
    category: Integers
    sku: Integers
    channel: Integers


@dataclass(frozen=True)
class Orders:
    """Orders, every array (orders,).

    Attributes:
        lines: how many. main: row of the line that was paid most for. amount: paid for all goods.
        back: refunded of the amount, 0 = nothing.
    """

    member: Integers
    placed: Integers
    paid: Integers
    received: Integers
    refunded: Integers
    lines: Integers
    main: Integers
    amount: Integers
    back: Integers

    @property
    def was_paid(self) -> Flags:
        """Which were paid."""
        paid: Flags = self.paid != ABSENT
        return paid


@dataclass(frozen=True)
class People:
    """People, every array (people,).

    Attributes:
        joined: when. inviter: number of who invited, -1 = nobody.
        listed: whether the shop's own list of members has them, and not only an order or a link.
    """

    joined: Integers
    inviter: Integers
    listed: Flags

    def __len__(self) -> int:
        return len(self.joined)


@dataclass(frozen=True)
class Clicks:
    """Clicks on shared links, every array (clicks,): when, whose link, and who opened it (-1 = not a known person)."""

    at: Integers
    sharer: Integers
    visitor: Integers


@dataclass(frozen=True)
class Shop:
    """Everything there is.

    Attributes:
        name: what to call it. categories, channels: words behind the numbers of lines.
        margins: part of the price that is left after the goods, by category, where costs are known.
    """

    name: str
    lines: Lines
    people: People
    categories: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    clicks: Clicks | None = None
    margins: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.lines.paid != ABSENT).any():
            raise InputError(f"{self.name}: no order was paid", allowed="orders with `paid_at`")

    @cached_property
    def orders(self) -> Orders:
        """The orders of the lines."""
        lines = self.lines
        first = np.flatnonzero(np.diff(lines.order, prepend=-1))
        by_amount = np.lexsort((-lines.paid_amount, lines.order))
        back = np.where(lines.refund == 0, lines.paid_amount, np.where(lines.refund == ABSENT, 0, lines.refund))
        return Orders(
            member=lines.member[first],
            placed=lines.placed[first],
            paid=lines.paid[first],
            received=lines.received[first],
            refunded=np.maximum.reduceat(lines.refunded, first),
            lines=np.diff(np.append(first, len(lines.order))),
            main=by_amount[first],
            amount=np.add.reduceat(lines.paid_amount, first),
            back=np.add.reduceat(back, first),
        )

    @cached_property
    def first_day(self) -> int:
        """Day of the first order, in days since 1970-01-01."""
        return int(self.orders.placed.min()) // DAY

    @cached_property
    def last_day(self) -> int:
        """The last day on which anything was ordered or paid."""
        return int(max(self.orders.placed.max(), self.orders.paid.max())) // DAY

    @cached_property
    def members(self) -> int:
        """People who joined or ordered; not those who are only known from a click or as an inviter."""
        known = self.people.joined != ABSENT
        known[self.orders.member] = True
        return int(known.sum())

    @property
    def days(self) -> int:
        """Length of the span."""
        return self.last_day - self.first_day + 1

    def older_than(self, times: Integers, days: float) -> Flags:
        """Which times lie at least so many days before the end of the span; none that are absent."""
        old: Flags = (times != ABSENT) & (times <= (self.last_day + 1 - days) * DAY)
        return old

    @cached_property
    def followed_click(self) -> Flags:
        """Orders placed soon after their buyer, a member, opened a shared link, (orders,); none without clicks."""
        orders, clicks = self.orders, self.clicks
        if clicks is None:
            return np.zeros(len(orders.member), np.bool_)
        joined = self.people.joined[clicks.visitor]
        known = (clicks.visitor >= 0) & (joined != ABSENT) & (joined <= clicks.at)
        opened = np.sort(_moments(clicks.visitor[known], clicks.at[known]))
        ordered = _moments(orders.member, orders.placed)
        place = np.searchsorted(opened, ordered, side="right") - 1
        since = ordered - opened[np.maximum(place, 0)] if len(opened) else np.full(len(ordered), SOON + 1)
        return (place >= 0) & (since <= SOON)

    @cached_property
    def clocked(self) -> bool:
        """Whether times of orders are more than dates."""
        return bool((self.orders.placed % DAY != 0).mean() > 0.5)

    def purchases(self, tick: int = DAY, unpaid: bool = False) -> Purchases:
        """The orders as a purchase log, without those that followed a click, unless it was the buyer's first.

        Args:
            tick: seconds of what the log calls a day; orders of one person in one tick count as one purchase.
            unpaid: whether orders that were never paid count, too.
        """
        orders = self.orders
        paid = orders.was_paid | unpaid
        first = np.full(len(self.people), np.iinfo(np.int64).max)
        np.minimum.at(first, orders.member[paid], orders.placed[paid])
        own = paid & (~self.followed_click | (orders.placed == first[orders.member]))
        return Purchases.of(
            orders.member[own], orders.placed[own] // tick, orders.lines[own], np.maximum(orders.amount[own], 0)
        )

    def counts(self) -> Integers:
        """Orders of every day of the span, paid or not."""
        return np.bincount(self.orders.placed // DAY - self.first_day, minlength=self.days)


def _moments(person: Integers, time: Integers) -> Integers:
    """Person and time as one number, by which both can be sorted."""
    return person * (1 << 34) + time
