"""Volumes: what each member's own purchases, promotion and direct team add up to in a period, net of refunds.

A refund of an order whose period is closed changes that period's statement, not the running one.
"""

from __future__ import annotations

from rules.book import Rows
from rules.calendar import period_of
from rules.commission.ladder import amount_of_volume
from rules.commission.period import book_difference
from rules.events import DAY
from rules.jit import kernel
from rules.money import proportion
from rules.payout.clawback import take_back
from rules.plan.compiled import Tables


@kernel
def member_of_measure(book: Rows, order: int, measure: int) -> int:
    """Whose volume an order counts for: the buyer's own, the promoter's, or the promoter's inviter's; -1 = nobody's."""
    row = book.orders[order]
    if measure == 0:
        return row.buyer
    return row.upline[0] if measure == 1 else row.upline[1]


@kernel
def add_order(book: Rows, plan: Tables, order: int) -> None:
    """Add a paid order to every meter."""
    goods = book.orders[order].goods
    for meter in range(len(plan.meters)):
        member = member_of_measure(book, order, plan.meters[meter].measure)
        if member >= 0:
            book.volumes[meter, member] += goods


@kernel
def take_refund(book: Rows, plan: Tables, order: int, amount: int, time: int) -> None:
    """Take a refund off the running period, or off the statements of the closed one that the order was paid in."""
    paid_day, day = book.orders[order].paid_at // DAY, time // DAY
    for meter in range(len(plan.meters)):
        rule = plan.meters[meter]
        member = member_of_measure(book, order, rule.measure)
        if member >= 0 and period_of(paid_day, rule.period) == period_of(day, rule.period):
            book.volumes[meter, member] -= amount
    for measure in range(3):
        member = member_of_measure(book, order, measure)
        if member >= 0:
            _take_late(book, plan, member, measure, amount, paid_day, time)


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
    rule = plan.plans[row.plan]
    row.volume -= amount
    if rule.late_refund == 0:
        book_difference(book, plan, place, amount_of_volume(plan, row.plan, row.slot, row.volume), time)
    elif rule.late_refund == 1 and row.closed_volume > 0:
        gone = row.closed_volume - row.volume
        owed = row.closed_amount - proportion(row.closed_amount, gone, row.closed_volume, rule.clawback_rounding)
        if row.entry >= 0 and owed < row.booked:
            row.booked -= take_back(book, plan, row.entry, row.booked - owed, time)
