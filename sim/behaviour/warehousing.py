"""Warehouses 仓库: from where an order leaves, and so how long it takes.

Everybody lives in the region of one warehouse, a pure function of (seed, person); an order leaves from there. What is
`direct` the supplier delivers 供应商直发, whoever buys it. Deliveries that miss their promise matter beyond the day: in
Internet retailing unreliable delivery goes with more returns (Rao, Rabinovich & Raju 2014); here it feeds complaints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY
from rules.money import PPM
from sim.behaviour.purposes import Decision
from sim.people import Floats, luck, one_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

DIRECT = "direct"
"""The name of the supplier's own way."""
HOUSE = "warehouse"
"""The name of the only warehouse of a scenario that names none."""


@dataclass(frozen=True)
class Ways:
    """The ways that goods can go: one a warehouse, and the supplier's own last where something is direct.

    Attributes:
        names: of the ways. days: least and most days of shipping, delivery, regret, (ways, 6).
        share: part of the people, by warehouse. direct: whether the supplier delivers, by category.
        promise: seconds from payment to the door; a delivery that takes longer is late.
    """

    names: list[str]
    days: Floats
    share: Floats
    direct: NDArray[np.bool_]
    promise: int

    def region(self, seed: int, persons: NDArray[np.int32]) -> NDArray[np.int64]:
        """The warehouse in whose region people live."""
        if len(self.share) == 1:
            return np.zeros(len(persons), np.int64)
        return one_of(self.share, luck(seed, Decision.region, persons))

    def way(self, seed: int, persons: NDArray[np.int32], categories: NDArray[np.int16]) -> NDArray[np.int64]:
        """The way of each order.

        Args:
            seed: of the world. persons: who ordered. categories: of the first line.
        """
        return np.where(self.direct[categories], len(self.share), self.region(seed, persons))

    def late(self, took: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which deliveries came later than was promised, by their seconds from payment to the door."""
        return took > self.promise


def ways_of(scenario: Scenario) -> Ways:
    """The ways of a scenario."""
    houses: list[Any] = [*scenario.warehouses] or [scenario.logistics]
    names = [one.id for one in scenario.warehouses] or [HOUSE]
    direct = np.array([one.direct for one in scenario.catalogue.categories])
    if direct.any():
        houses.append(scenario.direct)
        names.append(DIRECT)
    regret = scenario.returns.days
    return Ways(
        names,
        np.array([[*one.ship, *one.deliver, *regret] for one in houses], np.float64),
        np.array([one.share / PPM for one in scenario.warehouses] or [1.0]),
        direct,
        scenario.logistics.promise * DAY,
    )
