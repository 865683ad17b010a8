"""Client processes: each with a connection of its own, told what to do, and all beginning at one moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from benchmarks.settling import rows
from benchmarks.settling.orders import orders
from sim.store.sql.connect import engine_for
from sim.store.sql.few import post_few
from sim.store.sql.stock import reserve
from sim.store.sql.transact import in_transaction

MICRO_BATCH = 10
READY = 500
"""Transactions whose orders are drawn ahead, as orders come from elsewhere."""


@dataclass(frozen=True)
class Done:
    """What clients did together.

    Attributes:
        orders: of all. seconds: from the first's begin to the last's end. latencies: seconds of each transaction.
        retried: names of errors after which a transaction was tried again.
    """

    orders: int
    seconds: float
    latencies: NDArray[np.float64]
    retried: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.orders / self.seconds

    def milliseconds(self, percent: float) -> float:
        """A percentile of the latencies."""
        return round(1000 * float(np.percentile(self.latencies, percent)), 2)


class Clients:
    """So many processes, which live until they are let go."""

    def __init__(self, count: int, url: str) -> None:
        context = get_context("spawn")
        self._pipes: list[Pipe] = []
        self._processes = []
        for number in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, url, number), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join(10)

    def do(self, work: str, first: int, seconds: float, clients: int = 0, batches: int = 0, size: int = 0) -> Done:
        """Let some of them, or all, do a work: for so many seconds, or so many batches each.

        Args:
            work: a name in `WORKS`. first: number of the first order, as yet unused; each client gets a million.
            seconds: how long, where `batches` is 0. clients: how many of them; 0 = all. size: of a batch, in orders.
        """
        chosen = self._pipes[: clients or len(self._pipes)]
        for number, pipe in enumerate(chosen):
            pipe.send((work, first + number * 1_000_000, seconds, batches, size))
        told = [pipe.recv() for pipe in chosen]
        for one in told:
            if isinstance(one, BaseException):
                raise one
        begun, ended = min(one[0] for one in told), max(one[1] for one in told)
        return Done(
            sum(one[2] for one in told),
            ended - begun,
            np.concatenate([one[3] for one in told]),
            tuple(name for one in told for name in one[4]),
        )


def _serve(pipe: Pipe, url: str, number: int) -> None:
    """Do what is asked until there is nothing more."""
    engine = engine_for(url)
    pipe.send(os.getpid())
    while (asked := pipe.recv()) is not None:
        work, first, seconds, batches, size = asked
        try:
            retried: list[str] = []
            with engine.connect() as connection:
                one = WORKS[work](engine, connection, retried, size)
                pipe.send((*_repeat(one, first, seconds, batches), retried))
        except BaseException as error:
            pipe.send(error)
    engine.dispose()


Work = Callable[[int], int]
"""Does the transaction of the orders from a number on; how many these were."""
Prepare = Callable[[Engine, Connection, list[str], int], Work]
"""Makes ready for a work: where to, whom to tell of errors, orders of a batch."""


def _repeat(work: Work, first: int, seconds: float, batches: int) -> tuple[float, float, int, NDArray[np.float64]]:
    done, begun = 0, perf_counter()
    latencies: list[float] = []
    before = begun
    while before - begun < seconds if not batches else len(latencies) < batches:
        done += work(first + done)
        now = perf_counter()
        latencies.append(now - before)
        before = now
    return begun, before, done, np.array(latencies)


def _insert(engine: Engine, connection: Connection, retried: list[str], size: int) -> Work:
    """The limit: one durable row, by the driver alone."""
    cursor = psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(False), autocommit=True).cursor()
    insert = "INSERT INTO limit_rows VALUES (%s, %s) ON CONFLICT DO NOTHING"

    def work(order: int) -> int:
        cursor.execute(insert, (order, order))
        return 1

    return work


def _post(size: int) -> Prepare:
    def prepared(engine: Engine, connection: Connection, retried: list[str], _: int) -> Work:
        """Orders as they come, so many in a transaction."""
        connection.execution_options(isolation_level="AUTOCOMMIT")
        ready: list[tuple[NDArray[Any], NDArray[Any]]] = []

        def work(order: int) -> int:
            if not ready:
                rows, moves = orders(order, READY * size)
                ready.extend(zip(np.split(rows, READY), np.split(moves, READY), strict=True))
                ready.reverse()
            post_few(connection, *ready.pop())
            return size

        return work

    return prepared


def _settle_rows(engine: Engine, connection: Connection, retried: list[str], size: int) -> Work:
    """A batch of the design with posting rows."""

    def work(order: int) -> int:
        batch, _ = orders(order, size)
        return in_transaction(engine, lambda one: rows.settle(one, batch), retried=retried)

    return work


def _buy(sku: int) -> Prepare:
    def prepared(engine: Engine, connection: Connection, retried: list[str], size: int) -> Work:
        """One piece of a product."""
        connection.execution_options(isolation_level="AUTOCOMMIT")

        def work(order: int) -> int:
            reserve(connection, {sku: 1}, order)
            return 1

        return work

    return prepared


WORKS: dict[str, Prepare] = {
    "insert": _insert,
    "post": _post(1),
    "post micro-batch": _post(MICRO_BATCH),
    "settle rows": _settle_rows,
    "buy from one row": _buy(1),
    "buy from buckets": _buy(2),
}
