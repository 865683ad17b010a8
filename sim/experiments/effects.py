"""One test: one metric of one arm against another arm, over paired replications."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from numbers import Integral
from typing import Literal

import numpy as np

from sim import special
from sim.experiments.relative import relative_of
from sim.experiments.sequential import Look

Value = float | int | None
Verdict = Literal["higher", "lower", "no difference", "not shown"]

ALPHA = 0.05
"""A difference is shown when its adjusted p value is below this."""

_NOISE = 4.0 * float(np.finfo(np.float64).eps)
"""Relative size under which a difference of two floats is rounding, not an effect."""


@dataclass(frozen=True)
class Effect:
    """One metric of one arm against the baseline, over the replications in which both have a value."""

    name: str
    arm: str
    mean: float | None
    mean_baseline: float | None
    difference: float | None
    relative: float | None
    """`difference` in parts of the baseline's mean; None where that mean is 0."""
    relative_low: float | None
    relative_high: float | None
    """Interval of `relative`, by the delta method; None where there is none of it."""
    relative_variance_ratio: float | None
    """As `variance_ratio`, for the relative effect."""
    low: float | None
    high: float | None
    """Paired t interval; None with fewer than two pairs, or at a look too early to say."""
    low_unpaired: float | None
    high_unpaired: float | None
    """Welch interval: what the same runs would have told without common luck."""
    p: float | None
    p_adjusted: float | None
    """Holm over every metric × arm of the comparison; where looks were taken, after allowing for them."""
    variance_ratio: float | None
    """How many times more runs independent luck would need; None where the paired variance is 0."""
    deviation: float | None
    """Standard deviation of the paired differences."""
    pairs: int
    verdict: Verdict

    def to_dict(self) -> dict[str, object]:
        """The fields by name, ready for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def measure(
    name: str,
    arm: str,
    baseline_rows: Sequence[Mapping[str, Value]],
    arm_rows: Sequence[Mapping[str, Value]],
    confidence: float,
    look: Look | None = None,
) -> Effect:
    """Unadjusted: `p_adjusted` is still None and the verdict still open.

    Args:
        confidence: of the intervals. look: at which these replications are looked at; intervals and p hold for it.
    """
    both = [(number(a.get(name)), number(b.get(name))) for a, b in zip(baseline_rows, arm_rows, strict=True)]
    base = [a for a, b in both if a is not None and b is not None]
    other = [b for a, b in both if a is not None and b is not None]
    if not base:
        nothing = Effect(name, arm, *(None,) * 15, pairs=0, verdict="not shown")
        alike = all(pair == (None, None) for pair in both)  # neither plan has the figure, in any replication
        return replace(nothing, difference=0.0, verdict="no difference") if alike else nothing
    differences = np.array([_difference(a, b) for a, b in zip(base, other, strict=True)])
    whole = all(isinstance(v, int) for v in base + other)
    noise = 0.0 if whole else _NOISE * max(abs(float(v)) for v in base + other)
    mean_base, difference = mean_of(base), math.fsum(differences) / len(differences)
    level = look.level if look else 1 - confidence
    low, high, p, variance = _paired(differences, noise, whole, level)
    low_unpaired, high_unpaired, apart = _welch(base, other, difference, level)
    relative = relative_of(base, other, level)
    return Effect(
        name=name,
        arm=arm,
        mean=float(mean_of(other)),
        mean_baseline=float(mean_base),
        difference=difference,
        relative=difference / abs(mean_base) if mean_base else None,
        relative_low=relative.low if relative else None,
        relative_high=relative.high if relative else None,
        relative_variance_ratio=relative.variance_ratio if relative else None,
        low=low,
        high=high,
        low_unpaired=low_unpaired,
        high_unpaired=high_unpaired,
        p=look.repeated(p) if look and p is not None else p,
        p_adjusted=None,
        variance_ratio=apart / variance if variance and apart is not None else None,
        deviation=None if variance is None else math.sqrt(variance),
        pairs=len(differences),
        verdict="not shown" if np.any(differences) else "no difference",
    )


def judged(effect: Effect, p_adjusted: float | None) -> Effect:
    """`effect` with its adjusted p value and the verdict that follows from it."""
    verdict = effect.verdict
    if verdict != "no difference" and p_adjusted is not None and p_adjusted < ALPHA and effect.difference:
        verdict = "higher" if effect.difference > 0 else "lower"
    return replace(effect, p_adjusted=p_adjusted, verdict=verdict)


def turned(effect: Effect, arm: str) -> Effect:
    """The same test from the side of the other arm, named `arm`."""

    def minus(value: float | None) -> float | None:
        return None if value is None else 0.0 - value

    verdicts: dict[Verdict, Verdict] = {"higher": "lower", "lower": "higher"}

    def inverse(value: float | None) -> float | None:
        return None if value is None or not both_positive else 1 / (1 + value) - 1

    difference, base = minus(effect.difference), effect.mean
    both_positive = (effect.mean or 0) > 0 and (effect.mean_baseline or 0) > 0
    return replace(
        effect,
        arm=arm,
        mean=effect.mean_baseline,
        mean_baseline=base,
        difference=difference,
        relative=difference / abs(base) if difference is not None and base else None,
        relative_low=inverse(effect.relative_high),
        relative_high=inverse(effect.relative_low),
        low=minus(effect.high),
        high=minus(effect.low),
        low_unpaired=minus(effect.high_unpaired),
        high_unpaired=minus(effect.low_unpaired),
        verdict=verdicts.get(effect.verdict, effect.verdict),
    )


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjustment; None stays None and does not count as a test."""
    order = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    worst = 0.0
    for rank, (p, i) in enumerate(order):
        worst = max(worst, min(1.0, (len(order) - rank) * p))
        adjusted[i] = worst
    return adjusted


def _paired(
    differences: np.ndarray, noise: float, whole: bool, level: float
) -> tuple[float | None, float | None, float | None, float | None]:
    """Interval, p value and variance of paired differences.

    Where every difference is the same there is no spread to test against. Floats are then taken as an exact
    effect of the arithmetic (p = 0). Whole numbers can agree by chance when they are small (one member more
    in both of two replications proves nothing): they are tested against the variance of rounding, 1/12.
    """
    n = len(differences)
    if n < 2:
        return None, None, None, None
    mean = math.fsum(differences) / n
    variance = _variance(differences, noise)
    if not np.any(differences):
        return 0.0, 0.0, 1.0, 0.0
    spread = variance or (1 / 12 if whole else 0.0)
    p = _two_sided(abs(mean) / (math.sqrt(spread) / math.sqrt(n)), n - 1) if spread else 0.0
    return *_around(mean, variance / n, level, n - 1), p, variance


def _welch(
    base: Sequence[float | int], other: Sequence[float | int], difference: float, level: float
) -> tuple[float | None, float | None, float | None]:
    """Interval of the difference as if the runs were not paired, and the sum of the two variances."""
    n = len(base)
    if n < 2:
        return None, None, None
    a, b = (_variance(np.array(x, dtype=np.float64)) for x in (base, other))
    total = a + b
    if total == 0:
        return difference, difference, 0.0
    freedom = (n - 1) / ((a / total) ** 2 + (b / total) ** 2)
    return *_around(difference, total / n, level, freedom), total


def _around(middle: float, variance: float, level: float, freedom: float) -> tuple[float | None, float | None]:
    """The interval of Student's t with two-sided error `level`; None where that is too little for any."""
    reach = -float(special.stdtrit(freedom, level / 2)) if variance else 0.0
    half = reach * math.sqrt(variance)
    return (middle - half, middle + half) if math.isfinite(half) else (None, None)


def _two_sided(t: float, freedom: float) -> float:
    """Chance of a |t| at least this large."""
    return 2 * float(special.stdtr(freedom, -t))


def _variance(numbers: np.ndarray, noise: float = 0.0) -> float:
    """Sample variance; exactly 0 where the numbers differ by no more than `noise`."""
    return 0.0 if float(np.ptp(numbers)) <= noise else float(np.var(numbers, ddof=1))


def number(value: Value) -> float | int | None:
    """A finite number as Python's own int or float; anything else is "has none"."""
    if value is None:
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if math.isfinite(value) else None


def _difference(a: float, b: float) -> float:
    """`b − a`: exact for whole numbers; 0 where floats differ by no more than their rounding."""
    if isinstance(a, int) and isinstance(b, int):
        return float(b - a)
    gap = float(b) - float(a)
    return 0.0 if abs(gap) <= _NOISE * max(abs(a), abs(b)) else gap


def mean_of(numbers: Sequence[float | int]) -> float | int:
    """The mean; of a single number, that number as it is."""
    if len(numbers) == 1:
        return numbers[0]
    if all(isinstance(v, int) for v in numbers):
        return int(sum(numbers)) / len(numbers)
    return math.fsum(numbers) / len(numbers)
