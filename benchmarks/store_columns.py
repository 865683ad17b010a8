"""Random but seeded columns of a referral store for the benchmarks, and the event log that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.bulk.columns import OrderColumns, RefundColumns
from rules.bulk.members import MemberColumns
from rules.events import DAY, Kind, Names, Records, blank
from rules.plan.model import Plan

Integers = NDArray[np.int64]

SEED = 20260105
START_DAY = 20_458
"""2026-01-05, a Monday."""
DAYS = 180
CATEGORIES = tuple(f"category{number}" for number in range(16))
RANKS = ("member", "bronze", "silver", "gold")
LEVELS = 3
LINES_A_MEMBER = 10
REFUNDED = 0.08
"""Share of the orders that money goes back of."""


@dataclass(frozen=True)
class Store:
    """Who there is, what was bought, what went back; inviters come before those they invited."""

    members: MemberColumns
    orders: OrderColumns
    refunds: RefundColumns

    @property
    def names(self) -> Names:
        """What stands behind the numbers."""
        return Names(categories=list(CATEGORIES), ranks=list(RANKS))

    @property
    def until(self) -> int:
        """When time ends: forty days after the last order."""
        return (START_DAY + DAYS + 40) * DAY

    @property
    def order_of_line(self) -> Integers:
        """The order of every line."""
        return np.repeat(np.arange(len(self.orders)), np.diff(self.orders.first_line))


def draw_store(lines: int) -> Store:
    """About `lines` order lines over half a year, one to four an order, by a tenth as many members."""
    luck = np.random.default_rng(SEED)
    people = max(10, lines // LINES_A_MEMBER)
    inviter = np.where(luck.random(people) < 0.8, (luck.random(people) * np.arange(people)).astype(np.int32), -1)
    inviter[0] = -1
    counts = luck.choice([1, 2, 3, 4], lines, p=[0.4, 0.3, 0.2, 0.1])
    counts = counts[: int(np.searchsorted(np.cumsum(counts), lines)) + 1]
    price, quantity = luck.integers(100, 50_000, counts.sum()), luck.integers(1, 4, counts.sum())
    off = np.where(luck.random(len(price)) < 0.3, price * quantity * luck.integers(0, 26, len(price)) // 100, 0)
    orders = OrderColumns(
        buyer=luck.integers(0, people, len(counts)),
        paid_at=np.sort(luck.integers(0, DAYS * DAY, len(counts))) + START_DAY * DAY,
        first_line=np.concatenate([[0], np.cumsum(counts)]),
        paid=price * quantity - off,
        category=luck.integers(0, len(CATEGORIES), len(price)),
        quantity=quantity,
        price=price,
    )
    ranks = luck.choice(len(RANKS), people, p=[0.25, 0.45, 0.2, 0.1])
    return Store(MemberColumns(upline=inviter, rank=ranks), orders, _draw_refunds(luck, orders))


def _draw_refunds(luck: np.random.Generator, orders: OrderColumns) -> RefundColumns:
    """Half of the refunds take a whole order back, half one piece of its first line, within forty days."""
    chosen = np.flatnonzero(luck.random(len(orders)) < REFUNDED)
    time = orders.paid_at[chosen] + luck.integers(DAY, 40 * DAY, len(chosen))
    piece = luck.random(len(chosen)) < 0.5
    turn = np.argsort(time, kind="stable")
    return RefundColumns(order=chosen[turn], time=time[turn], line=1 * piece[turn], quantity=1 * piece[turn])


def percent(level: int, rank: int, category: int) -> int:
    """The rate of a level for a rank above the lowest and a category, in parts per million."""
    return (100 + 100 * (category % 5) + 200 * (rank - 1)) // level * 100


def store_plan(name: str, caps: dict[str, str], more: dict[str, Any]) -> Plan:
    """A plan of three levels, with a rate for every rank but the lowest and every category, and what is given."""

    def rates(level: int, rank: int) -> dict[str, str]:
        return {category: f"0.{percent(level, rank, number):06d}" for number, category in enumerate(CATEGORIES)}

    levels = [
        {
            "level": level,
            "ranks": list(RANKS[1:]),
            "rates": rates(level, 1),
            "by_rank": {RANKS[rank]: rates(level, rank) for rank in (2, 3)},
        }
        for level in range(1, LEVELS + 1)
    ]
    commission = {"base": {"levels": levels}, **more.get("commission", {})}
    ranks = [{"id": rank} for rank in RANKS]
    return Plan.model_validate({**more, "plan": name, "ranks": ranks, "commission": commission, "caps": caps})


def opening_log(store: Store) -> Records:
    """Everybody registers, and has a rank, before the first order."""
    people, start = np.arange(len(store.members)), np.full(len(store.members), START_DAY * DAY)
    return np.concatenate(
        [
            _events(Kind.register, start, member=people, other=store.members.upline),
            _events(Kind.promote, start, member=people, rank=store.members.rank),
        ]
    )


def life_log(store: Store, refunds: bool) -> Records:
    """Orders that are placed and paid at once, with or without refunds, until time ends."""
    orders, of_line, numbers = store.orders, store.order_of_line, np.arange(len(store.orders))
    parts = [
        _events(
            Kind.order,
            orders.paid_at[of_line],
            order=of_line,
            line=np.arange(orders.lines) - orders.first_line[of_line] + 1,
            member=orders.buyer[of_line],
            category=orders.category,
            price=orders.price,
            quantity=orders.quantity,
            discount=orders.price * orders.quantity - orders.paid,
        ),
        _events(Kind.pay, orders.paid_at, order=numbers),
        _events(Kind.tick, np.array([store.until])),
    ]
    if refunds:
        back = store.refunds
        parts.append(_events(Kind.refund, back.time, order=back.order, line=back.line, quantity=back.quantity))
    events = np.concatenate(parts)
    return events[np.lexsort((events["line"], events["kind"], events["order"], events["time"]))]


def _events(kind: Kind, time: Integers, **fields: NDArray[Any]) -> Records:
    events = blank(len(time))
    events["kind"], events["time"] = kind, time
    for name, values in fields.items():
        events[name] = values
    return events
