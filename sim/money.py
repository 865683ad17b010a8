"""The money view 资金视图: what came in and went out, week by week, in whole fen.

Cash is what moved, not what was earned: customers' payments less refunds, what the goods cost, what reached members,
the tax withheld from them, and the people who look at withdrawals, returns and frozen accounts. Commission that is
booked and not paid out yet is a debt: it stands under `owed`, as at the end of the week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY
from rules.records import Component, WithdrawalStatus
from sim.metrics import Meter
from sim.scenario import Labour
from sim.since import Since

WEEK = 7
Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Money:
    """Fen of some days.

    Attributes:
        goods: paid for goods. discounts: taken off list prices, coupons and points included. refunds: given back.
        cost: of the goods that were kept. commission: booked, net of what was taken back.
        payouts: that reached members. tax: withheld from them. fees: kept of them.
        labour: of people who looked at something. prizes: goods and trips that contests gave away, at their value.
        programmes: of care, messages, gifts. owed: to members, as at the end.
    """

    goods: int = 0
    discounts: int = 0
    refunds: int = 0
    cost: int = 0
    commission: int = 0
    payouts: int = 0
    tax: int = 0
    fees: int = 0
    labour: int = 0
    prizes: int = 0
    programmes: int = 0
    owed: int = 0

    @property
    def cash(self) -> int:
        """What is left in the till of these days."""
        spent = self.payouts + self.tax + self.labour + self.prizes + self.programmes
        return self.goods - self.refunds - self.cost - spent

    def __add__(self, later: Self) -> Money:
        """Both together; what is owed is what is owed in the end."""
        sums = {one.name: getattr(self, one.name) + getattr(later, one.name) for one in fields(self)}
        return Money(**sums | {"owed": later.owed})


def weeks(meter: Meter | Since, book: Book, labour: Mapping[str, Amounts]) -> list[Money]:
    """The money of each week of a run that has ended, the last one perhaps shorter.

    Args:
        meter: of the run. book: as at the end. labour: of its days, see `labour_by_day`.
    """
    flows, first = meter.flows(), meter.start_day
    days = len(flows["gmv"])
    columns = {
        "goods": flows["gmv"],
        "discounts": _discounts(book, first, days),
        "refunds": flows["refunds"],
        "cost": flows["goods_cost"],
        "commission": flows["commission"],
        "fees": flows["fees"],
        "programmes": flows["programme_cost"],
        **_payouts(book, first, days),
        "labour": np.sum([*labour.values()], axis=0),
        "prizes": _prizes(book, first, days),
    }
    begins = np.arange(0, days, WEEK)
    sums = {name: np.add.reduceat(column, begins) for name, column in columns.items()}
    owed = flows["wallet"][np.minimum(begins + WEEK - 1, days - 1)]
    return [
        Money(**{name: int(column[week]) for name, column in sums.items()}, owed=int(owed[week]))
        for week in range(len(begins))
    ]


def labour_by_day(meter: Meter, book: Book, labour: Labour, cases: Amounts | None = None) -> dict[str, Amounts]:
    """Fen that people cost who look at cases, by kind, on the days on which they were decided.

    Args:
        meter: of the run. book: as at the end. labour: what a case costs.
        cases: fen by day for cases that the book does not know, such as complaints.
    """
    refunds, first = meter.flows()["refund_cases"], meter.start_day
    days = len(refunds)
    rows = book.rows("withdrawals")
    rows = rows[rows["known"] & (rows["time"] >= first * DAY)]
    rejected, failed = (rows["status"] == WithdrawalStatus[name] for name in ("rejected", "failed"))
    reviewed = rejected | (rows["sent_at"] > rows["time"])
    decided = np.where(rows["sent_at"] >= 0, rows["sent_at"], rows["done_at"])
    return {
        "reviews": _by_day(decided[reviewed], np.full(reviewed.sum(), labour.review), first, days),
        "returns": refunds * labour.refund,
        "reconciling": _by_day(rows["done_at"][failed], np.full(failed.sum(), labour.failed_payout), first, days),
        "cases": np.zeros(days, np.int64) if cases is None else cases,
    }


def _by_day(times: Amounts, amounts: Amounts, first: int, days: int) -> Amounts:
    """Sums by day of a run; what lies after its last day counts on that."""
    sums = np.zeros(days, np.int64)
    np.add.at(sums, np.minimum(times // DAY - first, days - 1), amounts)
    return sums


def _discounts(book: Book, first: int, days: int) -> Amounts:
    orders, lines = book.rows("orders"), book.rows("lines")
    off = lines["price"] * lines["quantity"] - lines["paid"]
    before = np.append(0, np.cumsum(off))
    per_order = before[orders["first_line"] + orders["lines"]] - before[orders["first_line"]]
    paid = orders["paid_at"] >= first * DAY
    return _by_day(orders["paid_at"][paid], per_order[paid], first, days)


def _payouts(book: Book, first: int, days: int) -> dict[str, Amounts]:
    rows = book.rows("withdrawals")
    rows = rows[rows["known"] & (rows["status"] == WithdrawalStatus.paid) & (rows["done_at"] >= first * DAY)]
    net = rows["amount"] - rows["fee"] - rows["tax"]
    return {
        "payouts": _by_day(rows["done_at"], net, first, days),
        "tax": _by_day(rows["done_at"], rows["tax"].astype(np.int64), first, days),
    }


def _prizes(book: Book, first: int, days: int) -> Amounts:
    """The value of prizes in kind, on the last days of their rounds."""
    rows = book.rows("entries")
    rows = rows[(rows["component"] == Component.prize) & (rows["time"] > first * DAY)]
    return _by_day(rows["time"] - 1, rows["base"].astype(np.int64), first, days)
