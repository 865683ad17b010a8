"""Whose money it is: the accounts of the ledger, and the numbers of its journals.

Amounts are signed fen, positive = debit; a journal sums to 0. Accounts below `FIRST_WALLET` are the shop's: nearly
every journal has one of them, so their balances are never kept, only added up when somebody asks. From there on they
are the wallets of members: member m has account `FIRST_WALLET` + m. What is pending, held or available of a wallet is a
state of one debt, not another account: the ledger says whose money it is, the wallet's row when it may leave.

A journal's number is a function of what it books, so that the same thing booked twice meets itself: the number is the
primary key. Corrections are journals of their own.
"""

from __future__ import annotations

from enum import IntEnum

from rules.events import Kind
from rules.payout.stages import Account


class ShopAccount(IntEnum):
    """The shop's accounts."""

    channel = 0  # 支付渠道: what the payment channel owes the shop
    sales = 1  # 销售: what buyers paid for, net of refunds
    commission = 2  # 佣金费用
    payable = 3  # 应付提现: asked for, not sent
    company = 4  # 公司账户: set aside for fee and tax of what is under way
    transit = 5  # 渠道在途: with the payout channel, not confirmed
    bank = 6  # 已到账
    fee_income = 7  # 手续费收入
    tax_payable = 8  # 应交税费


FIRST_WALLET = 16
"""The account of member 0."""

STAGES = (ShopAccount.payable, ShopAccount.company, ShopAccount.transit)
"""The accounts that are 0 when nothing is under way."""

OF_STAGE: dict[Account, ShopAccount] = {
    Account.payable: ShopAccount.payable,
    Account.company: ShopAccount.company,
    Account.transit: ShopAccount.transit,
    Account.bank: ShopAccount.bank,
    Account.fee_income: ShopAccount.fee_income,
    Account.tax_payable: ShopAccount.tax_payable,
}
"""The shop's account of each account of a payout but the wallet."""


class JournalKind(IntEnum):
    """What a journal books. Kinds up to 33 are those of the event that caused it (`rules.events.Kind`)."""

    pay = int(Kind.pay)  # subject: the order; money comes in
    refund = int(Kind.refund)  # the order; money goes back
    withdraw = int(Kind.withdraw)  # the withdrawal, and so on:
    reject = int(Kind.reject)
    paid = int(Kind.paid)
    failed = int(Kind.failed)
    sent = 40  # the withdrawal, handed to the channel
    commission = 41  # the order: entries made by one event
    clawback = 42  # the order: entries taken back by one refund
    period = 43  # the first of the entries: without an order, made by a close, a bonus, or days gone by


_KIND_BITS, _NUMBER_BITS = 6, 6
MOST_NUMBER = (1 << _NUMBER_BITS) - 1
"""The last number of a journal of one kind about one subject."""
MOST_SUBJECT = (1 << (63 - _KIND_BITS - _NUMBER_BITS)) - 1


def wallet_of(member: int) -> int:
    """The account of a member."""
    return FIRST_WALLET + member


def journal_id(subject: int, kind: int, number: int = 0) -> int:
    """The number of the journal that books the `number`-th thing of a kind about a subject.

    Raises:
        ValueError: there is no room for it.
    """
    if not (0 <= subject <= MOST_SUBJECT and 0 <= kind < 1 << _KIND_BITS and 0 <= number <= MOST_NUMBER):
        raise ValueError(f"subject {subject}, kind {kind}, number {number} do not fit into the number of a journal")
    return (subject << _KIND_BITS | kind) << _NUMBER_BITS | number


def parts_of_id(journal: int) -> tuple[int, int, int]:
    """Subject, kind and number that a journal's number stands for."""
    rest, number = divmod(journal, 1 << _NUMBER_BITS)
    subject, kind = divmod(rest, 1 << _KIND_BITS)
    return subject, kind, number
