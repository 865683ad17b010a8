"""Fans: the spread of many futures week by week, and how well such a fan foretold what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Edges of the fan: the middle half, and nine tenths."""


@dataclass(frozen=True, eq=False)
class Fan:
    """A figure over the weeks of many futures, (futures, weeks)."""

    values: Floats

    @property
    def quantiles(self) -> Floats:
        """`QUANTILES` of each week, (5, weeks)."""
        return np.quantile(self.values, QUANTILES, axis=0)

    @property
    def totals(self) -> Floats:
        """`QUANTILES` of the sum over all weeks, (5,)."""
        return np.quantile(self.values.sum(axis=1), QUANTILES)


@dataclass(frozen=True)
class Score:
    """How a fan stood against what came.

    Attributes:
        inside: part of the weeks in the middle half, and in the nine tenths. error: of the sum over all weeks, the
            median of the futures ÷ actual, less 1. total_inside: whether the sum lies in the nine tenths.
        weekly_error: mean absolute error of the weekly medians as a part of the mean week. naive: the same for a
            forecast that the weeks go on as the last ones before the end were, on average.
    """

    inside: tuple[float, float]
    error: float
    total_inside: bool
    weekly_error: float
    naive: float


def score(fan: Fan, actual: Floats, before: Floats) -> Score:
    """Hold a fan against the weeks that came.

    Args:
        actual: (weeks,). before: the last weeks that were known.
    """
    low, lower, middle, upper, high = fan.quantiles
    size = max(float(actual.mean()), 1e-9)
    bottom, _, median, _, top = fan.totals
    return Score(
        inside=(
            float(((lower <= actual) & (actual <= upper)).mean()),
            float(((low <= actual) & (actual <= high)).mean()),
        ),
        error=float(median / max(float(actual.sum()), 1e-9) - 1),
        total_inside=bool(bottom <= actual.sum() <= top),
        weekly_error=float(np.abs(middle - actual).mean() / size),
        naive=float(np.abs(before.mean() - actual).mean() / size),
    )
