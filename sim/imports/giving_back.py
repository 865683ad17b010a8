"""What can still be given back of each order line: goods first, then freight."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from sim.history.cells import ABSENT
from sim.imports.prices import split
from sim.imports.stage import Staged

Integers = NDArray[np.int64]


class Left:
    """What is left of each line to be given back."""

    def __init__(self, lines: Staged, order: Integers, good: Integers, wanted: set[int]) -> None:
        self._goods, self._freight = lines.number("amount").copy(), lines.number("freight").copy()
        self._paid = lines.number("amount")
        self._time = np.full(len(lines), ABSENT)
        self.of_order: dict[int, list[int]] = defaultdict(list)
        if wanted:
            for row in good[np.isin(order[good], list(wanted))].tolist():
                self.of_order[int(order[row])].append(row)

    def take(self, rows: list[int], amount: int, time: int) -> int | None:
        """Give an amount back; returns how much of it is of goods, None if there is not so much."""
        goods = [int(self._goods[row]) for row in rows]
        freight = [int(self._freight[row]) for row in rows]
        if amount > sum(goods) + sum(freight):
            return None
        of_goods = min(amount, sum(goods))
        for row, part, other in zip(rows, split(of_goods, goods), split(amount - of_goods, freight), strict=True):
            self._goods[row] -= part
            self._freight[row] -= other
            if part:
                self._time[row] = max(int(self._time[row]), time)
        return of_goods

    def write(self, lines: Staged) -> None:
        """What was given back of the goods of each line, and when last."""
        back = self._time != ABSENT
        lines.numbers["refunded_at"] = self._time
        lines.numbers["refund_amount"] = np.where(back, self._paid - self._goods, ABSENT)
