"""Group-sequential boundaries: looking at growing data several times without spending more than the stated error.

Alpha spending (Lan & DeMets 1983): at a look where a part t of the most replications is in, as much of the two-sided
error may be used up as the spending function says, whatever looks came before. The crossing probabilities are those of
a Brownian motion, integrated look by look (Armitage, McPherson & Rowe 1969; Jennison & Turnbull 2000, chapter 19). With
few replications a boundary is applied as its two-sided significance level to Student's t (their section 3.4), so
intervals are repeated confidence intervals (1989): they hold together, whatever made us stop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim import special

Floats: TypeAlias = NDArray[np.float64]
Spending = Literal["obrien_fleming", "pocock"]
"""How error is spent: late, so that the last look costs next to nothing, or evenly, so that early stops are easy."""

_FAR = 9.0
"""Standard deviations beyond which a Brownian motion that goes on is not followed."""
_FURTHEST = 38.0
"""The largest boundary; a normal tail beyond it is no number any more."""
_NODES = 64
"""Least nodes of an integral."""
_LEVELS = (1e-10, 1e-8, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7)
"""Errors for which boundaries are worked out, to turn a level into a repeated p value."""


def spent(error: float, t: float, spending: Spending) -> float:
    """The part of a two-sided `error` that may be spent when a part t of all information is in, half on each side."""
    if t >= 1:
        return error
    if spending == "pocock":
        return error * math.log1p((math.e - 1) * t)
    return float(4 * special.ndtr(special.ndtri(error / 4) / math.sqrt(t)))


def looks(most: int, first: int = 10, growth: float = 1.3) -> list[int]:
    """Numbers of replications at which to look: `first`, each then larger by `growth`, and `most` at the end."""
    found, now = [], float(first)
    while now * math.sqrt(growth) < most:
        found.append(round(now))
        now = max(now * growth, now + 1)
    return [*found, most]


def boundaries(times: Sequence[float], error: float, spending: Spending) -> list[float]:
    """How many standard errors from 0 a look may find, at each of `times`, before 0 is rejected.

    Args:
        times: parts of all information, ascending, the last at most 1; inf where nothing can be spent yet.
    """
    found: list[float] = []
    walk, before = _Walk(), 0.0
    for time in times:
        until = spent(error, time, spending)
        walk.to(time)
        found.append(walk.boundary(until - before))
        walk.bound = found[-1]
        before = until
    return found


def crossing(times: Sequence[float], bounds: Sequence[float]) -> list[float]:
    """Probability, at each look, of being outside for the first time where there is no effect."""
    found: list[float] = []
    walk = _Walk()
    for time, bound in zip(times, bounds, strict=True):
        walk.to(time)
        found.append(walk.beyond(bound))
        walk.bound = bound
    return found


class _Walk:
    """The density of a Brownian motion that was inside every boundary so far, at nodes of an integral."""

    def __init__(self) -> None:
        self.time = self.step = self.bound = 0.0
        self.before: tuple[Floats, Floats] = np.zeros(1), np.ones(1)
        self.now = self.before

    def to(self, time: float) -> None:
        """Go on to a later time."""
        if time <= self.time:
            raise ValueError(f"times must ascend from above 0, got {time} after {self.time}")
        step = math.sqrt(time - self.time)
        if self.time:
            self.now = self._inside(min(self.step, step))
        self.before, self.step, self.time = self.now, step, time

    def beyond(self, bound: float) -> float:
        """Probability of being outside `bound` standard deviations now."""
        at, mass = self.before
        return float(mass @ (2 * special.ndtr((at - bound * math.sqrt(self.time)) / self.step)))

    def boundary(self, chance: float) -> float:
        """The bound outside which it is with this probability."""
        if chance <= 0 or self.beyond(_FURTHEST) > chance:
            return math.inf
        from scipy import optimize

        return float(optimize.brentq(lambda bound: self.beyond(bound) - chance, 0.0, _FURTHEST, xtol=1e-9))

    def _inside(self, fine: float) -> tuple[Floats, Floats]:
        """Nodes and masses now, of what is inside `bound`; `fine`: the smaller of the steps before and after."""
        half = min(self.bound, _FAR) * math.sqrt(self.time)
        # Gauss–Legendre nodes lie at most π/2 · half ÷ number apart: here, a quarter of a step.
        points, weights = _nodes(max(_NODES, math.ceil(6 * half / fine)))
        at, (origin, mass) = half * points, self.before
        density = np.exp(-0.5 * ((at[:, None] - origin) / self.step) ** 2) @ mass
        return at, half * weights * density / (self.step * math.sqrt(2 * math.pi))


@lru_cache(maxsize=32)
def _nodes(number: int) -> tuple[Floats, Floats]:
    """Gauss–Legendre nodes and weights on [−1, 1]."""
    points, weights = np.polynomial.legendre.leggauss(number)
    return points, weights


@dataclass(frozen=True)
class Look:
    """One look at growing data.

    Attributes:
        at: replications at this look and all before it. most: replications there can be. error: two-sided.
    """

    at: tuple[int, ...]
    most: int
    error: float = 0.05
    spending: Spending = "obrien_fleming"

    @property
    def level(self) -> float:
        """The two-sided significance level that a single test at this look may have; 0 = none yet."""
        return _level(self.times, self.error, self.spending)

    @property
    def times(self) -> tuple[float, ...]:
        """Parts of all information."""
        return tuple(n / self.most for n in self.at)

    def repeated(self, p: float) -> float:
        """The p value that allows for all looks: the error at which this one would only just reject."""
        levels, errors = _ladder(self.times, self.spending)
        if p <= levels[0]:
            return min(float(errors[0]), 1.0) if p > 0 else 0.0
        return float(np.exp(np.interp(math.log(p), np.log(levels), np.log(errors))))


@lru_cache(maxsize=256)
def _level(times: tuple[float, ...], error: float, spending: Spending) -> float:
    return float(2 * special.ndtr(-boundaries(times, error, spending)[-1]))


@lru_cache(maxsize=64)
def _ladder(times: tuple[float, ...], spending: Spending) -> tuple[Floats, Floats]:
    """Levels of a single test at the last of `times`, ascending, and the error of all looks that each belongs to."""
    pairs = [(_level(times, float(error), spending), float(error)) for error in _LEVELS]
    levels, errors = zip(*[pair for pair in pairs if pair[0] > 0], (1.0, 1.0), strict=True)
    return np.array(levels), np.array(errors)
