"""The flush of the database's log to disk, which every commit waits for, with group commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.job import Job, Then, Turn


class Flush:
    """One disk: a flush takes all commits that stand ready when it begins; who comes later waits for the next one.

    That is how PostgreSQL does it (XLogFlush): the first of those who wait flushes for all of them. `busy` is seconds
    of flushing, `flushes` their number.
    """

    def __init__(self, env: Environment, luck: Iterator[float], done: Callable[[Job], None]) -> None:
        self.busy, self.flushes = 0.0, 0
        self.waiting: list[Job] = []
        self._group: list[Job] = []
        self._luck, self._done = luck, done
        self._turn = Turn(env)
        self._then: Then = [self._flushed]
        self._schedule = env.schedule

    def join(self, job: Job) -> None:
        """A commit is written and waits to be flushed."""
        self.waiting.append(job)
        if not self._group:
            self._begin()

    def _begin(self) -> None:
        self._group, self.waiting = self.waiting, []
        seconds = self._group[0].flush * next(self._luck)
        self.busy += seconds
        self.flushes += 1
        self._turn.callbacks = self._then
        self._schedule(self._turn, NORMAL, seconds)

    def _flushed(self, _: Turn) -> None:
        group, self._group = self._group, []
        if self.waiting:
            self._begin()
        done = self._done
        for job in group:
            done(job)
