"""The busiest minutes, as a steady stream: what latency they have, and whether the store keeps up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rules.errors import InputError
from sim.stress.capacity.arrivals import steady
from sim.stress.capacity.kinds import NAMES, SIDES, WAITED_FOR, Kind, Side
from sim.stress.capacity.luck import Floats
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.quantiles import Percentiles, percentiles
from sim.stress.capacity.service import ServiceTimes
from sim.stress.capacity.shop import Shop
from sim.stress.capacity.store import GROUPS, Store
from sim.stress.capacity.usage import Usage, usage

Rates = Mapping[Kind, float]
"""Transactions a second, by kind."""
TRANSACTIONS = 18_000
"""Transactions of a run; latencies are those of its second half."""
_BEHIND = 0.05
_NOISE = 50
"""Transactions by which a queue grows and shrinks without meaning; of settlement a batch more."""


@dataclass(frozen=True)
class Target:
    """What has to be kept: of those who wait for an answer 95 % have it in `latency_ms`, of commissions 95 % are booked
    within `booked_seconds`, and commission that becomes available at once is so within `released_seconds`."""

    latency_ms: float = 200.0
    booked_seconds: float = 60.0
    released_seconds: float = 3600.0

    def __post_init__(self) -> None:
        if not self.latency_ms > 0:
            raise InputError(f"latency target {self.latency_ms} ms", allowed="more than 0")


@dataclass(frozen=True)
class Steady:
    """A run of the busiest minutes.

    Attributes:
        seconds: of arrivals. latency_ms: percentiles by kind. by_side: of all that a worker group answers.
        mean_ms: mean latency of what is waited for. behind: part of what arrived in the second half by which the queue
            grew that grew most. usage: how busy resources were. waiting: the most that waited, by worker group.
    """

    seconds: float
    latency_ms: dict[str, Percentiles]
    by_side: dict[Side, Percentiles]
    mean_ms: float
    behind: float
    usage: Usage
    waiting: dict[Side, int]

    def keeps(self, target: Target) -> bool:
        """Whether the target is kept."""
        slowest = max((found["p95"] for found in self.by_side.values()), default=0.0)
        booked = self.latency_ms.get("book", {"p95": 0.0})["p95"]
        return slowest <= target.latency_ms and booked <= 1000 * target.booked_seconds and self.behind <= _BEHIND


def run_steady(
    shop: Shop,
    times: ServiceTimes,
    rates: Rates,
    *,
    seed: int,
    multiple: float = 1.0,
    transactions: int = TRANSACTIONS,
) -> Steady:
    """Let so many transactions arrive at `multiple` times these rates, and wait until all are done."""
    store = Store(Pricing(shop, times, seed))
    store.feed(steady(store.pricing, {kind: rate * multiple for kind, rate in rates.items()}, transactions))
    half = transactions // 2
    step = store.env.step
    while store.submitted < half:
        step()
    middle, then = store.env.now, Queues(store)
    while store.arriving:
        step()
    seconds, found = store.env.now, usage(store, store.env.now)
    behind = Queues(store).behind(then)
    store.run_out()
    return _summed(store, seconds, middle, found, behind)


class Queues:
    """How much waits, and how much has gone through, by worker group and (orders) in settlement."""

    def __init__(self, store: Store) -> None:
        groups = [store.groups[side] for side in GROUPS]
        self.waiting = [*(len(group.queue) for group in groups), store.batching.behind]
        self._noise = [_NOISE] * len(groups) + [_NOISE + store.shop.batch]
        done = [sum(len(store.latency[kind]) for kind in Kind if SIDES[kind] == side) for side in GROUPS]
        self.done = [*done, len(store.latency[Kind.book])]

    def behind(self, then: Queues) -> float:
        """By what part of what came since `then` the queue grew that grew most."""
        changes = zip(self.waiting, then.waiting, self._noise, strict=True)
        grown = [now - before - noise for now, before, noise in changes]
        served = [now - before for now, before in zip(self.done, then.done, strict=True)]
        parts = [more / (more + max(0, done)) for more, done in zip(grown, served, strict=True) if more > 0]
        return max(parts, default=0.0)


def _summed(store: Store, seconds: float, middle: float, found: Usage, behind: float) -> Steady:
    late = {kind: _since(store, kind, middle) for kind in Kind}
    sides: dict[Side, list[Floats]] = {}
    for kind in WAITED_FOR:
        sides.setdefault(SIDES[kind], []).append(late[kind])
    pooled = {side: np.concatenate(parts) for side, parts in sides.items()}
    everyone = np.concatenate(list(pooled.values()))
    return Steady(
        seconds=seconds,
        latency_ms={NAMES[kind]: percentiles(times) for kind, times in late.items() if len(times)},
        by_side={side: percentiles(times) for side, times in pooled.items() if len(times)},
        mean_ms=float(everyone.mean()) * 1000 if len(everyone) else 0.0,
        behind=behind,
        usage=found,
        waiting={side: group.most_waiting for side, group in store.groups.items()},
    )


def _since(store: Store, kind: Kind, middle: float) -> Floats:
    """Latencies of a kind, of those who asked from then on."""
    born, latency = np.array(store.born[kind]), np.array(store.latency[kind])
    found: Floats = latency[born >= middle]
    return found
