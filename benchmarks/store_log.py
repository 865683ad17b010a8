"""Random but seeded logs of a referral store for the benchmarks: the same rows for the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Names, Records, blank

Integers = NDArray[np.int64]

SEED = 20260105
START_DAY = 20_458
"""2026-01-05, a Monday."""
DAYS = 180
CATEGORIES = ("fmcg", "digital", "home")
RANKS = ("member", "promoter")
LINES_A_MEMBER = 10
_NOBODY = -1


@dataclass(frozen=True)
class Market:
    """Who there is: inviters come before their invitees, and a share of the people are promoters.

    Attributes:
        inviter: member or -1, by member. promoter: by member.
    """

    inviter: Integers
    promoter: NDArray[np.bool_]

    def opening(self, promote: bool) -> Records:
        """Registrations, and promotions if wanted, before the first order."""
        people = np.arange(len(self.inviter))
        joined = _events(Kind.register, np.full(len(people), START_DAY * DAY), member=people, other=self.inviter)
        if not promote:
            return joined
        chosen = people[self.promoter]
        rank = np.full(len(chosen), RANKS.index("promoter"))
        return np.concatenate(
            [joined, _events(Kind.promote, np.full(len(chosen), START_DAY * DAY), member=chosen, rank=rank)]
        )


@dataclass(frozen=True)
class Orders:
    """What was bought: columns by line, sorted by order; `begins` is the first line of each order."""

    market: Market
    order: Integers
    line: Integers
    category: Integers
    price: Integers
    quantity: Integers
    discount: Integers
    begins: Integers
    buyer: Integers
    placed: Integers

    @property
    def paid(self) -> Integers:
        """Fen paid for each line."""
        return self.price * self.quantity - self.discount

    def names(self) -> Names:
        """What stands behind the numbers."""
        return Names(categories=list(CATEGORIES), ranks=list(RANKS))


def draw_orders(lines: int) -> Orders:
    """About `lines` order lines over half a year, one to four an order, by a tenth as many members."""
    luck = np.random.default_rng(SEED)
    people = max(10, lines // LINES_A_MEMBER)
    invited = luck.random(people) < 0.8
    inviter = np.where(invited, (luck.random(people) * np.arange(people)).astype(np.int64), _NOBODY)
    inviter[0] = _NOBODY
    market = Market(inviter, luck.random(people) < 0.8)
    counts = luck.choice([1, 2, 3, 4], lines, p=[0.4, 0.3, 0.2, 0.1])
    counts = counts[: int(np.searchsorted(np.cumsum(counts), lines)) + 1]
    begins = np.cumsum(counts) - counts
    order = np.repeat(np.arange(len(counts)), counts)
    price, quantity = luck.integers(100, 50_000, len(order)), luck.integers(1, 4, len(order))
    discount = np.where(luck.random(len(order)) < 0.3, (price * quantity * luck.random(len(order)) // 4), 0)
    return Orders(
        market=market,
        order=order,
        line=np.arange(len(order)) - begins[order] + 1,
        category=luck.integers(0, len(CATEGORIES), len(order)),
        price=price,
        quantity=quantity,
        discount=discount.astype(np.int64),
        begins=begins,
        buyer=luck.integers(0, people, len(counts)),
        placed=np.sort(luck.integers(0, DAYS * DAY, len(counts))) + START_DAY * DAY,
    )


def paid_log(orders: Orders) -> Records:
    """Orders that are placed and paid at once, and nothing else: all that base commission needs."""
    return _sorted([_placed(orders), _events(Kind.pay, orders.placed, order=np.arange(len(orders.placed)))])


def life_log(orders: Orders) -> Records:
    """The whole life of the orders: paid, shipped, received (a quarter by time alone), some cancelled or refunded."""
    luck = np.random.default_rng(SEED + 1)
    count = len(orders.placed)
    numbers = np.arange(count)
    chance = luck.random((3, count))
    paid = orders.placed + luck.integers(10, 900, count)
    shipped = paid + luck.integers(DAY // 4, 2 * DAY, count)
    received = shipped + luck.integers(DAY, 6 * DAY, count)
    back = received + luck.integers(3_600, 40 * DAY, count)
    bought = chance[0] < 0.97
    signed, returned = bought & (chance[1] < 0.75), bought & (chance[2] < 0.08)
    whole, narrowed = returned & (chance[2] < 0.04), returned & (chance[2] >= 0.04)
    return _sorted(
        [
            _placed(orders),
            _events(Kind.pay, paid[bought], order=numbers[bought]),
            _events(Kind.cancel, paid[~bought], order=numbers[~bought]),
            _events(Kind.ship, shipped[bought], order=numbers[bought]),
            _events(Kind.receive, received[signed], order=numbers[signed]),
            _events(Kind.refund, back[whole], order=numbers[whole], line=0 * numbers[whole]),
            _events(Kind.refund, back[narrowed], order=numbers[narrowed], line=1 + 0 * numbers[narrowed], quantity=1),
            _events(Kind.tick, np.array([int(back.max()) + 40 * DAY])),
        ]
    )


def _placed(orders: Orders) -> Records:
    return _events(
        Kind.order,
        orders.placed[orders.order],
        order=orders.order,
        line=orders.line,
        member=orders.buyer[orders.order],
        category=orders.category,
        price=orders.price,
        quantity=orders.quantity,
        discount=orders.discount,
    )


def _events(kind: Kind, time: Integers, **fields: Integers | int) -> Records:
    events = blank(len(time))
    events["kind"], events["time"] = kind, time
    for name, values in fields.items():
        events[name] = values
    return events


def _sorted(parts: list[Records]) -> Records:
    events = np.concatenate(parts)
    return events[np.lexsort((events["line"], events["kind"], events["order"], events["time"]))]
