"""Hold 冻结期 and settlement 结算: pending until receipt (or as the plan says), held, then available at a cycle's tick."""

from __future__ import annotations

from rules.book import EntryStatus, OrderStatus, Rows
from rules.calendar import next_tick
from rules.commission.entry import move
from rules.jit import kernel
from rules.plan.compiled import Tables
from rules.steps import AUTO_RECEIVE, SETTLE_ENTRY, SETTLE_ORDER, push

_HELD, _AVAILABLE = int(EntryStatus.held), int(EntryStatus.available)
_RECEIVED = int(OrderStatus.received)


@kernel
def settle_time(plan: Tables, number: int, time: int) -> int:
    """When money whose hold starts at `time` becomes available: the first tick at (or after) the end of the hold."""
    rule = plan.plans[number]
    ended = time + rule.hold_seconds + rule.hold_after
    return next_tick(ended, rule.cycle_every, rule.cycle_weekday, rule.cycle_at)


@kernel
def hold_entry(book: Rows, plan: Tables, number: int, place: int, time: int) -> None:
    """Start the hold of an entry that belongs to no order."""
    push(book, settle_time(plan, number, time), SETTLE_ENTRY, place)


@kernel
def hold_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Start the hold of all entries of an order."""
    row = book.orders[order]
    row.settle_at = settle_time(plan, row.plan, time)
    for place in range(row.first_entry, row.first_entry + row.entries):
        move(book, place, _HELD)
    if row.entries > 0:
        push(book, row.settle_at, SETTLE_ORDER, order)


@kernel
def expect_receipt(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Count the days to automatic receipt from payment, and again from shipping."""
    row = book.orders[order]
    row.auto_receive_at = time + plan.plans[row.plan].auto_receive_seconds
    push(book, row.auto_receive_at, AUTO_RECEIVE, order)


@kernel
def receive(book: Rows, plan: Tables, order: int, time: int) -> None:
    """The buyer has the goods: by their word, or because the days are over."""
    row = book.orders[order]
    row.status = _RECEIVED
    row.received_at = time
    if plan.plans[row.plan].hold_from == 2:
        hold_order(book, plan, order, time)


@kernel
def settle_order(book: Rows, order: int) -> None:
    """Make all held entries of an order available."""
    row = book.orders[order]
    for place in range(row.first_entry, row.first_entry + row.entries):
        move(book, place, _AVAILABLE)
