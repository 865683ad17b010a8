"""What each transaction of a column takes: kinds become jobs, with the same luck in every shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.stress.capacity.kinds import NAMES, READERS, Kind
from sim.stress.capacity.luck import Floats, Luck, services, uniforms
from sim.stress.capacity.rows import NONE, Map
from sim.stress.capacity.service import LOCKS, ServiceTimes, Work
from sim.stress.capacity.shop import Shop

Row = tuple[float, int, float, float, float, float, tuple[int, ...], bool]
"""When it arrives, its kind, and what `Job` takes."""
Kinds = NDArray[np.int64]
_MS = 1e-3


@dataclass(frozen=True)
class Reads:
    """How reads of a member and her rank end: 1 where the database is read, and whether what was read is stale."""

    missed: Floats
    stale: NDArray[np.bool_]


class Pricing:
    """Prices transactions for a shop: the n-th transaction meets the same luck whatever the shop is."""

    def __init__(self, shop: Shop, times: ServiceTimes, seed: int) -> None:
        self.shop, self.times, self.seed = shop, times, seed
        self.map = Map(shop)
        self._inline = not shop.queue

    def rows(self, at: Floats, kinds: Kinds, first: int = 0) -> Iterator[Row]:
        """Jobs of these kinds at these times; `first` is the number of the first of them."""
        client, server, locked, flush = (np.zeros(len(kinds)) for _ in range(4))
        reads, locks = self._reads(kinds, first), self._locks(kinds, first)
        locking = np.array([bool(rows) for rows in locks], np.bool_)
        for kind in Kind:
            chosen = np.flatnonzero(kinds == kind)
            if len(chosen):
                work = self._work(kind)
                drawn = services(self.seed, len(kinds), first, work.variation)[chosen] * _MS
                after = np.where(locking[chosen], work.server_ms * work.locked_part, 0.0)
                missed = reads.missed[chosen] * drawn
                client[chosen] = work.client_ms * drawn + self.times["read"].client_ms * missed
                server[chosen] = (work.server_ms - after) * drawn + self.times["read"].server_ms * missed
                locked[chosen] = after * drawn
                flush[chosen] = work.flush_ms * _MS
        columns = (at, kinds, client, server, locked, flush)
        return zip(*(column.tolist() for column in columns), locks, reads.stale.tolist(), strict=True)

    def _work(self, kind: Kind) -> Work:
        """What a transaction takes; a payment books its commission itself where there is no queue."""
        work = self.times[kind.name]
        if kind is not Kind.pay or not self._inline:
            return work
        book = self.times["book"]
        server = work.server_ms + book.server_ms
        return Work(
            work.client_ms + book.client_ms,
            server,
            max(work.flush_ms, book.flush_ms),
            tuple(dict.fromkeys(work.locks + book.locks)),
            book.server_ms * book.locked_part / server if server else 0.0,
            work.variation,
            work.statements + book.statements,
        )

    def _reads(self, kinds: Kinds, first: int) -> Reads:
        shop = self.shop
        readers = np.isin(kinds, READERS)
        if not shop.cache:
            return Reads(readers.astype(np.float64), np.zeros(len(kinds), np.bool_))
        u = uniforms(self.seed, Luck.read, len(kinds), first)
        return Reads((readers & (u >= shop.hit)).astype(np.float64), readers & (u < shop.hit * shop.stale))

    def _locks(self, kinds: Kinds, first: int) -> list[tuple[int, ...]]:
        """The hot rows of each, in the order of their numbers."""
        base, codes = self.map.count + 1, np.zeros(len(kinds), np.int64)
        for lock, purpose in zip(LOCKS, (Luck.product, Luck.promoter, Luck.shard), strict=True):
            takers = [kind for kind in Kind if lock in self._work(kind).locks]
            u = uniforms(self.seed, purpose, len(kinds), first)
            found = {"stock": self.map.stock, "promoter": self.map.promoter, "platform": self.map.account}[lock](u)
            codes = codes * base + np.where(np.isin(kinds, takers), found, NONE) + 1
        rows = {code: _rows(code, base) for code in np.unique(codes).tolist()}
        return [rows[code] for code in codes.tolist()]

    def travel(self) -> list[float]:
        """Seconds between worker and database, by kind."""
        counts = [self.times["batch" if name in ("book", "settle") else name].statements for name in NAMES]
        return [count * self.shop.network_ms * _MS for count in counts]


def _rows(code: int, base: int) -> tuple[int, ...]:
    """The rows in a number whose digits, to that base, are row + 1, or 0 for none; the last digit is the last row."""
    rows: list[int] = []
    while code:
        code, digit = divmod(code, base)
        rows.append(digit - 1)
    return tuple(row for row in reversed(rows) if row != NONE)
