"""Orders across tables: heads and lines put together, receipts added, and everything that cannot be set aside.

An order is kept whole or not at all: what a part of one would have paid means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.history.cells import ABSENT
from sim.imports.giving_back import Left
from sim.imports.kinds import LINE_COLUMNS
from sim.imports.prices import settle_prices
from sim.imports.reasons import CODES
from sim.imports.stage import Stage, Staged, joined_codes, repeated, repeated_rows

Integers = NDArray[np.int64]
_HARMLESS = [CODES[name] for name in ("duplicate", "conflict")]
"""Why a row can be set aside without its order."""
_MOST_LINES = 32_767


@dataclass
class Orders:
    """All orders, line by line.

    Attributes:
        lines: what has a row a line; `code` says which are kept.
        heads: what has a row an order; None where lines say it all.
        head: the row of `heads` (or the first row of the order in `lines`), by line; -1: there is none.
        of_heads: number of the order, by row of `heads`.
        order: number of the order, by line. names: pseudonyms of orders by number, those that are lost included.
        aside: which orders are set aside or lost, by number.
        line: number of the line within its order, from 1.
        received: when the order was received, by line.
        lost_lines: pseudonyms of lines that were set aside while reading.
        notes: counts of what was made to agree.
    """

    lines: Staged
    heads: Staged | None
    head: Integers
    of_heads: Integers
    order: Integers
    names: pa.Array
    aside: NDArray[np.bool_]
    line: Integers
    received: Integers
    lost_lines: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    notes: dict[str, int] = field(default_factory=dict)

    def of_head(self, name: str) -> Integers:
        """A number that belongs to the order, by line."""
        return np.append((self.lines if self.heads is None else self.heads).number(name), ABSENT)[self.head]


def judge_orders(stage: Stage, heads: Staged, lines: Staged | None, receipts: Staged | None) -> Orders:
    """Put orders together and set aside what cannot be.

    Args:
        heads: tables of kind `orders`. lines: those of kind `lines`; None: every row of `heads` is a line.
    """
    of = [one for one in (heads, lines, receipts) if one is not None]
    lost = [stage.lost_orders("orders"), stage.lost_orders("orders", False), stage.lost_orders("lines", False)]
    codes, names = joined_codes([*(one.texts["order_id"] for one in of), *lost])
    own, (lost_heads, flagged_heads, flagged_lines) = codes[: len(of)], codes[len(of) :]
    _judge_times(heads)
    if lines is None:
        orders = _flat(heads, own[0], names, flagged_heads)
    else:
        orders = _put_together(heads, lines, own[0], own[1], names, lost_heads, flagged_lines)
    orders.lost_lines = pa.concat_arrays(stage.lost_lines)
    if receipts is not None:
        _add_receipts(orders, receipts, own[-1])
    totals = {} if orders.heads is None else {
        name: orders.of_head(name) for name in ("amount", "discount", "freight") if orders.heads.has(name)
    }  # fmt: skip
    orders.notes |= settle_prices(orders.lines, orders.order, totals)
    if orders.heads is not None and orders.heads.has("refund_amount"):
        _judge_refunds_of_heads(orders, orders.heads)
    else:
        _judge_refunds_inside(orders)
    _whole_or_not(orders)
    return orders


def _judge_times(heads: Staged) -> None:
    placed, paid, received = (heads.number(name) for name in ("placed_at", "paid_at", "received_at"))
    heads.note((placed != ABSENT) & (paid != ABSENT) & (paid < placed), "paid_before_placed")
    heads.note((received != ABSENT) & ((paid == ABSENT) | (received < paid)), "received_before_paid")


def _flat(rows: Staged, order: Integers, names: pa.Array, flagged: Integers) -> Orders:
    """Every row a line that says what its order is, too; or a row an order, where no column is about lines."""
    if not rows.has(*LINE_COLUMNS):
        repeated(rows, [order], np.ones(len(rows), np.bool_))
    else:
        _judge_lines(rows, order)
    head = _first_of(order, rows.good, len(names))[order]
    for values in (rows.codes("member_id"), rows.number("placed_at"), rows.number("paid_at")):
        rows.note((head >= 0) & (values != values[head]), "order_disagrees")
    aside = np.zeros(len(names), np.bool_)
    aside[flagged] = True
    received = _latest(order, rows.number("received_at"), len(names))[order]
    return Orders(rows, None, head, order, order, names, aside, _numbered(rows, order), received)


def _put_together(
    heads: Staged,
    lines: Staged,
    of_heads: Integers,
    of_lines: Integers,
    names: pa.Array,
    lost_heads: Integers,
    flagged_lines: Integers,
) -> Orders:
    """A row an order in one table, its lines in another."""
    repeated(heads, [of_heads], np.ones(len(heads), np.bool_))
    _judge_lines(lines, of_lines)
    head = _first_of(of_heads, heads.good, len(names))[of_lines]
    lost = np.zeros(len(names), np.bool_)
    lost[lost_heads] = True
    lost[of_heads[~heads.good & ~np.isin(heads.code, _HARMLESS)]] = True
    lines.note((head < 0) & lost[of_lines], "order_set_aside")
    lines.note(head < 0, "unknown_order")
    aside = lost.copy()
    aside[flagged_lines] = True
    received = np.append(heads.number("received_at"), ABSENT)[head]
    return Orders(lines, heads, head, of_heads, of_lines, names, aside, _numbered(lines, of_lines), received)


def _judge_lines(lines: Staged, order: Integers) -> None:
    """A line comes once: by its number in the order, by its own number, or by all that is said of it."""
    number, own = lines.number("line"), lines.codes("line_id")
    repeated(lines, [order, number], number != ABSENT)
    repeated(lines, [own], (number == ABSENT) & (own >= 0))
    repeated_rows(lines, (number == ABSENT) & (own < 0))


def _numbered(lines: Staged, order: Integers) -> Integers:
    """The number of every line in its order: as given, else by appearance after the given ones."""
    given = lines.number("line")
    most = np.zeros(int(order.max(initial=0)) + 1, np.int64)
    np.maximum.at(most, order[given != ABSENT], given[given != ABSENT])
    rows = np.flatnonzero((given == ABSENT) & lines.good)
    rows = rows[np.argsort(order[rows], kind="stable")]
    new = np.append(True, order[rows][1:] != order[rows][:-1])[: len(rows)]
    begin = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0)) if len(rows) else rows
    line = given.copy()
    line[rows] = most[order[rows]] + np.arange(len(rows)) - begin + 1
    lines.note(line > _MOST_LINES, "too_many_lines")
    return line


def _first_of(order: Integers, good: NDArray[np.bool_], orders: int) -> Integers:
    """The first good row of every order, -1 where there is none."""
    first = np.full(orders, -1)
    rows = np.flatnonzero(good)[::-1]
    first[order[rows]] = rows
    return first


def _latest(order: Integers, time: Integers, orders: int) -> Integers:
    latest = np.full(orders, ABSENT)
    np.maximum.at(latest, order, time)
    return latest


def _add_receipts(orders: Orders, receipts: Staged, of: Integers) -> None:
    """When orders were received, from a table of its own; the latest counts."""
    count = len(orders.names)
    repeated_rows(receipts, np.ones(len(receipts), np.bool_))
    there = np.zeros(count, np.bool_)
    there[orders.order[orders.lines.good]] = True
    receipts.note(~there[of] & orders.aside[of], "order_set_aside")
    receipts.note(~there[of], "unknown_order")
    paid = np.full(count, ABSENT)
    paid[orders.order] = orders.of_head("paid_at")
    time = receipts.number("received_at")
    receipts.note((paid[of] == ABSENT) | (time < paid[of]), "received_before_paid")
    latest = _latest(of[receipts.good], time[receipts.good], count)
    orders.received = np.maximum(orders.received, latest[orders.order])


def _judge_refunds_inside(orders: Orders) -> None:
    """Refunds that stand in the rows of lines; one without an amount is of all that was paid."""
    lines, paid = orders.lines, orders.of_head("paid_at")
    time, fen, amount = lines.number("refunded_at"), lines.number("refund_amount"), lines.number("amount")
    lines.note((fen > 0) & (time == ABSENT), "refund_without_time")
    fen = np.where((time != ABSENT) & (fen == ABSENT), amount, fen)
    back = (time != ABSENT) & (fen > 0)
    lines.note(back & (paid == ABSENT), "refund_unpaid")
    lines.note(back & (time < paid), "refund_before_order")
    lines.note(back & (fen > amount + lines.number("freight")), "refund_over_paid")
    lines.numbers["refunded_at"] = np.where(back, time, ABSENT)
    lines.numbers["refund_amount"] = np.where(back, np.minimum(fen, amount), ABSENT)


def _judge_refunds_of_heads(orders: Orders, heads: Staged) -> None:
    """Refunds that stand in the rows of orders: shared among the lines. One without an amount is of everything."""
    lines = orders.lines
    paid, time, fen = heads.number("paid_at"), heads.number("refunded_at"), heads.number("refund_amount")
    back = (time != ABSENT) & (fen != 0)
    heads.note((fen > 0) & (time == ABSENT), "refund_without_time")
    heads.note(back & (paid == ABSENT), "refund_unpaid")
    heads.note(back & (time < paid), "refund_before_order")
    good = np.flatnonzero(lines.good)
    rows = np.flatnonzero(back & heads.good)
    left = Left(lines, orders.order, good, set(orders.of_heads[rows].tolist()))
    over = np.zeros(len(heads), np.bool_)
    for row in rows.tolist():
        of_order = left.of_order[int(orders.of_heads[row])]
        amount = sum(int(lines.numbers["amount"][one]) for one in of_order) if fen[row] == ABSENT else int(fen[row])
        over[row] = bool(of_order) and left.take(of_order, amount, int(time[row])) is None
    heads.note(over, "refund_over_paid")
    lines.note(np.append(~heads.good, False)[orders.head], "order_set_aside")
    left.write(lines)


def _whole_or_not(orders: Orders) -> None:
    """An order with a row that is set aside is set aside with all its rows; a head without lines, too."""
    lines = orders.lines
    bad = ~lines.good & ~np.isin(lines.code, _HARMLESS)
    orders.aside[orders.order[bad]] = True
    lines.note(orders.aside[orders.order], "order_incomplete")
    heads = orders.heads
    if heads is None:
        return
    kept, some = np.zeros(len(heads), np.bool_), np.zeros(len(heads), np.bool_)
    kept[orders.head[lines.good]] = True
    some[orders.head[orders.head >= 0]] = True
    heads.note(~kept & (some | orders.aside[orders.of_heads]), "order_incomplete")
    heads.note(~kept, "order_without_lines")
    orders.aside[orders.of_heads[~kept]] = True
