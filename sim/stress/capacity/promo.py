"""The promo day itself, minute by minute: backlog, how long it lasts, latency by hour, how busy everything is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.arrivals import at_times
from sim.stress.capacity.chores import Running, due
from sim.stress.capacity.demand import DAY, HOUR, MINUTE, Demand
from sim.stress.capacity.job import Then, Turn
from sim.stress.capacity.kinds import NAMES, Kind
from sim.stress.capacity.luck import Floats
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.quantiles import Percentiles, percentiles
from sim.stress.capacity.store import GROUPS, Store
from sim.stress.capacity.trail import Trail, trail_of
from sim.stress.capacity.usage import WORKERS, Usage, path_usage, usage

MOST = 800_000
"""Transactions that are lived through; of a longer window the busiest hours are."""
QUEUES = ("orders", "members", "settlement", "reviews", "payouts")
"""What can pile up: transactions that wait for a worker of orders or members, orders whose commission is not booked,
withdrawals that wait for a reviewer, and those that wait to be sent to the payout channel."""


@dataclass
class Timeline:
    """What was seen each minute: how much waited in each queue, and busy seconds so far of each resource.

    `at` is in seconds from the first midnight.
    """

    at: list[float] = field(default_factory=list)
    waiting: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in QUEUES})
    busy: dict[str, list[float]] = field(default_factory=dict)
    workers: dict[str, list[int]] = field(default_factory=lambda: {side: [] for side in GROUPS})

    def lasts(self, queue: str) -> float:
        """The longest stretch, in seconds, in which something waited at every minute."""
        runs = (len(list(some)) for is_waiting, some in groupby(self.waiting[queue], bool) if is_waiting)
        return MINUTE * max(runs, default=0)

    def usage(self, minutes: int) -> dict[str, Floats]:
        """Part of its time that each resource was busy, in steps of so many minutes."""
        found = {}
        for name, busy in self.busy.items():
            steps = np.diff(np.array(busy)[::minutes]) / (minutes * MINUTE)
            found[name] = np.clip(steps, 0.0, 1.0)
        return found


@dataclass(frozen=True)
class Promo:
    """What a window around the busiest day was like.

    Attributes:
        date: of the first midnight. begins, ends: the window, seconds from there. whole: nothing was left out.
        orders, transactions: in it. latency_ms: percentiles by kind; review and payout from the withdrawal on.
        usage: of the whole window. busiest: of each resource's busiest ten minutes.
        backlog_max, lasts: the most that waited by queue, and the longest stretch of waiting in seconds.
        retries, repeated, failures, calls, asked_again: transactions done again, notices repeated since the first was
            late, workers that failed, calls to the payout channel, questions to it.
        hourly_p95: milliseconds by kind, by hour of the window (NaN where there was none).
    """

    date: str
    begins: float
    ends: float
    whole: bool
    orders: int
    transactions: int
    latency_ms: dict[str, Percentiles]
    usage: Usage
    busiest: Usage
    backlog_max: dict[str, int]
    lasts: dict[str, float]
    retries: int
    repeated: int
    failures: int
    calls: int
    asked_again: int
    hourly_p95: dict[str, Floats]
    timeline: Timeline


class Watch:
    """Looks at a store every minute."""

    def __init__(self, store: Store, tick: Callable[[], None]) -> None:
        self.timeline = Timeline()
        self._store, self._turn, self._tick = store, Turn(store.env), tick
        self._then: Then = [self._look]
        self._look(self._turn)

    def _look(self, _: Turn) -> None:
        store, seen = self._store, self.timeline
        seen.at.append(store.env.now)
        waits = (len(store.groups["orders"].queue), len(store.groups["members"].queue), store.batching.behind)
        for name, count in zip(QUEUES, (*waits, len(store.desk.queue), len(store.payouts.queue)), strict=True):
            seen.waiting[name].append(count)
        for side in GROUPS:
            seen.workers[side].append(store.groups[side].workers)
            group = store.groups[side]
            seen.busy.setdefault(WORKERS[side], []).append(group.busy / group.workers)
        for name, busy in path_usage(store.path, store.shop, 1.0).items():
            seen.busy.setdefault(name, []).append(busy)
        self._tick()
        self._turn.callbacks = self._then
        store.env.schedule(self._turn, NORMAL, MINUTE)


def live_through(
    demand: Demand, pricing: Pricing, *, days: int, tick: Callable[[], None] = lambda: None, most: int = MOST
) -> Promo:
    """Live through `days` from the busiest day on, or its busiest hours where that were too many transactions.

    What becomes of withdrawals is lived through for the whole window in any case.

    `tick` is called every minute of the model.
    """
    first = demand.busiest
    hours = _busiest_hours(demand, first, days, most)
    trail = trail_of(demand, pricing.seed, first, days, hours)
    lived = _lived(demand, pricing, trail, tick)
    if hours == (0, 24 * days):
        return lived
    return _with_money(lived, _lived(demand, pricing, _withdrawals(trail, days), tick))


def _lived(demand: Demand, pricing: Pricing, trail: Trail, tick: Callable[[], None]) -> Promo:
    first, days = demand.busiest, int(-(-trail.ends // DAY))
    store = Store(pricing, Environment(initial_time=trail.begins))
    store.feed(at_times(pricing, trail.at, trail.kinds))
    for at, count in trail.releases:
        store.settle_at(at, count)
    for at, seconds in due(pricing.shop.chores, demand.date(first), days, demand.on_day(first)):
        if trail.begins <= at < trail.ends:
            Running(store.env, store.path.database, at, seconds)
    watch = Watch(store, tick)
    store.env.run(until=trail.ends)
    return _summed(demand.date(first).isoformat(), store, trail, watch.timeline)


def _withdrawals(trail: Trail, days: int) -> Trail:
    """The withdrawals of all the days alone."""
    asked = trail.withdrawals
    return Trail(asked, np.full(len(asked), int(Kind.withdraw)), [], 0.0, days * DAY, asked)


def _with_money(part: Promo, money: Promo) -> Promo:
    """The busiest hours, with what became of the withdrawals of the whole window: people and channel take days."""
    latency = {name: found for name, found in money.latency_ms.items() if name in ("withdraw", "review", "payout")}
    ends = {name: money.usage[name] for name in ("reviewers", "payout_channel")}
    return replace(
        part,
        whole=False,
        latency_ms=latency | part.latency_ms | {name: latency[name] for name in latency if name != "withdraw"},
        usage=part.usage | ends,
        backlog_max=part.backlog_max | {name: money.backlog_max[name] for name in ("reviews", "payouts")},
        lasts=part.lasts | {name: money.lasts[name] for name in ("reviews", "payouts")},
        calls=money.calls,
        asked_again=money.asked_again,
    )


def _busiest_hours(demand: Demand, first: int, days: int, most: int) -> tuple[int, int]:
    """All hours, or as many of them, the busiest first and its neighbours then, as hold so many transactions."""
    counts = np.concatenate([demand.by_hour(day) for day in range(first, first + days)])
    low = high = int(np.argmax(counts[:24]))
    total = float(counts[low])
    while True:
        sides = [hour for hour in (low - 1, high + 1) if 0 <= hour < len(counts) and total + counts[hour] <= most]
        if not sides:
            return low, high + 1
        best = max(sides, key=lambda hour: counts[hour])
        total += float(counts[best])
        low, high = min(low, best), max(high, best)


def _summed(date: str, store: Store, trail: Trail, seen: Timeline) -> Promo:
    seconds = trail.ends - trail.begins
    latency = {NAMES[kind]: percentiles(store.latency[kind]) for kind in Kind if store.latency[kind]}
    latency |= {"review": percentiles(store.reviewed), "payout": percentiles(store.paid)}
    desk = store.desk.busy / (store.shop.review.people * _open_seconds(store, trail))
    busy = usage(store, seconds) | {"reviewers": desk}
    busy |= {"payout_channel": store.payouts.calls / store.shop.channel.calls_per_second / seconds}
    return Promo(
        date=date,
        begins=trail.begins,
        ends=trail.ends,
        whole=True,
        orders=int((trail.kinds == Kind.place).sum()),
        transactions=len(trail.at),
        latency_ms={name: found for name, found in latency.items() if found},
        usage=busy,
        busiest={name: float(steps.max(initial=0.0)) for name, steps in seen.usage(10).items()},
        backlog_max=_most(store),
        lasts={name: seen.lasts(name) for name in QUEUES},
        retries=store.path.retries,
        repeated=store.repeated,
        failures=sum(group.failures for group in store.groups.values()),
        calls=store.payouts.calls,
        asked_again=store.payouts.asked_again,
        hourly_p95=_by_hour(store, trail),
        timeline=seen,
    )


def _most(store: Store) -> dict[str, int]:
    groups = {side: store.groups[side].most_waiting for side in ("orders", "members")}
    others = (store.batching.most_open, store.desk.most_waiting, store.payouts.most_waiting)
    return {**groups, **dict(zip(QUEUES[2:], others, strict=True))}


def _open_seconds(store: Store, trail: Trail) -> float:
    """Opening hours of the reviewers within the window; 1 where there are none."""
    review, days = store.shop.review, int(trail.ends // DAY) + 1
    spans = ((day * DAY + review.opens * HOUR, day * DAY + review.closes * HOUR) for day in range(days))
    return sum(max(0.0, min(end, trail.ends) - max(begin, trail.begins)) for begin, end in spans) or 1.0


def _by_hour(store: Store, trail: Trail) -> dict[str, Floats]:
    hours = int((trail.ends - trail.begins) // HOUR)
    found = {}
    for kind in (Kind.place, Kind.pay, Kind.click, Kind.book):
        hour = ((np.array(store.born[kind]) - trail.begins) // HOUR).astype(np.int64)
        latency = np.array(store.latency[kind])
        parts = [latency[hour == one] for one in range(hours)]
        found[NAMES[kind]] = np.array([np.percentile(p, 95) * 1000 if len(p) else np.nan for p in parts])
    return found
