"""Evidence 证据: what a running world or a replayed history showed, by measure and person, in whole numbers.

A value is in the unit of its measure: a number, fen, or parts per million. Rates are rounded up to a whole part per
million: a rate is above a limit if and only if the rounded one is, for limits are whole parts per million.

Entries belong to the calendar month of what they are for: the month in which their order was paid, else the month in
which their period ended, else the month they were made in. What is taken back belongs to the month of what it takes
back, so that pay and sales of a month are those of the same orders, whenever refunds come.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.compliance.rulebook import Measure
from rules.money import MAX_AMOUNT, PPM

UNBOUNDED = MAX_AMOUNT
"""The rate of something to nothing, in parts per million: above every limit."""

Rise = tuple[dt.date, int]
"""A day, and a value that nothing had reached before."""


@dataclass(frozen=True)
class Seen:
    """What was seen of one measure, at its worst and on the way there.

    Attributes:
        value: the worst.
        part, whole: fen behind a rate; 0 and 0 for what is no rate.
        member: who is concerned most. order: on which order. month: in which, as 2026-03. Empty = says nothing here.
        depth: levels of the largest tree, its organiser's own included; 0 for other measures.
        rises: the days on which the worst so far rose, in order. What is measured by the month and depends on sales
            is known on the month's last day, or on the last day that was seen.
        by_person: the worst of each person concerned, ascending; only values above 0.
    """

    value: int = 0
    part: int = 0
    whole: int = 0
    member: str = ""
    order: str = ""
    month: str = ""
    depth: int = 0
    rises: tuple[Rise, ...] = ()
    by_person: tuple[int, ...] = ()

    def first_day(self, above: int) -> dt.date | None:
        """The first day on which the value was above a limit; None = it never was."""
        return next((day for day, value in self.rises if value > above), None)

    def people(self, above: int) -> int:
        """How many people were above a limit at their worst."""
        return len(self.by_person) - bisect_right(self.by_person, above)


@dataclass(frozen=True)
class EntryPurchase:
    """What promoters had bought themselves up to the moment they first were above the lowest rank.

    Attributes:
        promoters: who became one while the plan watched. buyers: those of them who had paid an order by then.
        median: fen, of the goods of their orders, over all promoters; the lower one of two.
        exact: buyers whose first order came to exactly what a rank asks to be spent.
    """

    promoters: int = 0
    buyers: int = 0
    median: int = 0
    exact: int = 0


Threshold = Literal["name_check", "review", "large_transfer"]


@dataclass(frozen=True)
class NearThreshold:
    """Requests for payout next to a threshold: far more just below it than just above it look like splitting.

    Attributes:
        threshold: what begins there: the payee's name is checked, a reviewer looks, a bank reports.
        amount: fen.
        below, above: requests of at most 5 % less than the threshold, and of at most 5 % more. An amount that the
            threshold does not catch is below it.
    """

    threshold: Threshold
    amount: int
    below: int
    above: int


@dataclass(frozen=True)
class Evidence:
    """Everything that was seen.

    Attributes:
        orders: how many paid orders were looked at.
        last_day: the last day that was seen; None = no day at all.
        measures: what was seen by measure; what is missing was not looked at.
        entry_purchase, payouts: what no rule has a limit for, and a reader should know.
    """

    orders: int = 0
    last_day: dt.date | None = None
    measures: Mapping[Measure, Seen] = field(default_factory=dict)
    entry_purchase: EntryPurchase = EntryPurchase()
    payouts: tuple[NearThreshold, ...] = ()


def rate_of(part: int, whole: int) -> int:
    """A share in parts per million, rounded up; of nothing, `UNBOUNDED` where there is a part."""
    if part <= 0:
        return 0
    return -(-part * PPM // whole) if whole > 0 else UNBOUNDED
