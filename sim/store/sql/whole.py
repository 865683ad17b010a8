"""The whole book in memory, and every day of it in a database: a run that leaves a store behind.

An engine holds the book; a lease keeps others off the database meanwhile (`sim.store.sql.lease`). What a batch of
events changed is written in one transaction: what is in the database is always some whole number of days. At the end
everybody's pages are written, and clients may go on from there, as `sim.pipeline` has it; unless a plan looks at more
than pages can say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from rules.book import Book
from rules.engine import Engine
from rules.errors import InputError
from rules.events import Kind, Records
from sim.experiments.metric_names import Lang
from sim.interrupts import held_back
from sim.model import StoreModel
from sim.store.memory import MemoryStore
from sim.store.slices import whole_book
from sim.store.sql import whole_pages
from sim.store.sql.bulk import insert_rows, update_many
from sim.store.sql.connect import connected, database, engine_for, without_password
from sim.store.sql.facts import StoreFacts, close_to_clients
from sim.store.sql.lease import lease
from sim.store.sql.opening import begin, fill
from sim.store.sql.schema import members, orders, withdrawals
from sim.store.sql.transact import Trouble, trouble_of
from sim.store.sql.whole_day import Changes

_RUNNING = "a run writes into it, or was killed before its end: the pages of its members are not written yet"
_WHO = np.zeros(0, np.int64)


@dataclass
class Kept:
    """What a run has left in a database.

    Attributes:
        url: where, without a password. batches: transactions, one a day and one when all is over.
        orders, entries: rows. closed: why no client can go on from there; "" = clients can.
    """

    url: str
    batches: int = 0
    orders: int = 0
    entries: int = 0
    closed: str = ""

    def say(self, lang: Lang) -> str:
        """That in a sentence."""
        said = {
            "en": f"In {self.url}: {self.orders:,} orders, {self.entries:,} commission entries.",
            "zh": f"已写入 {self.url}：{self.orders:,} 笔订单，{self.entries:,} 条佣金明细。",
        }
        refused = {"en": f" No client can go on: {self.closed}.", "zh": f"客户端不能接着办理：{self.closed}。"}
        return said[lang] + (refused[lang] if self.closed else "")


class WholeBook:
    """An engine whose book is written to a database, batch by batch; see above.

    Args:
        engine: the rules, with a book in which nothing has happened yet.
        shelves: whose stock the events have taken.
        connection: that holds the lease.
        facts: of the store, which is there.
        url: by which the database is known to people.
    """

    def __init__(
        self, engine: Engine, shelves: MemoryStore, connection: Connection, facts: StoreFacts, url: str = ""
    ) -> None:
        if any(engine.book.members[name].any() for name in ("pending", "held", "available")):
            raise ValueError("members have money already: no journal says where it comes from")
        self._engine, self._shelves, self._connection, self._facts = engine, shelves, connection, facts
        self._changes = Changes(engine.book, shelves.stock)
        self._rebinds = any(
            plan.attribution.on_conflict[0] != "keep" or plan.attribution.keep[0] != "permanent" for plan in facts.plans
        )
        self.kept = Kept(without_password(url or connection.engine.url))

    @property
    def book(self) -> Book:
        """The book."""
        return self._engine.book

    def apply(self, events: Records) -> Records:
        """Take a batch of events, and have what it changes written; the new `ENTRY` rows.

        Raises:
            InputError: the database was lost.
        """
        with held_back():
            known = self.book.count("entries")
            due = self._changes.due(int(events["time"][-1])) if len(events) else _WHO
            for some in self._pieces(events):
                self._book(some)
            day = self._changes.since(events, due, self._shelves.stock)
            self._in_transaction(day.write)
            self.kept.batches += 1
        return self.book.rows("entries")[known:]

    def finish(self) -> None:
        """Write what clients need to go on, and let them."""
        with held_back():
            self.kept.closed = self._closed()
            self._in_transaction(self._write_pages)

    def _pieces(self, events: Records) -> Iterator[Records]:
        """The batch in pieces in which nobody is bound more than once: the database keeps every binding."""
        rows = np.flatnonzero(_may_bind(events))
        order = rows[np.argsort(events["member"][rows], kind="stable")]
        again = events["member"][order[1:]] == events["member"][order[:-1]]
        if not self._rebinds:
            again &= (events["kind"][order[1:]] == Kind.rebind) | (events["kind"][order[:-1]] == Kind.rebind)
        before, row = order[:-1][again], order[1:][again]
        start, by_row = 0, np.argsort(row)
        for earlier, later in zip(before[by_row].tolist(), row[by_row].tolist(), strict=True):
            if earlier >= start:
                yield events[start:later]
                start = later
        yield events[start:]

    def _book(self, events: Records) -> None:
        """Take events that bind nobody twice."""
        rows = events[_may_bind(events)]
        who, first = np.unique(rows["member"], return_index=True)
        before = self.book.members["upline"][who]
        self._engine.apply(events)
        self._changes.note_bindings(who.astype(np.int64), before, rows["time"][first])

    def _in_transaction(self, work: Callable[[Connection], None]) -> None:
        try:
            with self._connection.begin():
                work(self._connection)
        except Exception as error:
            if trouble_of(error) is not Trouble.lost:
                raise
            raise InputError(
                f"{self.kept.url}: the database was lost; {self.kept.batches} whole days of the run are in it"
            ) from error

    def _write_pages(self, connection: Connection) -> None:
        pages = whole_pages.Pages(self._engine, self._changes.counts, self._facts)
        known, others = pages.of_members(self._changes.known)
        update_many(connection, members, known)
        insert_rows(connection, members, others)
        sold = pages.of_orders()
        self.kept.orders, self.kept.entries = pages.sold, self.book.count("entries")
        update_many(connection, orders, sold)
        update_many(connection, withdrawals, pages.of_withdrawals())
        close_to_clients(connection, self.kept.closed)

    def _closed(self) -> str:
        """Why no client can go on from the book as it is; "" if clients can."""
        reasons = [told for plan in self._facts.plans for told in whole_book(plan)]
        if (self.book.arms["plan"] != np.arange(len(self.book.arms))).any():
            reasons.append("a change of plan")
        if self.book.members["arm"].any():
            reasons.append("arms")
        if self.book.clock[0]["closed_early"]:
            reasons.append("a close before the end of its period")
        looks = ", ".join(dict.fromkeys(reasons))
        return f"{looks}: this looks at the whole book, which only a run holds" if looks else ""


def _may_bind(events: Records) -> NDArray[np.bool_]:
    """Events that can bind their member to somebody; of an order its first line."""
    kinds = events["kind"]
    named = np.isin(kinds, (int(Kind.click), int(Kind.register), int(Kind.rebind)))
    chosen: NDArray[np.bool_] = named | ((kinds == Kind.order) & (events["line"] == 1))
    return chosen


@contextmanager
def kept_in(url: str, model: StoreModel) -> Iterator[Kept]:
    """Have all that happens to a market from its first morning on written to a database.

    Args:
        url: of an empty database; see `sim.store.sql.connect`. model: on its first morning.

    Raises:
        InputError: the database is not empty, another run holds it, or it was lost meanwhile.
    """
    if model.day or not isinstance(model.store, MemoryStore) or not isinstance(model.store.engine, Engine):
        raise InputError("a store is kept of a run from its first morning on", allowed="a run that was not resumed")
    facts = StoreFacts(
        model.conditions.scenario, tuple(model.plans), model.names, model.world.start, len(model.store.book.members)
    )
    with _leased(url) as connection:
        with connection.begin():
            fill(connection, facts, model.world.market)
            close_to_clients(connection, _RUNNING)
        whole = WholeBook(model.store.engine, model.store, connection, facts, url)
        model.store.engine = whole
        try:
            yield whole.kept
            whole.finish()
        except KeyboardInterrupt:
            model.close()  # a clerk may still be booking
            whole.finish()
            raise


@contextmanager
def _leased(url: str) -> Iterator[Connection]:
    """A connection that holds the lease on a store without anything in it."""
    with database(url) as address:
        engine = engine_for(address)
        try:
            with connected(engine) as connection, lease(connection):
                begin(engine)
                yield connection
        finally:
            engine.dispose()
