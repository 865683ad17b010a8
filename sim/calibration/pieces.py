"""Spend before it became whole pieces: p, q and v with which the simulation's baskets cost what was paid.

In the simulation somebody wants to spend an amount and takes whole pieces of goods near it (`sim.behaviour.basket`),
so that what is paid scatters more than what was wanted: a fit on paid amounts has p too low and v too high. Here as
many people as are needed buy as often as the shop's did, goods at the shop's own prices, and the parameters are moved
until the likelihood that was fitted to the shop's amounts has its maximum at the same place for theirs (efficient
method of moments: Gallant & Tauchen 1996, "Which Moments to Match?").
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.basket import LINES, fill
from sim.behaviour.purposes import Decision
from sim.calibration.baskets import baskets, sold
from sim.calibration.shop import Shop
from sim.draws import bits_array, key, uniform_array
from sim.history import gammagamma
from sim.history.gammagamma import GammaGamma
from sim.history.likelihood import Estimate
from sim.market import Amounts, price_ladder
from sim.people import luck, one_of
from sim.quantiles import gamma, inverse_gamma, lookup_array

Floats = NDArray[np.float64]

NAMED = 0.9
"""Part of the lines that must name their sku: else prices are those of orders, and nothing is known of pieces."""
PEOPLE = 20_000
"""Who buy in the simulation."""
MOST_ORDERS = 50
"""Orders of one of them at most: who bought more has hardly any scatter left."""
ROUNDS = 12
STEP = 0.05
"""Of a logarithm, for differences: far above the jumps of single pieces."""
NEAR = 0.1
"""Standard errors by which the last step may still move a parameter: less than the simulation's own error."""
LONGEST, FARTHEST = 0.7, 3.0
"""By how much logarithms move at most, in one step and in all."""
SEED = 20_260


@dataclass(frozen=True)
class Shelf:
    """The goods of the calibrated market, and how baskets are put together; see `sim.market.Market`."""

    first: Amounts
    price: Amounts
    weights: Floats
    second_line: float
    third_line: float
    loyalty: float


def shelf_of(shop: Shop) -> Shelf | None:
    """The shelf of a shop; None where lines do not say what was sold."""
    lines = shop.lines
    if ((lines.sku >= 0) & (lines.price > 0)).mean() < NAMED:
        return None
    categories, values = sold(shop), baskets(shop).values
    weights = np.array([one.lines for one in categories], np.float64)
    second, third, loyalty = (float(values.get(name, 0.0)) for name in ("second_line", "third_line", "loyalty"))  # type: ignore[arg-type]
    return Shelf(
        first=np.append(0, np.cumsum([one.skus for one in categories])),
        price=np.concatenate([price_ladder(one.prices, one.skus) for one in categories]),
        weights=weights / weights.sum(),
        second_line=second,
        third_line=third,
        loyalty=loyalty,
    )


def before_pieces(
    paid: Estimate[GammaGamma], x: NDArray[np.int64], spend: Floats, shelf: Shelf
) -> Estimate[GammaGamma] | None:
    """The estimate of what was wanted, from that of what was paid.

    Args:
        paid: fitted to `x` and `spend`. shelf: what was bought from.

    Returns:
        Model, standard errors and covariance of what was wanted (in sandwich form, the error of the simulation
        included), the rest as of `paid`; None where whole pieces alone would scatter as much as what was paid.
    """
    people = _People(x, shelf, paid.model)
    start = logs = np.log([paid.model.p, paid.model.q, paid.model.v])
    meat = np.cov(gammagamma.scores(paid.model, x, spend)) / len(x)
    for _ in range(ROUNDS):
        step, covariance = _newton(people, logs, meat)
        logs = logs + step * min(1.0, LONGEST / float(np.abs(step).max()))
        if not np.abs(logs - start).max() < FARTHEST:
            return None
        errors = np.sqrt(np.diag(covariance))
        if (np.abs(step) < NEAR * errors).all():
            values = np.exp(logs)
            model, about = GammaGamma(*values.tolist()), tuple((values * errors).tolist())
            wanted = replace(paid, model=model, covariance=covariance, standard_errors=about)
            return wanted if wanted.is_clear else None
    return None


def _newton(people: _People, logs: Floats, meat: Floats) -> tuple[Floats, Floats]:
    """The step to where the moments vanish, and the covariance there; not a number where they do not move.

    Args:
        logs: of p, q and v. meat: covariance of the moments of the shop, (3, 3).
    """
    moments = people.moments(logs)
    ends = [(people.moments(logs + by).mean(axis=1), people.moments(logs - by).mean(axis=1)) for by in STEP * np.eye(3)]
    slopes = np.stack([(after - before) / (2 * STEP) for after, before in ends], axis=1)
    try:
        bread = np.linalg.inv(slopes)
    except np.linalg.LinAlgError:
        bread = np.full((3, 3), np.nan)
    return -bread @ moments.mean(axis=1), bread @ (meat + np.cov(moments) / PEOPLE) @ bread.T


class _People:
    """Simulated customers who come back as often as the shop's, with luck that is the same for all parameters."""

    def __init__(self, x: NDArray[np.int64], shelf: Shelf, fitted: GammaGamma) -> None:
        places = ((np.arange(PEOPLE) + 0.5) / PEOPLE * len(x)).astype(np.int64)
        self.x = np.minimum(np.sort(x)[places], MOST_ORDERS).astype(np.int64)
        self.shelf, self.fitted = shelf, fitted
        persons = np.arange(PEOPLE)
        self.person = np.repeat(persons, self.x).astype(np.int32)
        self.ordinal = np.arange(len(self.person)) - np.repeat(np.cumsum(self.x) - self.x, self.x)
        self.taste = one_of(shelf.weights, luck(SEED, Decision.taste, persons)).astype(np.int16)
        self.level = luck(SEED, Decision.spend, persons)
        self.around = uniform_array(bits_array(key(SEED, Decision.amount), self.person, self.ordinal))

    @np.errstate(all="ignore")
    def moments(self, logs: Floats) -> Floats:
        """By person the score of what she paid under the fit, less that of what she wanted under `logs`, (3, people).

        The second has mean 0 and moves with the first: little is left of luck.
        """
        model = GammaGamma(*np.exp(logs).tolist())
        scale = model.v * 100 * lookup_array(inverse_gamma(model.q), self.level)
        wanted = scale[self.person] * lookup_array(gamma(model.p), self.around)
        seen = gammagamma.scores(self.fitted, self.x, self._mean(self._paid(model.p, scale)))
        return seen - gammagamma.scores(model, self.x, self._mean(wanted))

    def _mean(self, fen: Floats) -> Floats:
        """Yuan an order, by person."""
        return np.bincount(self.person, fen) / self.x / 100

    def _paid(self, shape: float, scale: Floats) -> Floats:
        """Fen paid, by order, of people with these scales."""
        count, shelf = len(self.person), self.shelf
        sku, quantity = np.full((count, LINES), -1, np.int32), np.zeros((count, LINES), np.int64)
        keys = [key(SEED, decision) for decision in (Decision.amount, Decision.lines, Decision.line)]
        fill(
            self.person, self.ordinal, np.full(count, -1, np.int32), *keys, gamma(shape), scale, self.taste,
            shelf.second_line, shelf.third_line, shelf.loyalty, np.cumsum(shelf.weights)[:-1], 0.0,
            key(SEED, Decision.recommended), np.zeros((1, 1)), shelf.first, shelf.price,
            int(np.argmin(shelf.price[shelf.first[:-1]])), sku, quantity,
        )  # fmt: skip
        paid: Floats = (shelf.price[sku] * quantity).sum(axis=1).astype(np.float64)
        return paid
