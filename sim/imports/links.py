"""Refunds and commissions, tied to the order lines that they are about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.history.cells import ABSENT
from sim.imports.giving_back import Left
from sim.imports.orders import Orders
from sim.imports.stage import Staged, joined_codes, repeated

Integers = NDArray[np.int64]


@dataclass
class Links:
    """What rows of a table are about.

    Attributes:
        order: number of the order, by row; -1: none is named.
        line: row of the order line; -1: the order as a whole.
    """

    order: Integers
    line: Integers


def link(rows: Staged, orders: Orders) -> Links:
    """Find the order and line of every row; rows about orders that are not kept are set aside.

    A line's own number comes first, then the order's number with the line's number in it.
    """
    order = _order_of(rows, orders)
    own, line = _by_own_number(rows, orders), np.full(len(rows), -1)
    named = rows.codes("line_id") >= 0
    if named.any():
        lost = pc.is_in(rows.texts["line_id"], orders.lost_lines).to_numpy(zero_copy_only=False)
        rows.note(named & (own < 0) & lost, "order_set_aside")
    line = np.where(own >= 0, own, _by_line_number(rows, orders, order))
    order = np.where(line >= 0, orders.order[line] if len(orders.order) else -1, order)
    asked = named | (rows.codes("order_id") >= 0)
    aside = np.append(orders.aside, False)[order]
    rows.note(asked & aside, "order_set_aside")
    rows.note(asked & (order < 0), "unknown_order")
    rows.note(asked & (rows.number("line") != ABSENT) & rows.has("order_id") & (line < 0), "unknown_order")
    rows.note((line >= 0) & ~orders.lines.good[line] if len(orders.lines) else line >= 0, "order_set_aside")
    return Links(np.where(rows.good, order, -1), np.where(rows.good, line, -1))


def _order_of(rows: Staged, orders: Orders) -> Integers:
    """Number of the order that each row names; -1 where it names none or one that nobody knows."""
    if "order_id" not in rows.texts:
        return np.full(len(rows), -1)
    (known, named), words = joined_codes([orders.names, rows.texts["order_id"]])
    number = np.full(len(words) + 1, -1)
    number[known] = np.arange(len(known))
    found = number[named]
    there = np.zeros(len(orders.names) + 1, np.bool_)
    there[orders.order[orders.lines.good]] = True
    there[: len(orders.aside)] |= orders.aside
    return np.where(there[found], found, -1)


def _by_own_number(rows: Staged, orders: Orders) -> Integers:
    if "line_id" not in rows.texts or "line_id" not in orders.lines.texts:
        return np.full(len(rows), -1)
    (known, named), words = joined_codes([orders.lines.texts["line_id"], rows.texts["line_id"]])
    place = np.full(len(words) + 1, -1)
    backwards = np.argsort(orders.lines.good, kind="stable")  # what is kept is written last
    backwards = backwards[known[backwards] >= 0]
    place[known[backwards]] = backwards
    return place[named]


def _by_line_number(rows: Staged, orders: Orders, order: Integers) -> Integers:
    number = rows.number("line")
    wanted = np.flatnonzero((number != ABSENT) & (order >= 0))
    if not len(wanted):
        return np.full(len(rows), -1)
    good = np.flatnonzero(orders.lines.good)
    keys = orders.order[good] * 65_536 + orders.line[good]
    ranked = good[np.argsort(keys)]
    keys = np.sort(keys)
    asked = order[wanted] * 65_536 + number[wanted]
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    line = np.full(len(rows), -1)
    if len(keys):
        line[wanted] = np.where(keys[place] == asked, ranked[place], -1)
    return line


def judge_records(rows: Staged) -> None:
    """Records that came before: by their own number where they have one."""
    own = rows.codes("record_id")
    repeated(rows, [own], own >= 0)


def judge_refunds(refunds: Staged, orders: Orders) -> Links:
    """Let refunds happen to order lines in the order of their times; those that cannot be are set aside.

    A refund may be of what was paid for the goods and for their freight; the goods come first. One of a whole order
    is shared among its lines by what is left of each. Fills `refunded_at` and `refund_amount` of the lines, and the
    part of each refund that is of goods as `goods`.
    """
    judge_records(refunds)
    links = link(refunds, orders)
    lines = orders.lines
    paid = np.append(orders.of_head("paid_at"), ABSENT)
    at = links.line.copy()
    first = np.full(len(orders.names), -1)
    good = np.flatnonzero(lines.good)
    first[orders.order[good[::-1]]] = good[::-1]
    whole = (at < 0) & (links.order >= 0)
    at[whole] = first[links.order[whole]]
    time, fen = refunds.number("refunded_at"), refunds.number("amount")
    refunds.note(at < 0, "unknown_order")
    refunds.note(paid[at] == ABSENT, "refund_unpaid")
    refunds.note(time < paid[at], "refund_before_order")
    rows = np.flatnonzero(refunds.good & (fen > 0))
    rows = rows[np.lexsort((rows, time[rows]))]
    left = Left(lines, orders.order, good, set(links.order[rows[links.line[rows] < 0]].tolist()))
    over = np.zeros(len(refunds), np.bool_)
    goods = np.where(refunds.good, 0, ABSENT)
    columns = (rows, links.line[rows], links.order[rows], fen[rows], time[rows])
    for row, line, order, amount, when in zip(*(one.tolist() for one in columns), strict=True):
        taken = left.take(left.of_order[order] if line < 0 else [line], amount, when)
        over[row] = taken is None
        goods[row] = taken or 0
    refunds.note(over, "refund_over_paid")
    refunds.numbers["goods"] = goods
    left.write(lines)
    return links


def judge_products(products: Staged) -> None:
    """A product comes once in each table."""
    keys = [products.codes(name) for name in ("sku", "product_id")]
    repeated(products, [products.entry.astype(np.int64), *keys], np.ones(len(products), np.bool_))


def judge_commissions(commissions: Staged, orders: Orders | None) -> Links:
    """Commissions are about kept orders, or about none."""
    judge_records(commissions)
    if orders is None:
        nothing = np.full(len(commissions), -1)
        return Links(nothing, nothing)
    return link(commissions, orders)
