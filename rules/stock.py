"""Stock 库存 of a case: an order takes its pieces, a cancelled order or returned goods bring them back.

Nothing is refused: a number below 0 says that more was sold than was there. (The simulation's own store refuses.)
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.readable import Line, Order, State
from rules.records import OrderStatus


class Shelf:
    """What is in stock, by sku, while a history runs.

    Args:
        stock: pieces at the beginning; skus that are not in it begin with none.
    """

    def __init__(self, stock: Mapping[str, int]) -> None:
        self.pieces = dict(stock)
        self._back: dict[tuple[int, int], int] = {}

    def observe(self, state: State) -> None:
        """Take note of what an event did to the orders; call it after every event."""
        for number, order in enumerate(state.orders):
            fails = "stock_not_restored" in state.plans[order.plan].semantics.defects
            for place, line in enumerate(order.lines):
                self._observe(number, place, line, _given_back(order, line), fails)

    def _observe(self, number: int, place: int, line: Line, back: int, fails: bool) -> None:
        sku = line.sku or ""
        if (number, place) not in self._back:
            self.pieces[sku] = self.pieces.get(sku, 0) - line.quantity
        pieces = back - self._back.get((number, place), 0)
        if pieces and not (fails and self.pieces[sku] < pieces):
            self.pieces[sku] += pieces
        self._back[number, place] = back


def _given_back(order: Order, line: Line) -> int:
    return line.quantity if order.status is OrderStatus.cancelled else line.refunded_quantity
