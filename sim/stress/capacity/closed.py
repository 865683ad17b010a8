"""A closed loop: so many clients, each of whom asks again as soon as it has its answer.

That is how a load test drives a database as fast as it goes. Service times that were measured with one number of
clients predict what another number will reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simpy.core import Environment

from rules.errors import InputError
from sim.stress.capacity.arrivals import without_end
from sim.stress.capacity.batching import Batching
from sim.stress.capacity.job import Job
from sim.stress.capacity.kinds import NAMES, Kind
from sim.stress.capacity.path import Path
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.quantiles import Percentiles, percentiles
from sim.stress.capacity.relief import OF_THE_PATH, gains, most_lacking
from sim.stress.capacity.service import ServiceTimes
from sim.stress.capacity.shop import Shop, Staff
from sim.stress.capacity.usage import Usage, path_usage
from sim.stress.capacity.workers import Group

_WARM = 0.1
"""Part of the transactions that go before the measuring begins."""


@dataclass(frozen=True)
class Prediction:
    """What so many clients reach.

    Attributes:
        per_second: transactions a second, a batch as one. orders_per_second: with each order of a batch.
        latency_ms: percentiles by kind. usage: part of its time that each resource was busy.
        gains: what twice as much of each resource adds, as a part. bottleneck: the resource that adds most; `clients`
            where none does: each only waits for its own work.
    """

    clients: int
    per_second: float
    orders_per_second: float
    latency_ms: dict[str, Percentiles]
    usage: Usage
    gains: dict[str, float]
    bottleneck: str


def predict(
    times: ServiceTimes,
    clients: int,
    mix: Mapping[str, float],
    shop: Shop | None = None,
    *,
    seed: int = 1,
    transactions: int = 20_000,
) -> Prediction:
    """What `clients` reach with a mix of kinds (weights by name; `settle` is a batch of `shop.batch` orders).

    Of the shop count cores, rows, cache, batch and network; each client has a connection of its own.

    Raises:
        InputError: the mix is empty or names something that is not a kind.
    """
    kinds = _mix(mix)
    if clients < 1:
        raise InputError(f"{clients} clients", allowed="1 or more")
    own = replace(shop or Shop(), pool=clients, queue=True, fails_every_hours=0)
    loop = _run(own, times, clients, kinds, seed, transactions)

    def worth(changed: Shop, faster: ServiceTimes) -> float:
        return _run(changed, faster, clients, kinds, seed, transactions).per_second

    found = gains(own, times, OF_THE_PATH, worth)
    latency = {NAMES[kind]: percentiles(loop.latency[kind]) for kind in Kind if loop.latency[kind]}
    orders = (loop.done + loop.more) / loop.seconds
    return Prediction(
        clients, loop.per_second, orders, latency, loop.usage(), found, most_lacking(found, otherwise="clients")
    )


def _mix(given: Mapping[str, float]) -> dict[Kind, float]:
    if unknown := [name for name in given if name not in NAMES]:
        raise InputError(f"the kind {unknown[0]!r} is not known here", allowed=", ".join(NAMES))
    mix = {Kind[name]: float(weight) for name, weight in given.items() if weight > 0}
    if not mix:
        raise InputError("the mix of transactions is empty", allowed="weights by kind, at least one above 0")
    return mix


class Loop:
    """Clients at work. `done`: transactions since the measuring began; `more`: orders in batches beyond the first."""

    def __init__(self, pricing: Pricing, clients: int, mix: Mapping[Kind, float]) -> None:
        self.env = Environment()
        self.shop = pricing.shop
        self.path = Path(self.env, pricing.shop, pricing.travel(), pricing.seed, self._done)
        self.group = Group(self.env, Staff(clients), self.path.begin)
        self.latency: list[list[float]] = [[] for _ in Kind]
        self.done = self.more = 0
        self._batching = Batching(self.env, pricing, self.group.submit)
        self._rows = without_end(pricing, mix)
        self._began = 0.0
        for _ in range(clients):
            self._ask()

    def _ask(self) -> None:
        row, now = next(self._rows), self.env.now
        if row[1] == Kind.settle:
            self.group.submit(self._batching.made(Kind.settle, [now] * self.shop.batch))
        else:
            self.group.submit(Job(now, *row[1:]))

    def _done(self, job: Job, now: float) -> None:
        self.done += 1
        self.more += max(0, len(job.items) - 1)
        self.latency[job.kind].append(now - job.born)
        self._ask()

    def run(self, transactions: int) -> None:
        """Go on until so many are done."""
        while self.done < transactions:
            self.env.step()

    def measure(self) -> None:
        """Begin to measure, from now on."""
        self._began = self.env.now
        self.done = self.more = 0
        self.latency = [[] for _ in Kind]
        path = self.path
        path.pool.busy = path.database.busy = path.machines.busy = path.flush.busy = 0.0
        path.rows.busy = [0.0] * len(path.rows.busy)

    @property
    def seconds(self) -> float:
        """Model time measured."""
        return self.env.now - self._began

    @property
    def per_second(self) -> float:
        """Transactions a second."""
        return self.done / self.seconds

    def usage(self) -> Usage:
        """How busy the shared resources were."""
        return path_usage(self.path, self.shop, self.seconds)


def _run(
    shop: Shop, times: ServiceTimes, clients: int, mix: Mapping[Kind, float], seed: int, transactions: int
) -> Loop:
    loop = Loop(Pricing(shop, times, seed), clients, mix)
    loop.run(int(_WARM * transactions))
    loop.measure()
    loop.run(transactions)
    return loop
