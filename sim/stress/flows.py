"""Money-flow monitor 资金流监控: what came in, went back, was earned and paid out by day; what has to be there; alarms.

All of it is added up from the ledger. *Owed* is what members have in their wallets (what is below 0 apart), what is
under way to them, and tax that was withheld; *cover* is what the channel and the bank hold of the buyers' money, over
that: below 1 the company could not pay what it owes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import Connection

from rules.calendar import date_of
from rules.events import DAY
from rules.money import yuan
from rules.records import WithdrawalStatus
from sim.experiments.metric_names import Text
from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount
from sim.stress.reconcile.queries import ask

STUCK_DAYS, USUAL_DAYS, TIMES_USUAL, NEW_BINDING_DAYS = 3, 14, 3, 7
"""Days after which a payout should have cleared; days that say what is usual, and how often that is too much; days
after a change of inviter within which a withdrawal is looked at."""
_LEAST_SURGE = 100_000
"""Fen a day below which payouts are not called unusual."""

_BY_DAY = (
    f"SELECT business_date, (journal_id >> 6) & 63, CASE WHEN account >= {FIRST_WALLET} THEN {FIRST_WALLET} "
    "ELSE account END, SUM(amount) FROM postings GROUP BY 1, 2, 3 ORDER BY 1"
)
_STUCK = (
    "SELECT id, amount, sent_at FROM withdrawals WHERE status IN (:sent, :unknown) AND sent_at < :before ORDER BY id"
)
_NEGATIVE = "SELECT COUNT(*), COALESCE(SUM(available), 0) FROM wallets WHERE available < 0"
_REBOUND = (
    "SELECT w.id, w.amount, w.asked_at FROM withdrawals w WHERE EXISTS (SELECT 1 FROM bindings b "
    "WHERE b.member = w.member AND b.at <= w.asked_at AND b.at > w.asked_at - :span) AND EXISTS (SELECT 1 FROM "
    "bindings c WHERE c.member = w.member AND c.at <= w.asked_at - :span) AND w.asked_at >= :since ORDER BY w.id"
)


@dataclass(frozen=True)
class Day:
    """Money of a business day; fen. The second half stands at its end.

    Attributes:
        came_in, went_back: from and to buyers. earned, clawed: commission. asked, paid_out: by members, to members.
        owed: to members. under_way: asked for and not confirmed, with what is set aside for fee and tax.
        tax: withheld, not yet handed over. cash: of what came in, what has not left.
    """

    day: int
    came_in: int
    went_back: int
    earned: int
    clawed: int
    asked: int
    paid_out: int
    owed: int
    under_way: int
    tax: int
    cash: int

    @property
    def must_hold(self) -> int:
        """What the company's account has to hold."""
        return self.owed + self.under_way + self.tax

    @property
    def cover(self) -> float | None:
        """Cash over what it has to hold; None where that is nothing."""
        return self.cash / self.must_hold if self.must_hold > 0 else None


@dataclass(frozen=True)
class Alarm:
    """Something to look at: what it is, and its key."""

    kind: str
    said: Text


@dataclass(frozen=True)
class Flows:
    """Money by day, and alarms."""

    days: tuple[Day, ...] = ()
    alarms: tuple[Alarm, ...] = field(default_factory=tuple)


def flows_of(connection: Connection) -> Flows:
    """The flows of a store."""
    days = _days(connection)
    return Flows(days, tuple(_alarms(connection, days)))


def _days(connection: Connection) -> tuple[Day, ...]:
    moved: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for day, kind, account, amount in ask(connection, _BY_DAY):
        moved[day][kind, account] = amount
    standing: dict[int, int] = defaultdict(int)
    found = []
    for day in range(min(moved, default=0), max(moved, default=-1) + 1):
        today = moved.get(day, {})
        for (_, account), amount in today.items():
            standing[account] += amount
        found.append(_day(day, today, standing))
    return tuple(found)


def _day(day: int, today: dict[tuple[int, int], int], standing: dict[int, int]) -> Day:
    def of(kind: JournalKind, account: int) -> int:
        return today.get((int(kind), int(account)), 0)

    period = of(JournalKind.period, ShopAccount.commission)
    stages = (ShopAccount.payable, ShopAccount.company, ShopAccount.transit)
    return Day(
        day=day,
        came_in=of(JournalKind.pay, ShopAccount.channel),
        went_back=-of(JournalKind.refund, ShopAccount.channel),
        earned=of(JournalKind.commission, ShopAccount.commission) + max(0, period),
        clawed=-of(JournalKind.clawback, ShopAccount.commission) + max(0, -period),
        asked=of(JournalKind.withdraw, FIRST_WALLET),
        paid_out=-of(JournalKind.paid, ShopAccount.bank),
        owed=-standing[FIRST_WALLET],
        under_way=-sum(standing[int(one)] for one in stages),
        tax=-standing[int(ShopAccount.tax_payable)],
        cash=standing[int(ShopAccount.channel)] + standing[int(ShopAccount.bank)],
    )


def _alarms(connection: Connection, days: tuple[Day, ...]) -> list[Alarm]:
    if not days:
        return []
    end = (days[-1].day + 1) * DAY
    return [*_stuck(connection, end), *_surges(days), *_cover(days), *_negative(connection), *_rebound(connection, end)]


def _stuck(connection: Connection, end: int) -> list[Alarm]:
    states = {"sent": int(WithdrawalStatus.sent), "unknown": int(WithdrawalStatus.unknown)}
    rows = ask(connection, _STUCK, before=end - STUCK_DAYS * DAY, **states)
    if not rows:
        return []
    total, first = yuan(sum(amount for _, amount, _ in rows)), date_of(min(at for *_, at in rows))
    return [
        Alarm(
            "stuck",
            Text(
                f"渠道在途 {STUCK_DAYS} 天以上未清：{len(rows)} 笔，{total} 元，最早 {first}",
                f"in transit for more than {STUCK_DAYS} days: {len(rows)} payouts, {total} yuan, since {first}",
            ),
        )
    ]


def _surges(days: tuple[Day, ...]) -> list[Alarm]:
    found = []
    for place in range(USUAL_DAYS, len(days)):
        usual = median(one.asked for one in days[place - USUAL_DAYS : place])
        asked = days[place].asked
        if asked >= _LEAST_SURGE and asked > TIMES_USUAL * usual:
            date = date_of(days[place].day * DAY)
            said = Text(
                f"{date} 申请提现 {yuan(asked)} 元，超过平日中位数 {yuan(int(usual))} 的 {TIMES_USUAL} 倍",
                f"{date}: {yuan(asked)} yuan asked for, more than {TIMES_USUAL} × the usual {yuan(int(usual))}",
            )
            found.append(Alarm("surge", said))
    return found


def _cover(days: tuple[Day, ...]) -> list[Alarm]:
    short = [one for one in days if one.cover is not None and one.cover < 1]
    if not short:
        return []
    worst = min(short, key=lambda one: one.cover or 0)
    said = Text(
        f"{len(short)} 天现金不足以覆盖应付：最低 {date_of(worst.day * DAY)}，覆盖率 {worst.cover:.2f}",
        f"cash did not cover what is owed on {len(short)} days: worst on {date_of(worst.day * DAY)}, {worst.cover:.2f}",
    )
    return [Alarm("cover", said)]


def _negative(connection: Connection) -> list[Alarm]:
    ((count, total),) = ask(connection, _NEGATIVE)
    if not count:
        return []
    said = Text(
        f"{count} 个钱包为负，合计 {yuan(total)} 元（打款后退款）",
        f"{count} wallets below 0, {yuan(total)} yuan in all (refunds after the payout)",
    )
    return [Alarm("negative", said)]


def _rebound(connection: Connection, end: int) -> list[Alarm]:
    rows = ask(connection, _REBOUND, span=NEW_BINDING_DAYS * DAY, since=end - 4 * NEW_BINDING_DAYS * DAY)
    if not rows:
        return []
    total = yuan(sum(amount for _, amount, _ in rows))
    said = Text(
        f"换绑 {NEW_BINDING_DAYS} 天内提现：{len(rows)} 笔，{total} 元（近四周）",
        f"withdrawals within {NEW_BINDING_DAYS} days of a change of inviter: {len(rows)}, {total} yuan, in four weeks",
    )
    return [Alarm("rebound", said)]
