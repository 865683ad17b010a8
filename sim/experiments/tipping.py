"""Tipping points: where, inside the range that a parameter of behaviour may have, the better plan becomes the worse.

Replications draw every parameter from its range. The paired difference of two plans is regressed on what was drawn, so
that dice and the other parameters average out. The line of one parameter is the expected difference at its value, the
others at the middle of theirs; it bends where a bend is shown. Its interval is pointwise (variance by MacKinnon &
White's HC3, as a difference varies more where it is larger). The interval of a tipping point is all values of the
parameter at which neither sign is shown (Fieller's construction); it may reach to an end of the range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.experiments.ranges import Ranges

Floats: TypeAlias = NDArray[np.float64]
Answer = Literal["more", "less", "tips", "open"]
"""Over a whole range, the difference is shown to be above 0, or below; or it crosses 0; or it cannot be said."""

_STEPS = 801
"""Values of a parameter at which a line is looked at."""
_BENT = 0.01
"""p value under which a line is taken to bend."""
_SPARE = 4
"""Least replications beyond the parameters of a fit."""


@dataclass(frozen=True)
class Point:
    """A tipping point.

    Attributes:
        value: of the parameter. low, high: its interval; None where it reaches to the end of the range.
        above: whether the difference is above 0 over it, and not under it.
    """

    value: float
    low: float | None
    high: float | None
    above: bool


@dataclass(frozen=True)
class Line:
    """How a difference depends on one parameter.

    Attributes:
        low, high: the range. at_low, at_high: the difference at its ends. share: part of the variance of the
        difference between replications that the parameter explains, 0 to 1. p: that it explains none.
        bent: the line is not straight.
    """

    name: str
    low: float
    high: float
    at_low: float
    at_high: float
    share: float
    p: float
    bent: bool
    answer: Answer
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Tipping:
    """The difference of two arms over everything that behaviour may be like.

    Attributes:
        ahead: replications in which `arm` is above `against`, of `replications`.
        lines: by parameter, those that explain most first; none where there are too few replications.
    """

    arm: str
    against: str
    ahead: int
    replications: int
    lines: tuple[Line, ...]

    @property
    def everywhere(self) -> bool:
        """Whether `arm` is shown to be above over the whole range of every parameter."""
        return bool(self.lines) and all(line.answer == "more" for line in self.lines)


def tipping_of(
    arm: str,
    against: str,
    differences: Sequence[float],
    drawn: Sequence[Mapping[str, float | int]],
    ranges: Ranges,
    level: float = 0.05,
) -> Tipping:
    """How the difference of two arms depends on what was drawn.

    Args:
        differences: `arm` − `against`, by replication. drawn: values by parameter, by replication.
        level: two-sided error of intervals.
    """
    found = Tipping(arm, against, sum(one > 0 for one in differences), len(differences), ())
    if len(differences) < 1 + len(ranges) + _SPARE:
        return found
    y = np.array(differences, np.float64)
    x = np.array([[_scaled(row[name], ends) for name, ends in ranges.items()] for row in drawn])
    lines = [_line(name, ends, y, x, place, level) for place, (name, ends) in enumerate(ranges.items())]
    return Tipping(arm, against, found.ahead, found.replications, tuple(sorted(lines, key=lambda one: -one.share)))


def _line(name: str, ends: tuple[float, float], y: Floats, x: Floats, place: int, level: float) -> Line:
    own, straight = x[:, place], np.column_stack([np.ones(len(y)), x])
    fit = _Fit(y, np.column_stack([straight, own**2 - 1 / 3])) if len(y) > straight.shape[1] + _SPARE else None
    bent = fit is not None and fit.p(straight.shape[1]) < _BENT
    if fit is None or not bent:
        fit = _Fit(y, straight)
    at = np.linspace(-1, 1, _STEPS)
    terms = np.zeros((_STEPS, len(fit.beta)))
    terms[:, 0], terms[:, 1 + place] = 1, at
    if bent:
        terms[:, -1] = at**2 - 1 / 3
    mean, reach = terms @ fit.beta, fit.reach(terms, level)
    sign = np.where(mean > reach, 1, np.where(mean < -reach, -1, 0))
    points = tuple(_points(_unscaled(at, ends), mean, sign))
    answer: Answer = "tips" if points else "more" if (sign > 0).all() else "less" if (sign < 0).all() else "open"
    explained = float(np.var(terms[:, 1:] @ fit.beta[1:])) / float(np.var(y)) if np.ptp(y) else 0.0
    return Line(
        name, *ends, float(mean[0]), float(mean[-1]), min(explained, 1.0), fit.p(1 + place), bent, answer, points
    )  # fmt: skip


def _points(values: Floats, mean: Floats, sign: NDArray[np.int64]) -> list[Point]:
    """Where a line crosses 0 with a sign that is shown on at least one side of it."""
    found = []
    for place in np.flatnonzero(np.diff(mean > 0)):
        left = right = int(place)
        while left >= 0 and sign[left] == 0:
            left -= 1
        right += 1
        while right < len(sign) and sign[right] == 0:
            right += 1
        if left < 0 and right == len(sign):
            continue
        part = mean[place] / (mean[place] - mean[place + 1])
        value = float(values[place] + part * (values[place + 1] - values[place]))
        low = float(values[left]) if left >= 0 else None
        high = float(values[right]) if right < len(sign) else None
        found.append(Point(value, low, high, bool(mean[place + 1] > 0)))
    return found


class _Fit:
    """Ordinary least squares with a covariance that allows for unequal variances."""

    def __init__(self, y: Floats, terms: Floats) -> None:
        self.freedom = len(y) - terms.shape[1]
        inverse = np.linalg.pinv(terms.T @ terms)
        self.beta: Floats = inverse @ terms.T @ y
        leverage = np.einsum("ij,jk,ik->i", terms, inverse, terms)
        apart = (y - terms @ self.beta) / np.maximum(1 - leverage, 1e-9)
        weighed = terms * apart[:, None]
        self.covariance: Floats = inverse @ (weighed.T @ weighed) @ inverse

    def p(self, place: int) -> float:
        """Two-sided p value of a coefficient."""
        error = float(np.sqrt(self.covariance[place, place]))
        return 1.0 if error == 0 else float(2 * special.stdtr(self.freedom, -abs(self.beta[place]) / error))

    def reach(self, terms: Floats, level: float) -> Floats:
        """Half of the interval of the expected value at each row of terms."""
        errors = np.sqrt(np.einsum("ij,jk,ik->i", terms, self.covariance, terms))
        return np.asarray(-special.stdtrit(self.freedom, level / 2) * errors)


def _scaled(value: float, ends: tuple[float, float]) -> float:
    """−1 at the lower end of a range, 1 at the upper."""
    return 2 * (value - ends[0]) / (ends[1] - ends[0]) - 1


def _unscaled(at: Floats, ends: tuple[float, float]) -> Floats:
    return ends[0] + (at + 1) / 2 * (ends[1] - ends[0])
