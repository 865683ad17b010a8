"""A branching process: how far something spreads whose carriers pass it on independently of each other.

The first carrier has children by one distribution, all others by another (Harris 1963, "The theory of branching
processes"; the sharer who begins a cascade is not like those whom it reaches). Distributions of sizes are exact up to
rounding: generating functions on a circle of radius below 1, inverted by a Fourier transform (Abate & Whitt 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from sim.spread.forest import Numbers

Floats = NDArray[np.float64]

_POINTS = 4096
"""Sizes below this are told apart."""
_ALIAS = 1e-8
"""What of larger sizes may show up among the smaller ones."""
_ROUNDS, _CLOSE = 100_000, 1e-13


@dataclass(frozen=True)
class Branching:
    """A branching process.

    Attributes:
        first, later: probability of 0, 1, 2... children, of the first carrier and of all others.
    """

    first: Floats
    later: Floats

    @property
    def mean_first(self) -> float:
        """Children of the first carrier, on average."""
        return _mean(self.first)

    @property
    def mean_later(self) -> float:
        """Children of any other carrier: at 1 or more it may never end."""
        return _mean(self.later)

    def dying_out(self) -> float:
        """The probability that it ends: the smallest solution of q = f(q), put into the first one's function."""
        if self.mean_later <= 1 and self.later[0] > 0:
            return 1.0
        q = 0.0
        for _ in range(_ROUNDS):
            q, before = float(polyval(q, self.later)), q
            if q - before < _CLOSE:
                break
        return float(polyval(q, self.first))

    def expected_size(self, generations: int | None = None) -> float:
        """Carriers in all, the first included, on average; infinite where it may never end.

        Args:
            generations: count no further down than this; None = all.
        """
        if generations is not None:
            return 1 + sum(self.mean_first * self.mean_later**step for step in range(generations))
        if self.mean_first == 0:
            return 1.0
        return 1 + self.mean_first / (1 - self.mean_later) if self.mean_later < 1 else np.inf

    def sizes(self, generations: int | None = None) -> Floats:
        """Probability of 0, 1, 2... carriers in all, the first included; what is missing to 1 is larger or endless."""
        radius = _ALIAS ** (1 / _POINTS)
        s = radius * np.exp(2j * np.pi * np.arange(_POINTS) / _POINTS)
        if generations == 0:
            total = s
        else:
            total = s * polyval(self._later_total(s, None if generations is None else generations - 1), self.first)
        chances: Floats = np.fft.fft(total).real / _POINTS / radius ** np.arange(_POINTS)
        return np.maximum(chances, 0.0)

    def _later_total(self, s: NDArray[np.complex128], generations: int | None) -> NDArray[np.complex128]:
        """Generating function of all carriers below and with one that is not the first."""
        total = s
        for _ in range(_ROUNDS if generations is None else generations):
            total, before = s * polyval(total, self.later), total
            if generations is None and np.abs(total - before).max() < _CLOSE:
                break
        return total

    def quantiles(self, levels: list[float], generations: int | None = None) -> list[int | None]:
        """Sizes that are not exceeded with these probabilities; None = larger than can be told, or endless."""
        sums = np.cumsum(self.sizes(generations))
        found = np.searchsorted(sums, np.array(levels) - 1e-9)
        return [int(size) if size < _POINTS else None for size in found]

    def final_size(self, starters: float, susceptible: float) -> float:
        """Whom `starters` reach in all, besides themselves, in a market of so many who can be reached.

        The final size of an epidemic (Kermack & McKendrick 1927): y = S (1 - exp(-(a m1 + m y) / S)), the largest
        solution. It never exceeds S, and is a m1 / (1 - m) where S is without bound and m below 1. Means m1 and m
        should be those of an empty market; seen in one that filled up, they make it too small.
        """
        reached = susceptible
        for _ in range(_ROUNDS):
            pressure = (starters * self.mean_first + self.mean_later * reached) / susceptible if susceptible else 0.0
            reached, before = susceptible * -np.expm1(-pressure), reached
            if abs(reached - before) <= _CLOSE * max(1.0, reached):
                break
        return float(reached)


def observed(children: Numbers, is_first: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Branching:
    """The process of children that were seen, from those who are `counted`."""
    return Branching(distribution(children[counted & is_first]), distribution(children[counted & ~is_first]))


def distribution(children: Numbers) -> Floats:
    """How often 0, 1, 2... children were seen; certainly none where nobody was seen."""
    counts = np.bincount(children) if len(children) else np.ones(1, np.int64)
    shares: Floats = counts / counts.sum()
    return shares


def _mean(chances: Floats) -> float:
    return float(np.arange(len(chances)) @ chances)
