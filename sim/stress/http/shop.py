"""A store on a database that several threads serve, each at a counter of its own: what stands behind the server.

Its clock is the latest time that an event had. What becomes due by then (receipts, settlements, closes) a thread of
its own lets happen. There is room for so many events to wait; more are told to come again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from rules.errors import InputError
from rules.records import WithdrawalStatus
from sim.store.asks import Ask, Reply, Result, Rollback, Talk, Write
from sim.store.sql.facts import StoreFacts
from sim.store.sql.schema import inbox, withdrawals
from sim.store.sql.transact import LostConnectionError
from sim.stress.http.contract import Asked, Contract, Withdrawal, Withdrawals
from sim.stress.http.models import iso
from sim.stress.load.client import Pace
from sim.stress.load.counter import SqlCounter
from sim.stress.load.worker import Worker

AWAY = (LostConnectionError, DBAPIError)
"""What is raised while the database is away."""
PAGE = 1000
"""Withdrawals that are told at once."""
OPEN = (WithdrawalStatus.sent, WithdrawalStatus.unknown)
"""Withdrawals that the payout channel has not answered for good."""
_LONGEST = 3660 * 86_400
"""Seconds that a shop is open."""
_GIVE_UP = 0.5
"""Seconds without the database after which a caller is told to come again."""
_PAUSE = 0.05
_BEFORE = select(inbox.c.kind, inbox.c.refusal)
_NET = (withdrawals.c.amount - withdrawals.c.fee - withdrawals.c.tax).label("net")
_DRAWN = select(withdrawals.c.id, withdrawals.c.member, withdrawals.c.status, _NET).order_by(withdrawals.c.id)

Found = TypeVar("Found")


class FullError(Exception):
    """So many are waiting that there is no room for more."""


@dataclass
class Job:
    """Something to do at a counter, and who waits for what comes of it."""

    work: Callable[[SqlCounter], Any]
    done: Future[Any]


class StagingShop:
    """Threads that serve a store.

    Args:
        url: of the database. facts: of the store. threads: how many counters there are. room: how many can wait.
    """

    def __init__(self, url: str, facts: StoreFacts, threads: int = 4, room: int = 64) -> None:
        self.contract = Contract(facts.names, facts.people)
        self._url, self._facts = url, facts
        self._begins = facts.start_day * 86_400
        self._clock = self._begins
        self._jobs: Queue[Job] = Queue(room)
        self._closed, self._news = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(threads)]
        self._threads.append(threading.Thread(target=self._settle, daemon=True))
        for thread in self._threads:
            thread.start()

    def ask(self, work: Callable[[SqlCounter], Found]) -> Future[Found]:
        """Have something done at the next counter that is free.

        Raises:
            FullError: too many are waiting.
        """
        job = Job(work, Future())
        try:
            self._jobs.put_nowait(job)
        except Full:
            raise FullError from None
        return job.done

    def close(self) -> None:
        """Let every thread come to the end of what it is doing."""
        self._closed.set()
        self._news.set()
        for thread in self._threads:
            thread.join()
        with suppress(Empty):
            while True:
                self._jobs.get_nowait().done.set_exception(FullError())

    def read(self, body: bytes) -> Asked:
        """An event from JSON.

        Raises:
            InputError: it is none, or of a time when the shop is not open.
        """
        asked = self.contract.read(body)
        time = int(asked.events["time"][0])
        if not self._begins <= time < self._begins + _LONGEST:
            open_from, open_until = iso(self._begins), iso(self._begins + _LONGEST)
            raise InputError(f"time is {iso(time)}", allowed=f"from {open_from} to {open_until}: the shop is open then")
        return asked

    def bring(self, counter: SqlCounter, asked: Asked) -> Reply:
        """Take an event: the first time it comes, and never again."""
        reply = counter.serve(lambda: _begin(counter, asked))
        self._clock = max(self._clock, int(asked.events["time"][0]))
        self._news.set()
        return reply

    def _serve(self) -> None:
        """The life of a thread at its counter."""
        counter: SqlCounter | None = None
        while not self._closed.is_set():
            try:
                job = self._jobs.get(timeout=_PAUSE)
            except Empty:
                continue
            if not job.done.set_running_or_notify_cancel():
                continue
            try:
                counter = counter or SqlCounter(self._url, self._facts, give_up=_GIVE_UP)
                job.done.set_result(job.work(counter))
            except Exception as error:  # whoever waits is told
                job.done.set_exception(error)
        if counter:
            counter.close()

    def _settle(self) -> None:
        """Let happen what is due by the shop's clock, whenever something has come."""
        worker: Worker | None = None
        while not self._closed.is_set():
            self._news.wait()
            self._news.clear()
            with suppress(*AWAY):
                if worker is None:
                    counter = SqlCounter(self._url, self._facts, give_up=_GIVE_UP)
                    worker = Worker(0, 0, 1, counter, Pace([], [], 0, []))
                worker.settle(self._clock)
            self._closed.wait(_PAUSE)
        if worker:
            worker.counter.close()


def _begin(counter: SqlCounter, asked: Asked) -> Talk:
    """Begin with an event; one whose number is known may be recognised, and is never written."""
    before = counter.read_all(_BEFORE.where(inbox.c.source == asked.source))
    if not before:
        return counter.desk.handle(asked.events, asked.refund, asked.source)
    kind, refusal = before[0]
    if kind != asked.kind:
        return _said(Reply(Result.conflict))
    if refusal >= 0:
        return _said(Reply(Result.refused, refusal))
    return _recognised(counter.desk.handle(asked.events, asked.refund, asked.source))


def _said(reply: Reply) -> Talk:
    """A talk in which nothing is asked."""
    yield Rollback()
    return reply


def _recognised(talk: Talk) -> Talk:
    """A talk that must end without a change: if it comes to one, the event has other contents than before."""
    answer: Any = None
    while True:
        try:
            ask: Ask = talk.send(answer)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
        if isinstance(ask, Write):
            yield Rollback()
            return Reply(Result.conflict)
        answer = yield ask


def withdrawal(counter: SqlCounter, number: int) -> Withdrawal | None:
    """A withdrawal; None if there is none."""
    found = counter.read_all(_DRAWN.where(withdrawals.c.id == number))
    return _withdrawal(found[0]) if found else None


def withdrawals_of(counter: SqlCounter, statuses: Sequence[WithdrawalStatus], after: int) -> Withdrawals:
    """The first withdrawals of some statuses with a number above `after`."""
    wanted = _DRAWN.where(withdrawals.c.status.in_(list(map(int, statuses))), withdrawals.c.id > after).limit(PAGE)
    found = [_withdrawal(row) for row in counter.read_all(wanted)]
    return Withdrawals(withdrawals=found, next=found[-1].withdrawal if len(found) == PAGE else None)


def _withdrawal(row: Sequence[int]) -> Withdrawal:
    number, member, status, net = row
    return Withdrawal(withdrawal=number, member=member, status=WithdrawalStatus(status).name, net=net)  # type: ignore[arg-type]
