"""Bugs to be found: each is a part of a world that does what some live system has been seen to do wrong.

They show that the invariants have teeth. None of them is a switch in the program: a kit has another part in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.stress.faults.planted.desks import (
    AcknowledgedEarly,
    DoubleThaw,
    EarlyClient,
    NewNumber,
    NoticesRemembered,
    OtherContentsSwallowed,
    RefundRace,
    StaleUplines,
    UnknownIsFailed,
    UtcEvents,
    WithdrawalNotLocked,
)
from sim.stress.faults.planted.shops import (
    AbsoluteWallets,
    DirtyReads,
    KeyReadThenWritten,
    LocksLetGoEarly,
    MembersNotLocked,
    NotFlushed,
    PiecesBackAtOnce,
    RoundedAnew,
    RowsDropped,
    StockReadThenWritten,
    TornPages,
    UnorderedLocks,
    UtcDays,
    WalletsApart,
)
from sim.stress.faults.world import Kit


@dataclass(frozen=True)
class Planted:
    """A planted bug: what it does, in English and Chinese, the kit that has it.

    Attributes:
        breaks: the invariants by which it may be noticed first.
    """

    en: str
    zh: str
    kit: Kit
    breaks: tuple[str, ...]


PLANTED: dict[str, Planted] = {
    "key_read_then_written": Planted(
        "a key is read, then written, with no lock between",
        "先读键后写，无锁",
        Kit(shop=KeyReadThenWritten),
        ("once", "stock", "serial"),
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
    "unknown_is_failed": Planted(
        "no answer is taken for a no", "未知当失败", Kit(payer=UnknownIsFailed), ("paid", "conflict")
    ),
}
"""Bugs by name."""
