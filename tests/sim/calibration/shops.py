"""Shops by hand: columns of orders and people in a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.events import DAY
from sim.calibration.shop import Clicks, Lines, People, Shop
from sim.history.cells import ABSENT

MONDAY = 20_458 * DAY
"""2026-01-05."""


def shop(
    member: Sequence[int],
    placed: Sequence[int],
    *,
    order: Sequence[int] | None = None,
    people: People | None = None,
    clicks: Clicks | None = None,
    categories: Sequence[str] = ("goods",),
    **columns: Sequence[int],
) -> Shop:
    """A shop whose orders are paid a minute after they are placed, at 100 yuan, unless `columns` say otherwise."""
    rows = len(member)
    times = np.asarray(placed, np.int64)
    given = {name: np.asarray(values, np.int64) for name, values in columns.items()}

    def column(name: str, default: int) -> np.ndarray:
        return given.get(name, np.full(rows, default, np.int64))

    lines = Lines(
        order=np.arange(rows) if order is None else np.asarray(order, np.int64),
        member=np.asarray(member, np.int64),
        placed=times,
        paid=given.get("paid", times + 60),
        received=column("received", ABSENT),
        refunded=column("refunded", ABSENT),
        refund=column("refund", ABSENT),
        quantity=column("quantity", 1),
        price=column("price", 100_00),
        paid_amount=column("paid_amount", 100_00),
        category=column("category", 0),
        sku=column("sku", 0),
        channel=column("channel", -1),
    )
    count = int(max(member)) + 1
    nobody = People(np.full(count, ABSENT), np.full(count, -1), np.zeros(count, bool))
    return Shop("by hand", lines, people or nobody, list(categories), [], clicks)
