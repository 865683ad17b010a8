"""Volumes: what own purchases, promotion, direct team and whole team of a member add up to in a period, net of refunds.

A team volume is that of the whole downline: an order counts for everybody above its buyer, up to the root. Those people
are read when the order's upline is, and kept with it, so a refund is taken off the very volumes it was added to.
A refund of an order whose period is closed changes that period's statement, not the running one.
"""

from __future__ import annotations

from rules.book import Rows
from rules.calendar import calendar_numbers, period_of
from rules.commission.contest import count_sale, enter_order, leave_order, uncount_sale
from rules.commission.dividend import add_sale, heads_of_refund, shrink_pools, take_off_pools
from rules.commission.ladder import amount_of_volume
from rules.commission.period import book_difference, book_owed, owed, period_components
from rules.events import DAY, Row
from rules.jit import kernel
from rules.money import Rounding, proportion, rounded, yuan
from rules.payout.clawback import reverse, take_back
from rules.people.attribution import person_above
from rules.people.target import FIRST_COUNT
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.readable import Order, State, Statement, Step

TEAM_VOLUME = 3
"""The measure that an order counts in for everybody above its buyer, and not for one person."""


@kernel
def member_of_measure(book: Rows, order: int, measure: int) -> int:
    """Whose volume an order counts for: the buyer's own, the promoter's, or the promoter's inviter's; -1 = nobody's.

    The people are those of the payment, wherever the commission goes later.
    """
    return book.orders[order].buyer if measure == 0 else person_above(book, order, measure - 1)


@kernel
def add_order(book: Rows, plan: Tables, order: int) -> None:
    """Add a paid order to every meter."""
    for meter in range(len(plan.meters)):
        _add(book, order, meter, plan.meters[meter].measure, book.orders[order].goods)
    if plan.plans[0].pools == 1:
        add_sale(book, order)
    enter_order(book, plan, order)


@kernel
def _add(book: Rows, order: int, meter: int, measure: int, amount: int) -> None:
    """Add an amount, below 0 for a refund, to a meter for whoever an order counts for."""
    if measure < TEAM_VOLUME:
        member = member_of_measure(book, order, measure)
        if member >= 0:
            book.volumes[meter, member] += amount
        return
    if measure >= FIRST_COUNT:
        return
    place, member = 0, person_above(book, order, 0)
    while member >= 0:
        book.volumes[meter, member] += amount
        place += 1
        member = person_above(book, order, place)


@kernel
def take_refund(book: Rows, plan: Tables, order: int, amount: int, time: int) -> None:
    """Take a refund off the running period, or off the statements of the closed one that the order was paid in."""
    take_running(book, plan, order, amount, time)
    paid_day = book.orders[order].paid_at // DAY
    for measure in range(TEAM_VOLUME):
        member = member_of_measure(book, order, measure)
        if member >= 0:
            _take_late(book, plan, member, measure, amount, paid_day, time)
    if plan.plans[0].team_volumes == 1:
        place, member = 0, person_above(book, order, 0)
        while member >= 0:
            _take_late(book, plan, member, TEAM_VOLUME, amount, paid_day, time)
            place += 1
            member = person_above(book, order, place)
    if plan.plans[0].pools == 1:
        take_off_pools(book, plan, order, amount, time)
    leave_order(book, plan, order, amount, time)


@kernel
def take_running(book: Rows, plan: Tables, order: int, amount: int, time: int) -> None:
    """Take a refund off the running volumes of the periods that the order was paid in."""
    paid_day, day = book.orders[order].paid_at // DAY, time // DAY
    for meter in range(len(plan.meters)):
        rule = plan.meters[meter]
        if period_of(paid_day, rule.period) == period_of(day, rule.period):
            _add(book, order, meter, rule.measure, -amount)


@kernel
def rows_of_refund(book: Rows, plan: Tables, order: int, time: int) -> int:
    """How many entries a refund of an order can add to those that take back from its own, at the most."""
    rows = 0
    if plan.plans[0].team_volumes == 1:
        rows += (MAX_LEVELS + book.order_extras[order].above) * plan.slots.shape[0] * plan.slots.shape[1]
    if plan.plans[0].pools == 1:
        rows += heads_of_refund(book, plan, order, time // DAY)
    return rows


@kernel
def _take_late(book: Rows, plan: Tables, member: int, measure: int, amount: int, paid_day: int, time: int) -> None:
    place = book.members[member].statement
    while place >= 0:
        row = book.statements[place]
        slot = plan.slots[row.plan, row.slot]
        closed = row.period < period_of(time // DAY, slot.period)
        if closed and slot.measure == measure and row.period == period_of(paid_day, slot.period):
            _late_refund(book, plan, place, amount, time)
        place = row.previous


@kernel
def _late_refund(book: Rows, plan: Tables, place: int, amount: int, time: int) -> None:
    row = book.statements[place]
    row.volume -= amount
    owed = owed_after_refund(plan, row)
    if plan.plans[row.plan].late_refund == 0:
        book_difference(book, plan, place, owed, time)
    elif row.entry >= 0 and owed < row.booked:
        row.booked -= take_back(book, plan, row.entry, row.booked - owed, time)


@kernel
def owed_after_refund(plan: Tables, statement: Row) -> int:
    """What is owed on a closed statement whose volume has fallen, as the plan's `late_refund` says, in fen."""
    rule = plan.plans[statement.plan]
    if rule.late_refund == 0:
        return amount_of_volume(plan, statement.plan, statement.slot, statement.volume)
    if rule.late_refund == 2 or statement.closed_volume <= 0:
        return statement.booked
    gone, whole = statement.closed_volume - statement.volume, statement.closed_volume
    return statement.closed_amount - proportion(statement.closed_amount, gone, whole, rule.clawback_rounding)


MEASURES = ("personal_volume", "promoted_volume", "direct_team_volume", "team_volume")
PERIODS = ("day", "week", "month")


def who_gathers(order: Order, measure: str) -> list[int]:
    """Whose volume an order counts for: the readable rule."""
    if measure == "personal_volume":
        return [order.buyer]
    if measure == "team_volume":
        return order.counted
    place = 0 if measure == "promoted_volume" else 1
    return order.counted[place : place + 1]


def count_volume(state: State, order: Order, amount: int) -> None:
    """Add an amount to every running volume that an order counts for: the readable rule."""
    for measure in MEASURES:
        for member in who_gathers(order, measure):
            for period in PERIODS:
                key = (measure, period, member)
                state.volumes[key] = state.volumes.get(key, 0) + amount
    for period in PERIODS:
        state.arms[order.arm].company[period] += amount
    count_sale(state, order)


def discount_volume(state: State, order: Order, amount: int, time: int) -> None:
    """Take a refund off the running periods, and off closed statements of the order's period: the readable rule."""
    assert order.paid_at is not None
    paid, now = calendar_numbers(order.paid_at // DAY), calendar_numbers(time // DAY)
    for measure in MEASURES:
        for member in who_gathers(order, measure):
            for period in PERIODS:
                if paid[period] == now[period]:
                    state.volumes[measure, period, member] = state.volumes.get((measure, period, member), 0) - amount
            for statement in reversed(state.statements_of.get(member, [])):
                rules = dict(period_components(state.plans[statement.plan]))
                rule = rules[statement.component]
                if rule.measure == measure and statement.period == paid[rule.period] < now[rule.period]:
                    _refund_late(state, statement, amount, time)
    shrink_pools(state, order, amount, time)
    uncount_sale(state, order, amount, time)


def _refund_late(state: State, statement: Statement, amount: int, time: int) -> None:
    statement.volume -= amount
    semantics = state.plans[statement.plan].semantics
    if semantics.late_refund == "recompute":
        book_owed(state, statement, owed(state, statement.plan, statement.component, statement.volume)[0], time)
    elif semantics.late_refund == "at_paid_rate" and statement.closed_volume > 0 and statement.entry is not None:
        gone, mode = statement.closed_volume - statement.volume, Rounding[semantics.clawback_rounding]
        due = statement.closed_amount - rounded(statement.closed_amount * gone, statement.closed_volume, mode)
        if due < statement.booked:
            reason = Step(
                f"结账后退款 {yuan(amount)}，按原比例追回",
                f"{yuan(amount)} refunded after the close, at the rate paid",
            )
            statement.booked -= reverse(state, statement.entry, statement.booked - due, time, reason)
