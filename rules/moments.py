"""The moments of an order: creation, payment, receipt, settlement; what is fixed, made, checked and let go at each.

Rates and people are fixed where the plan says, and looked up anew at every moment until then. Entries are made as soon
as an order is paid and both are fixed: at payment, or later, and then nothing is there before. Whoever may not be paid
at a check before that gets no entry; whoever may not at a later one loses it. What is refunded before entries are made
is taken off at once. Which moment is which, and what settlement waits for, says the plan under which the order was
placed; volumes count at payment, by the people of that moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.commission import caps
from rules.commission.activity import order_earns, pay_group_head
from rules.commission.apprentice import reward_mentor
from rules.commission.base import pay_base
from rules.commission.campaign import regime_of
from rules.commission.chain import pay_chain
from rules.commission.duration import lasts
from rules.commission.entry import credit, first_deferral, move
from rules.commission.influence import count_influence, pay_influence
from rules.commission.order_bonus import pay_order_bonuses
from rules.commission.variant import fix_variants
from rules.commission.whole_order import drop_unpaid, gather
from rules.events import DAY, Records
from rules.jit import kernel
from rules.payout.clawback import cancel_part, claw_order, take_back
from rules.payout.credit import credit_waits
from rules.payout.dispute import is_adjustment
from rules.payout.hold import hold_entries, hold_order, tick_after
from rules.payout.repeated import pays_repeatedly
from rules.people.arms import arm_of_order
from rules.people.attribution import (
    bar_people,
    check_people,
    glance_up,
    remember_upline,
    snapshot_ranks,
    snapshot_upline,
)
from rules.people.points import earn_purchase
from rules.people.promoter import levels_allowed
from rules.people.rank import EARNED, join_by
from rules.people.rank import PROMOTED_ORDERS as BY_PROMOTED_ORDERS
from rules.people.target import PROMOTED_ORDERS, count_in_month
from rules.plan.compiled import Tables
from rules.plan.limits import MOMENTS
from rules.records import Component, EntryStatus, OrderStatus
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
    if moment <= PAY:
        row.arm = arm_of_order(book, plan, row.buyer)
    number = book.arms[row.arm].plan
    terms = plan.plans[row.terms]
    rates, people = moment <= terms.rate_at, moment <= terms.upline_at
    if moment > CREATE and terms.unbound_nobody == 1 and row.chain[0] < 0:
        people = False
    if rates:
        row.plan = number
        row.regime = regime_of(plan, number, time // DAY, row.channel)
        if moment > CREATE:
            fix_variants(book, plan, order, time)
    if moment == CREATE and min(terms.first_upline_at, terms.upline_at) > CREATE and terms.check_at & 1 == 0:
        glance_up(book, plan, number, order, time)
        return
    if people:
        snapshot_upline(book, plan, number, order, time, moment > terms.first_upline_at)
        if moment == min(terms.upline_at, PAY) and (plan.plans[0].team_volumes == 1 or terms.upline_at > PAY):
            row.counts_apart = terms.upline_at > PAY
            remember_upline(book, plan, order, time)
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
    earns = order_earns(book, plan, order)
    if earns and lasts(book, plan, order, row.paid_at):
        pay_base(book, plan, order, time)
        pay_chain(book, plan, order, time)
        gather(book, plan, order, row.first_entry)
    if earns:
        pay_order_bonuses(book, plan, order, time)
    pay_group_head(book, plan, order, time)
    if earns:
        pay_influence(book, plan, order, time)
    caps.cap_order(book, plan, order, row.first_entry)
    for place in range(row.first_entry, book.clock[0].entries):
        caps.cap_day(book, plan, row.plan, place, time // DAY)
    drop_unpaid(book, plan, order)
    row.entries = book.clock[0].entries - row.first_entry
    for place in range(row.first_entry, row.first_entry + row.entries):
        credit(book, place, _PENDING)
    count_influence(book, order)
    if row.chain[0] >= 0:
        book.members[row.chain[0]].promoted_orders += 1
        book.members[row.chain[0]].promoted_day = time // DAY
        count_in_month(book, plan, row.chain[0], PROMOTED_ORDERS)
        join_by(book, plan, row.chain[0], BY_PROMOTED_ORDERS)
        reward_mentor(book, plan, row.chain[0], time)


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
    earn_purchase(book, plan, order)
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
        hold_entries(book, order)  # the hold began before
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
    """Take back what those have of an order who may no longer be paid; at settlement only what is being settled."""
    row = book.orders[order]
    for place in range(row.first_entry, row.first_entry + row.entries):
        _check_entry(book, plan, place, time, settling)
    first = first_deferral(book, order)
    for number in range(first, first + row.deferrals):
        deferral = book.deferrals[number]
        level = deferral.level if deferral.component == _BASE else 0
        if deferral.waiting > 0 and not _may_keep(book, plan, order, deferral.member, level, settling):
            cancel_part(book, number, deferral.waiting)
        piece = deferral.piece
        while piece >= 0:
            _check_entry(book, plan, book.pieces[piece].entry, time, settling)
            piece = book.pieces[piece].previous


@kernel
def _check_entry(book: Rows, plan: Tables, place: int, time: int, settling: bool) -> None:
    entry = book.entries[place]
    left = entry.amount - entry.clawed
    level = entry.level if entry.component == _BASE else 0
    due = left > 0 and (entry.status == _HELD or not settling)
    if due and not _may_keep(book, plan, entry.order, entry.member, level, settling):
        take_back(book, plan, place, left, time)


@kernel
def _may_keep(book: Rows, plan: Tables, order: int, member: int, level: int, settling: bool) -> bool:
    row = book.orders[order]
    frozen_too = settling and plan.plans[row.terms].wait_frozen == 1
    return (levels_allowed(book, plan, row.plan, member, frozen_too) >> level) & 1 == 1


@kernel
def settle_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Make the entries of an order available; what waits is tried again at the next tick."""
    row = book.orders[order]
    terms = plan.plans[row.terms]
    waiting = _waits(book, plan, order)
    if not waiting:
        if terms.entries_at == SETTLE and row.first_entry < 0 and row.status != _REFUNDED:
            fix(book, plan, order, time, SETTLE)
            _make_late(book, plan, order, time)
        elif terms.entries_at < SETTLE and (terms.check_at >> SETTLE) & 1 == 1:
            _check_entries(book, plan, order, time, True)
        waiting = not _let_all_go(book, plan, order, time)
    if waiting:
        row.settle_at = tick_after(plan, row.plan, time)
        push(book, row.settle_at, SETTLE_ORDER, order)


@kernel
def _waits(book: Rows, plan: Tables, order: int) -> bool:
    """Whether nothing of an order settles now."""
    row = book.orders[order]
    return row.disputed_by >= 0 or (row.refund_open == 1 and plan.plans[row.terms].wait_refund == 1)


@kernel
def _let_all_go(book: Rows, plan: Tables, order: int, time: int) -> bool:
    """Make the entries of an order available; False if one of them waits for its member."""
    row = book.orders[order]
    wait, number, since = plan.plans[row.terms].wait_frozen, row.plan, row.held_from
    gone = True
    for place in range(row.first_entry, row.first_entry + row.entries):
        gone = _let_go(book, plan, place, wait, number, since, time) and gone
    first = first_deferral(book, order)
    for deferral in range(first, first + row.deferrals):
        piece = book.deferrals[deferral].piece
        while piece >= 0:
            gone = _let_go(book, plan, book.pieces[piece].entry, wait, number, since, time) and gone
            piece = book.pieces[piece].previous
    if row.adjustments > 0:
        for place in range(row.first_adjustment, book.clock[0].entries):
            if is_adjustment(book, place, order):
                gone = _let_go(book, plan, place, wait, number, since, time) and gone
    return gone


@kernel
def settle_entry(book: Rows, plan: Tables, place: int, time: int) -> None:
    """Make an entry available that settles by itself, or try again at the next tick."""
    entry = book.entries[place]
    number, order = entry.plan, entry.order
    wait = plan.plans[number if order < 0 else book.orders[order].terms].wait_frozen
    since = entry.time if order < 0 or pays_repeatedly(plan, number) else book.orders[order].held_from
    waits = order >= 0 and _waits(book, plan, order)
    if waits or not _let_go(book, plan, place, wait, number, since, time):
        push(book, tick_after(plan, number, time), SETTLE_ENTRY, place)


@kernel
def _let_go(book: Rows, plan: Tables, place: int, wait_frozen: int, number: int, since: int, time: int) -> bool:
    """Make an entry available; False if it waits because its member is frozen, or held longer by plan `number`."""
    entry = book.entries[place]
    if entry.amount > entry.clawed:
        if wait_frozen == 1 and book.members[entry.member].frozen:
            return False
        if credit_waits(book, plan, number, place, since, time):
            return False
    move(book, place, _AVAILABLE)
    join_by(book, plan, entry.member, EARNED)
    return True
