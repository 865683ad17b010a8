"""Statement 结算单: what moved in a member's wallet on a day, in a week or in a month, line by line, with the reason.

A wallet is all that the shop owes a member: pending, held, available, and asked for but not yet paid. Entries and
reversals move it when they are booked, payouts when they are paid; a request that is under way does not. So
opening + lines = closing, where opening is reckoned forward from the first entry and closing back from the wallet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.calendar import date_of, period_days
from rules.errors import InputError
from rules.events import DAY, Names, Period, Records
from rules.money import percent, yuan
from rules.plan.values import Title
from rules.records import Component, EntryStatus, WithdrawalStatus

POCKETS = ("pending", "held", "available", "withdrawing")
"""The parts of a wallet."""

COMPONENTS: Mapping[Component, Title] = {
    Component.base: Title(zh="基础佣金", en="base commission"),
    Component.bonus: Title(zh="奖励", en="bonus"),
    Component.ladder: Title(zh="阶梯奖励", en="ladder"),
    Component.team: Title(zh="团队绩效", en="team"),
    Component.differential: Title(zh="级差", en="differential"),
    Component.peer: Title(zh="平级奖", en="peer bonus"),
    Component.area: Title(zh="区域代理", en="area agent"),
    Component.margin: Title(zh="差价", en="margin"),
    Component.influence: Title(zh="影响力津贴", en="influence allowance"),
    Component.dividend: Title(zh="分红", en="dividend"),
    Component.adjustment: Title(zh="申诉调整", en="adjustment"),
    Component.contest: Title(zh="竞赛奖金", en="contest"),
    Component.prize: Title(zh="实物奖品", en="prize"),
}
STATUSES: Mapping[EntryStatus, Title] = {
    EntryStatus.pending: Title(zh="待收货", en="pending"),
    EntryStatus.held: Title(zh="冻结中", en="held"),
    EntryStatus.available: Title(zh="可提现", en="available"),
    EntryStatus.reversal: Title(zh="追回", en="reversal"),
}
PERIODS: Mapping[Period, Title] = {
    Period.day: Title(zh="日结算单", en="statement of the day"),
    Period.week: Title(zh="周结算单", en="statement of the week"),
    Period.month: Title(zh="月结算单", en="statement of the month"),
}
LABELS: Mapping[str, Title] = {
    "opening": Title(zh="期初余额", en="opening balance"),
    "closing": Title(zh="期末余额", en="closing balance"),
    "earned": Title(zh="本期佣金", en="earned"),
    "reversed": Title(zh="本期追回", en="taken back"),
    "paid_out": Title(zh="本期提现", en="paid out"),
    "fee": Title(zh="其中手续费", en="of it fee"),
    "tax": Title(zh="其中代扣税款", en="of it tax withheld"),
    "in_kind": Title(zh="本期实物奖品价值", en="value of prizes"),
    "under_way": Title(zh="提现处理中", en="asked for, under way"),
    "time": Title(zh="时间", en="time"),
    "amount": Title(zh="金额", en="amount"),
    "balance": Title(zh="余额", en="balance"),
    "reason": Title(zh="事由", en="reason"),
}
"""What the figures and the columns of a statement are called."""


@dataclass(frozen=True)
class EntryLine:
    """A commission entry or its reversal (amount below 0; `reverses` is the row it takes back).

    `order` is None and `line` 0 for entries of a period or a streak; `status` is where the money is now.
    """

    time: int
    amount: int
    balance: int
    entry: int
    component: Component
    order: str | None
    line: int
    level: int
    rate: int
    base: int
    status: EntryStatus
    reverses: int | None

    @property
    def reason(self) -> Title:
        """Why the wallet moved, in words."""
        name = COMPONENTS[self.component]
        zh, en = [name.zh], [name.en]
        if self.order is not None:
            zh.append(f"订单 {self.order}" + (f" 第 {self.line} 行" if self.line else ""))
            en.append(f"order {self.order}" + (f" line {self.line}" if self.line else ""))
        if self.level:
            zh.append(f"{self.level} 级")
            en.append(f"level {self.level}")
        if self.component is Component.prize:
            zh.append(f"价值 {yuan(self.base)}，不可提现")
            en.append(f"worth {yuan(self.base)}, not to be withdrawn")
        if self.base and self.rate:
            zh.append(f"{yuan(self.base)} × {percent(self.rate)}")
            en.append(f"{percent(self.rate)} of {yuan(self.base)}")
        if self.component is not Component.prize:
            zh.append(STATUSES[self.status].zh)
            en.append(STATUSES[self.status].en)
        return Title(zh="，".join(zh), en=", ".join(en))


@dataclass(frozen=True)
class PayoutLine:
    """A payout that was paid: the wallet gave `gross`, the member got what is left of it after fee and tax."""

    time: int
    amount: int
    balance: int
    withdrawal: int
    fee: int
    tax: int

    @property
    def gross(self) -> int:
        """What left the wallet."""
        return -self.amount

    @property
    def net(self) -> int:
        """What reached the member."""
        return self.gross - self.fee - self.tax

    @property
    def reason(self) -> Title:
        """Why the wallet moved, in words."""
        fee, tax, net = yuan(self.fee), yuan(self.tax), yuan(self.net)
        return Title(
            zh=f"提现 {self.withdrawal}：手续费 {fee}，代扣税款 {tax}，到账 {net}",
            en=f"payout {self.withdrawal}: fee {fee}, tax withheld {tax}, {net} paid",
        )


@dataclass(frozen=True)
class Statement:
    """A member's statement; amounts in fen.

    Attributes:
        first, last: days of the period.
        under_way: asked for and not answered at the end of the period; part of `closing`.
    """

    member: str
    period: Period
    first: dt.date
    last: dt.date
    opening: int
    lines: tuple[EntryLine | PayoutLine, ...]
    closing: int
    under_way: int

    @property
    def earned(self) -> int:
        """Commission booked in the period."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def in_kind(self) -> int:
        """Value of the prizes booked in the period; no part of the wallet, but of the income that is taxed."""
        return sum(
            line.base for line in self.lines if isinstance(line, EntryLine) and line.component is Component.prize
        )

    @property
    def reversed(self) -> int:
        """Commission taken back in the period, not negative."""
        return -sum(line.amount for line in self.lines if isinstance(line, EntryLine) and line.amount < 0)

    @property
    def paid_out(self) -> int:
        """What payouts took from the wallet: before fee and tax."""
        return sum(line.gross for line in self._payouts())

    @property
    def fee(self) -> int:
        """Fees of the payouts."""
        return sum(line.fee for line in self._payouts())

    @property
    def tax(self) -> int:
        """Tax withheld from the payouts."""
        return sum(line.tax for line in self._payouts())

    @property
    def title(self) -> Title:
        """What kind of statement it is."""
        return PERIODS[self.period]

    def figures(self) -> list[tuple[str, int]]:
        """The sums from opening to closing by their names in `LABELS`, in fen."""
        names = ("opening", "earned", "reversed", "paid_out", "fee", "tax", "closing", "under_way")
        more = ("in_kind",) if self.in_kind else ()
        return [(name, getattr(self, name)) for name in (*names, *more)]

    def _payouts(self) -> Iterator[PayoutLine]:
        return (line for line in self.lines if isinstance(line, PayoutLine))


def statement_of(book: Book, member: int, period: Period, number: int, names: Names | None = None) -> Statement:
    """The statement of a member for a day, week or month.

    Args:
        book: what the engine left.
        member: number of the member.
        period: how long.
        number: which one, as `rules.calendar.period_of` counts.
        names: what stands behind the numbers of members and orders; None = the numbers.

    Raises:
        InputError: no such member, or a book in which opening + lines is not closing.
    """
    if not 0 <= member < len(book.members):
        raise InputError(f"there is no member {member}", allowed=f"0 to {len(book.members) - 1}")
    entries, payouts = book.rows("entries"), book.rows("withdrawals")
    of_member = np.flatnonzero(entries["member"] == member), np.flatnonzero(_known(payouts, member))
    return _statement(book, member, (period, number), *of_member, names or Names())


def statements(book: Book, period: Period, number: int, names: Names | None = None) -> list[Statement]:
    """The statements of all members in whose wallet something moved, in order of members."""
    entries, payouts = book.rows("entries"), book.rows("withdrawals")
    known = np.flatnonzero(payouts["known"])
    of_entry, of_payout = _grouped(entries["member"]), _grouped(payouts["member"][known])
    none = np.zeros(0, np.int64)
    made = []
    for member in sorted(of_entry.keys() | of_payout.keys()):
        own = known[of_payout.get(member, none)]
        made.append(_statement(book, member, (period, number), of_entry.get(member, none), own, names or Names()))
    return [one for one in made if one.lines]


def _known(payouts: Records, member: int) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = payouts["known"] & (payouts["member"] == member)
    return known


def _grouped(members: NDArray[np.int32]) -> dict[int, NDArray[np.int64]]:
    """The places of each member."""
    order = np.argsort(members, kind="stable")
    cuts = np.flatnonzero(np.diff(members[order])) + 1
    return {int(members[places[0]]): places for places in np.split(order, cuts) if len(places)}


def _statement(
    book: Book,
    member: int,
    which: tuple[Period, int],
    entries: NDArray[np.int64],
    payouts: NDArray[np.int64],
    names: Names,
) -> Statement:
    begin, end = (day * DAY for day in period_days(which[1], which[0]))
    moves = _moves(book, entries, payouts)
    person = book.members[member]
    at_first = int(person["earned"]) - int(book.entries["amount"][entries].sum())
    wallet = sum(int(person[pocket]) for pocket in POCKETS)
    opening = at_first + sum(move.amount for move in moves if move.time < begin)
    closing = wallet - sum(move.amount for move in moves if move.time >= end)
    balance, lines = opening, []
    for move in moves:
        if begin <= move.time < end:
            balance += move.amount
            lines.append((_payout_line if move.payout else _entry_line)(book, move, balance, names))
    if balance != closing:
        raise InputError(
            f"the wallet of member {names.member(member)} does not add up: {yuan(opening)} and the lines are "
            f"{yuan(balance)}, but the book has {yuan(closing)}",
            allowed="a book that only an engine wrote",
        )
    asked = book.withdrawals[payouts]
    open_then = (asked["time"] < end) & ((asked["done_at"] < 0) | (asked["done_at"] >= end))
    under_way = int(asked["amount"][open_then].sum())
    days = date_of(begin), date_of(end - 1)
    return Statement(names.member(member), which[0], *days, opening, tuple(lines), closing, under_way)


class _Move(NamedTuple):
    """What changed a wallet: row `number` of the entries, or of the withdrawals."""

    time: int
    payout: bool
    number: int
    amount: int


def _moves(book: Book, entries: NDArray[np.int64], payouts: NDArray[np.int64]) -> list[_Move]:
    """Everything that ever changed a member's wallet, in order."""
    made, asked = book.entries[entries], book.withdrawals[payouts]
    moves = [
        _Move(int(row["time"]), False, int(number), int(row["amount"]))
        for number, row in zip(entries, made, strict=True)
    ]
    moves += [
        _Move(int(row["done_at"]), True, int(number), -int(row["amount"]))
        for number, row in zip(payouts, asked, strict=True)
        if row["status"] == WithdrawalStatus.paid
    ]
    return sorted(moves)


def _entry_line(book: Book, move: _Move, balance: int, names: Names) -> EntryLine:
    row = book.entries[move.number]
    order, reverses = int(row["order"]), int(row["reverses"])
    return EntryLine(
        time=move.time,
        amount=move.amount,
        balance=balance,
        entry=move.number,
        component=Component(int(row["component"])),
        order=names.order(order) if order >= 0 else None,
        line=int(row["line"]),
        level=int(row["level"]),
        rate=int(row["rate"]),
        base=int(row["base"]),
        status=EntryStatus(int(row["status"])),
        reverses=reverses if reverses >= 0 else None,
    )


def _payout_line(book: Book, move: _Move, balance: int, names: Names) -> PayoutLine:
    row = book.withdrawals[move.number]
    return PayoutLine(move.time, move.amount, balance, move.number, int(row["fee"]), int(row["tax"]))
