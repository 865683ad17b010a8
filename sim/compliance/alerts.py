"""Alerts 异常预警: days on which a figure left what was usual over the four weeks before.

Usual is the median of the last 28 days, and the distance from it is counted in robust standard deviations, 1.4826 × the
median absolute deviation, so that one wild day neither hides the next nor raises the bar. A figure that hardly ever
moves would alert on a trifle; so the deviation is taken to be at least what chance alone makes of it (`_least`). What
is booked at the close of a period is left out: it comes once a month, and would stand out every time. An alert says
"look here", never "this is fraud": a festival stands out as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.calendar import date_of
from rules.events import DAY, Names
from sim.compliance.running import Integers, totals

Floats = NDArray[np.float64]
Watched = Literal["commission", "new_members", "refund_rate", "payout_ratio", "busiest_member"]

WINDOW = 28
"""Days that say what is usual; whole weeks, for weekdays differ."""
ENOUGH = 14
"""Days of the window that must have a figure."""
SCORE = 5.0
"""Robust standard deviations from which on a day is told."""

_TO_SIGMA = 1.4826
_LEAST: Mapping[Watched, tuple[float, float]] = {
    "commission": (1_000.0, 0.1),
    "new_members": (1.0, 0.1),
    "refund_rate": (0.01, 0.0),
    "payout_ratio": (0.005, 0.1),
    "busiest_member": (5_000.0, 0.5),
}
"""The least standard deviation: in the figure's unit (fen, people, a share), and as a part of the median."""


@dataclass(frozen=True)
class Alert:
    """One figure of one day that was far from usual.

    Attributes:
        value, usual: fen, people, or a share, as the figure has it; `usual` is the median.
        score: robust standard deviations above (or, below 0, under) the usual.
        member: who was the busiest; empty for figures of the whole store.
    """

    day: dt.date
    figure: Watched
    value: float
    usual: float
    score: float
    member: str = ""

    @property
    def is_money(self) -> bool:
        """Whether value and usual are fen."""
        return self.figure in ("commission", "busiest_member")


def alerts_of(daily: Mapping[str, NDArray[np.int64] | Floats], book: Book, names: Names, start: int) -> list[Alert]:
    """What stood out, day by day.

    Args:
        daily: metrics by day, `Meter.daily`.
        book: as at the end. names: behind its numbers.
        start: business day (`time // DAY`) of the first day.
    """
    commission, most, who = earned_by_day(book, start, len(daily["gmv"]))
    gmv = daily["gmv"]
    figures: dict[Watched, Integers | Floats] = {
        "commission": commission,
        "new_members": daily["new_members"],
        "refund_rate": daily["refund_rate"],
        "payout_ratio": np.divide(commission, gmv, out=np.full(len(gmv), np.nan), where=gmv > 0),
        "busiest_member": most,
    }
    found: list[Alert] = []
    for figure, column in figures.items():
        values = column.astype(np.float64)
        usual, score = scores(values, figure, daily["orders"].astype(np.float64))
        for row in np.flatnonzero(np.abs(score) >= SCORE).tolist():
            date = date_of((start + row) * DAY)
            member = names.member(int(who[row])) if figure == "busiest_member" else ""
            found.append(
                Alert(date, figure, values[row].item(), usual[row].item(), round(score[row].item(), 1), member)
            )
    return sorted(found, key=lambda alert: alert.day)


def scores(values: Floats, figure: Watched, orders: Floats) -> tuple[Floats, Floats]:
    """The usual value of every day and the score; nan where too little is known.

    Args:
        values: by day; nan = there is no figure.
        orders: paid, by day.
    """
    usual, score = np.full(len(values), np.nan), np.full(len(values), np.nan)
    if len(values) <= ENOUGH:
        return usual, score
    before = np.concatenate([np.full(WINDOW, np.nan), values[:-1]])
    windows = np.lib.stride_tricks.sliding_window_view(before, WINDOW)
    known = np.flatnonzero(np.isfinite(windows).sum(axis=1) >= ENOUGH)
    windows = windows[known]
    usual[known] = middle = np.nanmedian(windows, axis=1)
    spread = _TO_SIGMA * np.nanmedian(np.abs(windows - middle[:, None]), axis=1)
    score[known] = (values[known] - middle) / np.maximum(spread, _least(figure, middle, orders[known]))
    return usual, score


def _least(figure: Watched, middle: Floats, orders: Floats) -> Floats:
    """The least standard deviation on each day: of a count its square root, of a share what few orders make of it."""
    fixed, part = _LEAST[figure]
    least: Floats = np.maximum(part * middle, fixed)
    if figure == "new_members":
        return np.maximum(least, np.sqrt(middle))
    if figure in ("refund_rate", "payout_ratio"):
        return np.maximum(least, 0.5 / np.sqrt(np.maximum(orders, 1)))
    return least


def earned_by_day(book: Book, start: int, days: int) -> tuple[Integers, Integers, Integers]:
    """Without what closes of periods booked: commission by day, the most that one member made, and who it was.

    Amounts are fen; who is -1 where nobody made any.
    """
    entries = book.rows("entries")
    entries = entries[entries["period"] < 0]
    rows = np.clip(entries["time"] // DAY - start, 0, days - 1)
    people, amounts = len(book.members), entries["amount"].astype(np.int64)
    whole = np.zeros(days, np.int64)
    np.add.at(whole, rows, amounts)
    groups, sums = totals(rows * people + entries["member"], amounts)
    order = np.argsort(sums, kind="stable")
    order = order[sums[order] > 0]
    most, who = np.zeros(days, np.int64), np.full(days, -1, np.int64)
    most[groups[order] // people], who[groups[order] // people] = sums[order], groups[order] % people
    return whole, most, who
