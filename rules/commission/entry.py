"""Entries 佣金明细: one amount, one payee, one reason; appended, never edited but for where the money is."""

from __future__ import annotations

from rules.book import Rows
from rules.jit import kernel
from rules.readable import Entry, State
from rules.records import EntryStatus

_PENDING, _HELD, _AVAILABLE = int(EntryStatus.pending), int(EntryStatus.held), int(EntryStatus.available)


@kernel
def append(book: Rows, time: int, member: int, component: int, amount: int) -> int:
    """Append a pending entry of no order, line, level or period; returns its row.

    The caller writes of which plan it is. Balances are not touched.
    """
    place = book.clock[0].entries
    entry = book.entries[place]
    entry.time, entry.amount, entry.base, entry.clawed = time, amount, 0, 0
    entry.order, entry.member, entry.rate, entry.reverses = -1, member, 0, -1
    entry.period, entry.line, entry.source, entry.level = -1, 0, -1, 0
    entry.component, entry.status = component, _PENDING
    book.clock[0].entries += 1
    return place


@kernel
def credit(book: Rows, place: int, status: int) -> None:
    """Count a new entry into its member's balances, as pending or held."""
    entry = book.entries[place]
    entry.status = status
    member = book.members[entry.member]
    member.earned += entry.amount
    if status == _PENDING:
        member.pending += entry.amount
    else:
        member.held += entry.amount


@kernel
def move(book: Rows, place: int, status: int) -> None:
    """Move what is left of an entry on: pending to held, held to available."""
    entry = book.entries[place]
    left = entry.amount - entry.clawed
    member = book.members[entry.member]
    if entry.status == _PENDING and status == _HELD:
        member.pending -= left
        member.held += left
        entry.status = status
    elif entry.status == _HELD and status == _AVAILABLE:
        member.held -= left
        member.available += left
        entry.status = status


@kernel
def first_deferral(book: Rows, order: int) -> int:
    """The first of an order's rows of `deferrals`; 0 where it has none: what few orders have is not looked at then."""
    return book.order_extras[order].first_deferral if book.orders[order].deferrals > 0 else 0


@kernel
def move_pieces(book: Rows, order: int, status: int) -> None:
    """Move on what was paid on later days of an order's entries, with the entries themselves."""
    first = first_deferral(book, order)
    for number in range(first, first + book.orders[order].deferrals):
        piece = book.deferrals[number].piece
        while piece >= 0:
            move(book, book.pieces[piece].entry, status)
            piece = book.pieces[piece].previous


def credit_to(state: State, entry: Entry, status: EntryStatus) -> int:
    """Book a new entry, pending or held: the readable rule. Returns its number."""
    member = state.members[entry.member]
    entry.status = status
    member.earned += entry.amount
    if status is EntryStatus.pending:
        member.pending += entry.amount
    else:
        member.held += entry.amount
        entry.held_at = state.now
    state.write(entry)
    if entry.deferral:
        entry.deferral.paid.append(len(state.entries) - 1)
    return len(state.entries) - 1


def move_on(state: State, entry: Entry, status: EntryStatus) -> None:
    """Move what is left of an entry on: the readable rule."""
    member, left = state.members[entry.member], entry.amount - entry.clawed
    if entry.status is EntryStatus.pending and status is EntryStatus.held:
        member.pending -= left
        member.held += left
        entry.held_at = state.now
    elif entry.status is EntryStatus.held and status is EntryStatus.available:
        member.held -= left
        member.available += left
        entry.available_at, entry.balance, entry.payouts = state.now, member.available, len(state.withdrawals)
    else:
        return
    entry.status = status
