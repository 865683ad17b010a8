"""Order lines of an imported history, in columns: read, completed and checked against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.money import MAX_AMOUNT
from sim.history.cells import ABSENT, Sheet

Integers = NDArray[np.int64]

COLUMNS = (
    "order_id", "line", "member_id", "placed_at", "paid_at", "received_at", "sku", "category", "quantity",
    "price", "member_price", "discount", "freight", "refunded_at", "refund_amount", "channel", "amount",
)  # fmt: skip
MOST_LINES, MOST_PIECES = 32_767, 1_000_000


@dataclass(frozen=True)
class Lines:
    """Order lines, every array (rows,). Times are seconds, amounts fen; ABSENT where there is none.

    Attributes:
        order: which order, by first appearance in the table.
        line: as given, else by appearance in the order.
        placed: never absent in a good row. received: of the whole order, the latest that is given.
        price, member_price: a piece; `member_price` is -1 where there is none.
        discount, freight: of the whole line.
        refund: 0 = all of the line.
    """

    order: Integers
    line: Integers
    placed: Integers
    paid: Integers
    received: Integers
    refunded: Integers
    quantity: Integers
    price: Integers
    member_price: Integers
    discount: Integers
    freight: Integers
    refund: Integers


def read_lines(sheet: Sheet) -> Lines:
    """The order lines of a table; what is wrong is noted in the sheet.

    Raises:
        InputError: a column is missing without which there are no orders.
    """
    _require(sheet)
    order = _orders(sheet)
    line = _line_numbers(sheet, order)
    placed, paid = sheet.time("placed_at"), sheet.time("paid_at")
    sheet.note((placed == ABSENT) & (paid == ABSENT), "paid_at", "when the order was paid")
    _note_disagreement(sheet, order, placed, paid)
    placed = np.where(placed == ABSENT, paid, placed)
    received = _latest(order, sheet.time("received_at"))
    refunded = sheet.time("refunded_at")
    for column, time, allowed in (
        ("paid_at", np.where(paid == ABSENT, placed, paid) - placed, "not before placed_at"),
        ("received_at", after_payment(received, paid), "not before paid_at, of an order that was paid"),
        ("refunded_at", after_payment(refunded, paid), "not before paid_at, of an order that was paid"),
    ):
        sheet.note(time < 0, column, allowed)
    quantity, price, member_price, discount = prices_of(sheet)
    goods = np.where(member_price >= 0, member_price, price) * quantity - discount
    return Lines(
        order=order,
        line=line,
        placed=placed,
        paid=paid,
        received=received,
        refunded=refunded,
        quantity=quantity,
        price=price,
        member_price=member_price,
        discount=discount,
        freight=_or(sheet.money("freight"), 0),
        refund=refunds_of(sheet, refunded, goods),
    )


def _require(sheet: Sheet) -> None:
    """Refuse a table without the columns that make it one of orders."""
    there = sheet.table.column_names
    missing = [name for name in ("member_id", "paid_at") if name not in there]
    if not {"price", "amount", "member_price"} & set(there):
        missing.append("price (or amount)")
    if missing:
        raise InputError(
            f"there is no column {' and no column '.join(missing)}", Place(sheet.name, 1, 1), ", ".join(COLUMNS)
        )


def _or(values: Integers, other: int | Integers) -> Integers:
    return np.where(values == ABSENT, other, values)


def after_payment(time: Integers, paid: Integers) -> Integers:
    """Seconds from payment; below 0 where nothing was paid, 0 where nothing happened."""
    return np.where(time == ABSENT, 0, np.where(paid == ABSENT, -1, time - _or(paid, 0)))


def _orders(sheet: Sheet) -> Integers:
    """Which order each row belongs to: by `order_id`, else every row is one."""
    rows = len(sheet)
    if not sheet.has("order_id"):
        return np.arange(rows)
    ids = sheet.text("order_id")
    empty = pc.is_null(ids).to_numpy(zero_copy_only=False)
    sheet.note(empty, "order_id", "a name for every order, or no such column")
    codes = ids.dictionary_encode().indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(empty, rows + np.arange(rows), codes)


def _line_numbers(sheet: Sheet, order: Integers) -> Integers:
    """The line as given, else by appearance; a line that comes twice is noted."""
    rows = np.arange(len(order))
    by_order = np.lexsort((rows, order))
    ranked = order[by_order]
    begins = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1])[: len(ranked)])
    place = np.empty(len(order), np.int64)
    place[by_order] = rows - np.repeat(begins, np.diff(np.append(begins, len(order)))) + 1
    sheet.note(place > MOST_LINES, "order_id", f"at most {MOST_LINES} lines an order")
    if not sheet.has("line"):
        return place
    line = sheet.whole("line", MOST_LINES)
    sheet.note(pc.is_null(sheet.text("line")).to_numpy(zero_copy_only=False), "line", "a number for every line")
    by_line = np.lexsort((rows, line, order))
    same = (np.diff(order[by_line]) == 0) & (np.diff(line[by_line]) == 0)
    again = np.zeros(len(order), np.bool_)
    again[by_line[1:]] = same
    sheet.note(again & (line != ABSENT), "line", "each line of an order once")
    return line


def _note_disagreement(sheet: Sheet, order: Integers, placed: Integers, paid: Integers) -> None:
    """An order has one buyer and one time of each kind."""
    buyer = sheet.text("member_id")
    empty = pc.is_null(buyer).to_numpy(zero_copy_only=False)
    sheet.note(empty, "member_id", "who bought")
    codes = buyer.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    _, first, number = np.unique(order, return_index=True, return_inverse=True)
    for column, values in (("member_id", codes), ("placed_at", placed), ("paid_at", paid)):
        sheet.note(values != values[first[number]], column, "the same in all lines of an order")


def _latest(order: Integers, time: Integers) -> Integers:
    """The latest time in each order, on all its rows."""
    _, number = np.unique(order, return_inverse=True)
    latest = np.full(number.max(initial=-1) + 1, ABSENT)
    np.maximum.at(latest, number, time)
    return latest[number]


def prices_of(sheet: Sheet) -> tuple[Integers, Integers, Integers, Integers]:
    """Quantity, price, member price (-1 = none) and discount of every line: together what was paid."""
    quantity = _or(sheet.whole("quantity", MOST_PIECES), 1)
    price, own, off, amount = (sheet.money(name) for name in ("price", "member_price", "discount", "amount"))
    unpriced = (price == ABSENT) & (own == ABSENT)
    sheet.note(unpriced & (amount == ABSENT), "price", "a price, or an amount")
    listed = _or(amount, 0) + _or(off, 0)
    price = np.where(unpriced, -(-listed // quantity), np.where(price == ABSENT, own, price))
    gross = np.where(own == ABSENT, price, own) * quantity
    most = np.maximum(gross, price * quantity)
    sheet.note(most > MAX_AMOUNT, "price", f"at most {MAX_AMOUNT // 100} for a line")
    discount = np.where(amount == ABSENT, _or(off, 0), gross - _or(amount, 0))
    sheet.note(~unpriced & (discount < 0), "amount", "at most price × quantity")
    disagree = ~unpriced & (amount != ABSENT) & (off != ABSENT) & (discount != off)
    sheet.note(disagree, "amount", "price × quantity - discount")
    sheet.note(discount > gross, "discount", "at most price × quantity")
    return quantity, price, _or(own, -1), discount


def refunds_of(sheet: Sheet, refunded: Integers, goods: Integers) -> Integers:
    """What was given back of each line, 0 = all of it; ABSENT where nothing was."""
    amount = sheet.money("refund_amount")
    sheet.note((amount > 0) & (refunded == ABSENT), "refunded_at", "when the money was given back")
    sheet.note((amount > goods) & (refunded != ABSENT), "refund_amount", "at most what was paid for the line")
    nothing = (refunded == ABSENT) | ((amount == 0) & (goods > 0))
    return np.where(nothing, ABSENT, np.where((amount == ABSENT) | (amount == goods), 0, amount))
