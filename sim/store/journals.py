"""What a change of pages books into the ledger: one journal for each thing that moves money, numbered by what it is.

Entries of commission and wallets come from different places of the rules: a journal's legs are taken from the entries,
the wallets' rows from the balances. The ledger is where the two have to meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.payout.stages import HISTORY, Account, Transition, postings
from rules.records import WithdrawalStatus
from sim.store.assembly import Outcome
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage
from sim.store.sql.accounts import OF_STAGE, JournalKind, ShopAccount, journal_id, wallet_of

_LEGS = 4
PERIOD_BITS = 20
"""Bits of the subject of a journal without an order that number a member's journals."""
_KIND_OF: dict[Transition, JournalKind] = {
    Transition.requested: JournalKind.withdraw,
    Transition.rejected: JournalKind.reject,
    Transition.sent: JournalKind.sent,
    Transition.paid: JournalKind.paid,
    Transition.failed: JournalKind.failed,
}


@dataclass(frozen=True)
class Journal:
    """So much on each account; amounts are signed fen, positive = debit, and sum to 0."""

    id: int
    event_at: int
    legs: tuple[tuple[int, int], ...]

    def rows(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """The legs as rows of at most four, each of which sums to 0.

        Where there are more, the first account is the shop's, and each row has its own share of it.
        """
        if len(self.legs) <= _LEGS:
            yield self.legs
            return
        (shop, _), *others = self.legs
        for first in range(0, len(others), _LEGS - 1):
            some = others[first : first + _LEGS - 1]
            yield ((shop, -sum(amount for _, amount in some)), *some)


def journals_of(
    before: OrderPage | None, drawn: Sequence[WithdrawalPage], now: Outcome, time: int
) -> tuple[list[Journal], NDArray[np.int64]]:
    """The journals of a change, and the journal of each of its entries; counts on the pages go up with them.

    Args:
        before: the order as it was. drawn: the withdrawals as they were.
        now: what the rules made. time: of the change.
    """
    of_entries = np.full(len(now.entries), -1, np.int64)
    journals = [*_of_money(before, now.order, time)]
    for journal, chosen in _of_entries(now, time):
        journals.append(journal)
        of_entries[chosen] = journal.id
    journals += _of_withdrawals({page.id: page for page in drawn}, now.withdrawals, time)
    return journals, of_entries


def _of_money(before: OrderPage | None, order: OrderPage | None, time: int) -> Iterator[Journal]:
    """Money that came in for an order, or went back."""
    if order is None or before is None:
        return
    was, row = before.row[0], order.row[0]
    if was["paid_at"] < 0 <= row["paid_at"]:
        paid = int(row["goods"]) + int(row["freight"])
        legs = ((int(ShopAccount.channel), paid), (int(ShopAccount.sales), -paid))
        yield Journal(journal_id(order.id, JournalKind.pay), time, legs)
    returned = int(row["refunded"]) - int(was["refunded"])
    if returned:
        legs = ((int(ShopAccount.sales), returned), (int(ShopAccount.channel), -returned))
        yield Journal(journal_id(order.id, JournalKind.refund, before.refunds), time, legs)


def _of_entries(now: Outcome, time: int) -> Iterator[tuple[Journal, NDArray[np.bool_]]]:
    """Commission that was earned, and what was taken back: each with the entries that it books."""
    entries, order = now.entries, now.order
    if not len(entries):
        return
    of_order, taken = entries["order"] >= 0, entries["reverses"] >= 0
    if order is not None and (chosen := of_order & ~taken).any():
        number = journal_id(order.id, JournalKind.commission, order.commissions)
        yield _commission(now, chosen, number, time), chosen
        order.commissions += 1
    if order is not None and (chosen := of_order & taken).any():
        number = journal_id(order.id, JournalKind.clawback, order.clawbacks)
        yield _commission(now, chosen, number, time), chosen
        order.clawbacks += 1
    pages = {page.id: page for page in now.members}
    for member in np.unique(entries["member"][~of_order]).tolist():
        for at in np.unique(entries["time"][~of_order & (entries["member"] == member)]).tolist():
            chosen = ~of_order & (entries["member"] == member) & (entries["time"] == at)
            yield _commission(now, chosen, _period_id(pages[member]), at), chosen


def _period_id(page: MemberPage) -> int:
    subject = page.id << PERIOD_BITS | page.journals
    page.journals += 1
    return journal_id(subject, JournalKind.period)


def _commission(now: Outcome, chosen: NDArray[np.bool_], number: int, time: int) -> Journal:
    """A journal of some of the entries: the shop's expense, and each member's wallet once, lowest number first."""
    members, amounts = now.entries["member"][chosen], now.entries["amount"][chosen]
    gained = {int(one): int(amounts[members == one].sum()) for one in np.unique(members)}
    legs = [(wallet_of(member), -amount) for member, amount in gained.items()]
    return Journal(number, time, ((int(ShopAccount.commission), sum(gained.values())), *legs))


def _of_withdrawals(before: dict[int, WithdrawalPage], now: Sequence[WithdrawalPage], time: int) -> Iterator[Journal]:
    """The transitions that withdrawals went through."""
    for page in now:
        row = page.row[0]
        been: tuple[Transition, ...] = ()
        if page.id in before:
            been = HISTORY[WithdrawalStatus(int(before[page.id].row[0]["status"]))]
        for transition in HISTORY[WithdrawalStatus(int(row["status"]))]:
            if transition in been or transition is Transition.unknown:
                continue
            yield of_transition(page.id, row, transition, time)


def of_transition(number: int, row: Any, transition: Transition, time: int) -> Journal:  # noqa: ANN401 - a row of `WITHDRAWAL`
    """The journal of a transition that a withdrawal goes through.

    Args:
        number: of the withdrawal. row: `WITHDRAWAL`. time: of the transition.
    """
    gross, fee, tax = int(row["amount"]), int(row["fee"]), int(row["tax"])
    legs: dict[int, int] = {}
    for one in postings(number, transition, gross, fee, tax):
        wallet = one.account is Account.wallet
        account = wallet_of(int(row["member"])) if wallet else int(OF_STAGE[one.account])
        legs[account] = legs.get(account, 0) + one.amount
    kept = tuple((account, amount) for account, amount in legs.items() if amount)
    return Journal(journal_id(number, _KIND_OF[transition]), time, kept)
