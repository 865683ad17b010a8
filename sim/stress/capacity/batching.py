"""The queue between orders and settlement: what waits is taken in batches, by size or by time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.job import Job, Turn
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.luck import Luck, endless
from sim.stress.capacity.pricing import Pricing

_MS = 1e-3


class Batching:
    """Orders whose commission waits to be booked (or released): a batch goes when it is full, or after a while.

    Attributes:
        waiting: when each of those not yet in a batch was asked for.
        open: orders in the queue and in batches not yet done. most_open: the most there were.
    """

    def __init__(self, env: Environment, pricing: Pricing, submit: Callable[[Job], None]) -> None:
        shop = pricing.shop
        self.waiting: list[float] = []
        self.open = self.most_open = 0
        self._env, self._pricing, self._submit = env, pricing, submit
        self._size, self._seconds = shop.batch, shop.batch_seconds
        self._batch, self._each = pricing.times["batch"], pricing.times["settle"]
        self._service = endless(pricing.seed, Luck.batch, self._batch.variation)
        self._promoters = endless(pricing.seed, Luck.batch_promoter)
        self._made = 0

    def add(self, asked: float) -> None:
        """An order's commission is to be booked."""
        self.waiting.append(asked)
        self._opened(1)
        if len(self.waiting) >= self._size:
            self.send(Kind.book, self._collected())
        elif len(self.waiting) == 1:
            self._wait()

    def release(self, count: int) -> None:
        """So many orders' holds are over: their commission becomes available."""
        self._opened(count)
        for first, end in pairwise([*range(0, count, self._size), count]):
            self.send(Kind.settle, [self._env.now] * (end - first))

    @property
    def behind(self) -> int:
        """Orders in batches that are not done: the one that is being filled does not count."""
        return self.open - len(self.waiting)

    def done(self, job: Job) -> None:
        """A batch is committed."""
        self.open -= len(job.items)

    def send(self, kind: Kind, items: list[float]) -> None:
        """Hand a batch to the settlement workers."""
        self._submit(self.made(kind, items))

    def made(self, kind: Kind, items: list[float]) -> Job:
        """A batch of orders that were asked for at these times, as one transaction."""
        drawn = next(self._service) * _MS
        client = (self._batch.client_ms + self._each.client_ms * len(items)) * drawn
        server = (self._batch.server_ms + self._each.server_ms * len(items)) * drawn
        rows = self._rows(len(items))
        locked = server * self._batch.locked_part if rows else 0.0
        flush = self._batch.flush_ms * _MS
        return Job(items[0], kind, client, server - locked, locked, flush, rows, False, tuple(items))

    def _opened(self, count: int) -> None:
        self.open += count
        if self.open > self.most_open:
            self.most_open = self.open

    def _collected(self) -> list[float]:
        items, self.waiting = self.waiting, []
        return items

    def _wait(self) -> None:
        turn, first = Turn(self._env), self.waiting
        turn.callbacks = [lambda _: self._late(first)]
        self._env.schedule(turn, NORMAL, self._seconds)

    def _late(self, first: list[float]) -> None:
        """Time is up for a batch, if it has not gone."""
        if first is self.waiting:
            self.send(Kind.book, self._collected())

    def _rows(self, count: int) -> tuple[int, ...]:
        """Hot rows of a batch: promoters with an order among so many, and one of the platform's rows."""
        shop, rows = self._pricing.shop, self._pricing.map
        luck = next(self._promoters)
        hot = [
            rows.promoters + place
            for place, part in enumerate(shop.hot_promoters)
            if luck < 1 - (1 - part) ** count and "promoter" in self._batch.locks
        ]
        self._made += 1
        if shop.platform_rows and "platform" in self._batch.locks:
            hot.append(rows.platform + self._made % shop.platform_rows)
        return tuple(hot)
