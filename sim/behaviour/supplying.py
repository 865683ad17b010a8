"""Suppliers 供应商: whose goods are sold, how they are rated, and who is suspended.

The suppliers of a category take turns in its skus, so whose a sku is, is a pure function of the catalogue. Faulty goods
come back and are complained of more often; late suppliers let buyers wait. Every month a supplier is rated 评级 from 0
to 100 by what became of its deliveries, as vendors are by weighted points (Dickson 1966 found quality and delivery
to weigh most in the choice of vendors). Whoever stays below the bar is suspended 停售: its goods leave the shelf, and
demand moves to the nearest goods of the same category. The last supplier of a category stays, whatever its rating.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY
from rules.money import PPM
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders
from sim.behaviour.world import World
from sim.conditions import USUAL_QUALITY, Admission, Supplier
from sim.draws import bits_array, uniform_array
from sim.market import Market
from sim.people import Floats

if TYPE_CHECKING:
    from sim.scenario import Scenario

RETURNS, COMPLAINTS, LATE = (30, 300_000), (40, 100_000), (30, 400_000)
"""Points that a rating loses for returns, complaints and late deliveries, and at which part of the deliveries it has
lost all of them (parts per million). Weights are an assumption."""
UNRATED = -1
"""Instead of a rating: too few deliveries."""


@dataclass(frozen=True)
class Supply:
    """Whose goods are whose.

    Attributes:
        ids: of the suppliers. of_sku: supplier by sku.
        faults, returns: factors on complaints about goods and on returns, by supplier.
        late: part of the orders that leave later, delay: by how many days, least and most; by supplier.
        by_category: the suppliers of each category.
    """

    ids: list[str]
    of_sku: NDArray[np.int64]
    faults: Floats
    returns: Floats
    late: Floats
    delay: Floats
    by_category: list[list[int]]

    def seconds_late(self, world: World, orders: Orders, supplier: NDArray[np.int64]) -> NDArray[np.int64]:
        """By how many seconds orders leave later, drawn by (person, ordinal)."""
        key, persons, ordinals = world.key(Decision.supplier_late), orders.person, orders.ordinal
        seconds = np.zeros(len(persons), np.int64)
        late = np.flatnonzero(uniform_array(bits_array(key, persons, 2 * ordinals)) < self.late[supplier])
        wait = uniform_array(bits_array(key, persons[late], 2 * ordinals[late] + 1))
        least, most = self.delay[supplier[late]].T
        seconds[late] = (least + (most - least) * wait) * DAY
        return seconds


def supply_of(scenario: Scenario, market: Market) -> Supply:
    """The suppliers of a scenario that names some."""
    suppliers = scenario.suppliers
    by_category = [
        [number for number, one in enumerate(suppliers) if category in one.categories] for category in market.categories
    ]
    turns = np.arange(len(market.skus)) - market.first[market.category]
    faults = np.array([faults_of(one) for one in suppliers])
    return Supply(
        [one.id for one in suppliers],
        np.array([by_category[c][turn % len(by_category[c])] for c, turn in zip(market.category, turns, strict=True)]),
        faults,
        (1 + faults) / 2,
        np.array([one.late / PPM for one in suppliers]),
        np.array([one.delay for one in suppliers], np.float64),
        by_category,
    )


def faults_of(supplier: Supplier) -> float:
    """How many times the usual faults the goods of a supplier have."""
    return (PPM - supplier.quality) / (PPM - USUAL_QUALITY)


def priced(market: Market, scenario: Scenario) -> Market:
    """The market at the prices of its suppliers."""
    factors = np.array([one.price for one in scenario.suppliers], np.int64)
    return replace(market, cost=market.cost * factors[supply_of(scenario, market).of_sku] // PPM)


def rating(deliveries: int, returns: int, complaints: int, late: int) -> int:
    """The rating of a supplier from 0 to 100 by what became of its deliveries; `UNRATED` without any."""
    if deliveries == 0:
        return UNRATED
    score = 100
    for count, (points, worst) in ((returns, RETURNS), (complaints, COMPLAINTS), (late, LATE)):
        score -= min(points, points * count * PPM // (deliveries * worst))
    return score


class Shelf:
    """Who may sell, month by month.

    Args:
        supply: whose goods are whose. market: the catalogue. rule: who is suspended.

    Attributes:
        suspended: by supplier. since: day of the run on which it was, by supplier, -1 = not.
        scores: ratings of each month so far, by supplier.
    """

    def __init__(self, supply: Supply, market: Market, rule: Admission) -> None:
        count = len(supply.ids)
        self._supply, self._category, self._rule = supply, market.category, rule
        self.suspended, self.since = np.zeros(count, np.bool_), np.full(count, -1, np.int32)
        self.scores: list[list[int]] = []
        self._below = np.zeros(count, np.int64)
        self._instead = np.arange(len(market.skus))

    def on_sale(self, sku: NDArray[np.int32]) -> NDArray[np.int32]:
        """What is bought instead of skus that are not sold any more; -1 stays."""
        if not self.suspended.any():
            return sku
        return np.where(sku >= 0, self._instead[sku], -1).astype(np.int32)

    def close_month(self, tomorrow: int, counts: NDArray[np.int64]) -> None:
        """Rate everybody, and suspend who has been below the bar too long.

        Args:
            tomorrow: day of the run from which on this holds.
            counts: deliveries, returns, complaints and late deliveries of the month, (suppliers, 4).
        """
        scores = [self.rated(row) for row in counts.tolist()]
        self.scores.append(scores)
        for number, score in enumerate(scores):
            if score == UNRATED or self.suspended[number]:
                continue
            self._below[number] = self._below[number] + 1 if score < self._rule.expel_below else 0
            if self._below[number] >= self._rule.months and not self._is_last(number):
                self.suspended[number], self.since[number] = True, tomorrow
        self._clear()

    def rated(self, row: list[int]) -> int:
        """The rating for a month's counts; `UNRATED` for too few deliveries."""
        return rating(*row) if row[0] >= self._rule.least else UNRATED

    def _is_last(self, number: int) -> bool:
        """Whether a category would have nobody left."""
        return any(
            all(self.suspended[one] for one in others if one != number)
            for others in self._supply.by_category
            if number in others
        )

    def _clear(self) -> None:
        """Say for every sku what is sold in its place: itself, or the nearest of its category, the cheaper of two."""
        sold = ~self.suspended[self._supply.of_sku]
        for sku in np.flatnonzero(~sold).tolist():
            others = np.flatnonzero(sold & (self._category == self._category[sku]))
            self._instead[sku] = others[np.argmin(np.abs(others - sku))]
