"""Clawback 追回: what a refund takes back of the entries it touches, always as a new negative entry.

What is to be taken back is worked out from everything refunded so far and reduced by what was taken before, so many
small refunds take back what one large refund would, and refunding everything leaves exactly 0.
"""

from __future__ import annotations

from rules.book import EntryStatus, Rows
from rules.commission.entry import append
from rules.jit import kernel
from rules.money import yuan
from rules.payout.shares import (
    back_alone,
    owed_alone,
    owed_back,
    reckoned_alone,
    rounds_alone,
    to_take_back,
)
from rules.plan.compiled import Tables
from rules.plan.defects import NO_CLAWBACK, REFUND_ADDS
from rules.readable import Entry, State, Step

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
        if not rounds_alone(book, plan, order, place):
            owed = to_take_back(book, plan, order, place)
            if owed > 0:
                take_back(book, plan, place, owed, time)


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
    state.entries.append(reversal)


def claw_entries(state: State, number: int, time: int) -> None:
    """Take back from every entry of an order what its refunds, so far, say: the readable rule."""
    order = state.orders[number]
    plan = state.plans[order.plan]
    if "no_clawback" in plan.semantics.defects:
        return
    for place in order.entries:
        if not reckoned_alone(plan, order, state.entries[place]):
            owed, reason = owed_back(state, order, state.entries[place])
            if owed > 0:
                reverse(state, place, owed, time, reason)


def claw_alone(state: State, number: int, line: int, before: int, time: int) -> None:
    """By a platform's fault: take back what this refund of a line alone says: the readable rule."""
    order = state.orders[number]
    plan = state.plans[order.plan]
    for place in order.entries:
        entry = state.entries[place]
        if entry.line == line and reckoned_alone(plan, order, entry):
            owed, reason = owed_alone(plan.semantics, entry, order.lines[line - 1], before)
            reverse(state, place, owed, time, reason)
