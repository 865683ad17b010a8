"""A client process: brings its tasks to the store one after the other, and notes what it was told.

It can be killed at any moment. The next one of the same place reads what its forerunner was told, and begins with what
it was not told: the store knows whether that had happened. So does it with payouts whose fate it does not know.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from rules.events import Kind, Records
from rules.orders import is_on_order
from rules.payout.channel import channel_order_no
from rules.records import WithdrawalStatus
from sim.interrupts import leave_it_to_the_parent
from sim.rows import events_of
from sim.store.asks import Reply, Result
from sim.stress.load.channel import Answer, PayoutChannel
from sim.stress.load.diary import Diary, Line, read
from sim.stress.load.stream import Task

PROCESSOR = "processor"
"""Among the traffic: seconds of processor time of the load's own processes."""
PAYOUTS = 1 << 40
"""Numbers of the payout channel's answers begin here: four for each withdrawal."""
_ANSWERS = {Answer.paid: Kind.paid, Answer.failed: Kind.failed, Answer.unknown: Kind.unknown}
_LOOK_AGAIN = 0.004
"""Seconds after which a client looks again whether the others have come up."""
_AGAIN_AFTER = 10
"""Tasks after which a payout is asked about again."""


class Counter(Protocol):
    """Where a client brings its events: a database, or a shop behind HTTP."""

    @property
    def sent(self) -> int:
        """Statements, or requests, so far."""
        ...

    def bring(self, events: Records, number: int, source: int) -> Reply:
        """Bring an event until there is an answer, however often the connection breaks."""
        ...

    def payouts(self, client: int, clients: int) -> list[tuple[int, ...]]:
        """Withdrawals of the client's members that the channel has not answered: number, member, net fen."""
        ...

    def payout(self, withdrawal: int) -> tuple[int, ...] | None:
        """A withdrawal, if it has been handed to the channel: number, status, net fen."""
        ...

    def waits(self) -> Mapping[str, float]:
        """Seconds waited for rows that others had locked, by row."""
        ...

    def close(self) -> None:
        """Let everything go."""
        ...


@dataclass
class Pace:
    """How fast clients go, shared by all of them.

    Attributes:
        reached: by process, the second up to which it has come. window: seconds that nobody runs ahead of the slowest.
        rates: events a second of all clients together, 0 = as fast as they can; when to stop, on the wall clock; and
            whether all clients have stopped.
        armed: by client, whether it dies after its next commit.
    """

    reached: MutableSequence[int]
    rates: MutableSequence[float]
    window: int
    armed: MutableSequence[int]

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return time.time() >= self.rates[1]

    @property
    def stopped(self) -> bool:
        """Whether all clients have stopped, which is when workers may come to their end."""
        return self.rates[2] > 0

    def wait(self, place: int, moment: int) -> bool:
        """Wait until nobody is too far behind; False if time is up."""
        self.reached[place] = moment
        while moment > min(self.reached[:]) + self.window:
            if self.over:
                return False
            time.sleep(_LOOK_AGAIN)
        return not self.over


@dataclass
class Client:
    """A client at work.

    Attributes:
        place: which of the clients. clients: how many there are. counter: where it brings its events.
        notices: how often the payment of an order is reported, the first time included.
        channel: pays what members withdraw. pace: how fast it goes.
    """

    place: int
    clients: int
    counter: Counter
    diary: Diary
    channel: PayoutChannel
    pace: Pace
    notices: int
    seed: int

    def work(self, tasks: Sequence[Task], told: frozenset[int]) -> bool:
        """Bring all tasks that nobody was told of yet; False if time ran out."""
        luck = np.random.default_rng((self.seed, self.place))
        later: list[tuple[int, Task]] = []
        unpaid = {number: 0 for number, _, _ in self.counter.payouts(self.place, self.clients)}
        due = time.perf_counter()
        for count, task in enumerate(tasks):
            if task.source in told:
                continue
            if not self.pace.wait(self.place, task.time):
                return False
            due = self._next(due, luck)
            self._bring(task, due)
            if task.kind == Kind.pay:
                later += [(count + int(luck.integers(0, 40)), task) for _ in range(self.notices - 1)]
            if task.kind in (Kind.withdraw, Kind.approve):
                unpaid[int(task.events["order"][0])] = count
            for when, again in [one for one in later if one[0] <= count]:
                later.remove((when, again))
                self._bring(again, time.perf_counter(), note=False)
            for number in [number for number, when in unpaid.items() if when <= count]:
                if self._pay_out(number, task.time):
                    del unpaid[number]
                else:
                    unpaid[number] = count + _AGAIN_AFTER
        for _, again in later:
            self._bring(again, time.perf_counter(), note=False)
        self.pace.reached[self.place] = 1 << 60
        return True

    def _next(self, due: float, luck: np.random.Generator) -> float:
        """When the next event arrives: at once, or at the rate that is set, whether or not the last one is through."""
        rate = self.pace.rates[0]
        if rate <= 0:
            return time.perf_counter()
        due += luck.exponential(self.clients / rate)
        time.sleep(max(0.0, due - time.perf_counter()))
        return due

    def _bring(self, task: Task, begun: float, note: bool = True) -> None:
        self._ask(task.events, task.number, task.source, _subject(task), begun, note)

    def _ask(self, events: Records, number: int, source: int, subject: int, begun: float, note: bool = True) -> None:
        """Bring an event, and write down what was said to it."""
        cpu, sent = time.process_time(), self.counter.sent
        reply = self.counter.bring(events, number, source)
        if note or reply.result is Result.done:
            us, used = int(1e6 * (time.perf_counter() - begun)), int(1e6 * (time.process_time() - cpu))
            said = (int(events["kind"][0]), subject, number, reply.result.value)
            self.diary.add(Line(source, *said, us, int(1000 * time.time()), used, self.counter.sent - sent))

    def _pay_out(self, number: int, moment: int) -> bool:
        """Ask the channel for a payout, and tell the store what it said; whether that was final."""
        found = self.counter.payout(number)
        if found is None:
            return True
        _, status, net = found
        if status not in (WithdrawalStatus.sent, WithdrawalStatus.unknown):
            return status != WithdrawalStatus.reviewing
        said = self.channel.pay(channel_order_no(number), net)
        if said is Answer.nothing or (said is Answer.unknown and status == WithdrawalStatus.unknown):
            return False
        kind, begun = _ANSWERS[said], time.perf_counter()
        source = PAYOUTS | number << 2 | list(_ANSWERS).index(said)
        self._ask(events_of(kind, np.array([moment]), order=number), 0, source, number, begun)
        return said is not Answer.unknown


def _subject(task: Task) -> int:
    event = task.events[0]
    about_order = task.kind == Kind.order or is_on_order(task.kind) or Kind.withdraw <= task.kind <= Kind.unknown
    return int(event["order"] if about_order else event["member"])


def be_quiet() -> None:
    """Leave Ctrl-C to the parent, and say nothing of connections that break: they are counted."""
    leave_it_to_the_parent()
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)


def note_traffic(folder: Path, place: int, counter: Counter) -> None:
    """Leave behind what a process has cost the database, what it waited for, and what processor time it took."""
    told = {**counter.waits(), PROCESSOR: time.process_time()}
    (folder / f"waits-{place}-{os.getpid()}.json").write_text(json.dumps(told), "utf-8")


def run_client(
    place: int,
    clients: int,
    tasks: Sequence[Task],
    make_counter: Callable[[Callable[[bool], None]], Counter],
    folder: Path,
    pace: Pace,
    notices: int,
    seed: int,
) -> None:
    """The life of a client process, from its forerunner's last line to its own."""
    be_quiet()
    path = folder / f"client-{place}.csv"
    told = frozenset(line.source for line in read(path))

    def between(committed: bool) -> None:
        if committed and pace.armed[place]:
            pace.armed[place] = 0
            os.kill(os.getpid(), signal.SIGKILL)

    channel = PayoutChannel(folder / f"channel-{place}.csv", seed)
    counter = make_counter(between)
    try:
        with Diary(path) as diary:
            Client(place, clients, counter, diary, channel, pace, notices, seed).work(tasks, told)
    finally:
        note_traffic(folder, place, counter)
        counter.close()
