"""From a purchase log to the parameters of the crowd: fitted on the first half of the span, judged on the
second.

Time is in weeks, money in currency units. Both models are explained in `bgnbd` and `gammagamma`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.calendar import date_of
from rules.errors import InputError
from rules.events import DAY
from sim.history import bgnbd, gammagamma
from sim.history.bgnbd import BgNbd
from sim.history.gammagamma import GammaGamma
from sim.history.likelihood import Estimate
from sim.history.purchases import Purchases, Summary, buying_days, recency_frequency

Floats = NDArray[np.float64]

FEWEST_REPEATERS = 10
"""With fewer customers who came back, seven parameters say nothing."""
TOP_FREQUENCY = 7
"""Customers with this many calibration repeats or more share one row of `by_frequency`."""


@dataclass(frozen=True)
class Fit:
    """A calibrated crowd: the two fitted models and how well they foretold the second half.

    Attributes:
        buying: the BG/NBD estimate, in units of `statistics["unit_days"]` days.
        spending: the Gamma-Gamma estimate, in currency units.
        statistics: plain numbers and texts, ready for JSON; holdout figures are None without a holdout
            period.
    """

    buying: Estimate[BgNbd]
    spending: Estimate[GammaGamma]
    statistics: dict[str, Any]

    @property
    def parameters(self) -> dict[str, float]:
        """r, alpha, a, b (BG/NBD) and p, q, v (Gamma-Gamma)."""
        return {**vars(self.buying.model), **vars(self.spending.model)}

    def as_dict(self) -> dict[str, Any]:
        """What `fenxiao calibrate --json` prints."""
        return {"parameters": self.parameters, "fit": self.statistics}


def calibrate_purchases(purchases: Purchases, calibration_end_day: int | None = None, unit_days: float = 7.0) -> Fit:
    """Fit both models on the calibration period and measure them on the rest.

    Args:
        purchases: the log.
        calibration_end_day: last day of the calibration period, in days since 1970-01-01; the middle of the
            span if left out (1997-09-30 for CDNOW, as in the papers).
        unit_days: length of the unit of time; 7 gives weeks.

    Raises:
        InputError: too few customers with repeat purchases, or a calibration end outside the log.
    """
    first, last = _span(purchases)
    end = first + (last - first + 1) // 2 - 1 if calibration_end_day is None else calibration_end_day
    if not first <= end <= last:
        allowed = f"{_iso(first)} to {_iso(last)}"
        raise InputError(f"the calibration period ends on {_iso(end)}, outside the log", allowed=allowed)
    summary = recency_frequency(purchases, end, unit_days)
    paying = summary.paying
    if paying.sum() < FEWEST_REPEATERS:
        message = f"only {paying.sum()} customers came back and paid between {_iso(first)} and {_iso(end)}"
        raise InputError(message, allowed=f"at least {FEWEST_REPEATERS}")
    buying = bgnbd.fit(summary.x, summary.t_x, summary.T)
    spending = gammagamma.fit(summary.x[paying], summary.spend[paying])
    statistics = {
        "unit_days": unit_days,
        "calibration": [_iso(first), _iso(end)],
        "holdout": [_iso(end + 1), _iso(last)] if end < last else None,
        "customers": len(summary.x),
        "repeaters": int((summary.x > 0).sum()),
        "repeaters_without_payment": int(((summary.x > 0) & ~paying).sum()),
        "calibration_repeats": int(summary.x.sum()),
        "holdout_repeats": int(summary.holdout.sum()) if end < last else None,
        "log_likelihood": buying.log_likelihood,
        "spend_log_likelihood": spending.log_likelihood,
        "standard_errors": _standard_errors(buying, spending),
        "converged": buying.converged and spending.converged,
        "mean_spend": _finite(spending.model.mean()),
        "frequency_spend_correlation": _correlation(summary.x[paying], summary.spend[paying]),
        "cumulative": cumulative(buying.model, purchases, summary, end, unit_days) if end < last else None,
        **(_customers(buying.model, summary, (last - end) / unit_days) if end < last else {}),
    }
    return Fit(buying, spending, statistics)


def cumulative(
    model: BgNbd, purchases: Purchases, summary: Summary, end: int, unit_days: float = 7.0
) -> dict[str, Any]:
    """Repeat purchases of the calibrated customers since the first day, week by week of the holdout: model
    and actual.

    Returns:
        `weeks`, `actual`, `model` (lists over the holdout weeks, counted from the first day of the log, each
        closing after its last day), `last_actual`, `last_model`, `last_error` (model over actual, less 1),
        `mape` (mean absolute error of the cumulative curve over the holdout weeks, as a share of actual).
    """
    first, last = _span(purchases)
    elapsed = np.arange(end - first + 1 + unit_days, last - first + 1.5, unit_days)
    if not len(elapsed) or elapsed[-1] < last - first + 1:
        elapsed = np.append(elapsed, last - first + 1)
    days, start = buying_days(purchases), purchases.first_day()
    known = np.zeros(len(purchases.ids), bool)
    known[summary.customer] = True
    repeat = known[days.customer] & (days.day > start[days.customer])
    actual = np.searchsorted(np.sort(days.day[repeat] - first), elapsed)
    expected = model.cumulative((summary.first_day - first) / unit_days, elapsed / unit_days)
    error = expected / np.maximum(actual, 1) - 1
    return {
        "weeks": (elapsed / unit_days).tolist(),
        "actual": actual.tolist(),
        "model": expected.tolist(),
        "last_actual": int(actual[-1]),
        "last_model": float(expected[-1]),
        "last_error": float(error[-1]),
        "mape": float(np.abs(error).mean()),
    }


def _customers(model: BgNbd, summary: Summary, length: float) -> dict[str, Any]:
    """Each customer's conditional expectation for a holdout of `length` units against what she did."""
    expected = model.conditional(summary.x, summary.t_x, summary.T, length)
    actual = summary.holdout
    group = np.minimum(summary.x, TOP_FREQUENCY)
    return {
        "customer_correlation": _correlation(expected, actual),
        "customer_mae": float(np.abs(expected - actual).mean()),
        "customer_mse": float(((expected - actual) ** 2).mean()),
        "holdout_error": float(expected.sum() / actual.sum() - 1) if actual.sum() else None,
        "by_frequency": [
            {
                "repeats": int(x),
                "customers": int((group == x).sum()),
                "actual": float(actual[group == x].mean()),
                "model": float(expected[group == x].mean()),
            }
            for x in np.unique(group)
        ],
    }


def _standard_errors(buying: Estimate[BgNbd], spending: Estimate[GammaGamma]) -> dict[str, float | None]:
    names = [*vars(buying.model), *vars(spending.model)]
    errors = buying.standard_errors + spending.standard_errors
    return {name: _finite(error) for name, error in zip(names, errors, strict=True)}


def _finite(value: float) -> float | None:
    """The value, or None where there is none: JSON knows no infinity."""
    return value if np.isfinite(value) else None


def _span(purchases: Purchases) -> tuple[int, int]:
    if not len(purchases):
        raise InputError("the purchase log is empty", allowed="at least one purchase")
    return int(purchases.day.min()), int(purchases.day.max())


def _correlation(left: NDArray[Any], right: NDArray[Any]) -> float | None:
    """Pearson's correlation; None where a side does not vary."""
    if len(left) < 2 or not (np.ptp(left) and np.ptp(right)):
        return None
    return float(np.corrcoef(left, right)[0, 1])


def _iso(day: int) -> str:
    return date_of(day * DAY).isoformat()
