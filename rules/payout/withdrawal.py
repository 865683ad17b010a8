"""Withdrawal 提现: what a request must satisfy, and the answers of reviewer and channel.

requested → reviewing → sent → paid | failed | unknown. Money leaves `available` at the request and stays in
`withdrawing` until the channel has answered; `unknown` is never taken for failed.
"""

from __future__ import annotations

from rules.book import Rows, WithdrawalStatus
from rules.events import DAY, Kind, Records
from rules.jit import kernel
from rules.lifecycle import Refusal, withdrawal_allows
from rules.money import PPM, divide
from rules.plan.compiled import NONE, Tables

_REVIEWING, _SENT = int(WithdrawalStatus.reviewing), int(WithdrawalStatus.sent)
_APPROVE, _REJECT, _PAID, _FAILED = int(Kind.approve), int(Kind.reject), int(Kind.paid), int(Kind.failed)
_FROZEN, _REAL_NAME, _TAX = int(Refusal.frozen), int(Refusal.real_name), int(Refusal.tax_registered)
_BELOW, _ABOVE, _TODAY = int(Refusal.below_minimum), int(Refusal.above_maximum), int(Refusal.too_many_today)
_BALANCE, _DUPLICATE, _STATE = (
    int(Refusal.balance),
    int(Refusal.duplicate_withdrawal),
    int(Refusal.withdrawal_state),
)
ACCEPTED = -1
"""A request or an answer took effect; any other result is a `Refusal`."""


@kernel
def _checked(book: Rows, rule: Records, member: int, amount: int, day: int) -> int:
    person = book.members[member]
    if person.frozen:
        return _FROZEN
    if rule.withdraw_real_name == 1 and not person.real_name:
        return _REAL_NAME
    if rule.withdraw_tax_registered == 1 and not person.tax_registered:
        return _TAX
    if amount < max(1, rule.withdraw_minimum):
        return _BELOW
    if rule.withdraw_maximum != NONE and amount > rule.withdraw_maximum:
        return _ABOVE
    today = person.withdraw_count if person.withdraw_day == day else 0
    if rule.withdraw_per_day != NONE and today >= rule.withdraw_per_day:
        return _TODAY
    return _BALANCE if amount > person.available else ACCEPTED


@kernel
def request(book: Rows, plan: Tables, number: int, member: int, amount: int, time: int) -> int:
    """Ask for a payout; returns ACCEPTED or a `Refusal`."""
    if number < book.clock[0].withdrawals and book.withdrawals[number].known:
        return _DUPLICATE
    rule = plan.plans[book.clock[0].plan]
    day = time // DAY
    answer = _checked(book, rule, member, amount, day)
    if answer != ACCEPTED:
        return answer
    person = book.members[member]
    person.withdraw_count = person.withdraw_count + 1 if person.withdraw_day == day else 1
    person.withdraw_day = day
    person.available -= amount
    person.withdrawing += amount
    row = book.withdrawals[number]
    row.time, row.amount, row.member, row.known, row.tax = time, amount, member, True, 0
    row.fee = divide(amount * rule.withdraw_fee, PPM, rule.fee_rounding)
    reviewed = rule.withdraw_review_over != NONE and amount > rule.withdraw_review_over
    row.status = _REVIEWING if reviewed else _SENT
    book.clock[0].withdrawals = max(book.clock[0].withdrawals, number + 1)
    return ACCEPTED


@kernel
def answer(book: Rows, number: int, kind: int) -> int:
    """An answer of the reviewer or of the channel; returns ACCEPTED or a `Refusal`."""
    if number < 0 or number >= book.clock[0].withdrawals or not book.withdrawals[number].known:
        return _STATE
    row = book.withdrawals[number]
    if not withdrawal_allows(row.status, kind):
        return _STATE
    person = book.members[row.member]
    if kind == _APPROVE:
        row.status = 1
    elif kind == _REJECT:
        row.status = 5
    elif kind == _PAID:
        row.status = 2
        person.withdrawing -= row.amount
        person.withdrawn += row.amount
        book.clock[0].fees += row.fee
    elif kind == _FAILED:
        row.status = 3
    else:
        row.status = 4
    if kind == _REJECT or kind == _FAILED:
        person.withdrawing -= row.amount
        person.available += row.amount
    return ACCEPTED
