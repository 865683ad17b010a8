"""Retention 留存, and the balance of old and new promoters 新老推广员.

A cohort is who joined in the same week of the run; a member is active in a week in which she shares or orders. A
promoter is new for 30 days after joining, and old after 90: what each gets of income and orders says whether a store
still has room for newcomers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY
from rules.records import NEVER
from sim.behaviour.world import World

if TYPE_CHECKING:
    from sim.model import StoreModel

WEEK = 7
MONTH = 4
"""Weeks of a month here."""
BOUNDS = (30, 90)
"""Days after joining until which a promoter is new, and from which on she is old."""
Counts = NDArray[np.int64]


class Activity:
    """Who of each cohort was active in each week; kept as the world lives.

    Args:
        people: of the market. days: of the run.

    Attributes:
        active: members by week of joining and week of activity, whole weeks only.
        last_share: by person, the last week with a share; NEVER.
    """

    def __init__(self, people: int, days: int) -> None:
        weeks = days // WEEK
        self.active = np.zeros((weeks, weeks), np.int64)
        self.last_share = np.full(people, NEVER, np.int16)
        self._ordered = np.zeros(people, np.bool_)

    def note_orders(self, persons: NDArray[np.integer[Any]]) -> None:
        """Note who ordered today."""
        self._ordered[persons] = True

    def end_week(self, world: World) -> None:
        """Count the members who were active this week; on its last evening, before promoters draw their lessons."""
        week, shared = world.day // WEEK, world.crowd["shared"] > 0  # of members alone: strangers do not share
        np.copyto(self.last_share, week, where=shared)
        active = np.flatnonzero(shared | self._ordered)
        cohort = world.crowd["joined"].take(active) // (WEEK * DAY)
        self.active[:, week] = np.bincount(cohort, minlength=len(self.active))
        self._ordered[:] = False


@dataclass(frozen=True)
class Cohort:
    """Who joined in a week: how many, and how many were active in that week and in each after it."""

    week: int
    members: int
    active: tuple[int, ...]


@dataclass(frozen=True)
class Band:
    """Promoters by age, in the last month: who shared or earned in it.

    Attributes:
        promoters: how many. income: fen of commission. orders: paid, that they promoted at level 1.
        without: promoters without income.
    """

    promoters: int
    income: int
    orders: int
    without: int

    @property
    def each(self) -> float | None:
        """Fen a promoter."""
        return self.income / self.promoters if self.promoters else None


@dataclass(frozen=True)
class Month:
    """Income in fen and orders of a month, by age of the promoter at the time: new, between, old."""

    income: tuple[int, ...]
    orders: tuple[int, ...]


@dataclass(frozen=True)
class Retention:
    """Cohorts by week; in the last month promoters who are new, between and old; months, the last one whole."""

    cohorts: tuple[Cohort, ...] = ()
    bands: tuple[Band, ...] = ()
    months: tuple[Month, ...] = ()

    def after(self, weeks: int, first: int = 0, last: int | None = None) -> float | None:
        """Part of the members who joined in some weeks and were active `weeks` after; of cohorts that got so far."""
        seen = [one for one in self.cohorts[first:last] if len(one.active) > weeks]
        joined = sum(one.members for one in seen)
        return sum(one.active[weeks] for one in seen) / joined if joined else None

    @property
    def balance(self) -> float | None:
        """What a new promoter earns, as a part of what one who is not new does; None where nobody earns."""
        if not self.bands:
            return None
        new, others = self.bands[0], self.bands[1:]
        count, income = sum(one.promoters for one in others), sum(one.income for one in others)
        return new.each / (income / count) if new.each is not None and income > 0 else None


def retention_of(model: StoreModel) -> Retention:
    """Retention and balance of a run; only whole weeks count."""
    activity, world, book = model.activity, model.world, model.store.book
    weeks = min(len(activity.active), model.day // WEEK)
    joined = world.crowd["joined"][world.members] // (WEEK * DAY)
    sizes = np.bincount(joined, minlength=weeks)
    cohorts = [
        Cohort(week, int(sizes[week]), tuple(activity.active[week, week:weeks].tolist())) for week in range(weeks)
    ]
    if weeks < MONTH:
        return Retention(tuple(cohorts))
    months, end = weeks // MONTH, (world.start + weeks * WEEK) * DAY
    begins = [end - place * MONTH * WEEK * DAY for place in range(months, -1, -1)]
    return Retention(
        tuple(cohorts),
        bands_of(book, activity.last_share >= weeks - MONTH, begins[-2], end),
        tuple(_month(book, *span) for span in pairwise(begins)),
    )


def bands_of(book: Book, sharers: NDArray[np.bool_], begin: int, end: int) -> tuple[Band, ...]:
    """Promoters by age at the end of a span of time.

    Args:
        sharers: by person, whether she shared in it. begin, end: seconds.
    """
    people = len(book.members)
    earner, amount = _incomes(book, begin, end)[:2]
    income = np.zeros(people, np.int64)
    np.add.at(income, earner, amount)
    orders = np.bincount(_promoters(book, begin, end)[0], minlength=people)
    joined = book.members["joined_at"]
    promoters = np.flatnonzero((joined != NEVER) & (sharers[:people] | (income != 0) | (orders > 0)))
    band = ages(end - joined[promoters])
    return tuple(
        Band(
            int((band == one).sum()),
            int(income[promoters[band == one]].sum()),
            int(orders[promoters[band == one]].sum()),
            int((income[promoters[band == one]] <= 0).sum()),
        )
        for one in range(len(BOUNDS) + 1)
    )


def _month(book: Book, begin: int, end: int) -> Month:
    earner, amount, when = _incomes(book, begin, end)
    promoter, paid = _promoters(book, begin, end)
    joined = book.members["joined_at"]
    income = np.zeros(len(BOUNDS) + 1, np.int64)
    np.add.at(income, ages(when - joined[earner]), amount)
    orders = np.bincount(ages(paid - joined[promoter]), minlength=len(BOUNDS) + 1)
    return Month(tuple(income.tolist()), tuple(orders.tolist()))


def ages(seconds: Counts) -> Counts:
    """Which band so many seconds after joining fall in."""
    return np.digitize(seconds, np.array(BOUNDS) * DAY)


def _incomes(book: Book, begin: int, end: int) -> tuple[Counts, Counts, Counts]:
    """Who earned what when, net of what was taken back."""
    rows = book.rows("entries")
    rows = rows[(rows["time"] >= begin) & (rows["time"] < end) & (rows["member"] >= 0)]
    return rows["member"], rows["amount"], rows["time"]


def _promoters(book: Book, begin: int, end: int) -> tuple[Counts, Counts]:
    """Who promoted an order at level 1, and when it was paid."""
    rows = book.rows("orders")
    rows = rows[(rows["paid_at"] >= begin) & (rows["paid_at"] < end) & (rows["chain"][:, 0] >= 0)]
    return rows["chain"][:, 0], rows["paid_at"]
