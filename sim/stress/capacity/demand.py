"""What a calendar asks of a store: orders by day and minute, the chain of transactions that each order draws after it,
and the busiest minutes of the busiest day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from rules.calendar import next_tick
from rules.errors import InputError
from rules.payout.hold import Settlement
from sim.behaviour.parameters import Behaviour
from sim.market import EVENING, day_by_day
from sim.scenario import Scenario
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.luck import Floats

DAY, HOUR, MINUTE = 86_400.0, 3600.0, 60.0
_EPOCH = dt.date(1970, 1, 1)
_EVERY = {"day": 0, "week": 1, "month": 2}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST = 2_000_000
"""Orders of a day that are followed one by one at most."""
_PROMO = 1.2
"""A day with so many times the usual orders is a promo day, and begins its evening with a rush."""


@dataclass(frozen=True)
class Habits:
    """How buyers, members and warehouses act; assumed.

    Attributes:
        clicks, registrations: for each order. withdrawals: for each order, once its commission is available.
        paid: part of orders that are paid, after a median of `pay_seconds` (lognormal, spread 1).
        repeated: part of payment notices that come twice although they were acknowledged.
        rush_part: part of a promo day's orders that come in the `rush_minutes` from the start of its busiest hour.
        ships, arrives: hours of the day in which warehouses ship and goods arrive.
    """

    clicks: float = 10.0
    registrations: float = 0.15
    withdrawals: float = 0.06
    paid: float = 0.92
    pay_seconds: float = 40.0
    repeated: float = 0.05
    rush_part: float = 0.10
    rush_minutes: int = 10
    ships: tuple[float, float] = (9.0, 18.0)
    arrives: tuple[float, float] = (9.0, 21.0)


@dataclass(frozen=True)
class Demand:
    """Orders by day, and what follows each.

    Attributes:
        start: day 0. orders: mean number by day. usual: of a day without promotion. hourly: weights of 24 hours.
        ship, deliver, returns: days, least and most. refunded: part of orders. settlement: hold and cycle.
    """

    start: dt.date
    orders: Floats
    usual: float
    hourly: Floats
    ship: tuple[int, int]
    deliver: tuple[int, int]
    returns: tuple[int, int]
    refunded: float
    settlement: Settlement
    habits: Habits = field(default=Habits())

    @property
    def busiest(self) -> int:
        """The day with most orders."""
        return int(np.argmax(self.orders))

    def on_day(self, day: int) -> float:
        """Mean orders of a day; the usual number before the first day and after the last."""
        return float(self.orders[day]) if 0 <= day < len(self.orders) else self.usual

    def date(self, day: int) -> dt.date:
        """The date of a day."""
        return self.start + dt.timedelta(days=day)

    def minutes(self, day: int) -> Floats:
        """Part of a day's orders in each of its 1,440 minutes; a promo day has its rush."""
        usual = np.repeat(self.hourly / self.hourly.sum() / 60, 60)
        if self.on_day(day) <= _PROMO * self.usual or not self.habits.rush_minutes:
            return usual
        first = int(np.argmax(self.hourly)) * 60
        rush = np.zeros(1440)
        rush[first : first + self.habits.rush_minutes] = 1 / self.habits.rush_minutes
        part = self.habits.rush_part
        mixed: Floats = (1 - part) * usual + part * rush / rush.sum()
        return mixed

    def by_hour(self, day: int) -> Floats:
        """Mean transactions in each hour of a day; what follows earlier orders spread evenly."""
        habits = self.habits
        at_once = 1 + habits.paid * (1 + habits.repeated) + habits.clicks + habits.registrations
        later = habits.paid * (2 + self.refunded) * self.on_day(day - 3)
        hours: Floats = self.on_day(day) * at_once * self.minutes(day).reshape(24, 60).sum(axis=1) + later / 24
        return hours

    def peak(self) -> dict[Kind, float]:
        """Transactions a second, by kind, in the busiest minute of the busiest day."""
        habits, day = self.habits, self.busiest
        placed = self.on_day(day) * float(self.minutes(day).max()) / MINUTE
        paid = habits.paid * placed
        before = habits.paid * float(np.mean([self.on_day(day - back) for back in range(1, 8)]))
        shipping, arriving = (HOUR * (end - begin) for begin, end in (habits.ships, habits.arrives))
        return {
            Kind.register: habits.registrations * placed,
            Kind.click: habits.clicks * placed,
            Kind.place: placed,
            Kind.pay: paid,
            Kind.notice: habits.repeated * paid,
            Kind.ship: before / shipping,
            Kind.receive: before / arriving,
            Kind.refund: self.refunded * before / arriving,
            Kind.withdraw: habits.withdrawals * before / (DAY / 2),
        }

    def next_settlement(self, due: float) -> float:
        """The first settlement of the cycle that is not before a time, seconds from the start of day 0."""
        cycle, first = self.settlement.cycle, (self.start - _EPOCH).days * int(DAY)
        weekday = _WEEKDAYS.index(cycle.weekday)
        return float(next_tick(int(np.ceil(due)) + first, _EVERY[cycle.every], weekday, cycle.at) - first)

    def largest_release(self) -> float:
        """Mean number of orders whose commission becomes available at once: those of a whole cycle around a promo."""
        length = {"day": 1, "week": 7, "month": 30}[self.settlement.cycle.every]
        day = self.busiest
        return sum(self.on_day(day + more) for more in range(length)) * self.habits.paid


def demand_of(
    scenario: Scenario,
    settlement: Settlement,
    *,
    people: int,
    orders_per_day: float | None = None,
    habits: Habits | None = None,
) -> Demand:
    """What a scenario's calendar asks, with the settlement section of a plan.

    Args:
        orders_per_day: on a usual day; None = as many as `people` buy by the scenario's behaviour.

    Raises:
        InputError: there are no orders, or more than are followed one by one.
    """
    usual = usual_orders(scenario, people) if orders_per_day is None else orders_per_day
    if not 0 < usual <= _MOST:
        raise InputError(f"{usual:g} orders a day", allowed=f"more than 0, at most {_MOST:,} on the busiest day")
    weekdays = _listed(scenario, "weekday_traffic")
    start = (scenario.start - _EPOCH).days
    traffic, discount = day_by_day(scenario.calendar, scenario.days, weekdays, start)
    response = _number(scenario, "price_response")
    orders = usual * traffic * (1 + response * discount / 1e6)
    if orders.max() > _MOST:
        raise InputError(f"{orders.max():,.0f} orders on the busiest day", allowed=f"at most {_MOST:,}")
    categories = scenario.catalogue.categories
    weights = np.array([one.weight for one in categories])
    return Demand(
        start=scenario.start,
        orders=orders,
        usual=usual,
        hourly=np.array(scenario.hourly or EVENING, np.float64),
        ship=scenario.logistics.ship,
        deliver=scenario.logistics.deliver,
        returns=scenario.returns.days,
        refunded=float(np.average([one.return_rate for one in categories], weights=weights)),
        settlement=settlement,
        habits=habits or Habits(),
    )


def usual_orders(scenario: Scenario, people: int) -> float:
    """Orders of a usual day: `people` x the mean purchase rate, r / alpha a week. An upper bound, since it takes all of
    them for buyers who have not left."""
    return people * _number(scenario, "r") / _number(scenario, "alpha") / 7


def _number(scenario: Scenario, name: str) -> float:
    """A parameter of behaviour; of a range its middle."""
    given = scenario.behaviour.get(name, Behaviour.model_fields[name].default)
    return float(np.mean([float(one) for one in given])) if isinstance(given, list) else float(given)


def _listed(scenario: Scenario, name: str) -> Sequence[float]:
    """A parameter of behaviour that is a list."""
    given = cast(Mapping[str, Sequence[float]], scenario.behaviour).get(name, Behaviour.model_fields[name].default)
    return [float(one) for one in given]
