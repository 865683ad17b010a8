"""Goods 货: where they come from, how they travel, what comes back and what is complained of.

What of it a scenario does not mention is off. Everything is drawn when an order is placed; what the store did not sell
for want of stock is left out when it is counted, and its events never reach the book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.calendar import first_day_of, month_of
from rules.events import DAY, Records
from rules.money import PPM
from sim.behaviour import complaining
from sim.behaviour.basket import Baskets
from sim.behaviour.complaining import CASE, Case
from sim.behaviour.fulfilment import Journey
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders
from sim.behaviour.supplying import Shelf, supply_of
from sim.behaviour.warehousing import ways_of
from sim.behaviour.world import Seconds, World
from sim.rows import Pile, blanks, paid_for
from sim.store import Store
from sim.store.memory import MemoryStore

if TYPE_CHECKING:
    from sim.scenario import Scenario

PARCEL = np.dtype(
    [
        ("order", "i4"),  # the market's number
        ("took", "i4"),  # seconds from payment to the door
        ("day", "i4"),  # day of the run on which it was at the door
        ("supplier", "i2"),  # of the first line, -1 = nobody is named
        ("category", "i2"),  # of the first line
        ("way", "i2"),
    ],
    align=True,
)
"""A delivery."""


class Goods:
    """The goods of a world.

    Args:
        scenario: what it says of them. world: before its first day.

    Attributes:
        ways: how goods travel. supply, shelf: whose they are and who may sell, None where nobody is named.
        parcels: `PARCEL`, deliveries, of orders that the store refused, too. cases: `CASE`, the same.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self.ways = ways_of(scenario)
        self.supply = supply_of(scenario, world.market) if scenario.suppliers else None
        self.shelf = Shelf(self.supply, world.market, scenario.admission) if self.supply else None
        self._rules = scenario.after_sales
        self._rates = complaining.rates_of(self._rules, world.market.categories) if self._rules else np.zeros((0, 6))
        self.parcels, self.cases = Pile(PARCEL), Pile(CASE)

    def on_sale(self, baskets: Baskets) -> Baskets:
        """Baskets without the goods of suspended suppliers."""
        return Baskets(self.shelf.on_sale(baskets.sku), baskets.quantity) if self.shelf else baskets

    def send(self, world: World, orders: Orders, lines: Records) -> Journey:
        """How the goods of today's orders travel.

        Args:
            world: today. orders: of today. lines: the first line of each.
        """
        way = self.ways.way(world.seed, orders.person, lines["category"])
        return_rate, delay = world.market.return_rate[lines["category"]], np.zeros(len(lines), np.int64)
        if self.supply:
            supplier = self.supply.of_sku[lines["sku"]]
            return_rate = return_rate * self.supply.returns[supplier]
            delay = self.supply.seconds_late(world, orders, supplier)
        return Journey(way, self.ways.days, delay, return_rate)

    def deliver(
        self,
        world: World,
        orders: Orders,
        lines: Records,
        journey: Journey,
        events: Records,
        took: Seconds,
        door: Seconds,
    ) -> None:
        """Note deliveries and cases; exchanges are written over returns, refunds of complaints go on the agenda.

        Args:
            world: today. orders: of today. lines: the first line of each. journey: see `send`.
            events: of `fulfilment.follow`. took, door: see there.
        """
        supplier = self.supply.of_sku[lines["sku"]] if self.supply else np.full(len(lines), -1)
        self._note(world, lines, supplier, journey.way, took, door)
        if not self._rules:
            return
        cases, refunds = np.zeros(2 * len(lines), CASE), blanks(len(lines))
        keys = [world.key(one) for one in (Decision.exchange, Decision.complaint, Decision.complaint_end)]
        made, given = complaining.settle(
            orders.person, orders.ordinal, lines["order"].astype(np.int64), lines["category"], paid_for(lines),
            self.supply.faults[supplier] if self.supply else np.ones(len(lines)), journey.way, journey.days, took, door,
            self.ways.promise, self._rules.late / PPM, np.array(self._rules.window, np.float64),
            self._rates, *keys, events, cases, refunds,
        )  # fmt: skip
        cases = cases[:made]
        first = np.searchsorted(lines["order"], cases["order"])
        cases["supplier"], cases["category"] = supplier[first], lines["category"][first]
        self.cases.add(cases)
        world.agenda.put(refunds[:given])

    def _note(
        self, world: World, lines: Records, supplier: NDArray[np.int64], way: NDArray[np.int64], took: Seconds,
        door: Seconds,
    ) -> None:  # fmt: skip
        there = np.flatnonzero(door >= 0)
        rows = np.zeros(len(there), PARCEL)
        rows["order"], rows["took"], rows["category"] = lines["order"][there], took[there], lines["category"][there]
        rows["day"], rows["supplier"], rows["way"] = door[there] // DAY - world.start, supplier[there], way[there]
        self.parcels.add(rows)

    def close_day(self, world: World, store: Store) -> None:
        """In the evening: rate the suppliers where a month ends."""
        today = world.start + world.day
        month = month_of(today)
        if self.shelf and month_of(today + 1) != month:
            first = max(first_day_of(month) - world.start, 0)
            self.shelf.close_month(world.day + 1, self.counts(world.start, first, world.day + 1, store))

    def counts(self, start: int, first: int, end: int, store: Store) -> NDArray[np.int64]:
        """Deliveries, returns, complaints and late deliveries of some days, (suppliers, 4).

        Args:
            start: first day of the world, since 1970-01-01. first, end: days of the run. store: tells what was sold.
        """
        assert self.supply
        parcels, cases = self.parcels.rows, self.cases.rows
        parcels = parcels[(parcels["day"] >= first) & (parcels["day"] < end)]
        parcels = parcels[was_sold(store, parcels["order"])]
        day = cases["opened"] // DAY - start
        cases = cases[(day >= first) & (day < end)]
        cases = cases[was_sold(store, cases["order"])]
        complaint = cases["kind"] == Case.complaint
        late = parcels["supplier"][self.ways.late(parcels["took"])]
        columns = (parcels["supplier"], cases["supplier"][~complaint], cases["supplier"][complaint], late)
        return np.stack([np.bincount(one, minlength=len(self.supply.ids)) for one in columns], axis=1)


def was_sold(store: Store, orders: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which of the market's orders the store has accepted; another store than ours refuses none."""
    if not isinstance(store, MemoryStore):
        return np.ones(len(orders), np.bool_)
    known = orders < len(store.numbers)
    return known & (store.numbers[np.where(known, orders, 0)] >= 0)


def goods_of(scenario: Scenario, world: World) -> Goods | None:
    """The goods of a world; None where its scenario says nothing of them."""
    direct = any(one.direct for one in scenario.catalogue.categories)
    return (
        Goods(scenario, world) if scenario.after_sales or scenario.suppliers or scenario.warehouses or direct else None
    )
