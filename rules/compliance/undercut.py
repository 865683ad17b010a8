"""Undercutting 低价窜货: orders whose unit price is below the one public price. Forbidden where a shop states prices.

What counts is the price asked of the public (`EVENT.price`); the price of a buyer's own grade and discounts of the shop
are neither. An event log says what was asked, not what should have been: the public prices come from outside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rules.events import Kind, Records


@dataclass(frozen=True)
class Undercut:
    """One order line that was sold below the public price; members, orders and skus by number, prices in fen."""

    order: int
    line: int
    buyer: int
    sku: int
    price: int
    public: int


def undercuts(events: Records, public: Mapping[int, int]) -> list[Undercut]:
    """Every order line in a log below its product's public price; products without one are not looked at."""
    lines = events[events["kind"] == Kind.order]
    products = np.array(sorted(public), np.int64)
    prices = np.array([public[sku] for sku in sorted(public)], np.int64)
    place = np.searchsorted(products, lines["sku"])
    known = np.append(products, -1)[place] == lines["sku"]
    limit = np.where(known, np.append(prices, 0)[place], 0)
    return [
        Undercut(
            int(row["order"]), int(row["line"]), int(row["member"]), int(row["sku"]), int(row["price"]), int(price)
        )
        for row, price in zip(lines[lines["price"] < limit], limit[lines["price"] < limit], strict=True)
    ]
