"""Stores that are simple enough to work out by hand or by theory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import stats

from sim.stress.capacity.arrivals import at_times, steady
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.luck import services
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.service import KINDS, ServiceTimes, Work
from sim.stress.capacity.shop import Channel, Review, Shop, Staff
from sim.stress.capacity.store import Store

NOTHING = Work(0, 0, variation=0)
PLAIN = Shop(
    orders=Staff(100),
    members=Staff(100),
    settlement=Staff(100),
    pool=100,
    cores=100,
    cache=True,
    hit=1,
    stale=0,
    hot_product=0,
    hot_promoters=(),
    flush_variation=0,
    fails_every_hours=0,
    review=Review(part=0.0),
    channel=Channel(late=0, never=0, unknown=0),
    chores=(),
)
"""A shop in which nobody ever waits, and nothing is left to luck."""


def taking(**works: Work) -> ServiceTimes:
    """Service times that are 0 but for these kinds; and constant."""
    return ServiceTimes("by hand", dict.fromkeys(KINDS, NOTHING) | works)


def of(client: float, server: float, flush: float = 0.0, **more) -> Work:
    return Work(client, server, flush, variation=0, **more)


def shop(**changes) -> Shop:
    return replace(PLAIN, **changes)


def arrived(given: Shop, times: ServiceTimes, at_ms: list[float], kind: Kind = Kind.place, seed: int = 1) -> Store:
    """A store in which transactions of a kind arrived at these times, and all are done."""
    store = Store(Pricing(given, times, seed))
    at = np.array(at_ms) / 1000
    store.feed(at_times(store.pricing, at, np.full(len(at), int(kind))))
    store.run_out()
    return store


def ended(store: Store, kind: Kind = Kind.place) -> list[float]:
    """When each was done, in milliseconds, in the order of asking."""
    pairs = sorted(zip(store.born[kind], store.latency[kind], strict=True))
    return [round(1000 * (born + latency), 6) for born, latency in pairs]


def blocks_of_waits(servers: int, rate: float, variation: float, count: int, seed: int, size: int) -> np.ndarray:
    """Means over blocks of customers of an M/G/c queue with mean service 1 s: wait, service, gap; (blocks, 3)."""
    given = shop(orders=Staff(servers), worker_cores=10 * servers)
    times = taking(place=Work(1000, 0, variation=variation))
    store = Store(Pricing(given, times, seed))
    store.feed(steady(store.pricing, {Kind.place: rate}, count))
    store.run_out()
    born, latency = np.array(store.born[Kind.place]), np.array(store.latency[Kind.place])
    order = np.argsort(born, kind="stable")
    first = range(0, count, 20_000)
    service = np.concatenate([services(seed, min(20_000, count - at), at, variation) for at in first])
    columns = (latency[order] - service, service, np.diff(born[order], prepend=0.0))
    return np.stack([column[: count // size * size].reshape(-1, size).mean(axis=1) for column in columns], axis=1)


def mean_wait(blocks: np.ndarray, rate: float, confidence: float = 0.99) -> tuple[float, float]:
    """Mean wait and half the width of its interval, with service times and gaps as control variates.

    Their means are known (1 and 1/rate), so what they happened to be tells how lucky the waits were.
    """
    wait, known = blocks[:, 0], np.array([1.0, 1 / rate])
    controls = blocks[:, 1:] - known
    kept = controls[:, controls.std(axis=0) > 1e-12]
    design = np.column_stack([np.ones(len(wait)), kept])
    fitted, *_ = np.linalg.lstsq(design, wait, rcond=None)
    rest = wait - design @ fitted
    free = len(wait) - design.shape[1]
    spread = np.sqrt(rest @ rest / free * np.linalg.inv(design.T @ design)[0, 0])
    return float(fitted[0]), float(stats.t.ppf((1 + confidence) / 2, free) * spread)
