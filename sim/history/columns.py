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
from rules.bulk.engine import BulkEngine, BulkTotals
from rules.bulk.members import ChangeColumns, ChangeKind, MemberColumns
from rules.errors import InputError
from rules.events import Kind, Names, Numbers, Records, Table
from rules.jit import kernel
from rules.people.binding import bind, claim
from rules.plan.compiled import Tables
from rules.plan.model import Plan

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
    kinds = events["kind"]
    if not len(events) or not np.isin(kinds, (*_PEOPLE, *_ORDERS, *_PASSED_OVER)).all():
        return None
    placed, paid = np.flatnonzero(kinds == Kind.order), np.flatnonzero(kinds == Kind.pay)
    numbers, paid_numbers = events["order"][placed], events["order"][paid]
    first = np.flatnonzero(np.diff(numbers, prepend=-1))
    again = np.delete(events["line"][placed], first)
    if (np.diff(numbers, prepend=-1) < 0).any() or (again == 1).any() or len(np.unique(paid_numbers)) < len(paid):
        return None  # a line or a payment that is refused, or worse
    where = np.searchsorted(numbers[first], paid_numbers)
    known = where < len(first)
    if not len(paid) or not known.all() or (numbers[first[where]] != paid_numbers).any():
        return None
    ends = np.append(first[1:], len(placed))
    if (placed[ends[where] - 1] > paid).any():
        return None  # a line that came after the payment
    try:
        orders = _orders(events, placed, first[where], ends[where], events["time"][paid])
        refunds = _refunds(events, np.flatnonzero(kinds == Kind.refund), paid, paid_numbers)
    except InputError:
        return None  # the event engine says what is wrong, and where
    people = np.flatnonzero(np.isin(kinds, _PEOPLE))
    before = np.searchsorted(paid, people)
    return LogColumns(orders, refunds, events[people], before, int(events["time"][0]), int(events["time"][-1]))


def _orders(events: Records, placed: Integers, first: Integers, end: Integers, paid_at: Integers) -> OrderColumns:
    """Orders by payment: lines `first` to `end` of those placed."""
    counts = end - first
    begins = np.concatenate([[0], np.cumsum(counts)])
    lines = events[placed[np.repeat(first - begins[:-1], counts) + np.arange(begins[-1])]]
    price = np.where(lines["member_price"] >= 0, lines["member_price"], lines["price"])
    if (lines["discount"] < 0).any():
        raise InputError("a discount is below 0")
    names = ("category", "sku", "quantity", "price", "member_price", "freight")
    return OrderColumns(
        buyer=events["member"][placed[first]],
        paid_at=paid_at,
        first_line=begins,
        paid=price * lines["quantity"] - lines["discount"],
        **{name: np.ascontiguousarray(lines[name]) for name in names},
    )


def _refunds(events: Records, refunds: Integers, paid: Integers, paid_numbers: Integers) -> RefundColumns:
    """Refunds of paid orders; one that comes before the payment, or is of no such order, changes nothing."""
    turn = np.argsort(paid_numbers)
    found = np.searchsorted(paid_numbers, events["order"][refunds], sorter=turn)
    order = turn[np.minimum(found, len(turn) - 1)]
    due = (paid_numbers[order] == events["order"][refunds]) & (paid[order] < refunds)
    rows = events[refunds[due]]
    return RefundColumns(order[due], rows["time"].copy(), rows["line"], rows["quantity"], rows["amount"])


def replay_columns(
    columns: LogColumns, plan: Plan, names: Names, members: int, start_day: int, opening: Records | None
) -> BulkTotals:
    """What a plan makes of a log; the bulk engine must know the plan.

    Args:
        members: how many there are. opening: `MEMBER`, as they are before the first event; None = new.
    """
    engine = BulkEngine(plan, names, start_day)
    book = open_book(members, 1)
    if opening is not None:
        book.members[: len(opening)] = opening
    given = MemberColumns(
        upline=book.members["upline"],
        rank=book.members["rank"],
        frozen=book.members["frozen"],
        joined=book.members["joined_at"] >= 0,
        orders=book.members["orders"],
        spent=book.members["spent"],
        promoted=book.members["promoted_orders"],
    )
    made = np.zeros((3, 2 * len(columns.people)), np.int64)
    count = find_changes(columns.people, book.arrays(), engine.tables, made)
    member, kind, value = made[:, :count]
    return engine
