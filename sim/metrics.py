"""The metric dictionary: what a store is judged by, over events and entries. Run, replay, load share it.

Amounts are int64 fen. Ratios are floats made by one division at the very end, undefined if there is nothing
to divide by: None in the totals, nan in a day. By day, a flow such as gmv or fission_k is that day's; a state
is as at the end of the day: register_to_order, repurchase_rate, lifetime_value, retention_30, promoter_churn,
income_gini, promoters_without_income, wallet_liability. The words stand in `sim.experiments.metric_names`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY, Kind, Names, Records
from rules.plan.limits import MAX_LEVELS
from rules.records import Component
from sim.metrics_kernel import (
    CATEGORY,
    DAY_ROW,
    DAYS_OBSERVED,
    NOW,
    PERSON,
    RANKED,
    REGISTERED,
    changed_incomes,
    count_entries,
    count_events,
    merge_incomes,
    newly_paid,
)
from sim.rows import at_least

METRICS: tuple[str, ...] = (
    "gmv", "orders", "average_order_value", "active_buyers", "new_members", "shares", "clicks",
    "click_to_register", "register_to_order", "fission_k", "repurchase_rate", "commission", "payout_ratio",
    "payout_realised", "acquisition_cost", "lifetime_value", "contribution", "retention_30", "promoter_churn",
    "income_gini", "promoters_without_income", "refund_rate", "fraud_loss", "wallet_liability",
    "distribution_share",
)  # fmt: skip
"""Every metric, in the order of CONTRACT.md."""

_RATIOS: dict[str, tuple[str, str]] = {
    "average_order_value": ("gmv", "orders"),
    "click_to_register": ("click_registrations", "stranger_clicks"),
    "register_to_order": ("ordered", "registered"),
    "fission_k": ("attributed", "sharers"),
    "repurchase_rate": ("repeaters", "buyers"),
    "payout_ratio": ("commission", "gmv"),
    "payout_realised": ("commission", "kept_gmv"),
    "acquisition_cost": ("acquisition", "new_buyers"),
    "lifetime_value": ("kept_value", "buyers"),
    "retention_30": ("stayed", "observed"),
    "promoter_churn": ("left", "was_active"),
    "promoters_without_income": ("poor_sharers", "all_sharers"),
    "refund_rate": ("refunds", "gmv"),
    "distribution_share": ("attributed_gmv", "gmv"),
}
"""Numerator and denominator, by the names of `DAY_ROW` (and `kept_gmv` = gmv - refunds)."""

_COLUMN = {"income_gini": "gini", "wallet_liability": "wallet"}
"""Metrics that are a column of `DAY_ROW` under another name."""
_NAMES: tuple[str, ...] = DAY_ROW.names or ()
_FLOWS, _STATES = _NAMES[: _NAMES.index("last_shares")], _NAMES[_NAMES.index("registered") : -1]
_WALLET = ("pending", "held", "available", "withdrawing")
_COSTED = ("lifetime_value", "contribution")
"""Metrics that need the cost of goods."""

_SEEN = np.dtype([("refunded", "i8"), ("quantity", "i4")], align=True)

Figure: TypeAlias = int | float | None


Losses = Callable[[NDArray[np.integer[Any]], NDArray[np.integer[Any]]], NDArray[np.bool_]]
"""Says of payouts, by member and number of the withdrawal, which were lost to cheats."""


class Meter:
    """Counts a run day by day.

    Args:
        members: people of the market.
        unit_cost: fen a piece by sku; None = unknown, then lifetime_value and contribution are undefined.
        start_day: business day (`time // DAY`) of the first row.
        days: rows.
        losses: says which payouts went to somebody who cheats; None = nobody does.
    """

    def __init__(
        self,
        members: int,
        unit_cost: NDArray[np.int64] | None,
        start_day: int,
        days: int,
        losses: Losses | None = None,
    ) -> None:
        self._losses = losses
        self.start_day, self.costed = start_day, unit_cost is not None
        self._costs = np.array([] if unit_cost is None else unit_cost, np.int64)
        self._days = np.zeros(days, DAY_ROW)
        self._now = np.zeros(1, NOW)
        self._people = np.zeros(members, PERSON)
        for name in ("first_buy", "last_buy", "last_share"):
            self._people[name] = -1
        self._marks, self._seen = np.zeros(64, np.uint8), np.zeros(64, _SEEN)
        self._categories = np.zeros(64, CATEGORY)
        self._components = np.zeros((max(Component) + 1, MAX_LEVELS + 1), np.int64)
        self._incomes, self._gini = np.zeros(0, np.int64), float("nan")
        self._wallet = self._fees = 0
        self._paid_out = np.zeros(64, np.bool_)
        self._row = -1

    def observe(self, day: int, events: Records, entries: Records, book: Book) -> None:
        """Count what happened on `day`; days come in order, a day may come in several batches.

        Args:
            day: the business day (`time // DAY`).
            events: the batch, as the engine saw it.
            entries: what the engine made of it.
            book: the engine's, right after the batch.
        """
        row, last = day - self.start_day, len(self._days) - 1
        if not max(self._row, 0) <= row <= last:
            first = self.start_day + max(self._row, 0)
            raise ValueError(f"the next day must be from {first} to {self.start_day + last}, got {day}")
        opening = self._row < 0
        if opening:
            self._open(book, events)
        self._pass_days(row)
        self._make_room(book, events)
        touched = np.empty(len(events) + len(entries), np.int32)
        count_events(
            events, book.members, book.orders, book.lines, book.orders["chain"][:, 0], self._costs,
            self._people, self._marks, self._seen, self._categories, self._days, row, self._now, touched,
        )  # fmt: skip
        count_entries(
            entries, book.orders, book.lines, self._people, self._marks, self._components,
            self._categories, self._days, row, self._now, touched,
        )  # fmt: skip
        self._rank_incomes(touched)
        self._count_money(events, entries, book, opening)
        self._close()

    def spend(self, day: int, fen: int) -> None:
        """Count what the operator's programmes cost on a business day."""
        self._days["programme_cost"][day - self.start_day] += fen

    def _open(self, book: Book, events: Records) -> None:
        """Take over what stood before the first batch: the members, and how many orders each had paid."""
        members = book.members["joined_at"] >= 0
        registrations = events[events["kind"] == Kind.register]
        now = book.members["joined_at"][registrations["member"]] == registrations["time"]
        members[registrations["member"][now]] = False
        orders = book.rows("orders")
        buyers = orders["buyer"][orders["paid_at"] >= self.start_day * DAY]
        before = book.members["orders"] - np.bincount(buyers, minlength=len(book.members))
        self._people["marks"][members] = REGISTERED
        self._people["orders"] = before
        self._now["registered"] = np.count_nonzero(members)
        self._now["ordered"] = np.count_nonzero(before)
        self._fees = 0

    def _pass_days(self, row: int) -> None:
        """Close the days up to `row` on which nothing happened."""
        while self._row < row:
            self._row += 1
            if self._row < row:
                self._close()

    def _make_room(self, book: Book, events: Records) -> None:
        """Grow what is kept by order, line and category to what the book holds."""
        clock = book.clock[0]
        self._marks = at_least(self._marks, int(clock["orders"]))
        self._seen = at_least(self._seen, int(clock["lines"]))
        self._categories = at_least(self._categories, 2 + int(events["category"].max(initial=0)))

    def _rank_incomes(self, touched: NDArray[np.int32]) -> None:
        """Bring the sorted incomes, and their Gini, up to what has been earned."""
        count = int(self._now[0]["touched"])
        self._now["touched"] = 0
        if count == 0:
            return
        leaving, coming = np.empty(count, np.int64), np.empty(count, np.int64)
        leave, come = changed_incomes(self._people, touched[:count], leaving, coming)
        leaving[:leave].sort()
        coming[:come].sort()
        merged = np.empty(len(self._incomes) - leave + come, np.int64)
        total, high, low = merge_incomes(self._incomes, leaving[:leave], coming[:come], merged)
        self._incomes = merged
        self._gini = gini_of(len(merged), int(total), (int(high) << 32) + int(low))

    def _count_money(self, events: Records, entries: Records, book: Book, opening: bool) -> None:
        """Follow fees and wallets: a wallet moves by entries, and by withdrawals when they are paid out."""
        fees = int(book.clock[0]["fees"])
        self._days[self._row]["fees"] += fees - self._fees
        self._fees = fees
        self._paid_out = at_least(self._paid_out, int(book.clock[0]["withdrawals"]))
        numbers = np.empty(len(events), np.int64)
        numbers = numbers[: newly_paid(events, book.rows("withdrawals"), self._paid_out, numbers)]
        paid = book.withdrawals[numbers]
        if self._losses and len(numbers):
            self._days[self._row]["fraud_loss"] += paid["amount"][self._losses(paid["member"], numbers)].sum()
        if opening:
            self._wallet = sum(int(book.members[name].sum()) for name in _WALLET)
        else:
            self._wallet += int(entries["amount"].sum()) - int(paid["amount"].sum())

    def _close(self) -> None:
        """Write the state as at the end of the running day."""
        days, row = self._days, self._row
        today = days[row]
        for name in ("registered", "ordered", "buyers", "repeaters", "all_sharers", "poor_sharers"):
            today[name] = self._now[0][name]
        seen = days[: row + 1]
        today["kept_value"] = seen["gmv"].sum() - seen["refunds"].sum() - seen["goods_cost"].sum()
        today["wallet"], today["gini"] = self._wallet, self._gini
        cohort = days[: max(row - DAYS_OBSERVED + 1, 0)]
        today["observed"], today["stayed"] = cohort["first_buyers"].sum(), cohort["returned"].sum()
        block = max(row - DAYS_OBSERVED + 1, 0)
        today["active"] = days["last_shares"][block : row + 1].sum()
        today["left"] = days["last_shares"][max(block - DAYS_OBSERVED, 0) : block].sum()
        today["was_active"] = days[row - DAYS_OBSERVED]["active"] if row >= DAYS_OBSERVED else 0

    @property
    def rows(self) -> Records:
        """`DAY_ROW` by day, up to the running one (a view)."""
        return self._days[: self._row + 1]

    @property
    def people(self) -> Records:
        """`PERSON` by member (a view)."""
        return self._people

    def daily(self) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
        """Every metric by day, shape (days observed,): int64 for fen and counts, float64 for ratios."""
        columns = {name: self.rows[name] for name in _NAMES}
        return {name: np.array(_daily(name, columns, self.costed)) for name in METRICS}

    def flows(self) -> dict[str, NDArray[np.int64]]:
        """What is counted, by day, before ratios are made of it: the columns of `DAY_ROW`, (days,)."""
        return {name: self.rows[name].copy() for name in _NAMES[:-1]}

    def totals(self) -> dict[str, Figure]:
        """Every metric of the run; None where a ratio has nothing to be taken of."""
        return totals_of(sums_of(self.rows), self._gini, self.costed)

    def breakdown(self, names: Names | None = None) -> dict[str, dict[str, dict[str, int]]]:
        """Fen of the run behind the sums: `components` by level (0 = none), and `categories`.

        A category has gmv, refunds and commission; `none` is what belongs to no category or to no order line.

        Args:
            names: what to call the categories; numbers without it.
        """
        components: dict[str, dict[str, int]] = {}
        for (name, level), fen in self.components().items():
            components.setdefault(name, {})[str(level)] = fen
        known = names.categories if names else []
        categories = {}
        for place, row in enumerate(self._categories):
            if any(row.item()):
                name = "none" if place == 0 else known[place - 1] if place <= len(known) else str(place - 1)
                categories[name] = {field: int(row[field]) for field in CATEGORY.names or ()}
        return {"components": components, "categories": categories}

    def components(self) -> dict[tuple[str, int], int]:
        """Net commission of the run in fen, by component and level (0 = none)."""
        return components_of(self._components)

    def incomes(self) -> NDArray[np.int64]:
        """Fen earned by everybody who ever shared or earned, ascending; less than nothing counts as 0."""
        return self._incomes.copy()

    def earners(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Everybody who ever shared or earned, and what each earned in fen; less than nothing counts as 0."""
        people = np.flatnonzero(self._people["marks"] & RANKED)
        return people, np.maximum(self._people["earned"][people], 0)


def sums_of(days: Records) -> dict[str, int]:
    """What ratios are made of, from `DAY_ROW`s: flows added up, states as at the end."""
    sums = {name: int(days[name].sum()) for name in _FLOWS}
    return sums | {name: int(days[-1][name]) if len(days) else 0 for name in _STATES}


def totals_of(sums: dict[str, int], gini: float, costed: bool) -> dict[str, Figure]:
    """Every metric from its sums; None where a ratio has nothing to be taken of.

    Args:
        sums: see `sums_of`. gini: of incomes, nan = nobody has any. costed: whether goods have known costs.
    """
    sums = sums | {"active_buyers": sums["buyers"], "sharers": sums["all_sharers"]}
    totals = {name: _total(name, sums, costed) for name in METRICS}
    return totals | {"income_gini": None if np.isnan(gini) else gini}


def gini_of(count: int, total: int, weighted: int) -> float:
    """The Gini coefficient of incomes; nan if they are nothing.

    Args:
        count, total: of them. weighted: sum of rank × income, ranks from 1 by rising income.
    """
    return (2 * weighted - (count + 1) * total) / (count * total) if total else float("nan")


def components_of(table: NDArray[np.int64]) -> dict[tuple[str, int], int]:
    """What is not 0 in a table of fen (component, level)."""
    return {(one.name, level): int(fen) for one in Component for level, fen in enumerate(table[one]) if fen}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def _contribution(sums: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one number, or a column of them
    """What is left, from sums of the run or from columns by day."""
    kept = sums["gmv"] - sums["refunds"] - sums["goods_cost"]
    return kept - sums["commission"] + sums["fees"] - sums["programme_cost"]


def _total(name: str, sums: dict[str, int], costed: bool) -> Figure:
    """One metric of the run from its sums."""
    if name in _COSTED and not costed:
        return None
    if name in _RATIOS:
        part, whole = _RATIOS[name]
        return _share(sums[part], sums["gmv"] - sums["refunds"] if whole == "kept_gmv" else sums[whole])
    if name == "contribution":
        return _contribution(sums)
    return sums.get(_COLUMN.get(name, name), 0)


def _daily(name: str, days: dict[str, NDArray[np.int64]], costed: bool) -> NDArray[np.int64] | NDArray[np.float64]:
    """One metric by day from the day rows."""
    rows = len(days["gmv"])
    if name in _COSTED and not costed:
        return np.full(rows, np.nan)
    if name in _RATIOS:
        part, whole = _RATIOS[name]
        below = days["gmv"] - days["refunds"] if whole == "kept_gmv" else days[whole]
        return np.divide(days[part], below, out=np.full(rows, np.nan), where=below > 0)
    if name == "contribution":
        return _contribution(days)
    column = _COLUMN.get(name, name)
    return days[column] if column in days else np.zeros(rows, np.int64)
