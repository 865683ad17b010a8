"""Disputes 申诉 over the entries of an order, and the adjustments 调整 that answer them.

While a dispute is open, what is not settled yet of the order waits. An adjustment upwards is an entry of its own: it
waits with the order's other entries, or is available at once if they have settled, and a refund takes its share back.
An adjustment downwards takes back of what the member has of the order, at most that, wherever that money is. Caps do
not hold an operator's word.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from rules.book import Rows
from rules.commission.entry import append, credit, credit_to, move, move_on
from rules.events import DAY, Records, Row
from rules.jit import kernel
from rules.journey.facts import Dispute
from rules.lifecycle import Refusal
from rules.money import yuan
from rules.plan.compiled import NONE, Tables
from rules.plan.values import Section, Whole
from rules.readable import Entry, Order, State, Step
from rules.records import Component, EntryStatus, OrderStatus
from rules.steps import SETTLE_ORDER, push

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Disputes(Section):
    """Disputes 申诉: how many days after settlement a member may still dispute an order's entries."""

    days: Annotated[Whole, Field(ge=0, le=3650)] = 15


_PENDING, _HELD, _AVAILABLE = int(EntryStatus.pending), int(EntryStatus.held), int(EntryStatus.available)
_REVERSAL, _ADJUSTMENT = int(EntryStatus.reversal), int(Component.adjustment)
_REFUNDED = int(OrderStatus.refunded)
_NO_DISPUTES, _OPEN, _NONE_OPEN, _LATE = (
    int(Refusal.no_disputes),
    int(Refusal.dispute_open),
    int(Refusal.no_dispute),
    int(Refusal.dispute_late),
)
_STRANGER, _NO_LINE, _TOO_LARGE = (
    int(Refusal.not_registered),
    int(Refusal.unknown_line),
    int(Refusal.adjustment_too_large),
)
BY_ADJUSTMENT = -2
"""`source` of a reversal that is an adjustment downwards; a refund's reversal of an adjustment has none."""

ACCEPTED = -1
"""The event took effect; any other result is a `Refusal`."""


def fill_disputes(row: Records, plan: Plan) -> None:
    """Compile how long disputes are taken."""
    row["dispute_seconds"] = NONE if plan.disputes is None else plan.disputes.days * DAY


@kernel
def open_dispute(book: Rows, plan: Tables, event: Row) -> int:
    """A member disputes what was booked, or not booked, on an order or a line of it."""
    row = book.orders[event.order]
    seconds = plan.plans[row.terms].dispute_seconds
    if seconds == NONE:
        return _NO_DISPUTES
    if book.members[event.member].joined_at < 0:
        return _STRANGER
    if event.line < 0 or event.line > row.lines:
        return _NO_LINE
    if row.disputed_by >= 0:
        return _OPEN
    if row.settle_at >= 0 and row.settle_at + seconds < event.time:
        return _LATE
    row.disputed_by, book.order_extras[event.order].disputed_line = event.member, event.line
    return ACCEPTED


@kernel
def settle_dispute(book: Rows, plan: Tables, event: Row) -> int:
    """The open dispute of an order is upheld, perhaps with an adjustment, or refused."""
    row = book.orders[event.order]
    if row.disputed_by < 0:
        return _NONE_OPEN
    member = event.member if event.member >= 0 else row.disputed_by
    if event.rank == 1 and event.amount != 0:
        if book.members[member].joined_at < 0:
            return _STRANGER
        if event.amount > 0:
            _add(book, plan, event.order, member, event.amount, event.time)
        elif not _take(book, event.order, member, -event.amount, event.time):
            return _TOO_LARGE
    row.disputed_by = -1
    return ACCEPTED


@kernel
def _add(book: Rows, plan: Tables, order: int, member: int, amount: int, time: int) -> None:
    row = book.orders[order]
    place = append(book, time, member, _ADJUSTMENT, amount)
    entry = book.entries[place]
    entry.order, entry.line, entry.plan = order, book.order_extras[order].disputed_line, row.plan
    made, at_settlement = row.first_entry >= 0, plan.plans[row.terms].entries_at == 3
    if row.status == _REFUNDED or (made and 0 <= row.settle_at <= time):
        credit(book, place, _HELD)
        move(book, place, _AVAILABLE)
    elif row.settle_at >= 0 and (made or at_settlement):
        credit(book, place, _HELD)
        if row.entries + row.deferrals + row.adjustments == 0 and not at_settlement:
            push(book, row.settle_at, SETTLE_ORDER, order)  # nothing else of the order was to be settled
    else:
        credit(book, place, _PENDING)
    _note(book, order, place)
    row.adjustments += 1


@kernel
def _note(book: Rows, order: int, place: int) -> None:
    if book.orders[order].first_adjustment < 0:
        book.orders[order].first_adjustment = place


@kernel
def _take(book: Rows, order: int, member: int, amount: int, time: int) -> bool:
    """Take `amount` back of a member's entries of an order, the first first; False if there is not so much."""
    first, end = book.orders[order].first_entry, book.clock[0].entries
    if first < 0 or 0 <= book.orders[order].first_adjustment < first:
        first = book.orders[order].first_adjustment
    if first < 0:
        return False
    left = 0
    for place in range(first, end):
        left += _left_of(book, order, member, place)
    if left < amount:
        return False
    for place in range(first, end):
        part = min(amount, _left_of(book, order, member, place))
        if part > 0:
            _take_of(book, place, part, time)
            _note(book, order, book.clock[0].entries - 1)
            amount -= part
    return True


@kernel
def _left_of(book: Rows, order: int, member: int, place: int) -> int:
    """What a member still has of an entry, if it is theirs and the order's, and no reversal."""
    entry = book.entries[place]
    own = entry.order == order and entry.member == member and entry.reverses < 0
    return entry.amount - entry.clawed if own else 0


@kernel
def _take_of(book: Rows, place: int, amount: int, time: int) -> None:
    original = book.entries[place]
    person = book.members[original.member]
    if original.status == _PENDING:
        person.pending -= amount
    elif original.status == _HELD:
        person.held -= amount
    else:
        person.available -= amount
    person.earned -= amount
    original.clawed += amount
    entry = book.entries[append(book, time, original.member, _ADJUSTMENT, -amount)]
    entry.order, entry.line, entry.level, entry.plan = original.order, original.line, original.level, original.plan
    entry.reverses, entry.status, entry.source = place, _REVERSAL, BY_ADJUSTMENT


@kernel
def is_adjustment(book: Rows, place: int, order: int) -> bool:
    """Whether a row is an adjustment upwards of an order."""
    entry = book.entries[place]
    return entry.order == order and entry.component == _ADJUSTMENT and entry.reverses < 0


@kernel
def adjusted_away(book: Rows, order: int, place: int) -> int:
    """How much of an entry adjustments have taken back, in fen."""
    row = book.orders[order]
    taken = 0
    if row.first_adjustment >= 0:
        for found in range(row.first_adjustment, book.clock[0].entries):
            entry = book.entries[found]
            if entry.reverses == place and entry.source == BY_ADJUSTMENT:
                taken -= entry.amount
    return taken


@kernel
def adjusted_of_deferral(book: Rows, order: int, number: int) -> int:
    """How much adjustments have taken back of what a deferral has paid, in fen."""
    if book.orders[order].first_adjustment < 0:
        return 0
    row = book.deferrals[number]
    taken = adjusted_away(book, order, row.entry) if row.entry >= 0 else 0
    piece = row.piece
    while piece >= 0:
        taken += adjusted_away(book, order, book.pieces[piece].entry)
        piece = book.pieces[piece].previous
    return taken


def own_entries(order: Order) -> list[int]:
    """The numbers of an order's entries, with pieces and adjustments, without reversals, as they were made."""
    return sorted(order.entries + order.pieces + order.adjustments)


def dispute_order(state: State, number: int, member: int, line: int, time: int) -> Refusal | None:
    """A member disputes an order or a line of it: the readable rule."""
    order = state.orders[number]
    rule = state.plans[order.terms].disputes
    if rule is None:
        return Refusal.no_disputes
    if state.members[member].joined_at is None:
        return Refusal.not_registered
    if not 0 <= line <= len(order.lines):
        return Refusal.unknown_line
    if order.disputed_by is not None:
        return Refusal.dispute_open
    if order.settle_at is not None and time > order.settle_at + rule.days * DAY:
        return Refusal.dispute_late
    order.disputed_by, order.disputed_line = member, line
    order.disputes.append(Dispute(member, line, time))
    return None


def answer_dispute(
    state: State, number: int, upheld: bool, member: int | None, amount: int, time: int
) -> Refusal | None:
    """The open dispute of an order is upheld, perhaps with an adjustment, or refused: the readable rule."""
    order = state.orders[number]
    if order.disputed_by is None:
        return Refusal.no_dispute
    if member is None:
        member = order.disputed_by
    if upheld and amount:
        if state.members[member].joined_at is None:
            return Refusal.not_registered
        own = [one for one in own_entries(order) if state.entries[one].member == member]
        if amount < -sum(state.entries[one].amount - state.entries[one].clawed for one in own):
            return Refusal.adjustment_too_large
        if amount > 0:
            _adjust_up(state, number, member, amount, time)
        else:
            _adjust_down(state, own, -amount, time)
    order.disputed_by = None
    order.disputes[-1].closed, order.disputes[-1].upheld = time, upheld
    return None


def _adjust_up(state: State, number: int, member: int, amount: int, time: int) -> None:
    order = state.orders[number]
    reason = Step(f"申诉成立，调增 {yuan(amount)}", f"dispute upheld, adjusted up by {yuan(amount)}")
    entry = Entry(time, member, Component.adjustment, amount, order.plan, [reason], number, order.disputed_line)
    at_settlement = state.plans[order.terms].semantics.entries_at == "settle"
    if order.status is OrderStatus.refunded or (order.made and order.settle_at is not None and order.settle_at <= time):
        credit_to(state, entry, EntryStatus.held)
        move_on(state, entry, EntryStatus.available)
    elif order.settle_at is not None and (order.made or at_settlement):
        credit_to(state, entry, EntryStatus.held)
        if not (order.entries or order.deferrals or order.adjustments or at_settlement):
            heapq.heappush(state.agenda, (order.settle_at, SETTLE_ORDER, number))
    else:
        credit_to(state, entry, EntryStatus.pending)
    order.adjustments.append(len(state.entries) - 1)


def _adjust_down(state: State, own: list[int], amount: int, time: int) -> None:
    for number in own:
        original = state.entries[number]
        part = min(amount, original.amount - original.clawed)
        if part <= 0:
            continue
        amount -= part
        person = state.members[original.member]
        if original.status is EntryStatus.pending:
            person.pending -= part
        elif original.status is EntryStatus.held:
            person.held -= part
        else:
            person.available -= part
        person.earned -= part
        original.clawed += part
        original.adjusted += part
        reason = Step(f"申诉成立，调减 {yuan(part)}", f"dispute upheld, adjusted down by {yuan(part)}")
        entry = Entry(time, original.member, Component.adjustment, -part, original.plan, [reason], original.order)
        entry.line, entry.level, entry.reverses = original.line, original.level, number
        entry.status, entry.source = EntryStatus.reversal, BY_ADJUSTMENT
        entry.left_in, entry.balance = original.status, person.available
        state.write(entry)
