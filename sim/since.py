"""Since a morning: what a meter counts from a day on, of a world that has lived before.

Flows are those of the days from then on, and people count by what they did since: who bought, who shared, what they
earned. How a store stands in the end (members, wallets, who shared over the last 60 days) it owes to its whole past.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.plan.limits import MAX_LEVELS
from rules.records import Component
from sim.metrics import Figure, Meter, components_of, gini_of, sums_of, totals_of
from sim.metrics_kernel import DAYS_OBSERVED, REPEATED, merge_incomes


class Since:
    """What a meter counts from this morning on.

    Args:
        meter: of the world. book: its book; nothing of today is booked yet. row: the day, from 0.

    Attributes:
        start_day: the day as `time // DAY`.
    """

    def __init__(self, meter: Meter, book: Book, row: int) -> None:
        self._meter, self._book, self.row = meter, book, row
        self.start_day = meter.start_day + row
        self._entry = len(book.rows("entries"))

    def daily(self) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
        """`Meter.daily` from that day on: states by day are those of the store, its past included."""
        return {name: column[self.row :] for name, column in self._meter.daily().items()}

    def flows(self) -> dict[str, NDArray[np.int64]]:
        """`Meter.flows` from that day on."""
        return {name: column[self.row :] for name, column in self._meter.flows().items()}

    def totals(self) -> dict[str, Figure]:
        """Every metric; None where a ratio has nothing to be taken of."""
        days, people = self._meter.rows[self.row :], self._meter.people
        bought, shared = (people[name] >= self.row for name in ("last_buy", "last_share"))
        sums = sums_of(days)
        cohorts = days[: max(len(days) - DAYS_OBSERVED, 0)]
        sums |= {
            "buyers": int(bought.sum()),
            "repeaters": int((bought & (people["marks"] & REPEATED != 0)).sum()),
            "all_sharers": int(shared.sum()),
            "poor_sharers": int((shared & (self._earned()[0] <= 0)).sum()),
            "kept_value": sums["gmv"] - sums["refunds"] - sums["goods_cost"],
            "observed": int(cohorts["first_buyers"].sum()),
            "stayed": int(cohorts["returned"].sum()),
        }
        return totals_of(sums, self._gini(), self._meter.costed)

    def components(self) -> dict[tuple[str, int], int]:
        """Net commission in fen, by component and level (0 = none)."""
        entries = self._book.rows("entries")[self._entry :]
        table = np.zeros((max(Component) + 1, MAX_LEVELS + 1), np.int64)
        np.add.at(table, (entries["component"], entries["level"]), entries["amount"])
        return components_of(table)

    def incomes(self) -> NDArray[np.int64]:
        """Fen earned by everybody who shared or earned, ascending; less than nothing counts as 0."""
        return np.sort(self.earners()[1])

    def earners(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Everybody who shared or earned, and what each earned in fen; less than nothing counts as 0."""
        earned, ever = self._earned()
        people = np.flatnonzero(ever | (self._meter.people["last_share"] >= self.row))
        return people, np.maximum(earned[people], 0)

    def _earned(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """By person, fen net of what was taken back, and whether any was ever earned."""
        entries = self._book.rows("entries")[self._entry :]
        earned, ever = np.zeros(len(self._meter.people), np.int64), np.zeros(len(self._meter.people), np.bool_)
        np.add.at(earned, entries["member"], entries["amount"])
        ever[entries["member"][entries["amount"] > 0]] = True
        return earned, ever

    def _gini(self) -> float:
        incomes = self.incomes()
        none = incomes[:0]
        total, high, low = merge_incomes(none, none, incomes, np.empty_like(incomes))
        return gini_of(len(incomes), int(total), (int(high) << 32) + int(low))
