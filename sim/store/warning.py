"""Stock warnings 库存预警: goods that will not last, seen every evening before they are gone.

How long stock lasts is what the shelf holds over what it sold a day lately, in whole pieces. A sku is warned of on the
first evening on which that is too short, and again only after it has been well for an evening. What the store had to
refuse for want of stock is lost 缺货流失; more than there is it never sells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.conditions import Warnings
from sim.store.memory import MemoryStore


@dataclass(frozen=True)
class Warned:
    """A warning.

    Attributes:
        day: of the run. sku: its number. left: pieces on the shelf. sold: pieces of the last `window` days.
    """

    day: int
    sku: int
    left: int
    sold: int


class StockWatch:
    """Watches the shelves of a store.

    Args:
        rule: when to warn. skus: how many there are.
    """

    def __init__(self, rule: Warnings, skus: int) -> None:
        self._rule, self._low = rule, np.zeros(skus, np.bool_)
        self._reserved = np.zeros((rule.window, skus), np.int64)
        self._found: list[NDArray[np.int64]] = []

    def observe(self, day: int, store: MemoryStore) -> None:
        """Look at the shelves in the evening of a day of the run; days come in order."""
        pieces, reserved = store.stock, store.reserved
        sold = reserved - self._reserved[day % self._rule.window]
        self._reserved[day % self._rule.window] = reserved
        low = pieces * self._rule.window < sold * self._rule.warn_days
        new = np.flatnonzero(low & ~self._low)
        self._low = low
        if len(new):
            self._found.append(np.stack([np.full(len(new), day), new, pieces[new], sold[new]], axis=1))

    @property
    def warnings(self) -> list[Warned]:
        """All warnings so far, by day and sku."""
        return [Warned(*row) for rows in self._found for row in rows.tolist()]
