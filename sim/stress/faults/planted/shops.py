"""Planted bugs of the database and of what is asked of it: locks, commits, the log, the ledger, wallets, shelves."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from rules.events import DAY
from sim.store.asks import Begin, Change, GiveBackStock, LockMembers, LockOrder, TakeStock, Write
from sim.store.pages import OrderPage
from sim.store.sql.accounts import ShopAccount
from sim.stress.faults.locks import Key
from sim.stress.faults.shop import Session, Shop, Work, at_once
from sim.stress.faults.tables import Booked, Record, Writing, apply


class KeyReadThenWritten(Shop):
    """Whether an order has been paid is read without a lock, and journals have no unique key."""

    def _lock_order(self, session: Session, ask: LockOrder) -> Work:
        kept = self.tables["order"].get(ask.order)
        return at_once(None if kept is None else OrderPage.from_bytes(ask.order, kept))

    def _new(self, session: Session, table: str, key: int) -> Generator[Key, None, None]:
        yield from ()

    def money_of(self, session: Session, change: Change) -> list[Writing]:
        """No key is looked at."""
        there = self.tables["journal"]
        known = {one.id: there.pop(one.id) for one in change.journals if one.id in there}
        try:
            return super().money_of(session, change)
        finally:
            there.update(known)


class UnorderedLocks(Shop):
    """Members are locked as they come: half of the clients begin at the other end."""

    def _lock_members(self, session: Session, ask: LockMembers) -> Work:
        for number in ask.members if session.client % 2 else reversed(ask.members):
            yield "member", number
        return [self.member(session, number) for number in ask.members]


class MembersNotLocked(Shop):
    """Members are read, and not locked: two withdrawals see the same money."""

    def _lock_members(self, session: Session, ask: LockMembers) -> Work:
        return at_once([self.member(session, number) for number in ask.members])


class LocksLetGoEarly(Shop):
    """Locks are let go of when everything is written, before the commit."""

    def _write(self, session: Session, ask: Write) -> Work:
        answer = yield from super()._write(session, ask)
        self.locks.release(session.transaction)
        return answer


class DirtyReads(Shop):
    """What others have written can be read before they commit, and is gone if they do not."""

    def _write(self, session: Session, ask: Write) -> Work:
        yield from super()._write(session, ask)
        apply(self.tables, [(t, key, row) for (t, key), row in session.writings.items() if t in ("member", "wallet")])
        self.locks.release(session.transaction)


class UtcDays(Shop):
    """A journal counts for the day in Greenwich."""

    def money_of(self, session: Session, change: Change) -> list[Writing]:
        """Days of another clock."""
        return [
            (table, key, replace(row, business_date=(row.event_at - 8 * 3_600) // DAY) if table == "journal" else row)
            for table, key, row in super().money_of(session, change)
        ]


class AbsoluteWallets(Shop):
    """Wallets are written as they were read when the transaction began, plus what they gain."""

    def _begin(self, session: Session, ask: Begin) -> Work:
        session.wallets = dict(self.tables["wallet"])  # type: ignore[attr-defined]
        return super()._begin(session, ask)

    def money_of(self, session: Session, change: Change) -> list[Writing]:
        """From what was read long ago."""
        rows = [one for one in super().money_of(session, change) if one[0] != "wallet"]
        for member, gained in change.made.moved.items():
            had = session.wallets[member]  # type: ignore[attr-defined]
            rows.append(("wallet", member, tuple(a + b for a, b in zip(had, gained, strict=True))))
        return rows


class RoundedAnew(Shop):
    """The ledger works the commission of each member out anew, to the next ten fen."""

    def money_of(self, session: Session, change: Change) -> list[Writing]:
        """Commission, rounded otherwise than the rules do."""
        return [
            (table, key, _rounded(row) if table == "journal" else row)
            for table, key, row in super().money_of(session, change)
        ]


def _rounded(booked: Booked) -> Booked:
    rows = []
    for (shop, amount), *others in booked.rows:
        if shop != ShopAccount.commission:
            rows.append(((shop, amount), *others))
            continue
        legs = [(account, (one + 5) // 10 * 10) for account, one in others]
        rows.append(((shop, -sum(one for _, one in legs)), *legs))
    return replace(booked, rows=tuple(rows))


class RowsDropped(Shop):
    """Of a journal with many legs only the first row is written."""

    def money_of(self, session: Session, change: Change) -> list[Writing]:
        """Rows of at most two legs more than the shop's."""
        return [
            (table, key, replace(row, rows=tuple(one[:3] for one in row.rows[:1])) if table == "journal" else row)
            for table, key, row in super().money_of(session, change)
        ]


class StockReadThenWritten(Shop):
    """Pieces are read, and what is left of them is written, with no lock between."""

    def _take_stock(self, session: Session, ask: TakeStock) -> Work:
        chosen = []
        for sku, wanted in ask.pieces:
            buckets = [key for key, left in self.tables["shelf"].items() if key[0] == sku and left >= wanted]
            if not buckets:
                return at_once(None)
            session.writings["shelf", buckets[0]] = self.tables["shelf"][buckets[0]] - wanted
            chosen.append(buckets[0][1])
        return at_once(chosen)


class PiecesBackAtOnce(Shop):
    """Pieces are put back on the shelf at once, whatever becomes of the refund."""

    def _give_back(self, session: Session, ask: GiveBackStock) -> Work:
        for line, sku, pieces in ask.pieces:
            key = sku, self.tables["bucket"][ask.order, line]
            yield "shelf", *key
            more = self.tables["shelf"][key] + pieces
            self.log.records.append(Record(session.client, [("shelf", key, more)]))
            self.flush()
            self.tables["shelf"][key] = more


class WalletsApart(Shop):
    """Wallets are written in a transaction of their own, before the rest."""

    def _write(self, session: Session, ask: Write) -> Work:
        yield from super()._write(session, ask)
        own = [(t, key, row) for (t, key), row in session.writings.items() if t == "wallet"]
        for table, key, _ in own:
            del session.writings[table, key]
        if own:
            self.log.records.append(Record(session.client, own))
            self.flush()
            apply(self.tables, own)


class NotFlushed(Shop):
    """A commit is acknowledged before the log is on disk (synchronous_commit = off)."""

    def flush(self) -> None:
        """Now and then."""
        if len(self.log.records) % 5 == 0:
            super().flush()


class TornPages(Shop):
    """After a crash half of a transaction that was being written is taken for all of it."""

    def crash(self) -> None:
        """What was not flushed is there by half."""
        torn = self.log.records[self.log.flushed :]
        for record in torn:
            record.writings = record.writings[: len(record.writings) // 2 + 1]
        self.flush()
        super().crash()
