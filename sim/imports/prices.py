"""What every order line costs: list price, discount and what was paid, made to agree; shares of an order's amounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.money import MAX_AMOUNT
from sim.history.cells import ABSENT
from sim.imports.stage import Staged

Integers = NDArray[np.int64]


def settle_prices(lines: Staged, order: Integers, of_order: dict[str, Integers]) -> dict[str, int]:
    """Fill `quantity`, `amount`, `discount` and `freight` of every good line, so that what replay checks holds.

    `amount` is what was paid for the goods of the line. Where it is more than the price says (an operator raised it),
    the price is left empty: what was listed is not known. A line's discount is what the price and the amount leave.

    Args:
        order: number of the order, by line; lines of one order need not stand together.
        of_order: amounts of whole orders by line (the same on each line of an order), shared out by price where
            lines have no such column of their own.

    Returns:
        How many lines had a price that was left empty, and how many another discount than the table says.
    """
    lines.numbers["quantity"] = _or(lines.number("quantity"), 1)
    quantity, price, own = lines.numbers["quantity"], lines.number("price"), lines.number("member_price")
    unpriced = (price == ABSENT) & (own == ABSENT)
    gross = np.where(unpriced, 0, np.where(own == ABSENT, _or(price, 0), _or(own, 0)) * quantity)
    lines.note(np.maximum(gross, _or(price, 0) * quantity) > MAX_AMOUNT, "too_large")
    weight = np.where(gross > 0, gross, 0)
    shared = {name: _shares(lines, order, total, weight) for name, total in of_order.items() if not lines.has(name)}
    amount = shared.get("amount", lines.number("amount"))
    off = shared.get("discount", lines.number("discount")) if "amount" not in shared else np.full(len(lines), ABSENT)
    lines.note(unpriced & (amount == ABSENT), "missing")
    paid = np.where(amount == ABSENT, gross - _or(off, 0), amount)
    lines.note(paid < 0, "discount_over_price")
    raised = ~unpriced & (paid > gross)
    left = np.where(unpriced, off, np.where(raised, ABSENT, gross - paid))
    lines.numbers |= {
        "amount": paid,
        "discount": left,
        "freight": _or(shared.get("freight", lines.number("freight")), 0),
        "price": np.where(raised, ABSENT, price),
        "member_price": np.where(raised, ABSENT, own),
    }
    other = lines.good & (off != ABSENT) & (left != ABSENT) & (off != left)
    return {"raised": int((raised & lines.good).sum()), "discounts": int(other.sum())}


def _or(values: Integers, other: int) -> Integers:
    return np.where(values == ABSENT, other, values)


def _shares(lines: Staged, order: Integers, total: Integers, weight: Integers) -> Integers:
    """An amount of each order, shared out among its good lines by weight, to the fen; ABSENT where it has none."""
    share = np.full(len(lines), ABSENT)
    rows = np.flatnonzero(lines.good & (total != ABSENT))
    rows = rows[np.argsort(order[rows], kind="stable")]
    begins = np.flatnonzero(np.append(True, order[rows][1:] != order[rows][:-1])[: len(rows)])
    ends = np.append(begins[1:], len(rows))
    alone = ends - begins == 1
    share[rows[begins[alone]]] = total[rows[begins[alone]]]
    for begin, end in zip(begins[~alone].tolist(), ends[~alone].tolist(), strict=True):
        part = rows[begin:end]
        share[part] = split(int(total[part[0]]), weight[part].tolist())
    return share


def split(total: int, weights: list[int]) -> list[int]:
    """An amount in parts in proportion to weights, that add up to it exactly; all to the first where there are none."""
    whole, passed, given, parts = sum(weights), 0, 0, []
    if whole == 0:
        return [total, *[0] * (len(weights) - 1)]
    for weight in weights:
        passed += weight
        upto = total * passed // whole
        parts.append(upto - given)
        given = upto
    return parts
