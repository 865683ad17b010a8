"""Every transaction of some days, with its time: orders by the calendar, and the chain that follows each order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.stress.capacity.demand import DAY, HOUR, Demand
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.luck import Floats, Luck, exponentials, lognormals, poisson, uniforms
from sim.stress.capacity.pricing import Kinds

_FIRST = 100
"""Added to the number of a day where it numbers luck: days before the first one have luck, too."""
_ACKNOWLEDGED = 5.0
"""Mean seconds after which a notice comes again although it was acknowledged."""
_ASKS = 12.0
"""Mean hours from available commission to the withdrawal."""


@dataclass(frozen=True)
class Trail:
    """Transactions in the order of their times, seconds from the midnight at which the first day begins.

    Attributes:
        at, kinds: of each. releases: when commission becomes available, and of how many orders.
        begins, ends: the window. withdrawals: when money is asked for within all the days, the window or not.
    """

    at: Floats
    kinds: Kinds
    releases: list[tuple[float, int]]
    begins: float
    ends: float
    withdrawals: Floats


class Chain:
    """Orders placed on one day, and the times of all that follows them, seconds from the start of day 0."""

    def __init__(self, demand: Demand, seed: int, day: int) -> None:
        self._seed, self._day, self._demand = seed, day + _FIRST, demand
        habits = demand.habits
        count = poisson(seed, Luck.orders, self._day, demand.on_day(day))
        self.placed = day * DAY + moments(demand, day, self._luck(Luck.moment, count))
        is_paid = self._luck(Luck.paid, count) < habits.paid
        delay = lognormals(self._luck(Luck.pay_delay, count), habits.pay_seconds, 1.0)
        self.paid: Floats = (self.placed + delay)[is_paid]
        paid = len(self.paid)
        u = self._luck(Luck.repeated, paid)
        again = u < habits.repeated
        self.notices: Floats = self.paid[again] + _ACKNOWLEDGED * exponentials(u[again] / (habits.repeated or 1.0))
        self.shipped = self._later(Luck.ship, self.paid, demand.ship, habits.ships)
        self.received = self._later(Luck.deliver, self.shipped, demand.deliver, habits.arrives)
        returned = self._luck(Luck.refund, paid) < demand.refunded
        self.refunded = self._later(Luck.refund_delay, self.received[returned], demand.returns, habits.arrives)
        self.due: Floats = self.received[~returned] + demand.settlement.hold_days * DAY

    def _luck(self, purpose: Luck, count: int) -> Floats:
        return uniforms(self._seed, purpose, count, day=self._day)

    def _later(self, purpose: Luck, after: Floats, days: tuple[int, int], hours: tuple[float, float]) -> Floats:
        """Some days later, at a moment of the working hours; never before what it follows."""
        least, most = days
        u = self._luck(purpose, len(after)) * (most - least + 1)
        whole = np.floor(u)
        at = hours[0] + (u - whole) * (hours[1] - hours[0])
        moment = (np.floor(after / DAY) + least + whole) * DAY + at * HOUR
        later: Floats = np.where(moment >= after, moment, moment + DAY)
        return later


def moments(demand: Demand, day: int, u: Floats) -> Floats:
    """Seconds of the day at uniforms, by the traffic of its minutes: exact for a rate that is constant by minute."""
    edges = np.append(0.0, np.cumsum(demand.minutes(day)))
    found: Floats = np.interp(u, edges / edges[-1], np.arange(1441) * 60.0)
    return found


def trail_of(demand: Demand, seed: int, first: int, days: int, hours: tuple[int, int] | None = None) -> Trail:
    """All transactions of some days from day `first` on, those of earlier orders included; or of these hours alone."""
    start, over = first * DAY, (first + days) * DAY
    begins, ends = (start + hours[0] * HOUR, start + hours[1] * HOUR) if hours else (start, over)
    parts: list[tuple[Floats, Kind]] = []
    due: list[Floats] = []
    for day in range(first - _lead(demand), first + days):
        chain = Chain(demand, seed, day)
        parts += _kept(chain, begins, ends)
        due.append(chain.due)
    releases = _releases(demand, np.concatenate(due), start, over)
    for day in range(first, first + days):
        parts += _crowd(demand, seed, day, begins, ends)
    asked = np.sort(_withdrawals(demand, seed, releases))
    parts.append((_within(asked, begins, ends), Kind.withdraw))
    at = np.concatenate([times for times, _ in parts])
    kinds = np.concatenate([np.full(len(times), int(kind)) for times, kind in parts])
    order = np.argsort(at, kind="stable")
    shifted = [(when - start, count) for when, count in releases if begins <= when < ends]
    money = _within(asked, start, over) - start
    return Trail(at[order] - start, kinds[order], shifted, begins - start, ends - start, money)


def _within(times: Floats, begins: float, ends: float) -> Floats:
    return times[(times >= begins) & (times < ends)]


def _lead(demand: Demand) -> int:
    """Days before the window whose orders still matter in it."""
    cycle = {"day": 1, "week": 7, "month": 31}[demand.settlement.cycle.every]
    waits = demand.settlement.hold_days + cycle
    return demand.ship[1] + demand.deliver[1] + max(demand.returns[1], waits + cycle) + 3


def _kept(chain: Chain, begins: float, ends: float) -> Iterator[tuple[Floats, Kind]]:
    for times, kind in (
        (chain.placed, Kind.place),
        (chain.paid, Kind.pay),
        (chain.notices, Kind.notice),
        (chain.shipped, Kind.ship),
        (chain.received, Kind.receive),
        (chain.refunded, Kind.refund),
    ):
        yield _within(times, begins, ends), kind


def _releases(demand: Demand, due: Floats, begins: float, ends: float) -> list[tuple[float, int]]:
    """When commission becomes available, and of how many orders: the window's, and the last one before it."""
    found: list[tuple[float, int]] = []
    when = demand.next_settlement(begins - _cycle_seconds(demand))
    before = -np.inf
    while when < ends:
        count = int(((due <= when) & (due > before)).sum())
        if before > -np.inf:
            found.append((when, count))
        before, when = when, demand.next_settlement(when + 1)
    return found


def _cycle_seconds(demand: Demand) -> float:
    return {"day": 2, "week": 14, "month": 62}[demand.settlement.cycle.every] * DAY


def _crowd(demand: Demand, seed: int, day: int, begins: float, ends: float) -> Iterator[tuple[Floats, Kind]]:
    """Clicks and registrations of a day within the window: Poisson streams that follow the day's traffic."""
    habits, numbered = demand.habits, day + _FIRST
    edges = np.append(0.0, np.cumsum(demand.minutes(day)))
    low, high = np.interp(np.array([begins, ends]) - day * DAY, np.arange(1441) * 60.0, edges)
    for kind, each in ((Kind.click, habits.clicks), (Kind.register, habits.registrations)):
        number = numbered * 2 + (kind is Kind.click)
        count = poisson(seed, Luck.crowd, number, each * demand.on_day(day) * (high - low))
        u = low + (high - low) * uniforms(seed, Luck.hour, count, day=number)
        yield day * DAY + moments(demand, day, u), kind


def _withdrawals(demand: Demand, seed: int, releases: list[tuple[float, int]]) -> Floats:
    """Members ask for their money some hours after it is available."""
    times: list[Floats] = [np.zeros(0)]
    for number, (when, count) in enumerate(releases):
        asked = poisson(seed, Luck.withdraw, number, demand.habits.withdrawals * count)
        times.append(when + _ASKS * HOUR * exponentials(uniforms(seed, Luck.asked, asked, day=number)))
    return np.concatenate(times)
