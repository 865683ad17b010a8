"""The books of a world: a day's events into the store, what they cause into the metrics and the watch.

With more than one thread a clerk books a day while the market lives the next one, and counts it while the market
prepares to trade. That changes nothing: whoever looks at the store sees it as it stood the evening before, and
waits until that is booked.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rules.events import Records
from sim.compliance.watch import Watch
from sim.metrics import Meter
from sim.store import Store

Sink = Callable[[Records, Records], object]
"""What gets the accepted events and the new entries of a day, in order."""
WORTH_A_CLERK = 50_000
"""People from which on a clerk saves time: in a smaller market he and the market wait for one interpreter's lock."""
Payees = NDArray[np.int32]
Result = TypeVar("Result")

_NOBODY: Payees = np.zeros(0, np.int32)


class Books:
    """Books one day after the other.

    Args:
        store, meter, watch: of the world. workers: threads of the world; with one, or few people, nothing happens
            beside anything.
    """

    def __init__(self, store: Store, meter: Meter, watch: Watch, workers: int) -> None:
        self._store, self._meter, self._watch = store, meter, watch
        apart = workers > 1 and len(store.book.members) >= WORTH_A_CLERK
        self._clerk = ThreadPoolExecutor(1, "clerk") if apart else None
        self._booked: Future[tuple[Records, Records]] | None = None
        self._counted: Future[None] | None = None

    def take(self, day: int, events: Records, sink: Sink | None) -> None:
        """Begin to book the events of a day (since 1970-01-01), once all before are counted."""
        assert self._booked is None
        self.count()
        booked = self._booked = self._begin(lambda: self._store.apply(events))
        self._counted = self._begin(lambda: self._count(day, *booked.result(), sink))

    def settle(self) -> Payees:
        """Wait until all is booked; gives whom the events since the last time have brought entries."""
        booked, self._booked = self._booked, None
        return booked.result()[1]["member"] if booked else _NOBODY

    def count(self) -> None:
        """Wait until all is counted, too."""
        counted, self._counted = self._counted, None
        if counted:
            counted.result()

    def close(self) -> None:
        """Let the clerk go."""
        if self._clerk:
            self._clerk.shutdown()
            self._clerk = None

    def _begin(self, work: Callable[[], Result]) -> Future[Result]:
        if self._clerk:
            return self._clerk.submit(work)
        done: Future[Any] = Future()
        done.set_result(work())
        return done

    def _count(self, day: int, accepted: Records, entries: Records, sink: Sink | None) -> None:
        self._meter.observe(day, accepted, entries, self._store.book)
        self._watch.observe(day, accepted, self._store.book)
        if sink:
            sink(accepted, entries)
