"""Withdrawals after they are booked: people review some, then the payout channel pays, late, never or unknown."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from math import log

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.job import Turn
from sim.stress.capacity.luck import Luck, endless
from sim.stress.capacity.shop import Channel, Review

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0
_REVIEW_VARIATION = 0.7


def after(env: Environment, seconds: float, then: Callable[[Turn], None]) -> None:
    """Do something after a while."""
    turn = Turn(env)
    turn.callbacks = [then]
    env.schedule(turn, NORMAL, seconds)


class Desk:
    """Reviewers of withdrawals: so many people, who begin nothing new outside opening hours.

    `busy` is seconds of review; time 0 is a midnight.
    """

    def __init__(self, env: Environment, review: Review, seed: int, passed: Callable[[float], None]) -> None:
        self.queue: deque[float] = deque()
        self.busy, self.most_waiting = 0.0, 0
        self._env, self._review, self._passed = env, review, passed
        self._free = review.people
        self._luck = endless(seed, Luck.reviewed, _REVIEW_VARIATION)
        self._open()

    def ask(self, asked: float) -> None:
        """A withdrawal of that time is to be reviewed."""
        self.queue.append(asked)
        self.most_waiting = max(self.most_waiting, len(self.queue))
        self._begin()

    def is_open(self) -> bool:
        """Whether somebody is there."""
        return self._review.opens * _HOUR <= self._env.now % _DAY < self._review.closes * _HOUR

    def _open(self, _: Turn | None = None) -> None:
        """Begin, now or when the desk opens; and again at every opening."""
        self._begin()
        after(self._env, (self._review.opens * _HOUR - self._env.now) % _DAY or _DAY, self._open)

    def _begin(self) -> None:
        while self._free and self.queue and self.is_open():
            self._free -= 1
            seconds = self._review.minutes * _MINUTE * next(self._luck)
            self.busy += seconds
            asked = self.queue.popleft()
            after(self._env, seconds, partial(self._end, asked))

    def _end(self, asked: float, _: Turn) -> None:
        self._free += 1
        self._passed(asked)
        self._begin()


class Payouts:
    """The payout channel: approved withdrawals are sent in calls, and each is answered, or asked about again.

    Attributes:
        queue: when those that wait to be sent were asked for. most_waiting: the most there were.
        calls, asked_again: calls and questions made. open: sent and not answered.
    """

    def __init__(self, env: Environment, channel: Channel, seed: int, paid: Callable[[float], None]) -> None:
        self.queue: deque[float] = deque()
        self.calls = self.asked_again = self.open = self.most_waiting = 0
        self._env, self._channel, self._paid = env, channel, paid
        self._luck, self._seconds = endless(seed, Luck.answer), endless(seed, Luck.answered)
        self._next_call = 0.0
        after(env, channel.every_minutes * _MINUTE, self._tick)

    def send(self, asked: float) -> None:
        """A withdrawal is approved."""
        self.queue.append(asked)
        self.most_waiting = max(self.most_waiting, len(self.queue))
        if len(self.queue) >= self._channel.items:
            self._call()

    def _tick(self, _: Turn) -> None:
        while self.queue:
            self._call()
        after(self._env, self._channel.every_minutes * _MINUTE, self._tick)

    def _call(self) -> None:
        """Send up to a call's items, not faster than the channel takes calls."""
        items = [self.queue.popleft() for _ in range(min(self._channel.items, len(self.queue)))]
        self.calls += 1
        self.open += len(items)
        begins = self._slot()
        for asked in items:
            after(self._env, begins + self._answer(), partial(self._answered, asked))

    def _slot(self) -> float:
        """Seconds until the channel takes one more call."""
        now = self._env.now
        begins = max(now, self._next_call)
        self._next_call = begins + 1 / self._channel.calls_per_second
        return begins - now

    def _answer(self) -> float:
        """Seconds until a payout is known to be paid, questions included."""
        channel, luck = self._channel, next(self._luck)
        soon = -channel.answer_seconds * log(1 - next(self._seconds))
        if luck < channel.late:
            return soon + channel.late_hours * _HOUR
        if luck < channel.late + channel.never + channel.unknown:
            return soon + self._questions() * channel.ask_minutes * _MINUTE
        return soon

    def _questions(self) -> int:
        """How often it has to be asked."""
        count = 1
        while next(self._luck) < self._channel.unknown:
            count += 1
        self.asked_again += count
        return count

    def _answered(self, asked: float, _: Turn) -> None:
        self.open -= 1
        self._paid(asked)
