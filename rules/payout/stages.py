"""The three stages of money out 资金三段: wallet → company account → channel, as double-entry postings.

A payout passes through three accounts, each of which is 0 when nothing is under way in it:

| stage | account | from | to |
| --- | --- | --- | --- |
| wallet | `payable` | a request takes the money out of the wallet | it is sent, or the reviewer rejects it |
| company account | `company` | it is sent: the net amount goes on, fee and tax stay | it is paid or fails |
| channel | `transit` | it is sent: the channel has the net amount | it is paid or fails, and comes back |

Postings are signed fen, positive = debit; each transition sums to 0. `unknown` posts nothing: nobody knows that any
money moved, so it stays in transit. Fee and tax are earned and owed once the member is paid, never before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from rules.book import Book
from rules.plan.values import Title
from rules.records import WithdrawalStatus


class Account(Enum):
    """Where the money of payouts is."""

    wallet = "wallet"  # owed to members
    payable = "payable"  # asked for, not sent
    company = "company"  # set aside for fee and tax of what is under way
    transit = "transit"  # with the channel, not confirmed
    bank = "bank"  # reached the members
    fee_income = "fee_income"
    tax_payable = "tax_payable"


TITLES: Mapping[Account, Title] = {
    Account.wallet: Title(zh="会员钱包", en="members' wallets"),
    Account.payable: Title(zh="应付提现", en="payable"),
    Account.company: Title(zh="公司账户", en="company account"),
    Account.transit: Title(zh="渠道在途", en="in transit with the channel"),
    Account.bank: Title(zh="已到账", en="paid to members"),
    Account.fee_income: Title(zh="手续费收入", en="fee income"),
    Account.tax_payable: Title(zh="应交税费", en="tax payable"),
}
STAGES = (Account.payable, Account.company, Account.transit)
"""The accounts that are 0 when nothing is under way."""


class Transition(Enum):
    """What happens to a payout; each may happen once."""

    requested = "requested"
    rejected = "rejected"
    sent = "sent"
    unknown = "unknown"
    paid = "paid"
    failed = "failed"


@dataclass(frozen=True)
class Posting:
    """So many fen on one account of one payout: positive = debit."""

    withdrawal: int
    transition: Transition
    account: Account
    amount: int


HISTORY: Mapping[WithdrawalStatus, tuple[Transition, ...]] = {
    WithdrawalStatus.reviewing: (Transition.requested,),
    WithdrawalStatus.rejected: (Transition.requested, Transition.rejected),
    WithdrawalStatus.sent: (Transition.requested, Transition.sent),
    WithdrawalStatus.unknown: (Transition.requested, Transition.sent, Transition.unknown),
    WithdrawalStatus.paid: (Transition.requested, Transition.sent, Transition.paid),
    WithdrawalStatus.failed: (Transition.requested, Transition.sent, Transition.failed),
}
"""What a payout in a state has been through. One that was unknown before it was answered posted nothing for that."""


def postings(withdrawal: int, transition: Transition, gross: int, fee: int, tax: int) -> list[Posting]:
    """What a transition of a payout moves; sums to 0. Fee and tax matter from `sent` on; zeros are left out."""
    net = gross - fee - tax
    moved: dict[Transition, list[tuple[Account, int]]] = {
        Transition.requested: [(Account.wallet, gross), (Account.payable, -gross)],
        Transition.rejected: [(Account.payable, gross), (Account.wallet, -gross)],
        Transition.sent: [
            (Account.payable, gross),
            (Account.company, -gross),
            (Account.company, net),
            (Account.transit, -net),
        ],
        Transition.unknown: [],
        Transition.paid: [
            (Account.transit, net),
            (Account.bank, -net),
            (Account.company, fee + tax),
            (Account.fee_income, -fee),
            (Account.tax_payable, -tax),
        ],
        Transition.failed: [
            (Account.transit, net),
            (Account.company, -net),
            (Account.company, gross),
            (Account.wallet, -gross),
        ],
    }
    return [Posting(withdrawal, transition, account, amount) for account, amount in moved[transition] if amount]


def journal(book: Book) -> list[Posting]:
    """All postings that the withdrawals of a book stand for, payout by payout."""
    rows = book.rows("withdrawals")
    made: list[Posting] = []
    for number in np.flatnonzero(rows["known"]).tolist():
        row = rows[number]
        gross, fee, tax = int(row["amount"]), int(row["fee"]), int(row["tax"])
        for transition in HISTORY[WithdrawalStatus(int(row["status"]))]:
            made += postings(number, transition, gross, fee, tax)
    return made


def balances(posted: Iterable[Posting]) -> dict[Account, int]:
    """The balance of every account in fen, positive = debit; they sum to 0."""
    sums = dict.fromkeys(Account, 0)
    for posting in posted:
        sums[posting.account] += posting.amount
    return sums


@dataclass(frozen=True)
class Uncleared:
    """A stage that is not 0, and the payouts that are in it."""

    stage: Account
    amount: int
    withdrawals: tuple[int, ...]


def uncleared(posted: Iterable[Posting]) -> list[Uncleared]:
    """The stages that do not clear, with fen still owed out of them and the payouts to ask about.

    A stage in which payouts cancel each other out to 0 is listed too: no single one of them is cleared.
    """
    within: dict[Account, dict[int, int]] = {stage: {} for stage in STAGES}
    for posting in posted:
        if posting.account in within:
            one = within[posting.account]
            one[posting.withdrawal] = one.get(posting.withdrawal, 0) - posting.amount
    found = []
    for stage, amounts in within.items():
        left = {number: amount for number, amount in amounts.items() if amount}
        if left:
            found.append(Uncleared(stage, sum(left.values()), tuple(sorted(left))))
    return found
