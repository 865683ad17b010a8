"""A group of worker processes with its queue: a fixed number, or scaled out and in; some fail and restart."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from math import log

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.job import Job, Then, Turn
from sim.stress.capacity.shop import Staff

_HOUR = 3600.0


class Group:
    """Workers who take transactions in the order of asking, each one at a time.

    Attributes:
        workers: how many there are, those who restart included. idle: how many have nothing to do.
        queue: transactions that wait. most_waiting: the longest that it was.
        busy: worker-seconds of work. paid: worker-seconds there were, up to `count`'s last call. doomed: workers that
            have failed, which shows when they would commit.
    """

    def __init__(self, env: Environment, staff: Staff, begin: Callable[[Job], None]) -> None:
        self.workers = self.idle = self.most_workers = staff.workers
        self.queue: deque[Job] = deque()
        self.most_waiting, self.doomed, self.failures = 0, 0, 0
        self.busy = self.paid = 0.0
        self._staff, self._env, self._begin = staff, env, begin
        self._starting, self._counted = 0, env.now
        if staff.most is not None:
            self._after(staff.spare_seconds, self._look)

    def submit(self, job: Job) -> None:
        """A transaction asks for a worker."""
        job.group = self
        if self.idle:
            self.idle -= 1
            job.begun = self._env.now
            self._begin(job)
            return
        self.queue.append(job)
        waiting = len(self.queue)
        if waiting > self.most_waiting:
            self.most_waiting = waiting
        if self._staff.most is not None and waiting > self._staff.out_at * (self.workers + self._starting):
            self._scale_out()

    def release(self, job: Job, now: float) -> None:
        """A transaction is done; its worker takes the next one."""
        self.busy += now - job.begun
        if self.queue:
            following = self.queue.popleft()
            following.begun = now
            self._begin(following)
        else:
            self.idle += 1

    def again(self, job: Job) -> None:
        """Its worker failed: the transaction goes back to the head of the queue."""
        self.queue.appendleft(job)

    def fail(self, restart_seconds: float) -> None:
        """A worker failed: one who is idle restarts at once, one at work loses what it did."""
        self.failures += 1
        if self.idle:
            self.idle -= 1
            self._after(restart_seconds, lambda _: self._next())
        else:
            self.doomed += 1

    def restart(self, job: Job, restart_seconds: float) -> None:
        """The worker of a transaction that was lost is gone for a while."""
        self.doomed -= 1
        self.busy += self._env.now - job.begun
        self._after(restart_seconds, lambda _: self._next())

    def count(self) -> float:
        """Worker-seconds there were up to now."""
        now = self._env.now
        self.paid += (now - self._counted) * self.workers
        self._counted = now
        return self.paid

    def _next(self) -> None:
        if self.queue:
            job = self.queue.popleft()
            job.begun = self._env.now
            self._begin(job)
        else:
            self.idle += 1

    def _scale_out(self) -> None:
        if self._staff.most is None or self.workers + self._starting >= self._staff.most:
            return
        self._starting += 1
        self._after(self._staff.start_seconds, self._started)

    def _started(self, _: Turn) -> None:
        self.count()
        self._starting -= 1
        self.workers += 1
        self.most_workers = max(self.most_workers, self.workers)
        self._next()

    def _look(self, _: Turn) -> None:
        """Stop one worker where two are idle and nothing waits."""
        if self.idle > 1 and self.workers > self._staff.workers:
            self.count()
            self.workers -= 1
            self.idle -= 1
        self._after(self._staff.spare_seconds, self._look)

    def _after(self, seconds: float, then: Callable[[Turn], None]) -> None:
        turn = Turn(self._env)
        turn.callbacks = [then]
        self._env.schedule(turn, NORMAL, seconds)


class Failures:
    """Failures of a group's workers, each after an exponential time."""

    def __init__(
        self, env: Environment, group: Group, every_hours: float, restart_seconds: float, luck: Iterator[float]
    ) -> None:
        self._env, self._group, self._luck = env, group, luck
        self._every, self._restart = every_hours * _HOUR, restart_seconds
        self._turn = Turn(env)
        self._then: Then = [self._happen]
        self._wait()

    def _wait(self) -> None:
        self._turn.callbacks = self._then
        gap = -log(1 - next(self._luck)) * self._every / self._group.workers
        self._env.schedule(self._turn, NORMAL, gap)

    def _happen(self, _: Turn) -> None:
        self._group.fail(self._restart)
        self._wait()
