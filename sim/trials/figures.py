"""What each person brought: cumulative figures by person, as an analyst of a live shop could take them from its books.

Whom an order is credited to is the analyst's choice: its buyer; or, as a shop's own books by arm have it, the promoter
the buyer is bound to (`rules.people.arms`: an order goes by the plan of whom its buyer is bound to), else the buyer.
All figures add up over days and over people to those of the metric dictionary, but for withdrawal fees and for what
programmes for members cost, which no order has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY, Records
from sim.experiments.metric_names import Text
from sim.rows import order_of_line

Whole = NDArray[np.int64]
Credit = Literal["buyer", "promoter", "shop"]


@dataclass(frozen=True)
class Metric:
    """One figure; fen where it is money."""

    name: str
    title: Text
    money: bool


METRICS = (
    Metric("gmv", Text("GMV", "GMV"), True),
    Metric("commission", Text("佣金", "Commission"), True),
    Metric("contribution", Text("贡献毛利", "Contribution"), True),
    Metric("active_buyers", Text("活跃买家（人·天）", "Active buyers (person-days)"), False),
    Metric("first_orders", Text("首单", "First orders"), False),
    Metric("registrations", Text("注册", "Registrations"), False),
)
"""Contribution is GMV less refunds, goods and commission; an active buyer is counted on each day with a paid order."""
NAMES = tuple(one.name for one in METRICS)
CREDITS: tuple[Credit, Credit] = ("buyer", "promoter")


def by_person(book: Book, cost: Whole) -> Whole:
    """Every metric since the store opened by person, under either credit: (credits, metrics, people).

    Args:
        cost: fen a piece, by sku.
    """
    people = len(book.members)
    every = book.rows("orders")
    paid = np.flatnonzero(every["paid_at"] >= 0)
    orders = every[paid]
    buyer, upline = orders["buyer"], orders["chain"][:, 0]
    kept = orders["goods"] - orders["refunded"] - _goods_cost(book, cost)[paid]
    first = orders["paid_at"] == book.members["first_paid_at"][buyer]
    active = first_of_the_day(orders)
    figures = np.zeros((len(CREDITS), len(METRICS), people), np.int64)
    owners = (buyer, np.where(upline >= 0, upline, buyer))
    for figure, owner in zip(figures, owners, strict=True):
        whole_owner = every["buyer"].copy()
        whole_owner[paid] = owner
        commission = _commission(book, whole_owner, people)
        figure[0] = _sums(owner, orders["goods"], people)
        figure[1] = commission
        figure[2] = _sums(owner, kept, people) - commission
        figure[3] = np.bincount(owner[active], minlength=people)
        figure[4] = np.bincount(owner[first], minlength=people)
    joined = np.flatnonzero(book.members["joined_at"] >= 0)
    inviter = book.members["upline"][joined]
    figures[0, 5, joined] = 1
    figures[1, 5] = np.bincount(np.where(inviter >= 0, inviter, joined), minlength=people)
    return figures


def by_day(rows: Records) -> Whole:
    """Every metric by day of the whole shop, (metrics, days), from the meter's rows."""
    kept = rows["gmv"] - rows["refunds"] - rows["goods_cost"]
    columns = (
        rows["gmv"], rows["commission"], kept - rows["commission"], rows["active_buyers"], rows["new_buyers"],
        rows["new_members"],
    )  # fmt: skip
    return np.array(columns)


def sales_since(book: Book, second: int) -> NDArray[np.int32]:
    """Buyer and promoter of every order paid from a moment on that a promoter stands behind, (orders, 2)."""
    orders = book.rows("orders")
    orders = orders[(orders["paid_at"] >= second) & (orders["chain"][:, 0] >= 0)]
    return np.stack([orders["buyer"], orders["chain"][:, 0]], axis=1)


def first_of_the_day(orders: Records) -> NDArray[np.int64]:
    """Of each buyer and day with paid orders, the first of them."""
    in_time = np.argsort(orders["paid_at"], kind="stable")
    day = orders["paid_at"][in_time] // DAY
    _, first = np.unique(np.stack([orders["buyer"][in_time].astype(np.int64), day]), axis=1, return_index=True)
    return in_time[first]


def _goods_cost(book: Book, cost: Whole) -> Whole:
    """Cost of the goods that were kept, by order."""
    lines = book.rows("lines")
    each = cost[lines["sku"]] * (lines["quantity"] - lines["refunded_quantity"])
    return _sums(order_of_line(book), each, len(book.rows("orders")))


def _commission(book: Book, owner: NDArray[np.integer], people: int) -> Whole:
    """Net entries: those of an order by its owner, the others by whom they pay."""
    entries = book.rows("entries")
    credited = entries["member"].copy()
    of_order = entries["order"] >= 0
    credited[of_order] = owner[entries["order"][of_order]]
    return _sums(credited, entries["amount"], people)


def _sums(place: NDArray[np.integer], amounts: Whole, count: int) -> Whole:
    """Sums of whole amounts by place, exactly."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, place, amounts)
    return sums
