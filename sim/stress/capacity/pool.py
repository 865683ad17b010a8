"""The pool of connections to the database."""

from __future__ import annotations

from collections import deque

from simpy.core import Environment

from sim.stress.capacity.job import Job


class Pool:
    """Connections, given in the order of asking. `busy` is connection-seconds."""

    def __init__(self, env: Environment, count: int) -> None:
        self.count = self.free = count
        self.busy = 0.0
        self.waiting: deque[Job] = deque()
        self._env = env

    def take(self, job: Job) -> bool:
        """Whether there is a connection for it; else it waits for one."""
        if self.free:
            self.free -= 1
            job.connected = self._env.now
            return True
        self.waiting.append(job)
        return False

    def give(self, job: Job, now: float) -> Job | None:
        """It needs its connection no longer; who has it now, if anybody waited."""
        self.busy += now - job.connected
        if not self.waiting:
            self.free += 1
            return None
        following = self.waiting.popleft()
        following.connected = now
        return following
