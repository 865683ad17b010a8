"""The relative effect over paired replications, with an interval of its own: how many parts of the baseline's mean.

Both means vary, so the interval of a difference divided by the baseline's mean is not one of their ratio. The delta
method takes the residual of each pair around the ratio; on the log scale where both means are above 0 (a ratio is never
below it), so that turning the comparison round turns the interval round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim import special

_ROUNDING = 16.0 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Relative:
    """A relative effect.

    Attributes:
        value: the ratio of means − 1 where both are above 0, else the difference in parts of the baseline's size.
        low, high: interval; None with fewer than two pairs, or where the baseline's mean cannot be told from 0.
        variance_ratio: how many times more runs independent luck would need; None where pairs do not vary.
    """

    value: float
    low: float | None = None
    high: float | None = None
    variance_ratio: float | None = None


def relative_of(base: Sequence[float | int], other: Sequence[float | int], level: float) -> Relative | None:
    """The relative effect of paired figures; None where the baseline's mean is 0.

    Args:
        level: two-sided error of the interval.
    """
    a, b = np.array(base, np.float64), np.array(other, np.float64)
    mean_a, mean_b, n = float(a.mean()), float(b.mean()), len(a)
    if not mean_a:
        return None
    value = (mean_b - mean_a) / abs(mean_a)
    t = -float(special.stdtrit(n - 1, level / 2)) if n > 1 else math.inf
    if not math.isfinite(t) or abs(mean_a) <= t * _error(a):
        return Relative(value)
    positive = mean_a > 0 and mean_b > t * _error(b)
    residual = b / mean_b - a / mean_a if positive else (b - a * (mean_b / mean_a)) / abs(mean_a)
    if float(np.ptp(residual)) <= _ROUNDING:
        return Relative(value, value, value)
    apart = np.var(a, ddof=1) / mean_a**2 + np.var(b, ddof=1) / (mean_b if positive else mean_a) ** 2
    half, ratio = t * _error(residual), float(apart / np.var(residual, ddof=1))
    if positive:
        return Relative(value, mean_b / mean_a * math.exp(-half) - 1, mean_b / mean_a * math.exp(half) - 1, ratio)
    return Relative(value, value - half, value + half, ratio)


def _error(numbers: np.ndarray) -> float:
    return float(np.std(numbers, ddof=1)) / math.sqrt(len(numbers))
