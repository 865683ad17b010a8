"""Jobs by the calendar: closes, reconciliation, backup; each keeps one core of the database busy for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.cores import Cores
from sim.stress.capacity.job import Then, Turn
from sim.stress.capacity.shop import Chore

_SLICE = 0.010
"""Seconds after which such a job lets others have its core, as an operating system makes it."""
_DAY, _HOUR = 86_400.0, 3600.0


def falls_on(chore: Chore, day: dt.date) -> bool:
    """Whether a job is due on a day: daily, on Mondays, or on the first of a month."""
    if chore.every_days == 1:
        return True
    return day.weekday() == 0 if chore.every_days == 7 else day.day == 1


def due(chores: tuple[Chore, ...], start: dt.date, days: int, daily_orders: float) -> Iterator[tuple[float, float]]:
    """When jobs begin within so many days from `start`, in seconds, and what they compute."""
    for number in range(days):
        for chore in chores:
            if falls_on(chore, start + dt.timedelta(days=number)):
                seconds = chore.seconds + chore.per_thousand * daily_orders / 1000 * chore.every_days
                yield number * _DAY + chore.hour * _HOUR, seconds


class Running(Turn):
    """A job at work: slice after slice, each behind those who wait for the core."""

    __slots__ = ("_cores", "_left", "_then")

    def __init__(self, env: Environment, cores: Cores, at: float, seconds: float) -> None:
        super().__init__(env)
        self._cores, self._left = cores, seconds
        self._then: Then = [self._sliced]
        self.callbacks = [self._compute]
        env.schedule(self, NORMAL, at - env.now)

    def _compute(self, _: Turn) -> None:
        seconds = min(self._left, _SLICE)
        self._left -= seconds
        self._cores.take(self, seconds, self._then)

    def _sliced(self, _: Turn) -> None:
        self._cores.leave()
        if self._left > 0:
            self._compute(self)
