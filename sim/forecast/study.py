"""A forecast: futures of a store's customers under several plans, and a back-test of the same on what is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError
from rules.events import DAY
from rules.plan.model import Plan
from sim.forecast.customers import RECENT, WEEK, Customers, Sales, customers_of, sales_of
from sim.forecast.fan import Fan, Score, score
from sim.forecast.future import future_of
from sim.forecast.plans import booked, commission_by_week
from sim.history.replay import replay
from sim.history.shipped import Past

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_EVENTS = 3_000_000
"""Of a history: it is replayed for every future."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is to come after a day.

    Attributes:
        customers: as known on the day. purchases, gmv: by week, gmv in fen. commission: by plan, fen booked by week.
        before: purchases and fen of the weeks before the day, the last `RECENT` at most, (2, weeks).
    """

    customers: Customers
    purchases: Fan
    gmv: Fan
    commission: dict[str, Fan]
    before: Floats


@dataclass(frozen=True, eq=False)
class BackTest:
    """A forecast of weeks that are known, made from what was known before them.

    Attributes:
        outlook: it. actual: the same figures as they came, by name; scores: by name.
    """

    outlook: Outlook
    actual: dict[str, Floats]
    scores: dict[str, Score]

    @property
    def off(self) -> float:
        """How far the number of purchases was off, as a logarithm."""
        return abs(math.log(1 + self.scores["purchases"].error))


Done = Callable[[], None]


def outlook(
    past: Past,
    plans: Sequence[Plan],
    weeks: int,
    futures: int,
    seed: int,
    end: int | None = None,
    off: float = 0.0,
    done: Done = lambda: None,
) -> Outlook:
    """What comes in the weeks after the last day with a sale, or after `end`, a day since 1970-01-01.

    Args:
        futures: how many. seed: of all luck; the same futures for every plan. done: called after each future.
        off: how far such forecasts are off: standard deviation of the logarithm of all rates, by future.

    Raises:
        InputError: too few customers came back, the history is too long, or two plans have one name.
    """
    if len({plan.plan for plan in plans}) < len(plans):
        raise InputError("a plan is given twice", allowed="each plan once")
    if len(past.log.events) > MOST_EVENTS:
        raise InputError(
            f"{len(past.log.events):,} events are replayed for every future", allowed=f"at most {MOST_EVENTS:,}"
        )
    sales = sales_of(past.log)
    customers = customers_of(sales, int(sales.day.max()) if end is None else end)
    sold, paid = np.zeros((futures, weeks)), np.zeros((futures, weeks))
    commission = {plan.plan: np.zeros((futures, weeks)) for plan in plans}
    for number in range(futures):
        future = future_of(customers, weeks, seed, number, off)
        sold[number], paid[number] = future.by_week(weeks)
        each = commission_by_week(past, plans, customers, future, weeks, seed, number)
        for plan, fen in zip(plans, each, strict=True):
            commission[plan.plan][number] = fen
        done()
    fans = {name: Fan(values) for name, values in commission.items()}
    return Outlook(customers, Fan(sold), Fan(paid), fans, _before(sales, customers.end))


def back_test(
    past: Past, plans: Sequence[Plan], weeks: int, futures: int, seed: int, done: Done = lambda: None
) -> BackTest:
    """Forecast the last weeks that are known from what came before, and hold the forecast against them.

    Raises:
        InputError: the history is shorter than that.
    """
    sales = sales_of(past.log)
    last = int(sales.day.max())
    end = last - weeks * WEEK
    if weeks > (most := testable_weeks(sales)):
        allowed = f"at most {most} of the {known_weeks(sales)} known, or --no-back-test"
        raise InputError(f"a back-test of {weeks} weeks", allowed=allowed)
    found = outlook(past, plans, weeks, futures, seed, end, done=done)
    actual = {"purchases": weeks_of(sales, end, weeks)[0], "gmv": weeks_of(sales, end, weeks)[1]}
    for plan, one in zip(plans, replay(past.log, plans, past.start_day, past.opening), strict=True):
        actual[plan.plan] = booked(one.entries, (end + 1) * DAY, weeks).astype(float)
    before = dict(zip(("purchases", "gmv"), found.before, strict=True))
    scores = {name: score(getattr(found, name), actual[name], before[name]) for name in before}
    for name, fan in found.commission.items():
        ratio = before["gmv"] * (actual[name].sum() / max(actual["gmv"].sum(), 1.0))
        scores[name] = score(fan, actual[name], ratio)
    return BackTest(found, actual, scores)


def known_weeks(sales: Sales) -> int:
    """Whole weeks from the first day with a sale to the last."""
    return int(sales.day.max() - sales.day.min() + 1) // WEEK


def testable_weeks(sales: Sales) -> int:
    """The longest back-test: `RECENT` weeks at least are known before it."""
    return max(0, known_weeks(sales) - RECENT)


def _before(sales: Sales, end: int) -> Floats:
    weeks = min(RECENT, (end - int(sales.day.min()) + 1) // WEEK)
    return weeks_of(sales, end - weeks * WEEK, weeks)


def weeks_of(sales: Sales, end: int, weeks: int) -> Floats:
    """Purchases and fen in each week after a day, (2, weeks)."""
    week = (sales.day - end - 1) // WEEK
    inside = (sales.day > end) & (week < weeks)
    fen = np.bincount(week[inside], sales.fen[inside], weeks)
    apart = np.unique(np.stack([sales.buyer[inside], sales.day[inside]]), axis=1)
    return np.stack([np.bincount((apart[1] - end - 1) // WEEK, minlength=weeks), fen]).astype(float)
