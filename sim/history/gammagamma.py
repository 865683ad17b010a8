"""Gamma-Gamma: how much a customer spends per purchase.

The amounts of one customer scatter as Gamma(p, nu), and nu differs between customers as Gamma(q, v). Source:
Fader & Hardie 2013, "The Gamma-Gamma Model of Monetary Value" (their gamma is `v` here). Amounts are in
currency units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.history.likelihood import Estimate, maximise

Floats = NDArray[np.float64]
Numbers = NDArray[Any]


@dataclass(frozen=True)
class GammaGamma:
    """The three parameters, all positive: amounts Gamma(p, nu), nu Gamma(q, v)."""

    p: float
    q: float
    v: float

    def mean(self) -> float:
        """Mean spend per purchase over all customers, p v / (q - 1); infinite for q up to 1."""
        return self.p * self.v / (self.q - 1.0) if self.q > 1.0 else float("inf")

    def conditional(self, x: Numbers, spend: Floats) -> Floats:
        """E[mean spend per purchase | x purchases with this mean], equation (5).

        A weighted mean of the crowd's and her own; where x is 0, the crowd's alone.

        Args:
            x: number of purchases that `spend` is the mean of, shape (n,).
            spend: their mean, shape (n,); ignored where x is 0.
        """
        x, spend = np.asarray(x, float), np.where(np.asarray(x) > 0, spend, 0.0)
        own = self.p * x + self.q - 1.0
        return np.where(own > 0, self.p * (self.v + x * spend) / np.where(own > 0, own, 1.0), np.inf)


def log_likelihood(model: GammaGamma, x: Numbers, spend: Floats) -> Floats:
    """Log-density of each customer's mean spend, equation (1a); `x` and `spend` must be positive."""
    return _terms(np.array([model.p, model.q, model.v]), np.asarray(x, float), np.asarray(spend, float))[0]


def scores(model: GammaGamma, x: Numbers, spend: Floats) -> Floats:
    """Derivatives of each customer's log-density by the logarithms of p, q and v, shape (3, n)."""
    at = np.array([model.p, model.q, model.v])
    found: Floats = _terms(at, np.asarray(x, float), np.asarray(spend, float))[1] * at[:, None]
    return found


def fit(x: Numbers, spend: Floats) -> Estimate[GammaGamma]:
    """Maximum likelihood over customers with x purchases of mean `spend`.

    Raises:
        ValueError: nobody, or an x or a spend that is not positive (leave such customers out).
    """
    x, spend = np.asarray(x, float), np.asarray(spend, float)
    if not len(x) or not ((x > 0) & (spend > 0)).all():
        raise ValueError("Gamma-Gamma needs customers whose `x` and `spend` are positive.")
    unique, count = np.unique(np.column_stack([x, spend]), axis=0, return_counts=True)
    cells = unique.T

    def objective(parameters: Floats) -> tuple[float, Floats]:
        value, gradient = _terms(parameters, *cells)
        return float(value @ count), gradient @ count

    level = float(np.average(spend))
    starts = [(6.0, 4.0, level / 2), (1.0, 2.0, level), (2.0, 10.0, level * 4), (20.0, 3.0, level / 10)]
    return maximise(objective, starts, GammaGamma)


def _terms(parameters: Floats, x: Floats, spend: Floats) -> tuple[Floats, Floats]:
    """Log-densities, shape (n,), and their derivatives by p, q and v, shape (3, n)."""
    p, q, v = parameters
    px, paid = p * x, x * spend
    log_paid, log_rest = np.log(paid), np.log(v + paid)
    value = -special.betaln(px, q) + q * np.log(v) + px * log_paid - np.log(spend) - (px + q) * log_rest
    both = special.digamma(px + q)
    gradient = np.stack([
        x * (both - special.digamma(px) + log_paid - log_rest),
        both - special.digamma(q) + np.log(v) - log_rest,
        q / v - (px + q) / (v + paid),
    ])  # fmt: skip
    return value, gradient
