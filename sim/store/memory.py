"""A store in memory: stock is reserved order by order as they come, and nothing is sold that is not there.

An order of which any line is short is refused whole, with all its later events. One that another channel reports again
takes no stock; the rules turn it away. Accepted orders are numbered
anew, so that the engine, and everything after it, sees dense numbers; `numbers` tells which is which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import Kind, Records
from sim.rows import arranged, at_least
from sim.store.stock import COUNT, LINE, ORDER, SHELF, UNSEEN, begin_day, reserve


class BookedEngine(Protocol):
    """An engine whose book can be read."""

    @property
    def book(self) -> Book:
        """All state of the rules."""
        ...

    def apply(self, events: Records) -> Records:
        """Events in, new entries out."""
        ...


@dataclass(frozen=True)
class StockCounts:
    """What became of orders and pieces so far.

    Attributes:
        orders, lines: accepted.
        refused_orders, refused_lines: refused; the lines are all those of refused orders.
        short_pieces: pieces that were asked for and not there, as each order found it.
        reserved, returned, replenished: pieces. oversold: pieces below 0 on any shelf, always 0.
    """

    orders: int
    lines: int
    refused_orders: int
    refused_lines: int
    short_pieces: int
    reserved: int
    returned: int
    replenished: int
    oversold: int


class MemoryStore:
    """Stock and the engine behind it.

    Args:
        engine: takes the accepted events.
        stock: pieces at the start, by sku.
        replenish: pieces that arrive at every midnight, by sku.
        restock: whether goods that were shipped and came back can be sold again: one answer, or one by sku.
        start_day: business day from whose midnight on goods arrive; None = the day of the first event.

    Attributes:
        numbers: new number by the caller's order number; `stock.REFUSED` or `stock.UNSEEN` if there is none.
    """

    def __init__(
        self,
        engine: BookedEngine,
        stock: NDArray[np.integer[Any]],
        replenish: NDArray[np.integer[Any]],
        restock: bool | NDArray[np.bool_] = True,
        start_day: int | None = None,
    ) -> None:
        if len(stock) != len(replenish) or min(np.min(stock, initial=0), np.min(replenish, initial=0)) < 0:
            raise ValueError(
                "stock and replenish must be equally long and not negative, "
                f"got {len(stock)} and {len(replenish)} skus, the least {min(*stock, *replenish)}"
            )
        self.engine = engine
        self.numbers = np.full(64, UNSEEN, np.int32)
        self._shelves = np.zeros(len(stock), SHELF)
        self._shelves["pieces"], self._shelves["daily"] = stock, replenish
        self._shelves["restock"] = restock
        self._orders, self._lines = np.zeros(64, ORDER), np.zeros(64, LINE)
        self._count = np.zeros(1, COUNT)
        self._count["day"] = -1 if start_day is None else start_day

    @property
    def book(self) -> Book:
        """The engine's book."""
        return self.engine.book

    @property
    def stock(self) -> NDArray[np.int64]:
        """Pieces that can be sold now, by sku."""
        return self._shelves["pieces"].copy()

    @property
    def reserved(self) -> NDArray[np.int64]:
        """Pieces of accepted orders so far, by sku."""
        return self._shelves["reserved"].copy()

    @property
    def counts(self) -> StockCounts:
        """What became of orders and pieces so far."""
        row, shelves = self._count[0], self._shelves
        return StockCounts(
            orders=int(row["orders"]),
            lines=int(row["lines"]),
            refused_orders=int(row["refused_orders"]),
            refused_lines=int(row["refused_lines"]),
            short_pieces=int(shelves["short"].sum()),
            reserved=int(shelves["reserved"].sum()),
            returned=int(shelves["returned"].sum()),
            replenished=int(shelves["replenished"].sum()),
            oversold=int(-np.minimum(shelves["pieces"], 0).sum()),
        )

    def short(self) -> NDArray[np.int64]:
        """Pieces that were asked for and not there so far, by sku."""
        return self._shelves["short"].copy()

    def open_day(self, day: int) -> None:
        """Let the goods arrive that are due by the morning of a day, though nothing happens on it."""
        begin_day(self._shelves, self._count, day)

    def apply(self, events: Records) -> tuple[Records, Records]:
        """Reserve stock in the order of events and hand what is accepted to the engine.

        Args:
            events: `EVENT`, in order; the rows of an order stand together, in one batch.

        Returns:
            The accepted events under their new order numbers, and the new `ENTRY` rows.

        Raises:
            ValueError: an order number that comes twice or was never placed, or a sku that has no shelf.
        """
        self._make_room(events)
        kept, renumbered = np.empty(len(events), np.bool_), np.empty(len(events), np.int32)
        bad = reserve(events, self._shelves, self._orders, self._lines, self.numbers, self._count, kept, renumbered)
        if bad >= 0:
            kind, order, sku = (events[bad][name] for name in ("kind", "order", "sku"))
            raise ValueError(
                f"event {bad} of the batch (kind {kind}, order {order}, sku {sku}) cannot be: "
                f"an order is placed once, of the {len(self._shelves)} skus there are"
            )
        accepted = events
        if (renumbered != events["order"]).any():
            accepted = arranged(events, np.flatnonzero(kept))
            accepted["order"] = renumbered[kept]
            self._rename_repeated(accepted)
        return accepted, self.engine.apply(accepted)

    def _rename_repeated(self, accepted: Records) -> None:
        """Let orders that repeat another name it by its new number."""
        again = np.flatnonzero((accepted["kind"] == Kind.order) & (accepted["other"] >= 0))
        accepted["other"][again] = self.numbers[accepted["other"][again]]

    def _make_room(self, events: Records) -> None:
        """Let the arrays by order and line hold whatever this batch may add."""
        known = len(self.numbers)
        self.numbers = at_least(self.numbers, 1 + int(events["order"].max(initial=-1)))
        self.numbers[known:] = UNSEEN
        self._orders = at_least(self._orders, int(self._count[0]["orders"]) + len(events))
        self._lines = at_least(self._lines, int(self._count[0]["lines"]) + len(events))
