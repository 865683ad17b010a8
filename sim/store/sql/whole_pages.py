"""The pages of a whole book: what clients need to go on from it (`sim.store.pages`), all of them at once.

A page's rows stand together and point at each other by their places on it; in the book they lie in the order in which
they were made. So each array is sorted by owner, and pointers become places among the owner's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.engine import Engine
from rules.events import DAY, Period, Records
from rules.records import LINE, NEVER
from rules.steps import SETTLE_ENTRY
from sim.rows import at_least
from sim.store.pages import COUNT_BITS, MEMBER_HEAD, ORDER_HEAD
from sim.store.slices import end_of
from sim.store.sql.facts import StoreFacts
from sim.store.sql.packing import Given
from sim.store.sql.whole_journals import Counts, Numbers
from sim.store.sql.writing import MEMBER_COLUMNS


@dataclass
class _Owned:
    """Rows sorted by owner.

    Attributes:
        rows: sorted. starts: where each owner's begin; one more than there are owners.
        chosen: the rows of the book that they are. places: where each stands among its owner's.
    """

    rows: Records
    starts: NDArray[np.intp]
    chosen: Numbers
    places: Numbers

    @property
    def counts(self) -> NDArray[np.intp]:
        """How many each owner has."""
        return np.diff(self.starts)

    def places_of(self, pointers: NDArray[Any]) -> NDArray[Any]:
        """A row of the book for each owner, -1 = none, as a place among the owner's: how many of these are before it.

        Where an order has no entries, the first of them is a row that is another's, or not there yet.
        """
        span = np.int64(max(pointers.max(initial=0), self.chosen.max(initial=0)) + 1)
        owners = np.arange(len(pointers))
        rows = np.repeat(owners, self.counts) * span + self.chosen
        return np.where(pointers < 0, -1, np.searchsorted(rows, owners * span + pointers) - self.starts[:-1])

    def parts(self) -> list[bytes]:
        """Each owner's rows, as bytes."""
        return _split(self.rows.tobytes(), self.starts * self.rows.itemsize)


def _owned(rows: Records, chosen: NDArray[np.intp], owners: NDArray[Any], count: int) -> _Owned:
    """Rows `chosen`, sorted by owner; `owners` has one for each of these."""
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(count + 1))
    places = np.arange(len(order)) - np.repeat(starts[:-1], np.diff(starts))
    return _Owned(rows[chosen[order]], starts, chosen[order], places)


def _split(data: bytes, ends: NDArray[np.intp]) -> list[bytes]:
    places = ends.tolist()
    return [data[first:last] for first, last in pairwise(places)]


class Pages:
    """The pages of a book, as columns of tables.

    Args:
        engine: that holds it. counts: of its journals. facts: of the store.
    """

    def __init__(self, engine: Engine, counts: Counts, facts: StoreFacts) -> None:
        self._book, self._engine, self._counts, self._facts = engine.book, engine, counts, facts
        book = self._book
        self._stamp = max(0, int(book.clock[0]["now"]) - facts.start_day * DAY) << COUNT_BITS
        self._entries, self._steps = book.rows("entries"), book.rows("steps")
        self._of_order = self._entries["order"] >= 0
        self._place = np.zeros(len(self._entries), np.int64)
        members, orders = len(book.members), book.count("orders")
        self._own = self._owned_entries(~self._of_order, "member", members)
        self._ordered = self._owned_entries(self._of_order, "order", orders)

    def _owned_entries(self, chosen: NDArray[np.bool_], owner: str, count: int) -> _Owned:
        places = np.flatnonzero(chosen)
        found = _owned(self._entries, places, self._entries[owner][places], count)
        self._place[found.chosen] = found.places
        _point(found.rows, "reverses", self._place)
        found.rows["order" if owner == "order" else "member"] = 0
        return found

    @property
    def sold(self) -> int:
        """How many orders have lines; the others were turned away."""
        return int((self._book.rows("orders")["lines"] > 0).sum())

    def of_members(self, known: NDArray[np.bool_]) -> tuple[dict[str, Given | int], dict[str, Given | int]]:
        """Members' pages, and when something becomes due: of those who are `known`; all columns of the others."""
        pages, due = self._member_pages()
        midnight = int(self._book.clock[0]["next_midnight"])
        told = []
        for chosen in (np.flatnonzero(known), np.flatnonzero(~known)):
            columns: dict[str, Given | int] = {"id": chosen, "due_at": due[chosen], "next_midnight": midnight}
            told.append(columns | {"book": [pages[one] for one in chosen.tolist()]})
        rows = self._book.members[~known]
        return told[0], told[1] | {name: rows[name] for name in MEMBER_COLUMNS}

    def _member_pages(self) -> tuple[list[bytes], Numbers]:
        """Every member's page, and when something becomes due."""
        book, count = self._book, len(self._book.members)
        statements = book.rows("statements")
        kept = _owned(statements, np.arange(len(statements)), statements["member"], count)
        place = np.zeros(len(statements), np.int64)
        place[kept.chosen] = kept.places
        _point(kept.rows, "previous", place)
        _point(kept.rows, "entry", self._place)
        kept.rows["member"] = 0
        alone = np.flatnonzero(self._steps["kind"] == SETTLE_ENTRY)
        alone = alone[~self._of_order[self._steps["ref"][alone]]]
        steps = _owned(self._steps, alone, self._entries["member"][self._steps["ref"][alone]], count)
        steps.rows["ref"] = self._place[steps.rows["ref"]]
        due = self._due_of_members(_earliest(steps, count))
        head = np.zeros(count, MEMBER_HEAD)
        head["stamp"], head["due_at"], head["journals"] = (
            self._stamp,
            due,
            at_least(self._counts.periods, count)[:count],
        )
        head["next_midnight"] = book.clock[0]["next_midnight"]
        head["statements"], head["entries"], head["steps"] = kept.counts, self._own.counts, steps.counts
        rows = book.members.copy()
        _point(rows, "statement", place)
        fixed = _side_by_side(head, rows, book.member_extras[:count], book.volumes.T, book.titles.T)
        parts = [kept.parts(), self._own.parts(), _ids(self._own), steps.parts()]
        return _joined(fixed, parts, (head["statements"] + head["entries"] + head["steps"]) > 0), due

    def _due_of_members(self, due: Numbers) -> Numbers:
        """When something becomes due for each: a step, or the end of a period that has volumes in it."""
        book, meters = self._book, self._engine.plans.meters
        midnight = int(book.clock[0]["next_midnight"])
        if not midnight:
            return due
        allowances = {
            int(Period[bonus.period or "month"])
            for plan in self._facts.plans
            for bonus in plan.bonuses
            if bonus.allowance
        }
        titled = (book.titles >= 0).any(axis=0) if allowances else np.zeros(len(due), np.bool_)
        for period in sorted({*meters["period"].tolist(), *allowances}):
            waiting = (book.volumes[meters["period"] == period] != 0).any(axis=0)
            if period in allowances:
                waiting |= titled
            end = end_of(period, midnight)
            due = np.where(waiting & ((due == NEVER) | (due > end)), end, due)
        return due

    def of_orders(self) -> dict[str, Given | int]:
        """The page of every order that has lines, and when it is received or settled because time passes."""
        book, count = self._book, self._book.count("orders")
        orders, parts, steps = book.rows("orders").copy(), book.rows("parts"), self._steps
        made = _owned(parts, np.arange(len(parts)), parts["order"], count)
        _point(made.rows, "entry", self._place)
        made.rows["order"] = 0
        alone = steps["kind"] == SETTLE_ENTRY
        chosen = np.flatnonzero(~alone | (len(self._entries) > 0 and self._of_order[steps["ref"] * alone]))
        owners = steps["ref"][chosen].copy()
        owners[alone[chosen]] = self._entries["order"][owners[alone[chosen]]]
        due = _owned(steps, chosen, owners, count)
        single = due.rows["kind"] == SETTLE_ENTRY
        due.rows["ref"][~single] = 0
        due.rows["ref"][single] = self._place[due.rows["ref"][single]]
        lines = _split(
            book.rows("lines").tobytes(), np.append(orders["first_line"], book.count("lines")) * LINE.itemsize
        )
        for name in ("first_entry", "first_adjustment"):
            orders[name] = self._ordered.places_of(orders[name])
        orders["first_line"] = 0
        orders["first_part"][orders["first_part"] >= 0] = 0
        head = np.zeros(count, ORDER_HEAD)
        head["stamp"] = self._stamp
        for name in ("commissions", "clawbacks", "refunds"):
            head[name] = getattr(self._counts, name)[:count]
        head["lines"], head["parts"] = orders["lines"], made.counts
        head["entries"], head["steps"] = self._ordered.counts, due.counts
        fixed = _side_by_side(head, orders, book.rows("order_extras"))
        parts_of = [lines, made.parts(), self._ordered.parts(), _ids(self._ordered), due.parts()]
        there = np.flatnonzero(orders["lines"] > 0)
        pages = _joined(fixed, parts_of, orders["lines"] > 0)
        return {"id": there, "due_at": _earliest(due, count)[there], "book": [pages[one] for one in there.tolist()]}

    def of_withdrawals(self) -> dict[str, Given | int]:
        """The page of every withdrawal."""
        rows = self._book.rows("withdrawals")
        known = np.flatnonzero(rows["known"])
        return {"id": known, "book": _as_bytes(rows[known])}


def _earliest(steps: _Owned, count: int) -> Numbers:
    """The time of each owner's first step, NEVER where there is none."""
    found = np.full(count, NEVER, np.int64)
    some = np.flatnonzero(steps.counts)
    if len(some):
        found[some] = np.minimum.reduceat(steps.rows["time"], steps.starts[some])
    return found


def _point(rows: Records, name: str, places: Numbers) -> None:
    """Let pointers at rows of the book say where these stand on their page."""
    there = rows[name] >= 0
    rows[name][there] = places[rows[name][there]]


def _as_bytes(rows: Records) -> list[bytes]:
    return [row.tobytes() for row in rows]


def _side_by_side(*columns: NDArray[Any]) -> list[bytes]:
    """Rows of several arrays, each row's bytes one after the other."""
    count = len(columns[0])
    if not count:
        return []
    as_bytes = [np.ascontiguousarray(one).view(np.uint8).reshape(count, -1) for one in columns if one.size]
    together = np.concatenate(as_bytes, axis=1)
    return _split(together.tobytes(), np.arange(count + 1) * together.shape[1])


def _ids(owned: _Owned) -> list[bytes]:
    """The numbers of entries in the store: their rows in the book."""
    return _split(owned.chosen.astype(np.int64).tobytes(), owned.starts * 8)


def _joined(fixed: list[bytes], parts: list[list[bytes]], some: NDArray[np.bool_]) -> list[bytes]:
    """What every page has, and behind it what `some` have beside it."""
    for place in np.flatnonzero(some).tolist():
        fixed[place] = b"".join((fixed[place], *(one[place] for one in parts)))
    return fixed
