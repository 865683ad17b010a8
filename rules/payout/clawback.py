"""Clawback 追回: what a refund takes back of the entries it touches, always as a new negative entry.

What is to be taken back is worked out from everything refunded so far and reduced by what was taken before, so many
small refunds take back what one large refund would, and refunding everything leaves exactly 0.
"""

from __future__ import annotations

from rules.book import EntryStatus, Rows
from rules.commission.entry import append
from rules.jit import kernel
from rules.money import Rounding, proportion, rounded, yuan
from rules.payout.dispute import adjusted_away, is_of, own_entries, rows_of
from rules.plan.compiled import Tables
from rules.readable import Entry, Order, State, Step

_PENDING, _HELD, _AVAILABLE = int(EntryStatus.pending), int(EntryStatus.held), int(EntryStatus.available)
_REVERSAL = int(EntryStatus.reversal)


@kernel
def take_back(book: Rows, plan: Tables, place: int, amount: int, time: int) -> int:
    """Reverse `amount` of an entry, out of wherever its money is; returns what the plan lets be taken."""
    original = book.entries[place]
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
def claw_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Take back from every entry of an order what its refunds, so far, say."""
    first, end = rows_of(book, order)
    for place in range(first, end):
        if is_of(book, place, order):
            _claw_entry(book, plan, order, place, time)


@kernel
def _claw_entry(book: Rows, plan: Tables, order: int, place: int, time: int) -> None:
    rule = plan.plans[book.orders[order].plan]
    entry = book.entries[place]
    part, whole = _refunded_share(book, order, entry.line)
    if part == 0 and rule.partial_refund != 2:
        return
    if part < whole:
        if rule.partial_refund == 3:
            return
        if rule.partial_refund == 2 or (rule.partial_refund == 1 and entry.line > 0):
            part = whole
    adjusted = adjusted_away(book, order, place)
    target = adjusted + proportion(entry.amount - adjusted, part, whole, rule.clawback_rounding)
    if target > entry.clawed:
        take_back(book, plan, place, target - entry.clawed, time)


@kernel
def _refunded_share(book: Rows, order: int, line: int) -> tuple[int, int]:
    """How much of a line (0: of the order) is refunded, as a fraction: by money, or by pieces of what was free."""
    row = book.orders[order]
    if line > 0:
        goods = book.lines[row.first_line + line - 1]
        if goods.paid > 0:
            return goods.refunded, goods.paid
        return goods.refunded_quantity, goods.quantity
    if row.goods > 0:
        return row.refunded, row.goods
    part, whole = 0, 0
    for place in range(row.first_line, row.first_line + row.lines):
        part += book.lines[place].refunded_quantity
        whole += book.lines[place].quantity
    return part, whole


def reverse(state: State, number: int, amount: int, time: int, reason: Step) -> int:
    """Reverse `amount` of an entry: the readable rule. Returns what the plan lets be taken."""
    original = state.entries[number]
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
    reversal = Entry(time, original.member, original.component, -taken, original.plan, steps, original.order)
    reversal.line, reversal.level, reversal.rate = original.line, original.level, original.rate
    reversal.source, reversal.period, reversal.reverses = original.source, original.period, number
    reversal.status = EntryStatus.reversal
    state.entries.append(reversal)
    return taken


def claw_entries(state: State, number: int, time: int) -> None:
    """Take back from every entry of an order what its refunds, so far, say: the readable rule."""
    order = state.orders[number]
    semantics = state.plans[order.plan].semantics
    for place in own_entries(order):
        entry = state.entries[place]
        part, whole = _share_refunded(order, entry.line)
        if semantics.partial_refund == "cancel_order" or (
            part and semantics.partial_refund == "cancel_line" and entry.line
        ):
            part = whole
        elif part < whole and semantics.partial_refund == "none":
            part = 0
        left = entry.amount - entry.adjusted
        target = entry.adjusted + rounded(left * part, whole, Rounding[semantics.clawback_rounding])
        if target > entry.clawed:
            reason = Step(
                f"已退 {yuan(part)} / {yuan(whole)}，应追回合计 {yuan(target)}",
                f"refunded {yuan(part)} of {yuan(whole)}: {yuan(target)} to be taken back in all",
            )
            reverse(state, place, target - entry.clawed, time, reason)


def _share_refunded(order: Order, line: int) -> tuple[int, int]:
    if line:
        goods = order.lines[line - 1]
        return (goods.refunded, goods.paid) if goods.paid else (goods.refunded_quantity, goods.quantity)
    if order.goods:
        return order.refunded, order.goods
    return sum(one.refunded_quantity for one in order.lines), sum(one.quantity for one in order.lines)
