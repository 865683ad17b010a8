"""The moments of an order: creation, payment, receipt, settlement; what is fixed, made, checked and let go at each.

Rates and people are fixed where the plan says, and looked up anew at every moment until then. Entries are made as soon
as an order is paid and both are fixed: at payment, or later, and then nothing is there before. Whoever may not be paid
at a check before that gets no entry; whoever may not at a later one loses it. What is refunded before entries are made
is taken off at once. Which moment is which, and what settlement waits for, says the plan under which the order was
placed; volumes count at payment, by the people of that moment.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from rules.book import Component, EntryStatus, OrderStatus, Rows
from rules.commission import bonus, caps
from rules.commission.base import base_entries, pay_base
from rules.commission.campaign import regime_of
from rules.commission.entry import credit, credit_to, move, move_on
from rules.events import DAY, MARK_ZH, Records
from rules.jit import kernel
from rules.payout.clawback import claw_entries, claw_order, reverse, take_back
from rules.payout.dispute import is_of, own_entries, rows_of
from rules.payout.hold import hold_order, move_order, start_order_hold, tick_after, tick_from
from rules.people.attribution import (
    bar_people,
    check_all,
    check_people,
    look_at_ranks,
    look_up_people,
    snapshot_ranks,
    snapshot_upline,
)
from rules.people.promoter import levels_allowed, may_be_paid_at
from rules.people.rank import EARNED, join, join_by
from rules.people.rank import PROMOTED_ORDERS as BY_PROMOTED_ORDERS
from rules.people.target import PROMOTED_ORDERS, count_in_month, note_in_month
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS, MOMENTS, Moment
from rules.readable import Entry, Order, State, Step
from rules.steps import SETTLE_ENTRY, SETTLE_ORDER, push

if TYPE_CHECKING:
    from rules.plan.model import Plan

CREATE, PAY, RECEIPT, SETTLE = range(4)
_HELD, _AVAILABLE, _PENDING = int(EntryStatus.held), int(EntryStatus.available), int(EntryStatus.pending)
_RECEIVED, _REFUNDED = int(OrderStatus.received), int(OrderStatus.refunded)
_BASE, _ADJUSTMENT = int(Component.base), int(Component.adjustment)


def fill_moments(row: Records, plan: Plan) -> None:
    """Compile what is fixed, made and checked when, and what settlement waits for."""
    semantics = plan.semantics
    rates, first, people = (
        MOMENTS.index(one) for one in (semantics.rate_snapshot, semantics.upline_at(1), semantics.upline_at(2))
    )
    row["rate_at"], row["first_upline_at"], row["upline_at"] = rates, first, people
    row["entries_at"] = MOMENTS.index(semantics.entries_at)
    checks = {max(MOMENTS.index(one), people) for one in semantics.checks}
    row["check_at"] = sum(1 << one for one in checks)
    row["late"] = max(rates, people, *checks) > PAY
    row["unbound_nobody"] = semantics.unbound_at_create == "nobody"
    row["wait_refund"] = semantics.settle_while_refund_open == "wait"
    row["wait_frozen"] = semantics.frozen_at_settlement == "wait"


@kernel
def fix(book: Rows, plan: Tables, order: int, time: int, moment: int) -> None:
    """Look up what is fixed at this moment or later, and check who may be paid if that is to be done now."""
    row = book.orders[order]
    number = book.clock[0].plan
    terms = plan.plans[row.terms]
    rates, people = moment <= terms.rate_at, moment <= terms.upline_at
    if moment > CREATE and terms.unbound_nobody == 1 and row.chain[0] < 0:
        people = False
    if rates:
        row.plan = number
        row.regime = regime_of(plan, number, time // DAY)
    if people:
        snapshot_upline(book, plan, number, order, time, moment > terms.first_upline_at)
    if rates or people:
        snapshot_ranks(book, plan, order)
    if (terms.check_at >> moment) & 1 == 1 and moment <= terms.entries_at:
        check_people(book, plan, order, moment == SETTLE and terms.wait_frozen == 1)


@kernel
def make_entries(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Make the entries of an order: base and bonuses, capped, pending."""
    row = book.orders[order]
    bar_people(book, order)
    row.first_entry = book.clock[0].entries
    pay_base(book, plan, order, time)
    bonus.pay_first_order(book, plan, order, time)
    caps.cap_order(book, plan, order, row.first_entry)
    for place in range(row.first_entry, book.clock[0].entries):
        caps.cap_day(book, plan, row.plan, place, time // DAY)
    caps.drop_empty(book, row.first_entry)
    row.entries = book.clock[0].entries - row.first_entry
    for place in range(row.first_entry, row.first_entry + row.entries):
        credit(book, place, _PENDING)
    if row.chain[0] >= 0:
        book.members[row.chain[0]].promoted_orders += 1
        count_in_month(book, plan, row.chain[0], PROMOTED_ORDERS)
        join_by(book, plan, row.chain[0], BY_PROMOTED_ORDERS)


@kernel
def keep_counted(book: Rows, plan: Tables, order: int) -> None:
    """Remember whose volumes an order counts for, where the people above are looked up again after payment."""
    row = book.orders[order]
    if plan.plans[row.terms].upline_at > PAY:
        row.counts_apart = True
        for place in range(MAX_LEVELS):
            row.counted[place] = row.chain[place]


@kernel
def receive(book: Rows, plan: Tables, order: int, time: int) -> None:
    """The buyer has the goods: by their word, or because the days are over."""
    row = book.orders[order]
    row.status = _RECEIVED
    row.received_at = time
    terms = plan.plans[row.terms]
    if terms.late == 1 and row.first_entry < 0:
        fix(book, plan, order, time, RECEIPT)
        if terms.entries_at == RECEIPT:
            _make_late(book, plan, order, time)
    elif terms.entries_at < RECEIPT and (terms.check_at >> RECEIPT) & 1 == 1:
        _check_entries(book, plan, order, time, False)
    if plan.plans[row.plan].hold_from == 2:
        hold_order(book, plan, order, time)


@kernel
def _make_late(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Make the entries of an order after its payment: what is refunded already is taken off at once."""
    row = book.orders[order]
    make_entries(book, plan, order, time)
    if _anything_refunded(book, order):
        claw_order(book, plan, order, time)
    if row.settle_at >= 0:
        move_order(book, order, _HELD)  # the hold began before
        if plan.plans[row.terms].entries_at == RECEIPT:
            row.settle_at = max(row.settle_at, tick_after(plan, row.plan, time))
            push(book, row.settle_at, SETTLE_ORDER, order)


@kernel
def _anything_refunded(book: Rows, order: int) -> bool:
    row = book.orders[order]
    for place in range(row.first_line, row.first_line + row.lines):
        if book.lines[place].refunded > 0 or book.lines[place].refunded_quantity > 0:
            return True
    return False


@kernel
def _check_entries(book: Rows, plan: Tables, order: int, time: int, settling: bool) -> None:
    """Take back the entries of those who may no longer be paid; at settlement only of what is being settled."""
    row = book.orders[order]
    frozen_too = settling and plan.plans[row.terms].wait_frozen == 1
    for place in range(row.first_entry, row.first_entry + row.entries):
        entry = book.entries[place]
        left = entry.amount - entry.clawed
        if left > 0 and (entry.status == _HELD or not settling):
            level = entry.level if entry.component == _BASE else 0
            if (levels_allowed(book, plan, row.plan, entry.member, frozen_too) >> level) & 1 == 0:
                take_back(book, plan, place, left, time)


@kernel
def settle_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Make the entries of an order available; what waits is tried again at the next tick."""
    row = book.orders[order]
    terms = plan.plans[row.terms]
    waiting = row.disputed_by >= 0 or (terms.wait_refund == 1 and row.refund_open)
    if not waiting:
        if terms.entries_at == SETTLE and row.first_entry < 0 and row.status != _REFUNDED:
            fix(book, plan, order, time, SETTLE)
            _make_late(book, plan, order, time)
        elif terms.entries_at < SETTLE and (terms.check_at >> SETTLE) & 1 == 1:
            _check_entries(book, plan, order, time, True)
        first, end = rows_of(book, order)
        for place in range(first, end):
            if is_of(book, place, order) and not _let_go(book, plan, place, terms.wait_frozen):
                waiting = True
    if waiting:
        row.settle_at = tick_after(plan, row.plan, time)
        push(book, row.settle_at, SETTLE_ORDER, order)


@kernel
def settle_entry(book: Rows, plan: Tables, place: int, time: int) -> None:
    """Make an entry that belongs to no order available, or try again at the next tick."""
    number = book.entries[place].plan
    if not _let_go(book, plan, place, plan.plans[number].wait_frozen):
        push(book, tick_after(plan, number, time), SETTLE_ENTRY, place)


@kernel
def _let_go(book: Rows, plan: Tables, place: int, wait_frozen: int) -> bool:
    """Make an entry available; False if it waits because its member is frozen."""
    entry = book.entries[place]
    if wait_frozen == 1 and book.members[entry.member].frozen and entry.amount > entry.clawed:
        return False
    move(book, place, _AVAILABLE)
    join_by(book, plan, entry.member, EARNED)
    return True


def fix_terms(state: State, order: Order, time: int, moment: Moment) -> None:
    """Look up what is fixed at this moment or later, and check who may be paid: the readable rule."""
    semantics = state.plans[order.terms].semantics
    now, after_creation = MOMENTS.index(moment), moment != "create"
    rates = now <= MOMENTS.index(semantics.rate_snapshot)
    people = now <= MOMENTS.index(semantics.upline_at(2))
    if semantics.unbound_at_create == "nobody" and after_creation and not order.people:
        people = False
    if rates:
        order.plan, order.day = state.plan_number, time // DAY
    if people:
        look_up_people(state, order, time, now > MOMENTS.index(semantics.upline_at(1)))
    if rates or people:
        look_at_ranks(state, order)
    if moment in checks_of(state, order) and now <= MOMENTS.index(semantics.entries_at):
        check_all(state, order, moment == "settle" and semantics.frozen_at_settlement == "wait")


def checks_of(state: State, order: Order) -> list[Moment]:
    """When it is checked who may be paid on an order: as the plan says, but not before the people are known."""
    semantics = state.plans[order.terms].semantics
    return [max(one, semantics.upline_at(2), key=MOMENTS.index) for one in semantics.checks]


def make_entries_of(state: State, number: int, time: int) -> None:
    """Make the entries of an order: the readable rule."""
    order = state.orders[number]
    plan = state.plans[order.plan]
    order.ranks = [rank if 0 in levels else None for rank, levels in zip(order.ranks, order.allowed, strict=True)]
    entries: list[Entry] = base_entries(state, order.plan, order, time)
    entries += bonus.first_order_bonuses(state, order.plan, order, time)
    caps.trim_order(plan, order, entries)
    for entry in entries:
        entry.order = number
        if entry.level == 1 and order.via:
            entry.steps.insert(0, Step(f"归因：{MARK_ZH[order.via]}", f"attributed by {order.via.name}"))
        caps.trim_day(state, plan, entry, time // DAY)
    order.entries = [credit_to(state, one, EntryStatus.pending) for one in entries if one.amount > 0]
    order.made = True
    if order.people:
        state.members[order.people[0]].promoted_orders += 1
        note_in_month(state, order.people[0], "promoted_orders")
        join(state, order.people[0], "promoted_orders")


def goods_received(state: State, number: int, time: int) -> None:
    """The buyer has the goods: the readable rule."""
    order = state.orders[number]
    order.status = OrderStatus.received
    entries_at = state.plans[order.terms].semantics.entries_at
    if not order.made:
        fix_terms(state, order, time, "receipt")
    if entries_at == "receipt":
        _make_late_entries(state, number, time)
    elif entries_at == "pay" and "receipt" in checks_of(state, order):
        _check_entries_of(state, order, time, False)
    if state.plans[order.plan].semantics.hold_from == "receipt":
        start_order_hold(state, number, time)


def _make_late_entries(state: State, number: int, time: int) -> None:
    order = state.orders[number]
    make_entries_of(state, number, time)
    if any(line.refunded or line.refunded_quantity for line in order.lines):
        claw_entries(state, number, time)
    if order.settle_at is not None:
        for place in own_entries(order):
            move_on(state, state.entries[place], EntryStatus.held)
        if state.plans[order.terms].semantics.entries_at == "receipt":
            order.settle_at = max(order.settle_at, tick_from(state.plans[order.plan], time + 1))
            heapq.heappush(state.agenda, (order.settle_at, SETTLE_ORDER, number))


def _check_entries_of(state: State, order: Order, time: int, settling: bool) -> None:
    frozen_too = settling and state.plans[order.terms].semantics.frozen_at_settlement == "wait"
    for place in order.entries:
        entry = state.entries[place]
        left = entry.amount - entry.clawed
        if left <= 0 or (settling and entry.status is not EntryStatus.held):
            continue
        level = entry.level if entry.component is Component.base else 0
        if level not in may_be_paid_at(state, state.plans[order.plan], entry.member, frozen_too):
            when = Step("结算时", "at settlement") if settling else Step("收货时", "at receipt")
            reason = Step(f"{when.zh}复核：已无佣金资格", f"checked again {when.en}: may no longer be paid")
            reverse(state, place, left, time, reason)


def settle_due(state: State, number: int, time: int) -> None:
    """Make the entries of an order available; what waits is tried again at the next tick: the readable rule."""
    order = state.orders[number]
    semantics = state.plans[order.terms].semantics
    waits = order.disputed_by is not None or (order.refund_open and semantics.settle_while_refund_open == "wait")
    if not waits:
        if semantics.entries_at == "settle" and not order.made and order.status is not OrderStatus.refunded:
            fix_terms(state, order, time, "settle")
            _make_late_entries(state, number, time)
        elif semantics.entries_at != "settle" and "settle" in checks_of(state, order):
            _check_entries_of(state, order, time, True)
        gone = [_released(state, place, semantics.frozen_at_settlement) for place in own_entries(order)]
        waits = not all(gone)
    if waits:
        order.settle_at = tick_from(state.plans[order.plan], time + 1)
        heapq.heappush(state.agenda, (order.settle_at, SETTLE_ORDER, number))


def settle_entry_due(state: State, number: int, time: int) -> None:
    """Make an entry that belongs to no order available, or try again at the next tick: the readable rule."""
    plan = state.plans[state.entries[number].plan]
    if not _released(state, number, plan.semantics.frozen_at_settlement):
        heapq.heappush(state.agenda, (tick_from(plan, time + 1), SETTLE_ENTRY, number))


def _released(state: State, number: int, policy: str) -> bool:
    entry = state.entries[number]
    if policy == "wait" and state.members[entry.member].frozen and entry.amount > entry.clawed:
        return False
    move_on(state, entry, EntryStatus.available)
    join(state, entry.member, "earned")
    return True
