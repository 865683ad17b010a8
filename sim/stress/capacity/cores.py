"""Processor cores, shared by all who compute on them."""

from __future__ import annotations

from collections import deque

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.job import Then, Turn


class Cores:
    """Cores that take slices of work in the order of asking; a slice is shorter than what an operating system would
    let run at a stretch, so it is not interrupted. `busy` is core-seconds given."""

    def __init__(self, env: Environment, count: int) -> None:
        self.count = self.free = count
        self.busy = 0.0
        self.waiting: deque[Turn] = deque()
        self._schedule = env.schedule

    def take(self, turn: Turn, seconds: float, then: Then) -> None:
        """Compute for so long, as soon as a core is free; what follows must begin with `leave`."""
        turn.callbacks = then
        if self.free:
            self.free -= 1
            self.busy += seconds
            self._schedule(turn, NORMAL, seconds)
        else:
            turn.slice = seconds
            self.waiting.append(turn)

    def leave(self) -> None:
        """A slice is over: the core goes to who waits longest."""
        if self.waiting:
            turn = self.waiting.popleft()
            self.busy += turn.slice
            self._schedule(turn, NORMAL, turn.slice)
        else:
            self.free += 1
