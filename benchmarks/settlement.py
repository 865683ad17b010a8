"""What settlement does on a real PostgreSQL, against what that PostgreSQL can do: `python -m benchmarks.settlement`.

The server is the one `--store local` starts, flushing every commit. An order is one journal with four postings: three
members out of 100,000 and the shop's own account, whose balance is derived. L is the limit: COPY of the posting rows
alone, formatted beforehand, into a table with its primary key and an index by account. *Orders* are what the shipped
ledger books of them in batches of 10,000, with keys that refuse the second time, digests and wallets; *rows* is the
other design, a row a posting, which the shipped one was chosen over. Limits and contestants take turns; a ratio is the
median of the ratios of the turns, which are listed, for a disk has its moods: `flush_ms` is what it takes to be sure.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import Engine, text

from benchmarks.common import Figures, command, rate
from benchmarks.settling import rows as design
from benchmarks.settling.clients import Clients, Done
from benchmarks.settling.orders import LEGS, orders, postings
from sim.store.sql import packing
from sim.store.sql.audit import seal, verify
from sim.store.sql.bulk import columns_of, insert_rows
from sim.store.sql.connect import engine_for
from sim.store.sql.create import create
from sim.store.sql.ledger import ConflictError, post_batch
from sim.store.sql.schema import stock
from sim.store.sql.server import LocalServer
from sim.store.sql.statements import totals
from sim.store.sql.stock import spread
from sim.store.sql.transact import in_transaction

FIGURES = {
    "orders_per_second": "orders settled in batches with keys, digests and wallets: the shipped ledger, one connection",
    "copy_rows_per_second": "L: posting rows a second by COPY alone, into a table with key and account index",
    "ratio": "orders_per_second ÷ orders of L (four rows each)",
    "rows_orders_per_second": "orders settled as posting rows, with keys and balances, one connection",
    "rows_ratio": "the same ÷ orders of L",
    "rows_two_workers_per_second": "orders settled as posting rows by two processes",
    "rows_two_workers_ratio": "the same ÷ orders of L",
    "pairs": "the ratios of every turn",
    "flush_ms": "milliseconds until 8 KB are on the disk (fdatasync), median",
    "per_order_per_second": "orders settled one a transaction, durable, 8 client processes",
    "insert_per_second": "one durable row a transaction, by the driver alone, the same clients: the limit of that",
    "per_order_ratio": "per_order_per_second ÷ insert_per_second",
    "per_order_ms": "milliseconds of such an order",
    "micro_batch_per_second": "orders settled ten a transaction, the same clients",
    "micro_batch_ratio": "the same ÷ per_order_per_second",
    "micro_batch_ms": "milliseconds of such a transaction",
    "deadlocks": "deadlocks in all that: the server's own count",
    "replay_orders_per_second": "orders settled before, sent again: nothing is booked",
    "refused": "whether a settled order with another amount is refused, and nothing booked of its batch",
    "bulk_rows_per_second": "rows inserted through SQLAlchemy, from NumPy",
    "bulk_ratio": "the same ÷ the same COPY by psycopg alone",
    "hot_row_per_second": "pieces sold of a product in one row, durable, by the clients",
    "hot_buckets_per_second": "pieces sold of a product in eight buckets",
    "hot_ratio": "the same ÷ hot_row_per_second",
    "seal_rows_per_second": "rows of the ledger sealed, and verified again",
    "even": "whether the ledger sums to 0, wallets are what it says, seals hold and nothing was booked twice",
    "journals": "journals in the ledger at the end",
    "rounds": "turns of each",
}
SERVER = {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "5min"}
CLIENTS, BUCKETS, TWO, BATCH = 8, 8, 2, 10_000
ONE_ROW, IN_BUCKETS = 1, 2
"""Products of the stock."""


class Bench:
    """A server, an engine, clients, and numbers of orders that nobody has had."""

    def __init__(self, engine: Engine, clients: Clients, small: bool) -> None:
        self.engine, self.clients = engine, clients
        self.rounds = 3 if small else 5
        self.batches = 1 if small else 5
        self.seconds = 0.3 if small else 4.0
        self.batch = 500 if small else BATCH
        self._next = 1

    def unused(self) -> int:
        """The first of as many numbers as a turn may need."""
        self._next += 64_000_000
        return self._next

    def in_turns(self, contestants: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
        """What each answers, round by round; who begins changes."""
        found: dict[str, list[float]] = {name: [] for name in contestants}
        names = list(contestants)
        for turn in range(self.rounds):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                found[name].append(contestants[name]())
        return found


def measure(small: bool) -> Figures:
    """All figures."""
    with tempfile.TemporaryDirectory(prefix="fenxiao-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with LocalServer(Path(folder) / "store", SERVER) as server:
            engine = engine_for(server.url)
            _prepare(engine)
            with Clients(CLIENTS if not small else TWO, server.url) as clients:
                bench = Bench(engine, clients, small)
                figures = _batched(bench) | {"flush_ms": _flush_ms(Path(folder))}
                figures |= _per_order(bench) | _again(bench) | _bulk(bench) | _hot(bench) | _ending(bench)
            engine.dispose()
    return {name: figures[name] for name in FIGURES}


def _prepare(engine: Engine) -> None:
    create(engine)
    with engine.begin() as connection:
        design.make(connection)
        connection.execute(text("CREATE TABLE limit_rows (id bigint PRIMARY KEY, amount bigint NOT NULL)"))
        many = np.array([(ONE_ROW, 0, 10**9), (IN_BUCKETS, 0, 10**9)], [(one.name, "i8") for one in stock.c])
        insert_rows(connection, stock, many)
        spread(connection, IN_BUCKETS, BUCKETS)


def _batched(bench: Bench) -> Figures:
    """Orders in batches: L, both designs, and two workers."""
    found = bench.in_turns(
        {
            "limit": lambda: _copy_limit(bench),
            "rows": lambda: _two(bench, 1),
            "rows by two": lambda: _two(bench, TWO),
            "compact": lambda: _settle(bench),
        }
    )
    ratios = {
        name: [round(one / limit, 2) for one, limit in zip(speeds, found["limit"], strict=True)]
        for name, speeds in found.items()
        if name != "limit"
    }
    return {
        "orders_per_second": round(median(found["compact"])),
        "copy_rows_per_second": round(LEGS * median(found["limit"])),
        "ratio": median(ratios["compact"]),
        "rows_orders_per_second": round(median(found["rows"])),
        "rows_ratio": median(ratios["rows"]),
        "rows_two_workers_per_second": round(median(found["rows by two"])),
        "rows_two_workers_ratio": median(ratios["rows by two"]),
        "pairs": {name: " ".join(map(str, values)) for name, values in ratios.items()},
        "rounds": bench.rounds,
    }


def _copy_limit(bench: Bench) -> float:
    """Orders a second whose postings COPY writes, one batch a transaction."""
    first, table = bench.unused(), design.limit_postings
    ready = []
    for number in range(bench.batches):
        legs = postings(orders(first + number * bench.batch, bench.batch)[0])
        columns, count = columns_of(table, legs)
        ready.append(packing.copy_data(table, packing.fixed_first(table, columns), count))
    connection = bench.engine.raw_connection()
    cursor = connection.cursor()
    begun = perf_counter()
    for data in ready:
        with cursor.copy("COPY limit_postings FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(data)
        connection.commit()
    seconds = perf_counter() - begun
    connection.close()
    return bench.batch * bench.batches / seconds


def _two(bench: Bench, workers: int) -> float:
    """Orders a second of the design with posting rows, by so many processes."""
    return bench.clients.do("settle rows", bench.unused(), 0, workers, bench.batches, bench.batch).rate


def _settle(bench: Bench) -> float:
    """Orders a second of the shipped ledger."""
    first = bench.unused()
    ready = [orders(first + number * bench.batch, bench.batch) for number in range(bench.batches)]
    begun = perf_counter()
    for journals, moves in ready:
        in_transaction(bench.engine, partial(post_batch, journals=journals, moves=moves))
    return bench.batch * bench.batches / (perf_counter() - begun)


def _flush_ms(folder: Path) -> float:
    """Milliseconds until a page is on the disk."""
    taken = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(100):
            begun = perf_counter()
            file.write(bytes(8192))
            os.fdatasync(file.fileno())
            taken.append(perf_counter() - begun)
    return round(1000 * median(taken), 3)


def _per_order(bench: Bench) -> Figures:
    """Orders one by one and ten by ten, against single durable rows."""
    done: dict[str, list[Done]] = {"insert": [], "post": [], "post micro-batch": []}

    def run(work: str) -> float:
        done[work].append(bench.clients.do(work, bench.unused(), bench.seconds))
        return done[work][-1].rate

    before = _deadlocks(bench.engine)
    with bench.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))  # what the batches left to write is not the orders' burden
    found = bench.in_turns({work: partial(run, work) for work in done})
    ratio, micro = _ratios(found["post"], found["insert"]), _ratios(found["post micro-batch"], found["post"])
    return {
        "per_order_per_second": round(median(found["post"])),
        "insert_per_second": round(median(found["insert"])),
        "per_order_ratio": median(ratio),
        "per_order_ms": _latencies(done["post"]),
        "micro_batch_per_second": round(median(found["post micro-batch"])),
        "micro_batch_ratio": median(micro),
        "micro_batch_ms": _latencies(done["post micro-batch"]),
        "deadlocks": _deadlocks(bench.engine) - before,
    }


def _ratios(speeds: list[float], others: list[float]) -> list[float]:
    return [round(one / other, 2) for one, other in zip(speeds, others, strict=True)]


def _latencies(done: list[Done]) -> dict[str, float]:
    return {f"p{percent}": median(one.milliseconds(percent) for one in done) for percent in (50, 95, 99)}


def _deadlocks(engine: Engine) -> int:
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        return int(connection.execute(text("SELECT SUM(deadlocks) FROM pg_stat_database")).scalar_one())


def _again(bench: Bench) -> Figures:
    """Settled orders once more, and one with another amount."""
    first = bench.unused()
    batches = [orders(first + number * bench.batch, bench.batch) for number in range(bench.batches)]

    def all_of_them() -> int:
        posted = (partial(post_batch, journals=journals, moves=moves) for journals, moves in batches)
        return sum(len(in_transaction(bench.engine, one).new) for one in posted)

    assert all_of_them() == bench.batch * bench.batches
    before, taken = _journals(bench.engine), []
    for _ in range(bench.rounds):
        begun = perf_counter()
        assert all_of_them() == 0
        taken.append(perf_counter() - begun)
    rows, moves = batches[0][0].copy(), batches[0][1].copy()
    rows["x0"][7] += 1
    rows["x1"][7] -= 1
    moves["pending"][7 * (LEGS - 1)] += 1
    refused = False
    try:
        in_transaction(bench.engine, lambda one: post_batch(one, rows, moves))
    except ConflictError as conflict:
        refused = conflict.journals == (int(rows["id"][7]),)
    speed = rate(bench.batch * bench.batches, median(taken))
    return {"replay_orders_per_second": speed, "refused": refused and _journals(bench.engine) == before}


def _journals(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT COUNT(*) FROM journal")).scalar_one())


def _bulk(bench: Bench) -> Figures:
    """Rows through SQLAlchemy and by psycopg alone, both from NumPy."""
    table, count = design.row_journal, bench.batch * 4

    def rows() -> dict[str, Any]:
        first = bench.unused()
        return {"id": np.arange(first, first + count), "event_at": np.arange(count)}

    def through() -> float:
        given, begun = rows(), perf_counter()
        with bench.engine.begin() as connection:
            insert_rows(connection, table, given)
        return count / (perf_counter() - begun)

    def alone() -> float:
        given, connection = rows(), bench.engine.raw_connection()
        begun = perf_counter()
        with connection.cursor().copy("COPY row_journal (id, event_at) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(packing.copy_data(table, given, count))
        connection.commit()
        seconds = perf_counter() - begun
        connection.close()
        return count / seconds

    through(), alone()
    found = bench.in_turns({"through": through, "alone": alone, "through again": through, "alone again": alone})
    ratio = _ratios(found["through"] + found["through again"], found["alone"] + found["alone again"])
    return {"bulk_rows_per_second": round(median(found["through"])), "bulk_ratio": round(median(ratio), 2)}


def _hot(bench: Bench) -> Figures:
    """A product that everybody wants, in one row and in eight."""

    def run(work: str) -> float:
        return bench.clients.do(work, bench.unused(), bench.seconds).rate

    found = bench.in_turns({work: partial(run, work) for work in ("buy from one row", "buy from buckets")})
    one, many = found.values()
    return {
        "hot_row_per_second": round(median(one)),
        "hot_buckets_per_second": round(median(many)),
        "hot_ratio": median(_ratios(many, one)),
    }


def _ending(bench: Bench) -> Figures:
    """Whether the books are even after all that."""
    begun = perf_counter()
    seals = seal(bench.engine)
    with bench.engine.connect() as connection:
        whole = verify(connection) is None
        seconds, books = perf_counter() - begun, totals(connection)
    sealed = sum(one.rows for one in seals)
    even = whole and books.holds and books.rows == books.journals == sealed
    return {"even": even, "journals": books.journals, "seal_rows_per_second": rate(sealed, seconds)}


if __name__ == "__main__":
    command("settlement", measure, FIGURES)
