"""Bugs to be found: each is a part of a world that does what some live system has been seen to do wrong.

They show that the invariants have teeth. None of them is a switch in the program: a kit has another part in its place.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from rules.events import DAY, Kind, Records
from sim.pipeline import Desk
from sim.store.asks import (
    Ask,
    Begin,
    Change,
    Commit,
    GiveBackStock,
    LockMembers,
    LockOrder,
    Reply,
    Result,
    Rollback,
    TakeStock,
    Talk,
    Write,
)
from sim.store.assembly import NOTHING
from sim.store.pages import MemberPage, OrderPage
from sim.store.sql.accounts import ShopAccount
from sim.stress.faults.actors import Client, Payer
from sim.stress.faults.channel import Answer
from sim.stress.faults.shop import Session, Shop, Work
from sim.stress.faults.tables import Booked, Record, Writing, apply
from sim.stress.faults.world import Kit


@dataclass(frozen=True)
class Planted:
    """A planted bug: what it does, in English and Chinese, the kit that has it, and the invariants that it breaks."""

    en: str
    zh: str
    kit: Kit
    breaks: tuple[str, ...]


class KeyReadThenWritten(Shop):
    """Whether an order has been paid is read without a lock, and journals have no unique key."""

    def _lock_order(self, session: Session, ask: LockOrder) -> Work:
        kept = self.tables["order"].get(ask.order)
        return None if kept is None else OrderPage.from_bytes(ask.order, kept)
        yield ()

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
        return [self.member(session, number) for number in ask.members]
        yield ()


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
                return None
            session.writings["shelf", buckets[0]] = self.tables["shelf"][buckets[0]] - wanted
            chosen.append(buckets[0][1])
        return chosen
        yield ()


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


class RefundRace(Desk):
    """Which refund it is, is what the store counts, not what the source says."""

    def handle(self, events: Records, number: int = 0) -> Talk:
        """A refund is always the next one."""
        if Kind(int(events["kind"][0])) is not Kind.refund:
            return super().handle(events, number)
        return self._next_refund(events)

    def _next_refund(self, events: Records) -> Talk:
        yield Begin()
        before = yield LockOrder(int(events["order"][0]))
        yield Rollback()
        return (yield from super().handle(events, 0 if before is None else before.refunds))


class NoticesRemembered(Desk):
    """That a refund was told already is remembered by the process, and by it alone."""

    def handle(self, events: Records, number: int = 0) -> Talk:
        """The next one, unless this process has seen it."""
        if Kind(int(events["kind"][0])) is not Kind.refund:
            return super().handle(events, number)
        return self._unless_seen(events, number)

    def _unless_seen(self, events: Records, number: int) -> Talk:
        seen = self.__dict__.setdefault("seen", set())
        order = int(events["order"][0])
        if (order, number) in seen:
            return Reply(Result.again)
        yield Begin()
        before = yield LockOrder(order)
        yield Rollback()
        reply = yield from super().handle(events, number if before is None else max(number, before.refunds))
        seen.add((order, number))
        return reply


class DoubleThaw(Desk):
    """What is to be settled is read first, and not looked at again when it is settled."""

    def _due_order(self, order: int, time: int) -> Talk:
        yield Begin()
        before = yield LockOrder(order)
        yield Rollback()
        talk, answer = super()._due_order(order, time), None
        while True:
            try:
                ask = talk.send(answer)
            except StopIteration as end:
                reply: Reply = end.value
                return reply
            answer = yield ask
            if isinstance(ask, LockOrder):
                answer = before


class StaleUplines(Desk):
    """Who is above whom is taken from the cache, and not checked under the lock."""

    def _lock(self, concerned: set[int], clicked: object = None) -> Generator[Ask, Any, list[MemberPage]]:
        if not concerned:
            return []
        return (yield LockMembers(tuple(sorted(concerned))))


class AcknowledgedEarly(Desk):
    """The client is told that it is done when it is written, and the commit comes later."""

    def _write(self, *given: Any, **named: Any) -> Talk:  # noqa: ANN401 - handed on
        talk = super()._write(*given, **named)
        ask = next(talk)
        yield ask
        stamp = ask.change.made.members[0].stamp if ask.change.made.members else ask.change.made.order.stamp
        self.__dict__.get("told", bool)(Reply(Result.done, NOTHING, stamp))
        talk.send(None)
        yield Commit()
        try:
            talk.send(None)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
        raise AssertionError("a desk asks for nothing after its commit")


class EarlyClient(Client):
    """Tells the source as soon as its desk does."""

    def start(self) -> None:
        """A desk that says so early."""
        super().start()
        self.desk.__dict__["told"] = lambda reply: (
            self.delivery and self.world.audit.replied(self.number, self.delivery.job, reply)
        )


class OtherContentsSwallowed(Desk):
    """A key that comes again is answered without a look at what comes with it."""

    def handle(self, events: Records, number: int = 0) -> Talk:
        """Never a conflict."""
        reply = yield from super().handle(events, number)
        return replace(reply, result=Result.again) if reply.result is Result.conflict else reply


class UtcEvents(Desk):
    """Events are stamped with the clock of Greenwich."""

    def handle(self, events: Records, number: int = 0) -> Talk:
        """Eight hours early."""
        events = events.copy()
        events["time"] -= 8 * 3_600
        return super().handle(events, number)


class WithdrawalNotLocked(Desk):
    """A withdrawal is worked out on what was read before the lock was there."""

    def _withdrawal(self, events: Records) -> Talk:
        talk, answer, read = super()._withdrawal(events), None, None
        while True:
            try:
                ask = talk.send(answer)
            except StopIteration as end:
                reply: Reply = end.value
                return reply
            if isinstance(ask, LockMembers):
                read = yield ask
                yield Rollback()
                yield Begin()
                yield ask
                answer = read
            else:
                answer = yield ask


class NewNumber(Payer):
    """Asks again under a new channel order number."""

    def channel_no(self, number: int) -> str:
        """Another one each time."""
        return f"{super().channel_no(number)}-{self.world.asked(number)}"


class UnknownIsFailed(Payer):
    """Takes no answer for a no."""

    def meaning(self, number: int, answer: Answer) -> Kind | None:
        """Failed, if nothing came back."""
        return Kind.failed if answer is Answer.silence else super().meaning(number, answer)


PLANTED: dict[str, Planted] = {
    "key_read_then_written": Planted(
        "a key is read, then written, with no lock between",
        "先读键后写，无锁",
        Kit(shop=KeyReadThenWritten),
        ("once", "stock"),
    ),
    "unordered_locks": Planted(
        "members are locked in no order", "加锁顺序不一", Kit(shop=UnorderedLocks), ("deadlock",)
    ),
    "members_not_locked": Planted(
        "members are read and not locked", "会员只读不锁", Kit(shop=MembersNotLocked), ("serial", "wallet", "once")
    ),
    "locks_let_go_early": Planted(
        "locks are let go of before the commit",
        "提交前释放锁",
        Kit(shop=LocksLetGoEarly),
        ("wallet", "serial", "stock", "once"),
    ),
    "dirty_reads": Planted(
        "what is not committed is read", "脏读", Kit(shop=DirtyReads), ("serial", "wallet", "once", "stock")
    ),
    "utc_days": Planted("a journal counts for the day in Greenwich", "凭证按 UTC 归日", Kit(shop=UtcDays), ("day",)),
    "utc_events": Planted("events have the time of Greenwich", "事件按 UTC 时间入账", Kit(desk=UtcEvents), ("day",)),
    "absolute_wallets": Planted(
        "a wallet is written as it was read, plus a gain", "钱包绝对值回写", Kit(shop=AbsoluteWallets), ("wallet",)
    ),
    "wallets_apart": Planted(
        "wallets have a transaction of their own", "钱包在另一事务中更新", Kit(shop=WalletsApart), ("wallet",)
    ),
    "rounded_anew": Planted(
        "the ledger rounds otherwise than the rules", "总账与规则舍入不一", Kit(shop=RoundedAnew), ("wallet",)
    ),
    "rows_dropped": Planted("a leg of a journal is dropped", "凭证丢行", Kit(shop=RowsDropped), ("balanced",)),
    "stock_read_then_written": Planted(
        "stock is read, and what is left written", "库存先读后绝对值写", Kit(shop=StockReadThenWritten), ("stock",)
    ),
    "pieces_back_at_once": Planted(
        "pieces are put back outside of the transaction", "退货入库不在事务内", Kit(shop=PiecesBackAtOnce), ("stock",)
    ),
    "not_flushed": Planted(
        "a commit is acknowledged before it is on disk", "未刷盘即确认", Kit(shop=NotFlushed), ("kept",)
    ),
    "torn_pages": Planted(
        "half of a transaction is taken for all of it",
        "残缺事务被当作完整",
        Kit(shop=TornPages),
        ("serial", "wallet", "error"),
    ),
    "acknowledged_early": Planted(
        "a client is told before the commit", "提交前确认", Kit(desk=AcknowledgedEarly, client=EarlyClient), ("kept",)
    ),
    "refund_race": Planted(
        "a refund that comes again is another one", "重复退款当作新退款", Kit(desk=RefundRace), ("once",)
    ),
    "notices_remembered": Planted(
        "that a refund came is remembered by a process", "去重只在进程内存", Kit(desk=NoticesRemembered), ("once",)
    ),
    "double_thaw": Planted(
        "what is settled is not looked at again under the lock",
        "重复解冻",
        Kit(desk=DoubleThaw),
        ("serial", "wallet", "error"),
    ),
    "stale_uplines": Planted(
        "a cache is not checked under the lock", "缓存未在锁内复核", Kit(desk=StaleUplines), ("serial", "error")
    ),
    "withdrawal_not_locked": Planted(
        "a withdrawal goes by what was read before the lock",
        "提现用锁前余额",
        Kit(desk=WithdrawalNotLocked),
        ("serial", "wallet"),
    ),
    "other_contents_swallowed": Planted(
        "a key that comes again is never compared", "同键异文被吞", Kit(desk=OtherContentsSwallowed), ("conflict",)
    ),
    "new_number": Planted(
        "a payout is asked for again under another number", "重试换单号", Kit(payer=NewNumber), ("paid",)
    ),
    "unknown_is_failed": Planted("no answer is taken for a no", "未知当失败", Kit(payer=UnknownIsFailed), ("paid",)),
}
"""Bugs by name."""
