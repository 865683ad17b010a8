"""A fault, not a rule: a payment notice that arrives again pays the entries of its order again.

The second payment is held from its own moment and stands outside the order: no refund finds it.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.entry import append, credit, credit_to
from rules.jit import kernel
from rules.payout.hold import hold_entry, start_entry_hold
from rules.plan.compiled import Tables
from rules.plan.defects import REPEATED_NOTICE_PAYS
from rules.readable import Entry, Order, State, Step
from rules.records import EntryStatus, OrderStatus

_HELD = int(EntryStatus.held)
_PAID, _RECEIVED = int(OrderStatus.paid), int(OrderStatus.received)


@kernel
def notice_pays(book: Rows, plan: Tables, order: int) -> bool:
    """Whether a further payment notice of an order is paid, by a platform's fault."""
    row = book.orders[order]
    return bool(pays_repeatedly(plan, row.plan) and _PAID <= row.status <= _RECEIVED)


@kernel
def pays_repeatedly(plan: Tables, number: int) -> bool:
    """Whether a plan has the fault; it then puts nothing off to later days, so entries apart from orders are these."""
    return bool(plan.plans[number].defects & REPEATED_NOTICE_PAYS > 0)


@kernel
def pay_again(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the entries of an order once more."""
    row = book.orders[order]
    for place in range(row.first_entry, row.first_entry + row.entries):
        first = book.entries[place]
        new = append(book, time, first.member, first.component, first.amount)
        entry = book.entries[new]
        entry.order, entry.line, entry.level, entry.plan = order, first.line, first.level, first.plan
        entry.base, entry.rate, entry.source = first.base, first.rate, first.source
        credit(book, new, _HELD)
        hold_entry(book, plan, first.plan, new, time)


def pays_again(state: State, order: Order) -> bool:
    """Whether a further payment notice of an order is paid: the readable rule."""
    faults = state.plans[order.plan].semantics.defects
    paid = order.status in (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received)
    return "repeated_notice_pays" in faults and paid


def entries_again(state: State, number: int, time: int) -> None:
    """Write the entries of an order once more: the readable rule."""
    reason = Step("缺陷 repeated_notice_pays：重复的支付通知", "fault repeated_notice_pays: a repeated payment notice")
    for place in state.orders[number].entries:
        first = state.entries[place]
        again = Entry(time, first.member, first.component, first.amount, first.plan, [reason, *first.steps], number)
        again.line, again.level, again.base, again.rate = first.line, first.level, first.base, first.rate
        again.source = first.source
        start_entry_hold(state, credit_to(state, again, EntryStatus.held), time)
