"""Hold 冻结期 and settlement 结算: pending until receipt, held, then available at a tick of the cycle."""

from __future__ import annotations

import datetime as dt
import heapq
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from rules.book import Rows
from rules.calendar import next_tick
from rules.commission.entry import move, move_on, move_pieces
from rules.events import DAY
from rules.jit import kernel
from rules.payout.credit import CreditHold
from rules.payout.dispute import is_adjustment, own_entries
from rules.plan.compiled import Tables
from rules.plan.limits import Period
from rules.plan.values import ClockTime, Section, Whole
from rules.readable import State
from rules.records import EntryStatus, OrderStatus
from rules.steps import AUTO_RECEIVE, SETTLE_ENTRY, SETTLE_ORDER, push

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Cycle(Section):
    """When settled entries become available: every day, week (on a weekday) or month (on the 1st)."""

    every: Period = "day"
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    at: ClockTime = 2 * 3600


class Settlement(Section):
    """Hold 冻结期, longer for payees of low credit, settlement 结算 cycle, and automatic receipt."""

    hold_days: Annotated[Whole, Field(ge=0, le=3650)] = 7
    credit_holds: list[CreditHold] = Field(default_factory=list, max_length=20)
    cycle: Cycle = Cycle()
    auto_receive_days: Annotated[Whole, Field(ge=1, le=3650)] = 10


_HELD = int(EntryStatus.held)
_PAID, _SHIPPED = int(OrderStatus.paid), int(OrderStatus.shipped)


@kernel
def settle_time(plan: Tables, number: int, time: int) -> int:
    """When money whose hold starts at `time` becomes available: the first tick at (or after) the end of the hold."""
    rule = plan.plans[number]
    ended = time + rule.hold_seconds + rule.hold_after
    return next_tick(ended, rule.cycle_every, rule.cycle_weekday, rule.cycle_at)


@kernel
def tick_after(plan: Tables, number: int, time: int) -> int:
    """The first settlement tick of a plan after `time`."""
    rule = plan.plans[number]
    return next_tick(time + 1, rule.cycle_every, rule.cycle_weekday, rule.cycle_at)


@kernel
def hold_entry(book: Rows, plan: Tables, number: int, place: int, time: int) -> None:
    """Start the hold of an entry that belongs to no order."""
    push(book, settle_time(plan, number, time), SETTLE_ENTRY, place)


@kernel
def hold_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Start the hold of all entries of an order, those to come included; one that is over already ends at a tick."""
    row = book.orders[order]
    row.held_from, row.settle_at = time, settle_time(plan, row.plan, time)
    if row.settle_at < book.clock[0].now:
        row.settle_at = tick_after(plan, row.plan, book.clock[0].now)
    hold_entries(book, order)
    if row.entries + row.deferrals + row.adjustments > 0 or plan.plans[row.terms].entries_at == 3:
        push(book, row.settle_at, SETTLE_ORDER, order)


@kernel
def hold_entries(book: Rows, order: int) -> None:
    """Move what is pending of an order into the hold."""
    row = book.orders[order]
    for place in range(row.first_entry, row.first_entry + row.entries):
        move(book, place, _HELD)
    if row.deferrals > 0:
        move_pieces(book, order, _HELD)
    if row.adjustments > 0:
        for place in range(row.first_adjustment, book.clock[0].entries):
            if is_adjustment(book, place, order):
                move(book, place, _HELD)


@kernel
def expect_receipt(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Count the days to automatic receipt from payment, and again from shipping.

    An order has one step on its way: one that comes too early is put off to when it is due (`wait_for_receipt`).
    """
    row = book.orders[order]
    due = time + plan.plans[row.plan].auto_receive_seconds
    if row.auto_receive_at < 0 or due < row.auto_receive_at:
        push(book, due, AUTO_RECEIVE, order)
    row.auto_receive_at = due


@kernel
def wait_for_receipt(book: Rows, order: int, time: int) -> bool:
    """Whether an order whose step comes at `time` is received now; if it is due later, the step is put off."""
    row = book.orders[order]
    if row.status != _PAID and row.status != _SHIPPED:
        return False
    if row.auto_receive_at > time:
        push(book, row.auto_receive_at, AUTO_RECEIVE, order)
    return row.auto_receive_at == time


def settles_at(plan: Plan, time: int) -> int:
    """When money whose hold starts at `time` becomes available: the readable rule."""
    return tick_from(plan, time + plan.settlement.hold_days * DAY + (plan.semantics.hold_boundary == "after"))


def tick_from(plan: Plan, ended: int) -> int:
    """The first tick of the settlement cycle that is not before a moment: the readable rule, by looking day by day."""
    cycle = plan.settlement.cycle
    day = dt.date(1970, 1, 1) + dt.timedelta(days=ended // DAY)
    while True:
        tick = (day - dt.date(1970, 1, 1)).days * DAY + cycle.at
        on_cycle = (
            cycle.every == "day"
            or (cycle.every == "week" and day.strftime("%A").lower() == cycle.weekday)
            or (cycle.every == "month" and day.day == 1)
        )
        if on_cycle and tick >= ended:
            return tick
        day += dt.timedelta(days=1)


def start_entry_hold(state: State, number: int, time: int) -> None:
    """Start the hold of an entry that belongs to no order: the readable rule."""
    entry = state.entries[number]
    entry.due_at = settles_at(state.plans[entry.plan], time)
    heapq.heappush(state.agenda, (entry.due_at, SETTLE_ENTRY, number))


def start_order_hold(state: State, number: int, time: int) -> None:
    """Start the hold of all entries of an order: the readable rule."""
    order = state.orders[number]
    order.settle_at = settles_at(state.plans[order.plan], time)
    if order.settle_at < state.now:
        order.settle_at = tick_from(state.plans[order.plan], state.now + 1)
    order.held_from, order.due_at = time, order.settle_at
    for entry in own_entries(order):
        move_on(state, state.entries[entry], EntryStatus.held)
    late = state.plans[order.terms].semantics.entries_at == "settle"
    if order.entries or order.deferrals or order.adjustments or late:
        heapq.heappush(state.agenda, (order.settle_at, SETTLE_ORDER, number))


def await_receipt(state: State, number: int, time: int) -> None:
    """Count the days to automatic receipt: the readable rule."""
    order = state.orders[number]
    order.auto_receive_at = time + state.plans[order.plan].settlement.auto_receive_days * DAY
    heapq.heappush(state.agenda, (order.auto_receive_at, AUTO_RECEIVE, number))
