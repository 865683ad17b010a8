"""Hot rows: those that many transactions change, each of which keeps the row until its commit is flushed."""

from __future__ import annotations

from collections import deque
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from simpy.core import Environment

from sim.stress.capacity.job import Job
from sim.stress.capacity.luck import Floats
from sim.stress.capacity.service import Lock
from sim.stress.capacity.shop import Shop

NONE = -1


class Rows:
    """Row locks, given in the order of asking. `busy` is seconds held, by row."""

    def __init__(self, env: Environment, count: int) -> None:
        self.taken = [False] * count
        self.busy = [0.0] * count
        self._since = [0.0] * count
        self.waiting: list[deque[Job]] = [deque() for _ in range(count)]
        self._env = env

    def take(self, row: int, job: Job) -> bool:
        """Whether the row is free for it; else it waits."""
        if self.taken[row]:
            self.waiting[row].append(job)
            return False
        self.taken[row] = True
        self._since[row] = self._env.now
        return True

    def give(self, row: int) -> Job | None:
        """Unlock; who has the row now, if anybody waited."""
        now = self._env.now
        self.busy[row] += now - self._since[row]
        if not self.waiting[row]:
            self.taken[row] = False
            return None
        self._since[row] = now
        return self.waiting[row].popleft()


class Map:
    """Numbers of hot rows: buckets of the hot product's stock, then hot promoters, then the platform's account."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.promoters = shop.stock_buckets
        self.platform = self.promoters + len(shop.hot_promoters)
        self.count = self.platform + shop.platform_rows
        self._ends = np.array(list(accumulate(shop.hot_promoters)), np.float64)

    def stock(self, u: Floats) -> NDArray[np.int64]:
        """The bucket that an order locks, or none: it buys something else."""
        shop = self.shop
        hot = u < shop.hot_product
        if not shop.hot_product:
            return np.full(len(u), NONE)
        return np.where(hot, (u / shop.hot_product * shop.stock_buckets).astype(np.int64), NONE)

    def promoter(self, u: Floats) -> NDArray[np.int64]:
        """The hot promoter's balance that an order locks, or none."""
        place = np.searchsorted(self._ends, u, side="right")
        return np.where(place < len(self._ends), self.promoters + place, NONE)

    def account(self, u: Floats) -> NDArray[np.int64]:
        """The platform's row that an order locks, or none where its balance is derived."""
        if not self.shop.platform_rows:
            return np.full(len(u), NONE)
        return self.platform + (u * self.shop.platform_rows).astype(np.int64)

    def named(self, lock: Lock) -> range:
        """The rows of a kind."""
        ends = {"stock": (0, self.promoters), "promoter": (self.promoters, self.platform)}
        return range(*ends.get(lock, (self.platform, self.count)))
