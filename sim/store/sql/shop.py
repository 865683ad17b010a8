"""Answers a desk over a database: what it asks becomes statements, its commit a commit.

One client, one connection. Where others were in the way (a deadlock, the same new key) the desk begins anew; where the
connection is lost, whoever brought the event has to bring it again, and the desk will know whether it had happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction, bindparam, select
from sqlalchemy.exc import DBAPIError

from sim.store import asks
from sim.store.asks import Reply, Talk
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage
from sim.store.sql.schema import inbox, members, order_lines, orders, withdrawals
from sim.store.sql.stock import SoldOutError, give_back, reserve
from sim.store.sql.transact import ATTEMPTS, LostConnectionError, Trouble, trouble_of
from sim.store.sql.writing import write_change

_ORDER = select(orders.c.book).where(orders.c.id == bindparam("order")).with_for_update()
_MEMBERS = (
    select(members.c.id, members.c.book)
    .where(members.c.id.in_(bindparam("members", expanding=True)))
    .order_by(members.c.id)
    .with_for_update()
)
_ONE = select(members.c.book).where(members.c.id == bindparam("member"))
_DRAWN = (
    select(withdrawals.c.id, withdrawals.c.book)
    .where(withdrawals.c.member == bindparam("member"))
    .order_by(withdrawals.c.id)
)
_OWNER = select(withdrawals.c.member).where(withdrawals.c.id == bindparam("withdrawal"))
_BUCKETS = select(order_lines.c.line, order_lines.c.bucket).where(order_lines.c.order_id == bindparam("order"))
_LONG = 0.01
"""Seconds from which on a lock counts as waited for."""
_SEEN = select(inbox.c.refusal).where(inbox.c.source == bindparam("source"))


@dataclass
class Traffic:
    """What a client has cost the database.

    Attributes:
        transactions: committed. statements: sent, commits included. retries: begun anew because of others.
        deadlocks: of these, because of a deadlock.
    """

    transactions: int = 0
    statements: int = 0
    retries: int = 0
    deadlocks: int = 0


@dataclass
class SqlShop:
    """A store on a database, for one client.

    Attributes:
        engine: where to. meters, titles: how many each member's page has.
        waits: seconds waited for locked rows, by row, where it was longer than a statement takes.
        between: called before a commit and after it, with `False` and `True`: where a test may interfere.
    """

    engine: Engine
    meters: int
    titles: int
    between: Callable[[bool], None] | None = None
    traffic: Traffic = field(default_factory=Traffic)
    waits: dict[str, float] = field(default_factory=dict)
    _connection: Connection | None = None
    _transaction: RootTransaction | None = None

    def serve(self, begin: Callable[[], Talk]) -> Reply:
        """See a desk through to its reply.

        Args:
            begin: lets the desk begin; called again where others were in the way.

        Raises:
            LostConnectionError: the connection broke, perhaps after the commit: bring the event again.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._talk(begin())
            except Exception as error:  # a pipeline's errors come from the driver itself
                self._let_go(error)
                trouble = trouble_of(error)
                if trouble is Trouble.lost:
                    raise LostConnectionError(str(error)) from error
                if trouble is Trouble.other or attempt == ATTEMPTS:
                    raise
                self.traffic.retries += 1
                self.traffic.deadlocks += "eadlock" in str(error)
        raise AssertionError("attempts is at least 1")

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
        self._connection = self._transaction = None

    def drop(self) -> None:
        """Let a connection go that is of no more use."""
        if self._connection is not None:
            self._connection.invalidate()
        self.close()

    def _let_go(self, error: BaseException) -> None:
        """After an error: roll back, or drop a connection that is of no more use."""
        if self._connection is None:
            return
        if trouble_of(error) is Trouble.lost:
            self.drop()
            return
        with suppress(Exception):
            self._rollback()

    def _talk(self, talk: Talk) -> Reply:
        answer: Any = None
        try:
            while True:
                ask = talk.send(answer)
                begun = time.perf_counter()
                answer = self._answer(ask)
                self._note_wait(ask, time.perf_counter() - begun)
        except StopIteration as end:
            reply: Reply = end.value
            return reply

    def _note_wait(self, ask: asks.Ask, seconds: float) -> None:
        """Note what took longer than a statement takes: somebody else had the row."""
        if seconds < _LONG:
            return
        rows: list[str] = []
        match ask:
            case asks.LockOrder(order):
                rows = [f"order {order}"]
            case asks.LockMembers(numbers):
                rows = [f"member {one}" for one in numbers]
            case asks.TakeStock(_, pieces):
                rows = [f"sku {sku}" for sku, _ in pieces]
        for row in rows:
            self.waits[row] = self.waits.get(row, 0.0) + seconds / len(rows)

    @property
    def connection(self) -> Connection:
        """The client's connection, made when it is needed."""
        if self._connection is None:
            self._connection = self.engine.connect()
        return self._connection

    def _answer(self, ask: asks.Ask) -> Any:  # noqa: ANN401 - each ask has an answer of its own
        self.traffic.statements += 1
        match ask:
            case asks.Begin():
                self._transaction = self.connection.begin()
            case asks.LockOrder(order):
                kept = self.connection.execute(_ORDER, {"order": order}).scalar_one_or_none()
                return None if kept is None else OrderPage.from_bytes(order, kept)
            case asks.LockMembers(numbers):
                found = self.connection.execute(_MEMBERS, {"members": numbers})
                return [MemberPage.from_bytes(one, kept, self.meters, self.titles) for one, kept in found]
            case asks.LockWithdrawals(member):
                drawn = self.connection.execute(_DRAWN, {"member": member})
                return [WithdrawalPage.from_bytes(one, kept) for one, kept in drawn]
            case asks.FindWithdrawal(number):
                return self._aside(lambda: self.connection.execute(_OWNER, {"withdrawal": number}).scalar_one_or_none())
            case asks.ReadUplines(member, steps):
                return self._aside(lambda: self._uplines(member, steps))
            case asks.Seen(source):
                return self.connection.execute(_SEEN, {"source": source}).scalar_one_or_none()
            case asks.TakeStock(order, pieces):
                return self._take(order, pieces)
            case asks.GiveBackStock(order, pieces):
                self._give_back(order, pieces)
            case asks.Write(change):
                self.traffic.statements += write_change(self.connection, change) - 1
            case asks.Commit():
                self._commit()
            case asks.Rollback():
                self._rollback()
        return None

    def _take(self, order: int, pieces: Sequence[tuple[int, int]]) -> list[int] | None:
        try:
            buckets = reserve(self.connection, dict(pieces), order)
        except SoldOutError:
            return None
        return [buckets[sku] for sku, _ in pieces]

    def _give_back(self, order: int, pieces: Sequence[tuple[int, int, int]]) -> None:
        buckets = {int(line): int(bucket) for line, bucket in self.connection.execute(_BUCKETS, {"order": order})}
        give_back(self.connection, [(sku, buckets[line], count) for line, sku, count in pieces])

    def _aside(self, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is read
        """Read something outside of a transaction, if none is open."""
        if self._transaction is not None:
            return read()
        try:
            return read()
        finally:
            self.connection.rollback()

    def _uplines(self, member: int, steps: int) -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []
        while member >= 0 and len(found) <= steps:
            self.traffic.statements += 1
            kept = self.connection.execute(_ONE, {"member": member}).scalar_one()
            row = MemberPage.from_bytes(member, kept, self.meters, self.titles).row[0]
            found.append((member, int(row["upline"]), int(row["clicked_by"])))
            member = int(row["upline"])
        return found

    def _commit(self) -> None:
        if self._transaction is None:
            return
        if self.between:
            self.between(False)
        self._transaction.commit()
        self._transaction = None
        self.traffic.transactions += 1
        if self.between:
            self.between(True)

    def _rollback(self) -> None:
        if self._transaction is not None:
            self._transaction.rollback()
        self._transaction = None
