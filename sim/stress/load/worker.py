"""A settlement worker: lets happen what time brings, order by order and member by member, as it becomes due.

What is due stands in the tables, so that a worker can die at any moment, and another goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Table, select

from sim.store.sql.schema import members, orders
from sim.stress.load.client import Pace, be_quiet, note_traffic
from sim.stress.load.counter import SqlCounter

BATCH = 200
"""Orders or members that a worker takes note of at once."""


@dataclass
class Worker:
    """One of several workers: it settles what has its number, modulo how many there are.

    Attributes:
        place: which of all processes. number: which of the workers. workers: how many there are.
        settled: orders and members settled so far.
    """

    place: int
    number: int
    workers: int
    counter: SqlCounter
    pace: Pace
    settled: int = 0

    def work(self, clients: int, end: int) -> None:
        """Settle what is due until all clients have stopped, and then what is left by where the last of them was."""
        while True:
            stopped = self.pace.stopped
            reached = self.pace.reached[:clients]
            until = min(end, max(reached) if stopped else min(reached))
            self.settle(until)
            self.pace.reached[self.place] = max(until, self.pace.reached[self.place])
            if stopped:
                return
            time.sleep(0.01)

    def settle(self, moment: int) -> None:
        """Settle all that is due by a moment, the earliest first."""
        desk = self.counter.desk
        while True:
            due = [(at, 0, one) for one, at in self._due(orders, moment)]
            due += [(at, 1, one) for one, at in self._due(members, moment)]
            if not due:
                return
            for at, kind, one in sorted(due):
                begin = desk.settle_member if kind else desk.settle_order
                self.counter.serve(lambda begin=begin, one=one, at=at: begin(one, at))  # type: ignore[misc]
                self.settled += 1

    def _due(self, table: Table, moment: int) -> list[tuple[int, int]]:
        at: Column[int] = table.c.due_at
        mine = table.c.id % self.workers == self.number
        wanted = select(table.c.id, at).where(at >= 0, at <= moment, mine).order_by(at, table.c.id).limit(BATCH)
        return self.counter.read_all(wanted)


def run_worker(
    place: int,
    number: int,
    workers: int,
    clients: int,
    make_counter: Callable[[], SqlCounter],
    folder: Path,
    pace: Pace,
    end: int,
) -> None:
    """The life of a worker process."""
    be_quiet()
    counter = make_counter()
    try:
        Worker(place, number, workers, counter, pace).work(clients, end)
    finally:
        note_traffic(folder, place, counter)
        counter.close()
