"""Work on people in 64 chunks, by one thread or several: which, changes nothing in the result.

A chunk writes its own part of an output; parts are put together in the order of chunks. The number of chunks is fixed,
so that it can never depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNKS = 64
ALONE = 4096
"""Fewer things than this are done by one thread: waking another costs more."""


def bounds(count: int) -> NDArray[np.int64]:
    """Where the chunks of `count` things begin, and the end: (CHUNKS + 1,)."""
    return np.arange(CHUNKS + 1) * count // CHUNKS


def pack(values: NDArray[Any], begins: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[Any]:
    """The first `counts` values of each chunk, in the order of chunks."""
    parts = [values[begin : begin + count] for begin, count in zip(begins, counts, strict=False) if count]
    return np.concatenate(parts) if parts else values[:0].copy()


class Crew:
    """The threads of a world.

    Args:
        workers: how many.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"`workers >= 1` must hold, but got workers={workers}.")
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None

    def share(self, work: Callable[[int, int], object], things: int) -> None:
        """Call `work(first chunk, last chunk)` for ranges that cover all chunks; waits for all."""
        if self._pool is None or things < ALONE:
            work(0, CHUNKS)
            return
        cuts = [CHUNKS * part // self.workers for part in range(self.workers + 1)]
        for done in [self._pool.submit(work, *cut) for cut in pairwise(cuts)]:
            done.result()

    def gather(
        self, work: Callable[[int, int, NDArray[np.int32], NDArray[np.int64]], object], things: int
    ) -> NDArray[np.int32]:
        """What chunks of `things` find, at most one number a thing, in the order of chunks.

        Args:
            work: called as by `share`, and with what it writes: the numbers found, from where its chunk begins, and how
                many by chunk. It may write one row beyond what it has found.
        """
        out, counts = np.empty(things + 1, np.int32), np.zeros(CHUNKS, np.int64)
        self.share(lambda first, last: work(first, last, out, counts), things)
        return pack(out, bounds(things)[:-1], counts)

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
