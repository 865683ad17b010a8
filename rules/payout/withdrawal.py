"""Withdrawal 提现: what a request must satisfy, and the answers of reviewer and channel.

requested → reviewing → sent → paid | failed | unknown. Money leaves `available` at the request and stays in
`withdrawing` until the channel has answered; `unknown` is never taken for failed.

Tax is fixed when a payout is sent: at the request, or at the approval of one that is reviewed. The channel is told the
net amount then and cannot be told another later, so neither a reviewer's delay over the end of a month nor the
channel's answer can change it; the day of sending counts as the day of payment. It is owed once the payout is paid.
One that failed gives everything back: its tax was never withheld, and later payouts are worked out without it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from rules.book import Rows
from rules.calendar import month_of
from rules.events import DAY, Kind, Row
from rules.jit import kernel
from rules.lifecycle import ACCEPTED, WITHDRAWAL_FLOW, Refusal, withdrawal_allows
from rules.money import PPM, Rounding, divide, percent, rounded, yuan
from rules.payout.channel import ChannelName, PayoutChannel, channel_takes, count_failed, count_sent, refused_by_channel
from rules.payout.credit import Threshold, reviewed_for_credit
from rules.payout.tax import TaxName, covered, table_in_force, take, withhold
from rules.people.arms import plan_of
from rules.plan.compiled import NONE, Tables
from rules.plan.values import Flag, Rate, Section, Whole, Yuan
from rules.readable import Request, State, Step
from rules.records import NEVER, WithdrawalStatus


def _kind_of_channel(given: object) -> str:
    return "limits of its own" if isinstance(given, dict | PayoutChannel) else "a shipped channel"


class Withdrawal(Section):
    """Withdrawal 提现: what a request must satisfy, its fee and tax, who looks at it, and through what it is paid."""

    minimum: Yuan = 0
    maximum: Yuan | None = None
    per_day: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    per_month: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    fee: Rate = 0
    real_name: Flag = False
    tax_registered: Flag = False
    e_signature: Flag = False
    review_over: Yuan | None = None
    review_credit_below: Threshold | None = None
    tax: TaxName = "none"
    channel: (
        Annotated[
            Annotated[PayoutChannel, Tag("limits of its own")] | Annotated[ChannelName, Tag("a shipped channel")],
            Discriminator(_kind_of_channel),
        ]
        | None
    ) = None


_REVIEWING, _SENT = int(WithdrawalStatus.reviewing), int(WithdrawalStatus.sent)
_APPROVE, _REJECT, _PAID, _FAILED = int(Kind.approve), int(Kind.reject), int(Kind.paid), int(Kind.failed)
_FROZEN, _REAL_NAME, _TAX = int(Refusal.frozen), int(Refusal.real_name), int(Refusal.tax_registered)
_BELOW, _ABOVE, _TODAY = int(Refusal.below_minimum), int(Refusal.above_maximum), int(Refusal.too_many_today)
_NOT_SIGNED, _MONTH, _NO_TABLE = int(Refusal.not_signed), int(Refusal.too_many_this_month), int(Refusal.no_tax_table)
_BALANCE, _DUPLICATE, _STATE = (
    int(Refusal.balance),
    int(Refusal.duplicate_withdrawal),
    int(Refusal.withdrawal_state),
)


@kernel
def _checked(book: Rows, rule: Row, member: int, amount: int, day: int) -> int:
    person = book.members[member]
    if person.frozen:
        return _FROZEN
    if rule.withdraw_real_name == 1 and not person.real_name:
        return _REAL_NAME
    if rule.withdraw_tax_registered == 1 and not person.tax_registered:
        return _TAX
    if rule.withdraw_e_signature == 1 and not person.e_signed:
        return _NOT_SIGNED
    if amount < max(1, rule.withdraw_minimum):
        return _BELOW
    if rule.withdraw_maximum != NONE and amount > rule.withdraw_maximum:
        return _ABOVE
    today = person.withdraw_count if person.withdraw_day == day else 0
    if rule.withdraw_per_day != NONE and today >= rule.withdraw_per_day:
        return _TODAY
    this_month = person.month_count if person.withdraw_month == month_of(day) else 0
    if rule.withdraw_per_month != NONE and this_month >= rule.withdraw_per_month:
        return _MONTH
    return _BALANCE if amount > person.available else ACCEPTED


@kernel
def request(book: Rows, plan: Tables, number: int, member: int, amount: int, time: int) -> int:
    """Ask for a payout; returns ACCEPTED or a `Refusal`."""
    if number < book.clock[0].withdrawals and book.withdrawals[number].known:
        return _DUPLICATE
    rule = plan.plans[plan_of(book, member)]
    result = _checked(book, rule, member, amount, time // DAY)
    fee = divide(amount * rule.withdraw_fee, PPM, rule.fee_rounding)
    reviewed = rule.withdraw_review_over != NONE and amount > rule.withdraw_review_over
    reviewed = reviewed or book.members[member].credit < rule.withdraw_credit_below
    if result == ACCEPTED and not reviewed:
        result = _send(book, plan, number, member, amount, fee, time)
    if result != ACCEPTED:
        return result
    row = book.withdrawals[number]
    row.time, row.done_at, row.known = time, NEVER, True
    row.member, row.amount, row.fee = member, amount, fee
    if reviewed:
        row.status, row.sent_at = _REVIEWING, NEVER
        row.income_table, row.vat_table, row.previous = NONE, NONE, NONE
    _count_request(book, member, amount, time // DAY)
    book.clock[0].withdrawals = max(book.clock[0].withdrawals, number + 1)
    return ACCEPTED


@kernel
def _count_request(book: Rows, member: int, amount: int, day: int) -> None:
    person, month = book.members[member], month_of(day)
    person.withdraw_count = person.withdraw_count + 1 if person.withdraw_day == day else 1
    person.month_count = person.month_count + 1 if person.withdraw_month == month else 1
    person.withdraw_day, person.withdraw_month = day, month
    person.available -= amount
    person.withdrawing += amount


@kernel
def _send(book: Rows, plan: Tables, number: int, member: int, amount: int, fee: int, time: int) -> int:
    """Fix the tax and hand the payout to the channel; returns ACCEPTED, or the `Refusal` that left all as it was."""
    rule, day = plan.plans[plan_of(book, member)], time // DAY
    if day < rule.tax_from or day > rule.tax_to:
        return _NO_TABLE
    by_income, by_sales = table_in_force(plan, rule.tax, 0, day), table_in_force(plan, rule.tax, 1, day)
    left = amount - fee
    tax, income, months, withheld = withhold(book, plan, by_income, member, amount, left, time)
    vat, sales, _, _ = withhold(book, plan, by_sales, member, amount, left - tax, time)
    result = channel_takes(book, rule, member, left - tax - vat, day)
    if result != ACCEPTED:
        return result
    row, person = book.withdrawals[number], book.members[member]
    row.tax, row.vat, row.income, row.months = tax + vat, vat, income, months
    row.withheld, row.sales, row.income_table, row.vat_table = withheld, sales, by_income, by_sales
    row.status, row.sent_at, row.previous = _SENT, time, person.payout
    row.in_kind = 0
    if by_income != NONE:
        row.in_kind, book.member_extras[member].in_kind = book.member_extras[member].in_kind, 0
    person.payout = number
    count_sent(book, left - tax - vat, day)
    return ACCEPTED


@kernel
def answer(book: Rows, plan: Tables, number: int, kind: int, time: int) -> int:
    """An answer of the reviewer or of the channel; returns ACCEPTED or a `Refusal`."""
    if number < 0 or number >= book.clock[0].withdrawals or not book.withdrawals[number].known:
        return _STATE
    row = book.withdrawals[number]
    if not withdrawal_allows(row.status, kind):
        return _STATE
    if kind == _APPROVE:
        return _send(book, plan, number, row.member, row.amount, row.fee, time)
    if kind in (_REJECT, _FAILED):
        _give_back(book, number, kind, time)
    elif kind == _PAID:
        person = book.members[row.member]
        row.status, row.done_at = 2, time
        person.withdrawing -= row.amount
        person.withdrawn += row.amount
        book.clock[0].fees += row.fee
        book.clock[0].taxes += row.tax
    else:
        row.status = 4
    return ACCEPTED


@kernel
def _give_back(book: Rows, number: int, kind: int, time: int) -> None:
    row = book.withdrawals[number]
    person = book.members[row.member]
    person.withdrawing -= row.amount
    person.available += row.amount
    row.status, row.done_at = 5 if kind == _REJECT else 3, time
    if kind == _FAILED:
        book.member_extras[row.member].in_kind += row.in_kind
        row.in_kind = 0
        count_failed(book, row.amount - row.fee - row.tax, row.sent_at // DAY)


def ask(state: State, number: int, member: int, amount: int, time: int) -> Refusal | None:
    """Ask for a payout: the readable rule."""
    if number in state.withdrawals:
        return Refusal.duplicate_withdrawal
    rule, person, day = state.plan_of(member).withdrawal, state.members[member], time // DAY
    month = month_of(day)
    today, this_month = person.withdrawals_on.get(day, 0), person.withdrawals_in.get(month, 0)
    checks = [
        (person.frozen, Refusal.frozen),
        (rule.real_name and not person.real_name, Refusal.real_name),
        (rule.tax_registered and not person.tax_registered, Refusal.tax_registered),
        (rule.e_signature and not person.e_signed, Refusal.not_signed),
        (amount < max(1, rule.minimum), Refusal.below_minimum),
        (rule.maximum is not None and amount > rule.maximum, Refusal.above_maximum),
        (rule.per_day is not None and today >= rule.per_day, Refusal.too_many_today),
        (rule.per_month is not None and this_month >= rule.per_month, Refusal.too_many_this_month),
        (amount > person.available, Refusal.balance),
    ]
    for broken, refusal in checks:
        if broken:
            return refusal
    row = _asked(state, member, amount, time)
    distrust = reviewed_for_credit(state.plan_of(member), person.credit)
    row.steps += distrust
    reviewed = bool(distrust) or (rule.review_over is not None and amount > rule.review_over)
    refused = None if reviewed else hand_over(state, row, time)
    if refused is None:
        person.withdrawals_on[day], person.withdrawals_in[month] = today + 1, this_month + 1
        row.pot = person.available
        person.available -= amount
        person.withdrawing += amount
        state.withdrawals[number] = row
    return refused


def _asked(state: State, member: int, amount: int, time: int) -> Request:
    plan = state.plan_of(member)
    rate = plan.withdrawal.fee
    fee = rounded(amount * rate, PPM, Rounding[plan.semantics.fee_rounding])
    step = Step(
        f"提现 {yuan(amount)}，手续费 {percent(rate)} = {yuan(fee)}",
        f"withdrawal of {yuan(amount)}, fee {percent(rate)} = {yuan(fee)}",
    )
    return Request(time, member, amount, fee, WithdrawalStatus.reviewing, steps=[step])


def hand_over(state: State, row: Request, time: int) -> Refusal | None:
    """Fix the tax and hand a payout to the channel: the readable rule."""
    first, last = covered(state.plan_of(row.member).withdrawal.tax)
    if not first <= time // DAY <= last:
        return Refusal.no_tax_table
    left = row.amount - row.fee
    income = take(state, "income", row.member, row.amount, left, time)
    sales = take(state, "vat", row.member, row.amount, left - income.tax, time)
    net = left - income.tax - sales.tax
    refused = refused_by_channel(state, row.member, net, time // DAY)
    if refused is not None:
        return refused
    row.status, row.sent_at = WithdrawalStatus.sent, time
    row.tax, row.vat = income.tax + sales.tax, sales.tax
    row.income, row.months, row.withheld, row.sales = income.gathered, income.months, income.before, sales.gathered
    row.income_table, row.vat_table = income.id, sales.id
    if income.table is not None:
        row.in_kind, state.members[row.member].in_kind = state.members[row.member].in_kind, 0
    row.steps += [*income.steps(), *sales.steps(), Step(f"到账 {yuan(net)}", f"{yuan(net)} reaches the member")]
    return None


def answered(state: State, number: int, kind: Kind, time: int) -> Refusal | None:
    """An answer of the reviewer or of the channel: the readable rule."""
    row = state.withdrawals.get(number)
    if row is None or row.status not in WITHDRAWAL_FLOW[kind]:
        return Refusal.withdrawal_state
    if kind is Kind.approve:
        return hand_over(state, row, time)
    person = state.members[row.member]
    row.status = {
        Kind.reject: WithdrawalStatus.rejected,
        Kind.paid: WithdrawalStatus.paid,
        Kind.failed: WithdrawalStatus.failed,
        Kind.unknown: WithdrawalStatus.unknown,
    }[kind]
    if kind is Kind.unknown:
        return None
    row.done_at = time
    person.withdrawing -= row.amount
    if kind is Kind.paid:
        person.withdrawn += row.amount
        state.fees, state.taxes = state.fees + row.fee, state.taxes + row.tax
    else:
        person.available += row.amount
        person.in_kind += row.in_kind
        row.in_kind = 0
    return None
