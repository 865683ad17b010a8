"""Clawback 追回: what a refund takes back of the entries it touches, always as a new negative entry.

What is to be taken back is worked out from everything refunded so far and reduced by what was taken before, so many
small refunds take back what one large refund would, and refunding everything leaves exactly 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.commission.entry import append, first_deferral
from rules.jit import kernel
from rules.money import Rounding, proportion, rounded, yuan
from rules.payout.dispute import adjusted_away, adjusted_of_deferral, is_adjustment
from rules.payout.shares import (
    back_alone,
    is_spared,
    left_alone,
    owed_alone,
    owed_back,
    part_lost,
    reckoned_alone,
    refunded_part,
    rounds_alone,
    to_take_back,
)
from rules.plan.compiled import Tables
from rules.plan.defects import NO_CLAWBACK, REFUND_ADDS
from rules.readable import Deferral, Entry, Order, State, Step
from rules.records import EntryStatus

if TYPE_CHECKING:
    from rules.plan.model import Plan

_PENDING, _HELD, _AVAILABLE = int(EntryStatus.pending), int(EntryStatus.held), int(EntryStatus.available)
_REVERSAL = int(EntryStatus.reversal)


@kernel
def take_back(book: Rows, plan: Tables, place: int, amount: int, time: int) -> int:
    """Reverse `amount` of an entry, out of wherever its money is; returns what the plan lets be taken."""
    original = book.entries[place]
    if original.order >= 0 and plan.plans[original.plan].defects & REFUND_ADDS:
        return _add_instead(book, place, amount, time)
    member = book.members[original.member]
    left = max(0, original.amount - original.clawed)
    waiting = 0
    if original.status != _AVAILABLE:
        waiting = min(amount, left)
    rule = plan.plans[original.plan].after_payout
    settled = amount - waiting
    if rule == 1:
        settled = min(settled, max(0, member.available))
    elif rule == 2:
        settled = 0
    elif rule == 3:
        settled = min(settled, max(0, member.available + member.held - waiting))
    taken = waiting + settled
    if taken == 0:
        return 0
    if original.status == _PENDING:
        member.pending -= waiting
    else:
        member.held -= waiting
    member.available -= settled
    member.earned -= taken
    original.clawed += taken
    _write(book, place, taken, time)
    return taken


@kernel
def _write(book: Rows, place: int, taken: int, time: int) -> None:
    original = book.entries[place]
    entry = book.entries[append(book, time, original.member, original.component, -taken)]
    entry.order, entry.line, entry.level = original.order, original.line, original.level
    entry.period, entry.source, entry.plan = original.period, original.source, original.plan
    entry.rate, entry.base, entry.reverses, entry.status = original.rate, 0, place, _REVERSAL


@kernel
def _add_instead(book: Rows, place: int, amount: int, time: int) -> int:
    """By a platform's fault: add to an entry what should be taken back; `clawed` falls below 0."""
    original = book.entries[place]
    member = book.members[original.member]
    if original.status == _PENDING:
        member.pending += amount
    elif original.status == _HELD:
        member.held += amount
    else:
        member.available += amount
    member.earned += amount
    original.clawed -= amount
    _write(book, place, -amount, time)
    return amount


@kernel
def claw_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Take back from every entry of an order what its refunds, so far, say."""
    row = book.orders[order]
    if plan.plans[row.plan].defects & NO_CLAWBACK:
        return
    for place in range(row.first_entry, row.first_entry + row.entries):
        if row.deferrals == 0 or not _is_deferred(book, order, place):
            _claw_entry(book, plan, order, place, time)
    first = first_deferral(book, order)
    for number in range(first, first + row.deferrals):
        deferral, adjusted = book.deferrals[number], adjusted_of_deferral(book, order, number)
        part, whole = refunded_part(book, plan, order, deferral.line)
        rounding = plan.plans[row.plan].clawback_rounding
        target = adjusted + proportion(deferral.amount - adjusted, part, whole, rounding)
        _claw_deferral(book, plan, number, target, time)
    if row.adjustments > 0:
        for place in range(row.first_adjustment, book.clock[0].entries):
            if is_adjustment(book, place, order):
                _claw_entry(book, plan, order, place, time)


@kernel
def _claw_entry(book: Rows, plan: Tables, order: int, place: int, time: int) -> None:
    """Take back from one entry; what a dispute has taken of it is not taken again."""
    if rounds_alone(book, plan, order, place) or is_spared(book, plan, order, place):
        return
    entry, adjusted = book.entries[place], adjusted_away(book, order, place)
    if adjusted == 0:
        owed = to_take_back(book, plan, order, place)
    else:
        part, whole = refunded_part(book, plan, order, entry.line)
        rounding = plan.plans[book.orders[order].plan].clawback_rounding
        owed = adjusted + proportion(entry.amount - adjusted, part, whole, rounding) - entry.clawed
    if owed > 0:
        take_back(book, plan, place, owed, time)


@kernel
def _is_deferred(book: Rows, order: int, place: int) -> bool:
    """Whether an entry of the payment is what a cap left at once of a larger amount."""
    row = book.orders[order]
    found = False
    first = first_deferral(book, order)
    for number in range(first, first + row.deferrals):
        found = found or book.deferrals[number].entry == place
    return found


@kernel
def _claw_deferral(book: Rows, plan: Tables, number: int, target: int, time: int) -> None:
    """Take back from an amount that a cap has put off: what waits first, then what was paid last."""
    row = book.deferrals[number]
    due = target - row.cancelled - (book.entries[row.entry].clawed if row.entry >= 0 else 0)
    piece = row.piece
    while piece >= 0:
        due -= book.entries[book.pieces[piece].entry].clawed
        piece = book.pieces[piece].previous
    if due <= 0:
        return
    if row.waiting > 0:
        due -= cancel_part(book, number, min(due, row.waiting))
    piece = row.piece
    while piece >= 0:
        due -= _take_part(book, plan, book.pieces[piece].entry, due, time)
        piece = book.pieces[piece].previous
    if row.entry >= 0:
        _take_part(book, plan, row.entry, due, time)


@kernel
def cancel_part(book: Rows, number: int, amount: int) -> int:
    """Let a part of what waits of a deferral never be paid; returns it."""
    row = book.deferrals[number]
    row.waiting -= amount
    row.cancelled += amount
    book.members[row.member].deferred -= amount
    if row.waiting == 0:
        book.clock[0].waiting -= 1
    return amount


@kernel
def _take_part(book: Rows, plan: Tables, place: int, due: int, time: int) -> int:
    entry = book.entries[place]
    return take_back(book, plan, place, min(due, entry.amount - entry.clawed), time)


@kernel
def rows_of_deferrals(book: Rows, order: int) -> int:
    """How many entries a refund can take back of what an order's deferrals have paid, at the most."""
    row = book.orders[order]
    rows = row.deferrals
    first = first_deferral(book, order)
    for number in range(first, first + row.deferrals):
        piece = book.deferrals[number].piece
        while piece >= 0:
            rows += 1
            piece = book.pieces[piece].previous
    return rows


@kernel
def claw_line_alone(book: Rows, plan: Tables, order: int, line: int, before: int, time: int) -> None:
    """By a platform's fault: take back what this refund of a line, reckoned without any before it, says."""
    row = book.orders[order]
    for place in range(row.first_entry, row.first_entry + row.entries):
        if book.entries[place].line == line and rounds_alone(book, plan, order, place):
            take_back(book, plan, place, back_alone(book, plan, order, place, before), time)


def reverse(state: State, number: int, amount: int, time: int, reason: Step) -> int:
    """Reverse `amount` of an entry: the readable rule. Returns what the plan lets be taken."""
    original = state.entries[number]
    if original.order is not None and "refund_adds" in state.plans[original.plan].semantics.defects:
        return _added(state, number, amount, time, reason)
    member = state.members[original.member]
    waiting = 0
    if original.status is not EntryStatus.available:
        waiting = min(amount, max(0, original.amount - original.clawed))
    settled = amount - waiting
    policy = state.plans[original.plan].semantics.refund_after_payout
    if policy == "cap_at_balance":
        settled = min(settled, max(0, member.available))
    elif policy == "none":
        settled = 0
    elif policy == "cap_at_wallet":
        settled = min(settled, max(0, member.available + member.held - waiting))
    taken = waiting + settled
    if taken == 0:
        return 0
    if original.status is EntryStatus.pending:
        member.pending -= waiting
    else:
        member.held -= waiting
    member.available -= settled
    member.earned -= taken
    original.clawed += taken
    steps = [reason, Step(f"追回 {yuan(taken)}", f"taken back: {yuan(taken)}")]
    _append_reversal(state, number, -taken, time, steps)
    return taken


def _added(state: State, number: int, amount: int, time: int, reason: Step) -> int:
    """By a platform's fault: add to an entry what should be taken back: the readable rule."""
    original = state.entries[number]
    member = state.members[original.member]
    pocket = {EntryStatus.pending: "pending", EntryStatus.held: "held"}.get(original.status, "available")
    setattr(member, pocket, getattr(member, pocket) + amount)
    member.earned += amount
    original.clawed -= amount
    fault = Step(f"缺陷 refund_adds：反而加上 {yuan(amount)}", f"fault refund_adds: {yuan(amount)} is added instead")
    _append_reversal(state, number, amount, time, [reason, fault])
    return amount


def _append_reversal(state: State, number: int, amount: int, time: int, steps: list[Step]) -> None:
    original = state.entries[number]
    reversal = Entry(time, original.member, original.component, amount, original.plan, steps, original.order)
    reversal.line, reversal.level, reversal.rate = original.line, original.level, original.rate
    reversal.source, reversal.period, reversal.reverses = original.source, original.period, number
    reversal.status = EntryStatus.reversal
    reversal.left_in, reversal.balance = original.status, state.members[original.member].available
    state.write(reversal)


def claw_entries(state: State, number: int, time: int) -> None:
    """Take back from every entry of an order what its refunds, so far, say: the readable rule."""
    order = state.orders[number]
    plan = state.plans[order.plan]
    if "no_clawback" in plan.semantics.defects:
        return
    for place in order.entries:
        if state.entries[place].deferral is None:
            _claw_one(state, order, place, time)
    for deferral in order.deferrals:
        adjusted = sum(state.entries[number].adjusted for number in deferral.paid)
        target, reason = _to_take_back(plan, order, deferral.cut.line, deferral.amount, adjusted)
        _claw_parts(state, deferral, target, time, reason)
    for place in order.adjustments:
        _claw_one(state, order, place, time)


def _claw_one(state: State, order: Order, place: int, time: int) -> None:
    """Take back from one entry; what a dispute has taken of it is not taken again: the readable rule."""
    plan, entry = state.plans[order.plan], state.entries[place]
    if reckoned_alone(plan, order, entry) or left_alone(plan, order, entry):
        return
    if entry.adjusted:
        target, reason = _to_take_back(plan, order, entry.line, entry.amount, entry.adjusted)
        owed = target - entry.clawed
    else:
        owed, reason = owed_back(state, order, entry)
    if owed > 0:
        reverse(state, place, owed, time, reason)


def _to_take_back(plan: Plan, order: Order, line: int, amount: int, adjusted: int) -> tuple[int, Step]:
    """What is to be taken back of an amount in all, by adjustments and everything refunded so far, and why."""
    part, whole = part_lost(plan.semantics, order, line)
    target = adjusted + rounded((amount - adjusted) * part, whole, Rounding[plan.semantics.clawback_rounding])
    return target, Step(
        f"已退 {yuan(part)} / {yuan(whole)}，应追回合计 {yuan(target)}",
        f"refunded {yuan(part)} of {yuan(whole)}: {yuan(target)} to be taken back in all",
    )


def claw_alone(state: State, number: int, line: int, before: int, time: int) -> None:
    """By a platform's fault: take back what this refund of a line alone says: the readable rule."""
    order = state.orders[number]
    plan = state.plans[order.plan]
    for place in order.entries:
        entry = state.entries[place]
        if entry.line == line and reckoned_alone(plan, order, entry):
            owed, reason = owed_alone(plan.semantics, entry, order.lines[line - 1], before)
            reverse(state, place, owed, time, reason)


def _claw_parts(state: State, deferral: Deferral, target: int, time: int, reason: Step) -> None:
    """Take back from an amount that a cap has put off, what waits first, then what was paid last: the readable rule."""
    due = target - deferral.cancelled - sum(state.entries[number].clawed for number in deferral.paid)
    if due <= 0:
        return
    cancelled = min(due, deferral.waiting)
    deferral.waiting, deferral.cancelled = deferral.waiting - cancelled, deferral.cancelled + cancelled
    due -= cancelled
    for number in reversed(deferral.paid):
        entry = state.entries[number]
        due -= reverse(state, number, min(due, entry.amount - entry.clawed), time, reason)
