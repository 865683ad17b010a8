"""Withdrawal 提现: what a request must satisfy, and the answers of reviewer and channel.

requested → reviewing → sent → paid | failed | unknown. Money leaves `available` at the request and stays in
`withdrawing` until the channel has answered; `unknown` is never taken for failed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.book import Rows, WithdrawalStatus
from rules.events import DAY, Kind, Row
from rules.jit import kernel
from rules.lifecycle import WITHDRAWAL_FLOW, Refusal, withdrawal_allows
from rules.money import PPM, Rounding, divide, rounded
from rules.plan.compiled import NONE, Tables
from rules.plan.values import Flag, Rate, Section, Whole, Yuan
from rules.readable import Request, State


class Withdrawal(Section):
    """Withdrawal 提现: what a request must satisfy, its fee, and when a person looks at it."""

    minimum: Yuan = 0
    maximum: Yuan | None = None
    per_day: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    fee: Rate = 0
    real_name: Flag = False
    tax_registered: Flag = False
    review_over: Yuan | None = None
    tax: Literal["none", "cn_platform_2025"] = "none"


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
def _checked(book: Rows, rule: Row, member: int, amount: int, day: int) -> int:
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
    if kind in (_REJECT, _FAILED):
        person.withdrawing -= row.amount
        person.available += row.amount
    return ACCEPTED


def ask(state: State, number: int, member: int, amount: int, time: int) -> Refusal | None:
    """Ask for a payout: the readable rule."""
    if number in state.withdrawals:
        return Refusal.duplicate_withdrawal
    rule, person, day = state.plan.withdrawal, state.members[member], time // DAY
    checks = [
        (person.frozen, Refusal.frozen),
        (rule.real_name and not person.real_name, Refusal.real_name),
        (rule.tax_registered and not person.tax_registered, Refusal.tax_registered),
        (amount < max(1, rule.minimum), Refusal.below_minimum),
        (rule.maximum is not None and amount > rule.maximum, Refusal.above_maximum),
        (
            rule.per_day is not None and person.withdrawals_on.get(day, 0) >= rule.per_day,
            Refusal.too_many_today,
        ),
        (amount > person.available, Refusal.balance),
    ]
    for broken, refusal in checks:
        if broken:
            return refusal
    person.withdrawals_on[day] = person.withdrawals_on.get(day, 0) + 1
    person.available -= amount
    person.withdrawing += amount
    fee = rounded(amount * rule.fee, PPM, Rounding[state.plan.semantics.fee_rounding])
    reviewed = rule.review_over is not None and amount > rule.review_over
    status = WithdrawalStatus.reviewing if reviewed else WithdrawalStatus.sent
    state.withdrawals[number] = Request(time, member, amount, fee, status)
    return None


def answered(state: State, number: int, kind: Kind) -> Refusal | None:
    """An answer of the reviewer or of the channel: the readable rule."""
    row = state.withdrawals.get(number)
    if row is None or row.status not in WITHDRAWAL_FLOW[kind]:
        return Refusal.withdrawal_state
    person = state.members[row.member]
    row.status = {
        Kind.approve: WithdrawalStatus.sent,
        Kind.reject: WithdrawalStatus.rejected,
        Kind.paid: WithdrawalStatus.paid,
        Kind.failed: WithdrawalStatus.failed,
        Kind.unknown: WithdrawalStatus.unknown,
    }[kind]
    if kind in (Kind.reject, Kind.failed):
        person.withdrawing -= row.amount
        person.available += row.amount
    elif kind is Kind.paid:
        person.withdrawing -= row.amount
        person.withdrawn += row.amount
        state.fees += row.fee
    return None
