"""A transactional store in memory: READ COMMITTED with row locks, unique keys, a log that is flushed, and crashes.

It answers a desk as a database would, one step at a time: to answer is a generator that says which row it needs next,
so that others can come between any two rows. What a transaction wrote is seen by itself only, until it commits.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from sim.store.asks import (
    Ask,
    Begin,
    Change,
    Commit,
    FindWithdrawal,
    GiveBackStock,
    LockMembers,
    LockOrder,
    LockWithdrawals,
    ReadUplines,
    Rollback,
    Seen,
    TakeStock,
    Write,
)
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage
from sim.stress.faults.locks import Key, Locks
from sim.stress.faults.sources import Job
from sim.stress.faults.tables import Log, Record, Tables, Writing, apply, booked, copied, payout_of, stamp_of

Work: TypeAlias = Generator[Key, None, Any]
"""An ask on its way to its answer: it says which row it needs, and goes on when it has it."""


def at_once(answer: Any) -> Work:  # noqa: ANN401 - whatever is answered
    """An answer that needs no row."""
    return answer
    yield ()


class LostError(Exception):
    """The connection is gone; nobody knows whether a commit that was under way took place."""


class FullError(Exception):
    """The disk is full: the commit was refused, and the transaction is rolled back."""


class ClashError(Exception):
    """Another transaction has committed the same new key meanwhile; this one is rolled back."""


class Session:
    """A connection of a client.

    Attributes:
        client: its number. job: what it is at, `None` = what is due. alive: whether the server still knows it.
        transaction: its number, 0 = none is open.
    """

    def __init__(self, client: int) -> None:
        self.client, self.alive, self.transaction = client, True, 0
        self.job: Job | None = None
        self.writings: dict[tuple[str, Any], Any] = {}
        self.change: Change | None = None


class Shop:
    """The server.

    Args:
        opening: what is there. sizes: meters and titles of each member's page.

    Attributes:
        tables: what is committed. log: see `Log`.
        full: how many more commits are refused because the disk is full.
        at_flush: called with the number of a commit before it is flushed; whether the server dies right there.
        committed: called with every record, once it lasts. crashed: called when the server is up again.
    """

    def __init__(self, opening: Tables, sizes: tuple[int, int]) -> None:
        self.tables, self.log, self.sizes = copied(opening), Log(opening), sizes
        self.locks, self.full = Locks(), 0
        self.at_flush: Callable[[int], bool] = lambda number: False
        self.committed: Callable[[Record], None] = lambda record: None
        self.crashed: Callable[[], None] = lambda: None
        self._sessions: list[Session] = []
        self._transactions = 0
        self._answers: dict[type, Callable[[Session, Any], Work]] = {
            Begin: self._begin,
            LockOrder: self._lock_order,
            LockMembers: self._lock_members,
            LockWithdrawals: self._lock_withdrawals,
            FindWithdrawal: self._find_withdrawal,
            ReadUplines: self._read_uplines,
            Seen: self._seen,
            TakeStock: self._take_stock,
            GiveBackStock: self._give_back,
            Write: self._write,
            Commit: self._commit,
            Rollback: self._rollback,
        }

    def connect(self, client: int) -> Session:
        """A connection for a client."""
        session = Session(client)
        self._sessions.append(session)
        return session

    def answer(self, session: Session, ask: Ask) -> Work:
        """Begin to answer; the generator returns the answer."""
        return self._answers[type(ask)](session, ask)

    def give_up(self, session: Session) -> None:
        """Roll back what is open, and let go of its locks."""
        if session.transaction:
            self.locks.release(session.transaction)
        session.transaction, session.change = 0, None
        session.writings.clear()

    def cut(self, session: Session) -> None:
        """A connection is gone, and the server knows it."""
        self.give_up(session)
        session.alive = False
        if session in self._sessions:
            self._sessions.remove(session)

    def crash(self) -> None:
        """The server dies, and is up again: what was not flushed is gone, and so are all connections."""
        for session in list(self._sessions):
            self.cut(session)
        self.locks = Locks()
        self.tables = self.log.recovered()
        self.crashed()

    def seen(self, session: Session, table: str, key: Any) -> Any:  # noqa: ANN401 - a row of any table
        """A row as a transaction sees it: its own, else what is committed; `None` if there is none."""
        own = session.writings.get((table, key))
        return self.tables[table].get(key) if own is None else own

    def member(self, session: Session, number: int) -> MemberPage:
        """A member's page."""
        return MemberPage.from_bytes(number, self.seen(session, "member", number), *self.sizes)

    def _begin(self, session: Session, ask: Begin) -> Work:
        self._transactions += 1
        session.transaction = self._transactions
        return at_once(None)

    def _lock_order(self, session: Session, ask: LockOrder) -> Work:
        if ask.order not in self.tables["order"]:
            return None
        yield "order", ask.order
        return OrderPage.from_bytes(ask.order, self.tables["order"][ask.order])

    def _lock_members(self, session: Session, ask: LockMembers) -> Work:
        for number in ask.members:
            yield "member", number
        return [self.member(session, number) for number in ask.members]

    def _lock_withdrawals(self, session: Session, ask: LockWithdrawals) -> Work:
        drawn = [number for number, payout in sorted(self.tables["payout"].items()) if payout.member == ask.member]
        return at_once([WithdrawalPage.from_bytes(one, self.tables["withdrawal"][one]) for one in drawn])

    def _find_withdrawal(self, session: Session, ask: FindWithdrawal) -> Work:
        payout = self.tables["payout"].get(ask.withdrawal)
        return at_once(None if payout is None else payout.member)

    def _read_uplines(self, session: Session, ask: ReadUplines) -> Work:
        found: list[tuple[int, int, int]] = []
        member = ask.member
        while member >= 0 and len(found) <= ask.steps:
            above, clicked = self.tables["above"][member]
            found.append((member, above, clicked))
            member = above
        return at_once(found)

    def _seen(self, session: Session, ask: Seen) -> Work:
        return at_once(self.tables["inbox"].get(ask.source))

    def _take_stock(self, session: Session, ask: TakeStock) -> Work:
        """An update with a condition for each product: a bucket that has too few is not touched."""
        shelf, chosen = self.tables["shelf"], []
        for sku, wanted in ask.pieces:
            buckets = [bucket for at, bucket in shelf if at == sku]
            for place in range(len(buckets)):
                key = sku, buckets[(ask.order + place) % len(buckets)]
                if shelf[key] < wanted:
                    continue
                yield "shelf", *key
                if (left := self.seen(session, "shelf", key)) >= wanted:
                    session.writings["shelf", key] = left - wanted
                    chosen.append(key[1])
                    break
                self.locks.release_one(session.transaction, ("shelf", *key))
            else:
                return None
        return chosen

    def _give_back(self, session: Session, ask: GiveBackStock) -> Work:
        for line, sku, pieces in ask.pieces:
            key = sku, self.tables["bucket"][ask.order, line]
            yield "shelf", *key
            session.writings["shelf", key] = self.seen(session, "shelf", key) + pieces
        return None

    def _write(self, session: Session, ask: Write) -> Work:
        change, made = ask.change, ask.change.made
        if change.before is None and made.order is not None:
            yield from self._new(session, "order", made.order.id)
        for page in made.withdrawals:
            if all(page.id != known.id for known in change.drawn):
                yield from self._new(session, "withdrawal", page.id)
        if change.source >= 0:
            yield from self._new(session, "inbox", change.source)
        for member in sorted(made.moved):
            yield "wallet", member
        for table, key, row in self.rows_of(session, change):
            session.writings[table, key] = row
        session.change = change
        return None

    def _new(self, session: Session, table: str, key: int) -> Generator[Key, None, None]:
        """Insert a key: whoever else is inserting it is waited for."""
        yield "new", table, key
        if key in self.tables[table]:
            self.give_up(session)
            raise ClashError(f"{table} {key} is there already")

    def rows_of(self, session: Session, change: Change) -> list[Writing]:
        """The rows of a change."""
        made, rows = change.made, list[Writing]()
        for page in made.members:
            row = page.row[0]
            rows.append(("member", page.id, page.to_bytes()))
            rows.append(("above", page.id, (int(row["upline"]), int(row["clicked_by"]))))
            rows.append(("member_due", page.id, page.due_at))
        if (order := made.order) is not None:
            rows += [("order", order.id, order.to_bytes()), ("order_due", order.id, order.due_at)]
            rows += [("bucket", (order.id, line), bucket) for line, bucket in enumerate(change.buckets, 1)]
        for drawn in made.withdrawals:
            rows += [("withdrawal", drawn.id, drawn.to_bytes()), ("payout", drawn.id, payout_of(drawn))]
            rows.append(("channel_no", drawn.id, f"FX{drawn.id:012d}"))
        if change.source >= 0:
            rows.append(("inbox", change.source, made.refusal))
        return rows + self.money_of(session, change)

    def money_of(self, session: Session, change: Change) -> list[Writing]:
        """The rows of a change that are money: entries, journals, and the wallets, to which is added what they gain.

        Raises:
            ClashError: a journal has been booked before.
        """
        made, rows = change.made, list[Writing]()
        for number, entry, reverses in zip(made.ids.tolist(), made.entries, made.reverses.tolist(), strict=True):
            rows.append(("entry", number, (int(entry["member"]), int(entry["order"]), int(entry["amount"]), reverses)))
        for journal in change.journals:
            if self.seen(session, "journal", journal.id) is not None:
                self.give_up(session)
                raise ClashError(f"journal {journal.id} is booked already")
            rows.append(("journal", journal.id, booked(journal)))
        for member, gained in made.moved.items():
            wallet = self.seen(session, "wallet", member)
            rows.append(("wallet", member, tuple(had + more for had, more in zip(wallet, gained, strict=True))))
        return rows

    def _commit(self, session: Session, ask: Commit) -> Work:
        if self.full:
            self.full -= 1
            self.give_up(session)
            raise FullError("no space left on device")
        self.make_last(session)
        return at_once(None)

    def make_last(self, session: Session) -> None:
        """Append what a session wrote to the log, flush the log, and show it to everybody.

        Raises:
            LostError: the server died before the log was flushed.
        """
        change = session.change
        writings = [(table, key, row) for (table, key), row in session.writings.items()]
        if writings:
            stamp = -1 if change is None else stamp_of(change)
            record = Record(session.client, writings, change, session.job, stamp)
            self.log.records.append(record)
            if self.at_flush(len(self.log.records)):
                self.crash()
                raise LostError("the server died while it committed")
            self.flush()
            apply(self.tables, writings)
            self.give_up(session)
            self.committed(record)
        else:
            self.give_up(session)

    def flush(self) -> None:
        """Have everything in the log on disk."""
        self.log.flushed = len(self.log.records)

    def _rollback(self, session: Session, ask: Rollback) -> Work:
        self.give_up(session)
        return at_once(None)
