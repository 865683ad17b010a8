"""Clawback 追回: what a refund takes back of the entries it touches, always as a new negative entry.

What is to be taken back is worked out from everything refunded so far and reduced by what was taken before, so many
small refunds take back what one large refund would, and refunding everything leaves exactly 0.
"""

from __future__ import annotations

from rules.book import EntryStatus, Rows
from rules.commission.entry import append
from rules.events import Row
from rules.jit import kernel
from rules.money import Rounding, proportion, rounded, yuan
from rules.plan.compiled import Tables
from rules.plan.semantics import Semantics
from rules.readable import Deferral, Entry, Order, State, Step

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
def _share_of(book: Rows, rule: Row, order: int, line: int, amount: int) -> int:
    """What is to be taken back of an amount in all, by everything refunded so far of its line (0: of the order)."""
    part, whole = refunded_share(book, order, line)
    if part < whole:
        if rule.partial_refund == 2 or (rule.partial_refund == 1 and line > 0 and part > 0):
            part = whole
        elif rule.partial_refund == 3:
            part = 0
    return proportion(amount, part, whole, rule.clawback_rounding)


@kernel
def claw_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Take back from every entry of an order what its refunds, so far, say."""
    row = book.orders[order]
    rule = plan.plans[row.plan]
    for place in range(row.first_entry, row.first_entry + row.entries):
        entry = book.entries[place]
        if row.deferrals > 0 and _is_deferred(book, order, place):
            continue
        target = _share_of(book, rule, order, entry.line, entry.amount)
        if target > entry.clawed:
            take_back(book, plan, place, target - entry.clawed, time)
    for number in range(row.first_deferral, row.first_deferral + row.deferrals):
        target = _share_of(book, rule, order, book.deferrals[number].line, book.deferrals[number].amount)
        _claw_deferral(book, plan, number, target, time)


@kernel
def _is_deferred(book: Rows, order: int, place: int) -> bool:
    """Whether an entry of the payment is what a cap left at once of a larger amount."""
    row = book.orders[order]
    found = False
    for number in range(row.first_deferral, row.first_deferral + row.deferrals):
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
        due -= _cancel(book, number, min(due, row.waiting))
    piece = row.piece
    while piece >= 0:
        due -= _take_part(book, plan, book.pieces[piece].entry, due, time)
        piece = book.pieces[piece].previous
    if row.entry >= 0:
        _take_part(book, plan, row.entry, due, time)


@kernel
def _cancel(book: Rows, number: int, amount: int) -> int:
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
    for number in range(row.first_deferral, row.first_deferral + row.deferrals):
        piece = book.deferrals[number].piece
        while piece >= 0:
            rows += 1
            piece = book.pieces[piece].previous
    return rows


@kernel
def refunded_share(book: Rows, order: int, line: int) -> tuple[int, int]:
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
    for place in order.entries:
        entry = state.entries[place]
        target, reason = _to_take_back(order, semantics, entry.line, entry.amount)
        if target > entry.clawed and entry.deferral is None:
            reverse(state, place, target - entry.clawed, time, reason)
    for deferral in order.deferrals:
        target, reason = _to_take_back(order, semantics, deferral.cut.line, deferral.amount)
        _claw_parts(state, deferral, target, time, reason)


def _to_take_back(order: Order, semantics: Semantics, line: int, amount: int) -> tuple[int, Step]:
    """What is to be taken back of an amount in all, by everything refunded so far, and why."""
    part, whole = share_refunded(order, line)
    if semantics.partial_refund == "cancel_order" or (part and semantics.partial_refund == "cancel_line" and line):
        part = whole
    elif part < whole and semantics.partial_refund == "none":
        part = 0
    target = rounded(amount * part, whole, Rounding[semantics.clawback_rounding])
    return target, Step(
        f"已退 {yuan(part)} / {yuan(whole)}，应追回合计 {yuan(target)}",
        f"refunded {yuan(part)} of {yuan(whole)}: {yuan(target)} to be taken back in all",
    )


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


def share_refunded(order: Order, line: int) -> tuple[int, int]:
    """How much of a line (0: of the order) is refunded, as a fraction: the readable rule."""
    if line:
        goods = order.lines[line - 1]
        return (goods.refunded, goods.paid) if goods.paid else (goods.refunded_quantity, goods.quantity)
    if order.goods:
        return order.refunded, order.goods
    return sum(one.refunded_quantity for one in order.lines), sum(one.quantity for one in order.lines)
