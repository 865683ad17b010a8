"""The way of a transaction: worker, connection, processor, locks, commit; and back again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.cores import Cores
from sim.stress.capacity.flush import Flush
from sim.stress.capacity.job import Job, Then
from sim.stress.capacity.luck import Luck, endless
from sim.stress.capacity.pool import Pool
from sim.stress.capacity.rows import Map, Rows
from sim.stress.capacity.shop import Shop


class Path:
    """What transactions pass through once they have a worker.

    A worker computes, takes a connection, has the server compute up to the first lock, takes the locks one after
    another in one order (so that there are no deadlocks), has the server compute the rest, and commits, which waits for
    a flush. Only then locks, connection and worker are free. A step that takes no time is no event. `travel` is the
    time between worker and database, seconds by kind.
    """

    def __init__(
        self, env: Environment, shop: Shop, travel: Sequence[float], seed: int, done: Callable[[Job, float], None]
    ) -> None:
        self.database = Cores(env, shop.cores)
        self.machines = Cores(env, shop.worker_cores) if shop.worker_cores else self.database
        self.pool = Pool(env, shop.pool)
        self.rows = Rows(env, Map(shop).count)
        self.flush = Flush(env, endless(seed, Luck.flush, shop.flush_variation), self._finish)
        self.retries = 0
        self._env, self._done = env, done
        self._travel_seconds, self._is_far = travel, any(travel)
        self._restart = shop.restart_seconds
        self._after_client: Then = [self._computed]
        self._after_server: Then = [self._served]
        self._after_locked: Then = [self._written]
        self._after_network: Then = [self._commit]

    def begin(self, job: Job) -> None:
        """It has a worker."""
        if job.client:
            self.machines.take(job, job.client, self._after_client)
        else:
            self._connect(job)

    def _computed(self, job: Job) -> None:
        self.machines.leave()
        if not job.server:
            self._connect(job)
        elif self.pool.take(job):
            self.database.take(job, job.server, self._after_server)

    def _connect(self, job: Job) -> None:
        if not (job.server or job.flush):
            self._leave(job)
        elif self.pool.take(job):
            self._serve(job)

    def _serve(self, job: Job) -> None:
        if job.server:
            self.database.take(job, job.server, self._after_server)
        else:
            self._lock(job)

    def _served(self, job: Job) -> None:
        self.database.leave()
        if job.rows:
            self._lock(job)
        elif self._is_far:
            self._travel(job)
        else:
            self._commit(job)

    def _lock(self, job: Job) -> None:
        """Take the rows that it does not have yet; called again when it gets one that it waited for."""
        rows = job.rows
        while job.held < len(rows):
            if not self.rows.take(rows[job.held], job):
                return
            job.held += 1
        if job.locked:
            self.database.take(job, job.locked, self._after_locked)
        else:
            self._locked(job)

    def _written(self, job: Job) -> None:
        self.database.leave()
        self._locked(job)

    def _locked(self, job: Job) -> None:
        if self._is_far:
            self._travel(job)
        else:
            self._commit(job)

    def _travel(self, job: Job) -> None:
        job.callbacks = self._after_network
        self._env.schedule(job, NORMAL, self._travel_seconds[job.kind])

    def _commit(self, job: Job) -> None:
        if job.stale or job.group.doomed:
            self._roll_back(job)
        elif job.flush:
            self.flush.join(job)
        else:
            self._finish(job)

    def _roll_back(self, job: Job) -> None:
        """Do it again: at once where what it read was out of date, by another worker where its own has failed."""
        self.retries += 1
        self._unlock(job)
        if job.group.doomed:
            job.group.again(job)
            following = self.pool.give(job, self._env.now)
            if following is not None:
                self._serve(following)
            job.group.restart(job, self._restart)
        else:
            job.stale = False
            self._serve(job)

    def _finish(self, job: Job) -> None:
        if job.rows:
            self._unlock(job)
        now = self._env.now
        following = self.pool.give(job, now)
        if following is not None:
            self._serve(following)
        job.group.release(job, now)
        self._done(job, now)

    def _leave(self, job: Job) -> None:
        """It needs no database."""
        now = self._env.now
        job.group.release(job, now)
        self._done(job, now)

    def _unlock(self, job: Job) -> None:
        for row in job.rows[: job.held]:
            following = self.rows.give(row)
            if following is not None:
                following.held += 1
                self._lock(following)
        job.held = 0
