"""An event log as columns for the bulk engine, where it holds nothing but people, orders that are paid, and refunds.

Receipts move money between wallets and change no amount, so they are passed over. What happens to people is put to the
binding rules once for every plan: of registrations, bindings and ranks only what took effect becomes a change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.book import Rows, open_book
from rules.bulk.columns import OrderColumns, RefundColumns
from rules.bulk.engine import BulkEngine, BulkRun, BulkTotals
from rules.bulk.members import ChangeColumns, ChangeKind, MemberColumns
from rules.errors import InputError
from rules.events import Kind, Names, Numbers, Records, Row, Table
from rules.jit import kernel
from rules.people.binding import bind, claim_joining
from rules.plan.compiled import Tables
from rules.plan.model import Plan
from sim.rows import paid_for

Integers = NDArray[np.int64]

_PEOPLE = (Kind.register, Kind.rebind, Kind.promote, Kind.freeze, Kind.unfreeze)
_ORDERS = (Kind.order, Kind.pay, Kind.refund)
_PASSED_OVER = (Kind.ship, Kind.receive, Kind.refund_open, Kind.refund_refused, Kind.tick)
(_REGISTER, _REBIND, _PROMOTE, _FREEZE), _JOINED = map(int, _PEOPLE[:4]), int(ChangeKind.joined)
_UPLINE, _RANK, _FROZEN = int(ChangeKind.upline), int(ChangeKind.rank), int(ChangeKind.frozen)


@dataclass(frozen=True)
class LogColumns:
    """A log as columns, the same for every plan.

    Attributes:
        orders: those that were paid, in the order of their payment.
        refunds: of them, those that come after the payment.
        people: `EVENT`, what happens to members; `before`: the first order that comes after each.
        since, until: the times of the first event and the last.
    """

    orders: OrderColumns
    refunds: RefundColumns
    people: Records
    before: Integers
    since: int
    until: int


def columns_of(events: Records) -> LogColumns | None:
    """A log as columns; None if something in it is for the event engine alone."""
    try:
        return _columns_of(events)
    except InputError:
        return None  # the event engine takes it, or says what is wrong and where


def _columns_of(events: Records) -> LogColumns:
    kinds, times = events["kind"], events["time"]
    people = np.flatnonzero(np.isin(kinds, _PEOPLE))
    _ask(len(events) > 0 and np.isin(kinds, (*_PEOPLE, *_ORDERS, *_PASSED_OVER)).all(), "other kinds of events")
    _ask(_is_plain(events), "baskets, activities, or ranks that are stated")
    _ask(
        (np.diff(times) >= 0).all() and (events["member"][people] >= 0).all(),
        "events that name nobody, or not in order",
    )
    placed, paid = np.flatnonzero(kinds == Kind.order), np.flatnonzero(kinds == Kind.pay)
    first, end = _lines_of_payments(events, placed, paid)
    return LogColumns(
        orders=_orders(events, placed, first, end, times[paid]),
        refunds=_refunds(events, np.flatnonzero(kinds == Kind.refund), paid),
        people=events[people],
        before=np.searchsorted(paid, people),
        since=int(times[0]),
        until=int(times[-1]),
    )


def _is_plain(events: Records) -> bool:
    """Whether orders and registrations say nothing that the columns have no place for."""
    plain = (events["kind"] != Kind.order) | (
        (events["other"] < 0) & (events["amount"] == 0) & (events["activity"] == 0) & (events["area"] < 0)
    )
    stated = np.isin(events["kind"], (Kind.order, Kind.register)) & (events["rank"] >= 0)
    return bool(plain.all() and not stated.any())


def _ask(holds: bool | np.bool_, otherwise: str) -> None:
    if not holds:
        raise InputError(otherwise)


def _lines_of_payments(events: Records, placed: Integers, paid: Integers) -> tuple[Integers, Integers]:
    """The first line of every order that is paid, and the one after its last, among the lines that are placed."""
    numbers, steps = events["order"][placed], np.diff(events["order"][placed], prepend=-1)
    first = np.flatnonzero(steps)
    _ask((steps >= 0).all() and (events["line"][placed][steps == 0] != 1).all(), "an order that is placed twice")
    where = np.searchsorted(numbers[first], events["order"][paid])
    _ask(len(paid) > 0 and (where < len(first)).all(), "no payments, or of no order")
    _ask((numbers[first[where]] == events["order"][paid]).all(), "a payment of no order")
    end = np.append(first[1:], len(placed))[where]
    _ask((placed[end - 1] < paid).all() and (np.bincount(where) < 2).all(), "a line after the payment, or two payments")
    return first[where], end


def _orders(events: Records, placed: Integers, first: Integers, end: Integers, paid_at: Integers) -> OrderColumns:
    """Orders by payment: lines `first` to `end` of those placed."""
    counts = end - first
    begins = np.concatenate([[0], np.cumsum(counts)])
    lines = events[placed[np.repeat(first - begins[:-1], counts) + np.arange(begins[-1])]]
    _ask((lines["discount"] >= 0).all(), "a discount below 0")
    names = ("category", "sku", "quantity", "price", "member_price", "freight")
    return OrderColumns(
        buyer=events["member"][placed[first]],
        paid_at=paid_at,
        first_line=begins,
        paid=paid_for(lines),
        **{name: lines[name] for name in names},
    )


def _refunds(events: Records, refunds: Integers, paid: Integers) -> RefundColumns:
    """Refunds of paid orders; one that comes before the payment, or is of no such order, changes nothing."""
    rows, numbers = events[refunds], events["order"][paid]
    order_of = np.full(int(max(numbers.max(), rows["order"].max(initial=0))) + 1, -1)
    order_of[numbers] = np.arange(len(paid))
    order = np.where(rows["order"] >= 0, order_of[rows["order"]], -1)
    due = (order >= 0) & (paid[order] < refunds)
    rows = rows[due]
    return RefundColumns(order[due], rows["time"], rows["line"], rows["quantity"], rows["amount"])


def replay_columns(columns: LogColumns, plan: Plan, names: Names, start_day: int, opening: Records) -> BulkTotals:
    """What a plan that the bulk engine knows makes of a log.

    Args:
        opening: `MEMBER`, everybody as they are before the first event.
    """
    begun = start_columns(columns, plan, names, start_day, opening)
    begun.finish()
    return begun.totals()


def start_columns(columns: LogColumns, plan: Plan, names: Names, start_day: int, opening: Records) -> BulkRun:
    """The same, not yet begun."""
    engine = BulkEngine(plan, names, start_day)
    members = MemberColumns(
        upline=opening["upline"],
        rank=opening["rank"],
        frozen=opening["frozen"],
        joined=opening["joined_at"] >= 0,
        orders=opening["orders"],
        spent=opening["spent"],
        promoted=opening["promoted_orders"],
    )
    book = open_book(len(opening), 1)
    book.members[:] = opening
    made = np.zeros((4, 2 * len(columns.people)), np.int64)
    event, member, kind, value = made[:, : find_changes(columns.people, book.arrays(), engine.tables, made)]
    changes = ChangeColumns(columns.people["time"][event], member, kind, value, columns.before[event])
    return engine.start(members, columns.orders, columns.refunds, changes, columns.since, columns.until)


@kernel
def find_changes(events: Table, book: Rows, plan: Tables, made: Numbers) -> int:
    """Let events happen to people; writes what came of them as event, member, kind and value, and returns how many."""
    count = 0
    for place in range(len(events)):
        event = events[place]
        before = book.members[event.member].upline
        kind, value = _happen(event, book, plan)
        if book.members[event.member].upline != before:
            count = _note(made, count, place, event.member, _UPLINE, book.members[event.member].upline)
        if kind >= 0:
            count = _note(made, count, place, event.member, kind, value)
    return count


@kernel
def _note(made: Numbers, count: int, event: int, member: int, kind: int, value: int) -> int:
    made[0, count], made[1, count], made[2, count], made[3, count] = event, member, kind, value
    return count + 1


@kernel
def _happen(event: Row, book: Rows, plan: Tables) -> tuple[int, int]:
    """Let one event happen to a member, as the engine does; what came of it beside a new upline, or -1."""
    person = book.members[event.member]
    if event.kind == _REGISTER:
        if person.joined_at >= 0:
            return -1, 0
        person.joined_at = event.time
        if event.other >= 0:
            claim_joining(book, plan, event.member, event.other, event.time, event.via)
        return _JOINED, 1
    if event.kind == _REBIND:
        if event.other >= 0:
            bind(book, plan, event.member, event.other, event.time, event.via)
        else:
            person.upline = -1
        return -1, 0
    if event.kind == _PROMOTE:
        rank = plan.rank_named[0, event.rank] if 0 <= event.rank < plan.rank_named.shape[1] else -1
        return (_RANK, rank) if rank >= 0 else (-1, 0)
    return _FROZEN, 1 if event.kind == _FREEZE else 0
