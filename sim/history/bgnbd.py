"""BG/NBD: how often customers buy and when they silently leave.

While alive a customer buys at a rate that differs between customers as Gamma(r, alpha); after every purchase
she leaves for good with a probability that differs between customers as Beta(a, b). Source: Fader, Hardie &
Lee 2005, "Counting Your Customers" the Easy Way, Marketing Science 24(2) 275-284; equation numbers below are
theirs.

Time is in the unit of the summary (weeks for CDNOW). Arrays are one number per customer unless stated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.history.likelihood import Estimate, maximise

Floats = NDArray[np.float64]
Numbers = NDArray[Any]

_NEAR = 1e-5
"""Closer than this to a removable singularity (a = 1, a + b = 1), the two sides are averaged."""


@dataclass(frozen=True)
class BgNbd:
    """The four parameters, all positive: Gamma(r, alpha) for the rate, Beta(a, b) for leaving."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, x: Numbers, t_x: Floats, T: Floats) -> Floats:
        """P(still alive at T | x, t_x, T); 1 where x is 0, because nobody leaves before a purchase."""
        odds = self._log_left_odds(np.asarray(x, float), np.asarray(t_x, float), np.asarray(T, float))
        return special.expit(-odds)

    def conditional(self, x: Numbers, t_x: Floats, T: Floats, t: float | Floats) -> Floats:
        """E[purchases in the t units after T | x, t_x, T], equation (10)."""
        x, t_x, T, t = (np.asarray(v, float) for v in (x, t_x, T, t))
        return self._mean(x, T, t) * self.alive(x, t_x, T)

    def expected(self, t: float | Floats) -> Floats:
        """E[repeat purchases in the t units after the first purchase], equation (9); 0 for t up to 0."""
        t = np.maximum(np.asarray(t, float), 0.0)
        return self._mean(np.zeros_like(t), np.zeros_like(t), t)

    def probability(self, x: int, t: Floats) -> Floats:
        """P(x repeat purchases in the t units after the first purchase), equation (8)."""
        t = np.asarray(t, float)
        gone = t / (self.alpha + t)
        upto = np.arange(x + 1)
        terms = np.exp(special.gammaln(self.r + upto) - special.gammaln(self.r) - special.gammaln(upto + 1))
        start = (1 - gone) ** self.r
        stays = np.exp(special.betaln(self.a, self.b + x) - special.betaln(self.a, self.b))
        found = stays * terms[x] * start * gone**x
        if x:
            leaves = np.exp(special.betaln(self.a + 1, self.b + x - 1) - special.betaln(self.a, self.b))
            found = found + leaves * (1 - start * (terms[:x] * gone[..., None] ** np.arange(x)).sum(axis=-1))
        return np.asarray(found)

    def cumulative(self, starts: Floats, times: Floats) -> Floats:
        """Expected repeat purchases of a whole cohort up to each time, when customers join one after another.

        Args:
            starts: time of each customer's first purchase, any shape.
            times: points in time, shape (m,), same clock as `starts`.

        Returns:
            Shape (m,): the sum over customers of E[X(time - start)].
        """
        start, count = np.unique(starts, return_counts=True)
        return self.expected(np.asarray(times, float)[:, None] - start[None, :]) @ count

    def _log_left_odds(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Log odds of having left; minus infinity where x is 0."""
        repeat = x > 0
        safe = np.where(repeat, x, 1.0)
        odds = (
            np.log(self.a)
            - np.log(self.b + safe - 1.0)
            + (self.r + safe) * (np.log(self.alpha + T) - np.log(self.alpha + t_x))
        )
        return np.where(repeat, odds, -np.inf)

    def _mean(self, x: Floats, T: Floats, t: Floats) -> Floats:
        """E[purchases in t after T | x, T, alive at T]; with x = T = 0 the unconditional mean.

        (a + b + x - 1) / (a - 1) times 1 - (1 - z)**(a - 1) F(a + b - 1 - r, a - 1; a + b + x - 1; z) with
        z = t / (alpha + T + t): equations (9) and (10) after Euler's transformation, which keeps the powers
        small where theirs overflow (a buyer with hundreds of purchases).
        """
        if abs(self.a - 1.0) < _NEAR:
            sides = [replace(self, a=1.0 + step) for step in (-_NEAR, _NEAR)]
        elif abs(self.a + self.b - 1.0) < _NEAR:
            sides = [replace(self, b=1.0 - self.a + step) for step in (-_NEAR, _NEAR)]
        else:
            return self._regular(x, T, t)
        return (sides[0]._regular(x, T, t) + sides[1]._regular(x, T, t)) / 2.0

    def _regular(self, x: Floats, T: Floats, t: Floats) -> Floats:
        """`_mean` away from its removable singularities."""
        c = self.a + self.b + x - 1.0
        rest = self.alpha + T
        z = t / (rest + t)
        inner = special.hyp2f1(self.a + self.b - 1.0 - self.r, self.a - 1.0, c, z)
        return c / (self.a - 1.0) * (1.0 - (rest / (rest + t)) ** (self.a - 1.0) * inner)


def log_likelihood(model: BgNbd, x: Numbers, t_x: Floats, T: Floats) -> Floats:
    """Log-likelihood of each customer, equation (6) summed in logarithms."""
    return _terms(np.array([model.r, model.alpha, model.a, model.b]), x, t_x, T)[0]


def fit(x: Numbers, t_x: Floats, T: Floats) -> Estimate[BgNbd]:
    """Maximum likelihood over customers with summaries (x, t_x, T).

    Equal summaries are evaluated once. Several starts on log parameters, exact gradients.

    Raises:
        ValueError: nobody bought twice, or a summary is impossible (0 <= t_x <= T must hold).
    """
    x, t_x, T = (np.asarray(v, float) for v in (x, t_x, T))
    if not ((t_x >= 0) & (t_x <= T)).all():
        raise ValueError("`0 <= t_x <= T` must hold for every customer.")
    if not (x > 0).any():
        raise ValueError("BG/NBD needs customers with repeat purchases, but got none.")
    unique, count = np.unique(np.column_stack([x, t_x, T]), axis=0, return_counts=True)
    cells = unique.T

    def objective(parameters: Floats) -> tuple[float, Floats]:
        value, gradient = _terms(parameters, *cells)
        return float(value @ count), gradient @ count

    span = float(np.average(T))
    starts = [
        (0.25, span / 8, 0.8, 2.5),
        (1.0, span, 1.0, 1.0),
        (0.5, span / 3, 0.1, 1.0),
        (2.0, span / 2, 2.0, 8.0),
    ]
    return maximise(objective, starts, BgNbd)


def _terms(parameters: Floats, x: Floats, t_x: Floats, T: Floats) -> tuple[Floats, Floats]:
    """Log-likelihoods, shape (n,), and their derivatives by r, alpha, a and b, shape (4, n).

    ln L = g(x; r, alpha) + h(x; a, b) - (r + x) ln(alpha + T) + ln(1 + odds of having left).
    """
    r, alpha, a, b = parameters
    repeat = x > 0
    safe = np.where(repeat, x, 1.0)
    log_T, log_t = np.log(alpha + T), np.log(alpha + t_x)
    odds = np.log(a) - np.log(b + safe - 1.0) + (r + safe) * (log_T - log_t)
    odds = np.where(repeat, odds, -np.inf)
    left = special.expit(odds)
    value = (
        _log_rise(r, x)
        + r * np.log(alpha)
        - (r + x) * log_T
        + _log_rise(b, x)
        - _log_rise(a + b, x)
        + np.logaddexp(0.0, odds)
    )
    both = special.digamma(a + b) - special.digamma(a + b + x)
    gradient = np.stack([
        special.digamma(r + x) - special.digamma(r) + np.log(alpha) - log_T + left * (log_T - log_t),
        r / alpha - (r + x) / (alpha + T) + left * (r + safe) * (1.0 / (alpha + T) - 1.0 / (alpha + t_x)),
        both + left / a,
        both + special.digamma(b + x) - special.digamma(b) - left / (b + safe - 1.0),
    ])  # fmt: skip
    return value, gradient


def _log_rise(base: float, x: Floats) -> Floats:
    """ln of base (base + 1) ... (base + x - 1)."""
    return special.gammaln(base + x) - special.gammaln(base)
