"""A fit on the first half of the span, held against the second: week by week, by frequency, by spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.history.fit import TOP_FREQUENCY, Fit
from sim.history.purchases import Purchases, buying_days, epoch_day, recency_frequency

WEEK = 7


@dataclass(frozen=True)
class Tracking:
    """Repeat purchases of the customers who came in the first half, by week since the first day.

    Attributes:
        weeks: numbers of the weeks, from 1. actual, model: cumulative. fitted: how many weeks the fit has seen.
        cumulative_error, weekly_error: mean absolute error as a part of actual over the weeks after them, of the
            cumulative curve, and of the weeks by themselves. None where there are no such weeks.
    """

    weeks: tuple[int, ...]
    actual: tuple[float, ...]
    model: tuple[float, ...]
    fitted: int
    cumulative_error: float | None
    weekly_error: float | None


@dataclass(frozen=True)
class ByFrequency:
    """Customers by repeat purchases in the first half (the last: that many or more).

    Attributes:
        customers, expected: how many there are, and how many the model expects. spend: their mean order, None = nobody.
    """

    repeats: int
    customers: int
    expected: float
    spend: float | None


def back_test(fit: Fit | None, purchases: Purchases) -> tuple[Tracking | None, list[ByFrequency]]:
    """Both, of a fit; nothing where there is none."""
    return (tracking(fit, purchases), by_frequency(fit, purchases)) if fit else (None, [])


def tracking(fit: Fit, purchases: Purchases) -> Tracking:
    """The curve of a fit over the whole span; weeks that are not whole are left out."""
    end = epoch_day(fit.statistics["calibration"][1])
    summary = recency_frequency(purchases, end)
    first, last = int(purchases.day.min()), int(purchases.day.max())
    elapsed = np.arange(WEEK, last - first + 1.5, WEEK)
    days, start = buying_days(purchases), purchases.first_day()
    known = np.zeros(len(purchases.ids), bool)
    known[summary.customer] = True
    repeat = known[days.customer] & (days.day > start[days.customer])
    actual = np.searchsorted(np.sort(days.day[repeat] - first), elapsed).astype(float)
    model = fit.buying.model.cumulative((summary.first_day - first) / WEEK, elapsed / WEEK)
    after = elapsed > end - first + 1
    return Tracking(
        weeks=tuple((elapsed / WEEK).astype(int).tolist()),
        actual=tuple(actual.tolist()),
        model=tuple(model.tolist()),
        fitted=int((~after).sum()),
        cumulative_error=_error(actual[after], model[after]),
        weekly_error=_error(np.diff(actual, prepend=0)[after], np.diff(model, prepend=0)[after]),
    )


def by_frequency(fit: Fit, purchases: Purchases) -> list[ByFrequency]:
    """How many came back how often in the first half, against the model; and what they spent."""
    summary = recency_frequency(purchases, epoch_day(fit.statistics["calibration"][1]))
    group = np.minimum(summary.x, TOP_FREQUENCY)
    times, counts = np.unique(summary.T, return_counts=True)
    expected = [float(fit.buying.model.probability(x, times) @ counts) for x in range(TOP_FREQUENCY)]
    expected.append(len(group) - sum(expected))
    found = []
    for x, mean in enumerate(expected):
        paying = (group == x) & summary.paying
        spend = float(summary.spend[paying].mean()) if paying.any() else None
        found.append(ByFrequency(x, int((group == x).sum()), mean, spend))
    return found


def _error(actual: np.ndarray, model: np.ndarray) -> float | None:
    return float((np.abs(model - actual) / np.maximum(actual, 1)).mean()) if len(actual) else None
