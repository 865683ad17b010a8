"""Everything that a run's trail says of its spread, computed once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.errors import InputError
from rules.events import Names, Records
from sim.history.shipped import Past
from sim.spread.branching import Floats
from sim.spread.cascades import WINDOW, cascades_of
from sim.spread.forecast import Forecast, ahead, forecast_seeds, forecast_shares
from sim.spread.forest import Numbers
from sim.spread.funnel import Band, fall, fission_by_penetration, funnel_of
from sim.spread.nodes import Middle, Nodes, middle_of, nodes_of, sum_by
from sim.spread.paths import Paths, paths_of
from sim.spread.trail import Trail, trail_of
from sim.spread.virality import Shape, shape_of, trees_of


@dataclass(frozen=True)
class Study:
    """The spread of a run.

    Attributes:
        name, names: of the run, and behind its numbers.
        trail, paths, nodes: see there.
        earned: fen of commission by person, net of what was taken back; None where the run has no entries.
        middle: who stands in the middle of long paths without a sale.
        shares, trees: what cascades of shares and recruitment trees look like.
        funnel, bands: from a share to a second order; K by penetration.
        of_share, of_seed: how far one spreads.
        ahead_days, ahead: half the run onwards: who joins on each day, invited and alone.
    """

    name: str
    names: Names
    trail: Trail
    paths: Paths
    nodes: Nodes
    earned: Numbers | None
    middle: Middle
    shares: Shape
    trees: Shape
    funnel: dict[str, int]
    bands: list[Band]
    of_share: Forecast
    of_seed: Forecast
    ahead_days: int
    ahead: Floats

    @property
    def deeper(self) -> float | None:
        """How many times deeper recruitment trees are than cascades of shares, both on average of those that spread."""
        if not self.trees.mean_depth or not self.shares.mean_depth:
            return None
        return self.trees.mean_depth / self.shares.mean_depth

    @property
    def k_falls(self) -> float | None:
        """By how much K falls from 10 % to 60 % penetration; None where 60 % was not reached."""
        return fall(self.bands)

    def order_of(self, name: str) -> int:
        """The place in `trail.orders` of the order of a name or number.

        Raises:
            InputError: no such order was paid.
        """
        known = self.names.orders
        number = known.index(name) if name in known else int(name) if name.isdigit() and not known else -1
        found = np.flatnonzero(self.trail.orders.number == number)
        if not len(found):
            raise InputError(f"no order {name!r} was paid", allowed=self._orders_allowed())
        return int(found[0])

    def _orders_allowed(self) -> str:
        number = self.trail.orders.number
        if not len(number):
            return "a run in which somebody paid"
        first, last = self.names.order(int(number.min())), self.names.order(int(number.max()))
        return f"a paid order of this run, from {first} to {last}"


def study(past: Past, entries: Records | None = None, window: int = WINDOW) -> Study:
    """Study a run or a history; `window` in days, see `sim.spread.cascades`.

    Raises:
        InputError: nothing happened in it.
    """
    if not len(past.log.events):
        raise InputError(f"nothing happened in {past.name}", allowed="a run of a day or more")
    trail = trail_of(past)
    cascades, paths = cascades_of(trail, window), paths_of(trail)
    nodes = nodes_of(trail, paths)
    days, coming = ahead(trail)
    return Study(
        name=past.name,
        names=past.log.names,
        trail=trail,
        paths=paths,
        nodes=nodes,
        earned=None if entries is None else _earned(entries, trail.people),
        middle=middle_of(trail, paths, nodes),
        shares=shape_of(trees_of(cascades.forest)),
        trees=shape_of(trees_of(trail.recruitment[1])),
        funnel=funnel_of(trail),
        bands=fission_by_penetration(trail),
        of_share=forecast_shares(trail, cascades, window),
        of_seed=forecast_seeds(trail),
        ahead_days=days,
        ahead=coming,
    )


def _earned(entries: Records, people: int) -> Numbers:
    to_people = entries["member"] >= 0
    return sum_by(entries["member"][to_people], entries["amount"][to_people], people)
