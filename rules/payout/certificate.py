"""Withholding certificate 代扣凭证: what was withheld from one payout, by which table, for the member to sign.

A certificate is drafted from the book once a payout is paid. It shows the columns of the withholding form, so that a
member can work the tax out again; who it is about stands there as the log knows them, which is a pseudonym wherever the
import made one. Its signature has states of its own, in one table below; a certificate never changes an amount.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from rules.book import Book
from rules.calendar import date_of
from rules.errors import InputError
from rules.events import Names
from rules.money import yuan
from rules.payout.tax import TABLES, TaxTable
from rules.plan.values import Title
from rules.records import WithdrawalStatus


class Signature(IntEnum):
    """Where the member's electronic signature stands."""

    drafted = 0
    sent = 1
    signed = 2
    refused = 3
    expired = 4


SIGNATURE_FLOW: Mapping[Signature, tuple[Signature, ...]] = {
    Signature.drafted: (),
    Signature.sent: (Signature.drafted,),
    Signature.signed: (Signature.sent,),
    Signature.refused: (Signature.sent,),
    Signature.expired: (Signature.sent,),
}
"""From which states a signature may come into a state; in any other nothing changes."""

SIGNATURE_TITLES: Mapping[Signature, Title] = {
    Signature.drafted: Title(zh="待发出", en="drafted"),
    Signature.sent: Title(zh="待签署", en="sent"),
    Signature.signed: Title(zh="已签署", en="signed"),
    Signature.refused: Title(zh="已拒签", en="refused"),
    Signature.expired: Title(zh="已过期", en="expired"),
}


@dataclass(frozen=True)
class IncomeTax:
    """How the income tax of a payout was worked out, in fen: `due` on all of `gathered`, less what was `before`.

    `in_kind` is what this payout took into account of the value of prizes.
    """

    table: TaxTable
    gathered: int
    months: int
    before: int
    tax: int
    in_kind: int = 0

    @property
    def taxable(self) -> int:
        """What is left of what was gathered after expenses and deductions."""
        return self.table.taxable(self.gathered, self.months)

    @property
    def due(self) -> int:
        """The tax on it, before what was withheld already."""
        return self.table.due(self.gathered, self.months)


@dataclass(frozen=True)
class SalesTax:
    """The VAT of a payout, in fen; `gathered` are the month's payouts with this one."""

    table: TaxTable
    gathered: int
    tax: int


@dataclass(frozen=True)
class Certificate:
    """What was withheld from one payout.

    Attributes:
        withdrawal: number of the payout in the book.
        member: the member as the log knows them.
        sent, paid: days on which the payout went to the channel (its tax is that of this day) and was confirmed.
        gross, fee: fen asked for, and kept by the shop.
        income, sales: the levies; None where the plan had no table for one.
    """

    withdrawal: int
    member: str
    sent: dt.date
    paid: dt.date
    gross: int
    fee: int
    income: IncomeTax | None
    sales: SalesTax | None
    signature: Signature = Signature.drafted

    @property
    def tax(self) -> int:
        """All that was withheld."""
        return (self.income.tax if self.income else 0) + (self.sales.tax if self.sales else 0)

    @property
    def net(self) -> int:
        """What reached the member."""
        return self.gross - self.fee - self.tax

    def move(self, signature: Signature) -> Certificate:
        """The certificate with its signature in another state.

        Raises:
            InputError: the state does not follow the one it is in.
        """
        if self.signature not in SIGNATURE_FLOW[signature]:
            after = [state.name for state, before in SIGNATURE_FLOW.items() if self.signature in before]
            raise InputError(
                f"the certificate of withdrawal {self.withdrawal} is {self.signature.name}, it cannot become "
                f"{signature.name}",
                allowed=", ".join(after) or "nothing any more",
            )
        return replace(self, signature=signature)

    def lines(self) -> list[tuple[Title, Title]]:
        """The certificate as labels and values, from top to bottom, amounts in yuan."""
        return [(Title(zh=zh, en=en), value) for zh, en, value in self._lines()]

    def _lines(self) -> Iterator[tuple[str, str, Title]]:
        yield "会员", "member", _same(self.member)
        yield "付款日", "day of payment", _same(self.sent.isoformat())
        yield "到账确认日", "day of confirmation", _same(self.paid.isoformat())
        yield "提现金额", "amount", _same(yuan(self.gross))
        yield "手续费", "fee", _same(yuan(self.fee))
        if one := self.income:
            yield "累计收入", "income gathered", _same(yuan(one.gathered))
            if one.in_kind:
                yield "其中实物奖品", "of it prizes", _same(yuan(one.in_kind))
            yield "连续月份数", "months in a row", _same(str(one.months))
            yield "累计应纳税所得额", "taxable of it", _same(yuan(one.taxable))
            yield "累计应扣税额", "tax due on it", _same(yuan(one.due))
            yield "此前已扣税额", "withheld before", _same(yuan(one.before))
            yield "本次代扣个人所得税", "income tax withheld now", _same(yuan(one.tax))
            yield from _sourced(one.table)
        if vat := self.sales:
            yield "当月销售额", "sales of the month", _same(yuan(vat.gathered))
            yield "本次代扣增值税", "VAT withheld now", _same(yuan(vat.tax))
            yield from _sourced(vat.table)
        yield "到账金额", "reaches the member", _same(yuan(self.net))
        yield "签署状态", "signature", SIGNATURE_TITLES[self.signature]


def _same(text: str) -> Title:
    return Title(zh=text, en=text)


def _sourced(table: TaxTable) -> Iterator[tuple[str, str, Title]]:
    yield "税表", "table", table.title
    yield "依据", "source", _same(table.source)
    if not table.verified:
        yield "核对", "verified", Title(zh="未与官方文本核对", en="not compared with the official text")


def certificate(book: Book, number: int, names: Names | None = None) -> Certificate:
    """The certificate of a payout.

    Args:
        book: what the engine left.
        number: of the withdrawal.
        names: what stands behind the numbers of members; None = the numbers.

    Raises:
        InputError: no such payout, not paid, or one from which no tax was to be withheld.
    """
    rows = book.rows("withdrawals")
    if not 0 <= number < len(rows) or not rows[number]["known"]:
        raise InputError(f"there is no withdrawal {number}", allowed="the number of a payout that was paid")
    row = {name: int(rows[number][name]) for name in rows.dtype.names or ()}
    if row["status"] != WithdrawalStatus.paid:
        raise InputError(
            f"withdrawal {number} is {WithdrawalStatus(row['status']).name}", allowed="a payout that was paid"
        )
    if row["income_table"] < 0 and row["vat_table"] < 0:
        raise InputError(f"the plan of withdrawal {number} withholds no tax", allowed="a payout under a tax rule")
    income, sales = None, None
    if row["income_table"] >= 0:
        table, tax = TABLES[row["income_table"]], row["tax"] - row["vat"]
        income = IncomeTax(table, row["income"], row["months"], row["withheld"], tax, row["in_kind"])
    if row["vat_table"] >= 0:
        sales = SalesTax(TABLES[row["vat_table"]], row["sales"], row["vat"])
    member = (names or Names()).member(row["member"])
    sent, paid = date_of(row["sent_at"]), date_of(row["done_at"])
    return Certificate(number, member, sent, paid, row["amount"], row["fee"], income, sales)


def certificates(book: Book, names: Names | None = None) -> list[Certificate]:
    """The certificates of all payouts that were paid under a tax rule, in the order of their numbers."""
    rows = book.rows("withdrawals")
    taxed = (rows["income_table"] >= 0) | (rows["vat_table"] >= 0)
    paid = rows["known"] & (rows["status"] == WithdrawalStatus.paid) & taxed
    return [certificate(book, number, names) for number in paid.nonzero()[0].tolist()]
