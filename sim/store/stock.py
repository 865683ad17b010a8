"""Stock by sku, reserved order by order; which events on an order count is `rules.lifecycle`'s word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records, Row
from rules.jit import kernel
from rules.lifecycle import order_allows
from rules.records import OrderStatus

UNSEEN, REFUSED = -1, -2
"""Instead of a number: the order has not been placed; it was refused for want of stock."""

SHELF = np.dtype(
    [
        ("pieces", "i8"),  # that can be sold now
        ("daily", "i8"),  # pieces that arrive every midnight
        ("reserved", "i8"),  # pieces of accepted orders, in all
        ("returned", "i8"),  # of those, pieces that came back to the shelf
        ("replenished", "i8"),
        ("short", "i8"),  # pieces asked for and not there
        ("restock", "?"),  # whether shipped goods that come back can be sold again
    ],
    align=True,
)
ORDER = np.dtype([("first_line", "i4"), ("lines", "i2"), ("status", "u1")], align=True)
LINE = np.dtype([("paid", "i8"), ("refunded", "i8"), ("sku", "i4"), ("quantity", "i4"), ("returned", "i4")], align=True)
"""Fen and pieces of an accepted order line: it tells which refunds the rules take, and what comes back."""
COUNT = np.dtype([(name, "i8") for name in ("day", "orders", "lines", "refused_orders", "refused_lines")], align=True)
"""The single row of counters; `day` is the business day whose goods have arrived, -1 before the first."""

_ORDER, _PAY, _CANCEL, _SHIP = int(Kind.order), int(Kind.pay), int(Kind.cancel), int(Kind.ship)
_RECEIVE, _REFUND, _LAST = int(Kind.receive), int(Kind.refund), int(Kind.refund_refused)
_CREATED, _PAID, _SHIPPED = int(OrderStatus.created), int(OrderStatus.paid), int(OrderStatus.shipped)
_RECEIVED, _CANCELLED, _REFUNDED = (
    int(OrderStatus.received),
    int(OrderStatus.cancelled),
    int(OrderStatus.refunded),
)


@kernel
def begin_day(shelves: Records, count: Records, day: int) -> None:
    """Let the goods of every midnight up to the one that begins `day` arrive."""
    nights = day - count[0].day
    if count[0].day >= 0 and nights > 0:
        for sku in range(len(shelves)):
            shelves[sku].pieces += nights * shelves[sku].daily
            shelves[sku].replenished += nights * shelves[sku].daily
    count[0].day = max(count[0].day, day)


@kernel
def _give_back(shelves: Records, line: Row, pieces: int, status: int) -> None:
    """Pieces of a line come back: to the shelf if they never left, else if they can be sold again."""
    line.returned += pieces
    if line.sku >= 0 and (status < _SHIPPED or shelves[line.sku].restock):
        shelves[line.sku].pieces += pieces
        shelves[line.sku].returned += pieces


@kernel
def _take(shelves: Records, events: Records, begin: int, end: int) -> bool:
    """Reserve the order of rows `begin` to `end`, or nothing of it."""
    short = False
    for at in range(begin, end):
        event = events[at]
        if event.sku >= 0:
            shelf = shelves[event.sku]
            shelf.pieces -= event.quantity
            if shelf.pieces < 0:
                shelf.short += min(np.int64(event.quantity), -shelf.pieces)
                short = True
    for at in range(begin, end):
        event = events[at]
        if event.sku >= 0:
            if short:
                shelves[event.sku].pieces += event.quantity
            else:
                shelves[event.sku].reserved += event.quantity
    return not short


@kernel
def _serve(shelves: Records, events: Records, begin: int, end: int, numbers: NDArray[np.int32]) -> bool:
    """Reserve an order; one that repeats another takes no stock, and is accepted if that one was."""
    repeated = events[begin].other
    if repeated < 0:
        return _take(shelves, events, begin, end)
    return repeated < len(numbers) and numbers[repeated] >= 0


@kernel
def _place(events: Records, begin: int, end: int, orders: Records, lines: Records, count: Records) -> int:
    """Remember an accepted order; returns its new number."""
    number = count[0].orders
    row = orders[number]
    row.first_line, row.lines, row.status = count[0].lines, end - begin, _CREATED
    for at in range(begin, end):
        event = events[at]
        line = lines[count[0].lines]
        price = event.member_price if event.member_price >= 0 else event.price
        line.paid, line.refunded, line.returned = price * event.quantity - event.discount, 0, 0
        line.sku, line.quantity = event.sku, event.quantity
        count[0].lines += 1
    count[0].orders += 1
    return number


@kernel
def _refund_line(shelves: Records, line: Row, quantity: int, amount: int, status: int) -> bool:
    """As `rules.orders` refunds a line; False if there is not so much left."""
    left = line.paid - line.refunded
    pieces = line.quantity - line.returned
    if quantity > 0:
        if quantity > pieces:
            return False
        before = line.paid * line.returned // line.quantity
        after = line.paid * (line.returned + quantity) // line.quantity
        line.refunded += min(left, after - before)
        pieces = quantity
    elif amount > 0:
        if amount > left:
            return False
        if amount < left:
            pieces = 0
        line.refunded += amount
    else:
        line.refunded += left
    _give_back(shelves, line, pieces, status)
    return True


@kernel
def _refund(shelves: Records, row: Row, lines: Records, event: Row) -> None:
    if event.line < 0 or event.line > row.lines:
        return
    if event.line == 0 and (event.quantity > 0 or event.amount > 0) and row.lines > 1:
        return
    first = row.first_line + max(event.line, 1) - 1
    last = row.first_line + row.lines if event.line == 0 else first + 1
    for place in range(first, last):
        if not _refund_line(shelves, lines[place], event.quantity, event.amount, row.status):
            return
    for place in range(row.first_line, row.first_line + row.lines):
        if lines[place].refunded < lines[place].paid or lines[place].returned < lines[place].quantity:
            return
    row.status = _REFUNDED


@kernel
def _follow(shelves: Records, row: Row, lines: Records, event: Row) -> None:
    """What an event on an accepted order means for its state and for the shelves."""
    if not order_allows(row.status, event.kind):
        return
    if event.kind == _PAY:
        row.status = _PAID
    elif event.kind == _SHIP:
        row.status = _SHIPPED
    elif event.kind == _RECEIVE:
        row.status = _RECEIVED
    elif event.kind == _REFUND:
        _refund(shelves, row, lines, event)
    elif event.kind == _CANCEL:
        for place in range(row.first_line, row.first_line + row.lines):
            _give_back(shelves, lines[place], lines[place].quantity - lines[place].returned, row.status)
        row.status = _CANCELLED


@kernel
def _end_of_order(events: Records, begin: int, skus: int) -> int:
    """The row after the order that is placed at row `begin`; -1 - row of a line whose sku has no shelf."""
    end = begin
    while end < len(events) and events[end].kind == _ORDER and events[end].order == events[begin].order:
        if events[end].sku >= skus:
            return -1 - end
        end += 1
    return end


@kernel
def reserve(
    events: Records,
    shelves: Records,
    orders: Records,
    lines: Records,
    numbers: NDArray[np.int32],
    count: Records,
    kept: NDArray[np.bool_],
    renumbered: NDArray[np.int32],
) -> int:
    """Serve events in order.

    Args:
        events: `EVENT`; the rows of an order stand together.
        shelves: `SHELF`, by sku. A sku of -1 has no shelf and is never short.
        orders, lines: `ORDER`, `LINE` of accepted orders, with room for the batch.
        numbers: new number by the number in `events`, UNSEEN or REFUSED.
        count: `COUNT`, one row.
            An order whose `other` is an order repeats that one: it takes no stock, and is refused with it.
        kept: set to whether an event is accepted, by row.
        renumbered: set to `events.order`, with the new number where it is that of an order, by row.

    Returns:
        -1, or the first row that cannot be: an order placed twice or never, a sku without a shelf.
    """
    at = 0
    while at < len(events):
        event = events[at]
        begin_day(shelves, count, event.time // DAY)
        kept[at], renumbered[at] = True, event.order
        if event.kind == _ORDER:
            end = _end_of_order(events, at, len(shelves))
            if end < 0:
                return -1 - end
            if event.order < 0 or numbers[event.order] != UNSEEN:
                return at
            if _serve(shelves, events, at, end, numbers):
                numbers[event.order] = _place(events, at, end, orders, lines, count)
            else:
                numbers[event.order] = REFUSED
                count[0].refused_orders += 1
                count[0].refused_lines += end - at
            for row in range(at, end):
                kept[row], renumbered[row] = numbers[event.order] >= 0, numbers[event.order]
            at = end - 1
        elif event.kind >= _PAY and event.kind <= _LAST:
            if event.order < 0 or numbers[event.order] == UNSEEN:
                return at
            kept[at], renumbered[at] = numbers[event.order] >= 0, numbers[event.order]
            if numbers[event.order] >= 0:
                _follow(shelves, orders[numbers[event.order]], lines, event)
        at += 1
    return -1
