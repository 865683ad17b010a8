"""Tipping points: where, inside the range that a parameter of behaviour may have, the better plan becomes the worse.

Replications draw every parameter from its range. The paired difference of two plans, in parts of what both earn in the
mean (so that large markets do not drown small ones), is regressed on what was drawn, so that dice and the other
parameters average out. The curve of one parameter is the expected difference at its value, the others at the middle of
theirs: a line, and a parabola once replications allow. Its interval is pointwise (variance by MacKinnon & White's HC3,
as a difference varies more where it is larger). A curve tips where it crosses 0 and both signs are shown, one on each
side; the interval of the point is all values between them at which neither is (Fieller's construction).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim import special
from sim.experiments.ranges import Ranges

Floats: TypeAlias = NDArray[np.float64]
Answer = Literal["more", "less", "tips", "open"]
"""Over a whole range, the difference is shown to be above 0, or below; or it crosses 0; or it cannot be said."""

_STEPS = 801
"""Values of a parameter at which a line is looked at."""
_BENDING = 3
"""Replications per parameter, beyond `_SPARE`, from which on a curve may bend."""
_SPARE = 4
"""Least replications beyond the parameters of a fit."""


@dataclass(frozen=True)
class Point:
    """A tipping point.

    Attributes:
        value: of the parameter. low, high: its interval.
        above: whether the difference is above 0 over it, and not under it.
    """

    value: float
    low: float
    high: float
    above: bool


@dataclass(frozen=True)
class Line:
    """How a difference depends on one parameter.

    Attributes:
        low, high: the range. at_low, at_high: the difference at its ends, in parts of what both arms earn in the
        mean. share: part of the variance of the difference between replications that the parameter explains, 0 to 1.
    """

    name: str
    low: float
    high: float
    at_low: float
    at_high: float
    share: float
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
    pairs: Sequence[tuple[float, float]],
    drawn: Sequence[Mapping[str, float | int]],
    ranges: Ranges,
    level: float = 0.05,
) -> Tipping:
    """How the difference of two arms depends on what was drawn.

    Args:
        pairs: what `arm` and `against` earn, by replication. drawn: values by parameter, by replication.
        level: two-sided error of intervals.
    """
    found = Tipping(arm, against, sum(ours > theirs for ours, theirs in pairs), len(pairs), ())
    if len(pairs) < 1 + len(ranges) + _SPARE:
        return found
    earned = np.array(pairs, np.float64)
    size = np.abs(earned).mean(axis=1)
    y = np.divide(earned[:, 0] - earned[:, 1], size, out=np.zeros(len(pairs)), where=size > 0)
    x = np.array([[_scaled(row[name], ends) for name, ends in ranges.items()] for row in drawn])
    lines = [_line(name, ends, y, x, place, level) for place, (name, ends) in enumerate(ranges.items())]
    return Tipping(arm, against, found.ahead, found.replications, tuple(sorted(lines, key=lambda one: -one.share)))


def _line(name: str, ends: tuple[float, float], y: Floats, x: Floats, place: int, level: float) -> Line:
    own, terms_of = x[:, place], [np.ones(len(y)), *x.T]
    bends = len(y) >= _SPARE + _BENDING * (1 + x.shape[1])
    fit = _Fit(y, np.column_stack([*terms_of, own**2 - 1 / 3] if bends else terms_of))
    at = np.linspace(-1, 1, _STEPS)
    terms = np.zeros((_STEPS, len(fit.beta)))
    terms[:, 0], terms[:, 1 + place] = 1, at
    if bends:
        terms[:, -1] = at**2 - 1 / 3
    mean, reach = terms @ fit.beta, fit.reach(terms, level)
    sign = np.where(mean > reach, 1, np.where(mean < -reach, -1, 0))
    points = tuple(_points(_unscaled(at, ends), mean, sign))
    answer: Answer = "tips" if points else "more" if (sign > 0).all() else "less" if (sign < 0).all() else "open"
    explained = float(np.var(terms[:, 1:] @ fit.beta[1:])) / float(np.var(y)) if np.ptp(y) else 0.0
    return Line(name, *ends, float(mean[0]), float(mean[-1]), min(explained, 1.0), answer, points)


def _points(values: Floats, mean: Floats, sign: NDArray[np.int64]) -> list[Point]:
    """Where a curve crosses 0, and one sign is shown before and the other after."""
    shown = np.flatnonzero(sign)
    found = []
    for before, after in pairwise(shown):
        if sign[before] == sign[after]:
            continue
        place = before + int(np.argmax((mean[before : after + 1] > 0) != (mean[before] > 0))) - 1
        part = mean[place] / (mean[place] - mean[place + 1])
        value = float(values[place] + part * (values[place + 1] - values[place]))
        found.append(Point(value, float(values[before]), float(values[after]), bool(sign[after] > 0)))
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

    def reach(self, terms: Floats, level: float) -> Floats:
        """Half of the interval of the expected value at each row of terms."""
        errors = np.sqrt(np.einsum("ij,jk,ik->i", terms, self.covariance, terms))
        return np.asarray(-special.stdtrit(self.freedom, level / 2) * errors)


def _scaled(value: float, ends: tuple[float, float]) -> float:
    """−1 at the lower end of a range, 1 at the upper."""
    return 2 * (value - ends[0]) / (ends[1] - ends[0]) - 1


def _unscaled(at: Floats, ends: tuple[float, float]) -> Floats:
    return ends[0] + (at + 1) / 2 * (ends[1] - ends[0])
