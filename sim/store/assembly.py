"""Pages put together into a small book of the rules, and taken apart again.

Members, orders and withdrawals get rows of the small book for their numbers in the store, and rows of a page places
behind those of the pages before it; on the way back each goes where it belongs. One row more is a *stranger*, who
stands for everybody that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rules.book import Book, open_book
from rules.engine import Engine
from rules.events import Kind, Records
from rules.orders import is_on_order
from rules.plan.limits import MAX_LEVELS
from rules.records import ENTRY
from rules.steps import SETTLE_ENTRY
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage

NOTHING = -1
"""No refusal."""
_MONEY = ("pending", "held", "available", "withdrawing", "withdrawn")
_ORDERS = -1
"""The owner of what belongs to the order; members have their places."""
_NOBODY = np.zeros(0, np.int64)
_SPARE = 64
"""Rows that any slice may need."""


@dataclass
class Outcome:
    """What the rules made of pages.

    Attributes:
        members, order, withdrawals: the pages as they are now, all that were put in.
        entries: new `ENTRY` rows, of members and orders of the store. ids: their numbers in it.
        reverses: the number of the entry that each takes back, -1 = none.
        moved: by member, fen that pending, held, available, withdrawing and withdrawn have gained.
        refusal: a `rules.lifecycle.Refusal`, `NOTHING` if the event took effect.
    """

    members: list[MemberPage]
    order: OrderPage | None
    withdrawals: list[WithdrawalPage]
    entries: Records = field(default_factory=lambda: np.zeros(0, ENTRY))
    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    reverses: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    moved: dict[int, tuple[int, ...]] = field(default_factory=dict)
    refusal: int = NOTHING

    def add(self, more: Outcome) -> None:
        """Add what was made, and moved, later."""
        if len(more.ids):
            self.entries = np.concatenate([self.entries, more.entries])
            self.ids = np.concatenate([self.ids, more.ids])
            self.reverses = np.concatenate([self.reverses, more.reverses])
        for member, gained in more.moved.items():
            before = self.moved.get(member, (0,) * len(_MONEY))
            self.moved[member] = tuple(a + b for a, b in zip(before, gained, strict=True))


class Assembly:
    """Pages put together into the small book of an engine, and taken apart again.

    Attributes:
        begins: up to where the days are closed, where the slice is one member alone; else 0.
        known: entries that were there before.
    """

    def __init__(
        self,
        engine: Engine,
        members: Sequence[MemberPage],
        order: OrderPage | None,
        withdrawals: Sequence[WithdrawalPage],
    ) -> None:
        self._book, self._pages, self._order, self._withdrawals = engine.book, list(members), order, withdrawals
        self._local = {page.id: place for place, page in enumerate(members)}
        self._stranger = len(members)
        self._numbers = {page.id: place for place, page in enumerate(withdrawals)}
        self._counts = dict.fromkeys(("entries", "statements", "steps", "orders", "lines", "parts", "withdrawals"), 0)
        self.begins = members[0].next_midnight if len(members) == 1 and order is None and not len(withdrawals) else 0
        self.known = 0

    def open(self, now: int, next_midnight: int) -> None:
        """Write the pages into the book; `now` and `next_midnight` are those of its clock."""
        book = self._book
        self._clear()
        for place, page in enumerate(self._pages):
            self._write_member(place, page)
        if self._order is not None:
            self._write_order(self._order)
        for place, drawn in enumerate(self._withdrawals):
            self._write_withdrawal(place, drawn)
        clock = book.clock[0]
        for name, count in self._counts.items():
            clock[name] = count
        self.known = self._counts["entries"]
        if (steps := self._counts["steps"]) > 1:
            book.steps[:steps] = np.sort(book.steps[:steps], order=("time", "kind", "ref"))
        clock["now"], clock["next_midnight"] = now, next_midnight

    def _clear(self) -> None:
        """Nobody is in the book, and there is room for what will be."""
        book = self._book
        rows = sum(len(page.entries) + len(page.statements) + len(page.steps) for page in self._pages)
        rows += 0 if self._order is None else len(self._order.entries) + len(self._order.steps)
        book.clock.view(np.uint8)[:] = 0
        if rows + len(self._withdrawals) + _SPARE > len(book.steps):
            book.make_room(rows + len(self._withdrawals) + _SPARE)
        _copy(book.members, _blank(len(book.members)).members)
        book.member_extras.view(np.uint8)[:] = 0
        book.volumes[:] = 0
        book.titles[:] = -1
        for array in (book.orders[:1], book.order_extras[:1], book.withdrawals[: len(self._withdrawals) + 1]):
            array.view(np.uint8)[:] = 0

    def localised(self, events: Records) -> Records:
        """Events about rows of the small book."""
        events = events.copy()
        for event in events:
            kind = int(event["kind"])
            if kind == Kind.order or is_on_order(kind):
                event["order"] = 0
            elif Kind.withdraw <= kind <= Kind.unknown:
                event["order"] = self._numbers.get(int(event["order"]), len(self._withdrawals))
            if event["member"] >= 0:
                event["member"] = self._local[int(event["member"])]
            if event["other"] >= 0 and kind != Kind.order:
                event["other"] = self._local[int(event["other"])]
        return events

    def close(self, ids: NDArray[np.int64], events: Records) -> Outcome:
        """Take the book apart.

        Args:
            ids: numbers for the new entries. events: what happened, with the numbers of the store.
        """
        book = self._book
        if book.members[self._stranger].tobytes() != _blank(len(book.members)).members[self._stranger].tobytes():
            raise AssertionError("something happened to a member who is not in the slice")
        entries = book.rows("entries")
        asked = events["order"][events["kind"] == Kind.withdraw]
        self._asked = int(asked[0]) if len(asked) else -1
        numbers = np.concatenate([*(page.ids for page in self._pages), *self._order_ids(), ids])
        members = np.array([page.id for page in self._pages], np.int64)
        self._owners = np.where(entries["order"] < 0, entries["member"], _ORDERS) if len(entries) else _NOBODY
        new = entries[self.known :].copy()
        reverses = ids[:0]
        order = self._read_order(entries, numbers, events)
        if len(new):
            reverses = np.where(new["reverses"] >= 0, numbers[new["reverses"]], -1)
            new["member"] = members[new["member"]]
            new["order"] = np.where(new["order"] >= 0, -1 if order is None else order.id, -1)
        pages = [self._read_member(place, entries, numbers) for place in range(len(self._pages))]
        moved = {}
        for before, page in zip(self._pages, pages, strict=True):
            was, now = before.row[0], page.row[0]
            gained = tuple(int(now[name]) - int(was[name]) for name in _MONEY)
            if any(gained):
                moved[page.id] = gained
        return Outcome(pages, order, self._read_withdrawals(), new, ids, reverses, moved)

    def _order_ids(self) -> list[NDArray[np.int64]]:
        return [] if self._order is None else [self._order.ids]

    def _append(self, name: str, rows: Records) -> int:
        """Add rows to an array of the book; returns the first."""
        first = self._counts[name]
        if len(rows):
            getattr(self._book, name)[first : first + len(rows)] = rows
            self._counts[name] = first + len(rows)
        return first

    def _here(self, member: int) -> int:
        """A member's row in the book; the stranger's for one who is not in it."""
        return member if member < 0 else self._local.get(member, self._stranger)

    def _write_member(self, place: int, page: MemberPage) -> None:
        book = self._book
        _copy(book.members[place : place + 1], page.row)
        _copy(book.member_extras[place : place + 1], page.extra)
        book.volumes[:, place], book.titles[:, place] = page.volumes, page.titles
        row = book.members[place]
        for name in ("upline", "clicked_by"):
            row[name] = self._here(int(row[name]))
        if row["payout"] >= 0:
            row["payout"] = self._numbers.get(int(row["payout"]), -1)
        first = self._append("entries", _moved(page.entries, {"reverses": self._counts["entries"]}))
        book.entries["member"][first : first + len(page.entries)] = place
        shift = {"previous": self._counts["statements"], "entry": first}
        start = self._append("statements", _moved(page.statements, shift))
        book.statements["member"][start : start + len(page.statements)] = place
        if row["statement"] >= 0:
            row["statement"] += start
        self._append("steps", _moved(page.steps, {"ref": first}))

    def _write_order(self, page: OrderPage) -> None:
        book = self._book
        row, extra = page.row.copy(), page.extra.copy()
        first = self._counts["entries"]
        entries = _moved(page.entries, {"reverses": first})
        entries["order"], entries["member"] = 0, [self._here(int(one)) for one in entries["member"]]
        self._append("entries", entries)
        parts = _moved(page.parts, {"entry": first})
        parts["order"] = 0
        self._append("parts", parts)
        self._append("lines", page.lines)
        row["buyer"] = self._here(int(row["buyer"][0]))
        row["chain"] = [[self._here(int(one)) for one in row["chain"][0]]]
        for name in ("first_entry", "first_adjustment"):
            row[name][row[name] >= 0] += first
        self._append("orders", row)
        _copy(book.order_extras[:1], extra)
        steps = page.steps.copy()
        steps["ref"] = np.where(steps["kind"] == SETTLE_ENTRY, steps["ref"] + first, 0) if len(steps) else 0
        self._append("steps", steps)

    def _write_withdrawal(self, place: int, page: WithdrawalPage) -> None:
        book = self._book
        _copy(book.withdrawals[place : place + 1], page.row)
        row = book.withdrawals[place]
        row["member"] = self._here(int(row["member"]))
        if row["previous"] >= 0:
            row["previous"] = self._numbers[int(row["previous"])]
        self._counts["withdrawals"] = place + 1

    def _read_member(self, place: int, entries: Records, numbers: NDArray[np.int64]) -> MemberPage:
        book, old = self._book, self._pages[place]
        own = np.flatnonzero(self._owners == place)
        statements = book.rows("statements")
        mine = np.flatnonzero(statements["member"] == place) if len(statements) else _NOBODY
        row = book.members[place : place + 1].copy()
        row["upline"] = self._there(int(row["upline"][0]), int(old.row["upline"][0]))
        row["clicked_by"] = self._there(int(row["clicked_by"][0]), int(old.row["clicked_by"][0]))
        if row["statement"][0] >= 0:
            row["statement"] = np.searchsorted(mine, row["statement"])
        if old.row["payout"][0] >= 0 and row["payout"][0] < 0:
            row["payout"] = old.row["payout"]
        elif row["payout"][0] >= 0:
            row["payout"] = self._withdrawal_number(int(row["payout"][0]))
        kept = statements[mine]
        _point(kept, "previous", mine)
        _point(kept, "entry", own)
        rows = entries[own]
        _point(rows, "reverses", own)
        rows["member"] = 0
        due = self._steps_of(place)
        due["ref"] = np.searchsorted(own, due["ref"]) if len(due) else 0
        return MemberPage(
            old.id,
            row,
            book.member_extras[place : place + 1].copy(),
            book.volumes[:, place].copy(),
            book.titles[:, place].copy(),
            kept,
            rows,
            numbers[own],
            due,
            old.stamp,
            int(book.clock[0]["next_midnight"]),
            old.due_at,
            old.journals,
        )

    def _steps_of(self, owner: int) -> Records:
        """The steps to come of a member, or of the order."""
        steps = self._book.rows("steps")
        if not len(steps):
            return steps.copy()
        owners = np.full(len(steps), _ORDERS)
        alone = steps["kind"] == SETTLE_ENTRY
        owners[alone] = self._owners[steps["ref"][alone]]
        return steps[owners == owner]

    def _there(self, place: int, before: int) -> int:
        """A member's number in the store."""
        if place == self._stranger:
            return before
        return place if place < 0 else self._pages[place].id

    def _withdrawal_number(self, place: int) -> int:
        """A withdrawal's number in the store; the new one's, if it is behind those that were there."""
        return self._withdrawals[place].id if place < len(self._withdrawals) else self._asked

    def _read_order(self, entries: Records, numbers: NDArray[np.int64], events: Records) -> OrderPage | None:
        book, old = self._book, self._order
        if book.clock[0]["orders"] == 0:
            return None
        own = np.flatnonzero(self._owners == _ORDERS)
        row = book.orders[:1].copy()
        row["buyer"] = self._there(int(row["buyer"][0]), -1 if old is None else int(old.row["buyer"][0]))
        chain = row["chain"][0]
        for place in range(MAX_LEVELS):
            before = int(old.row["chain"][0][place]) if old is not None else -1
            chain[place] = self._there(int(chain[place]), before)
        for name in ("first_entry", "first_adjustment"):
            _point(row, name, own)
        rows = entries[own]
        _point(rows, "reverses", own)
        known = 0 if old is None else len(old.entries)
        rows["member"][known:] = [self._pages[place].id for place in rows["member"][known:]]
        if old is not None:
            rows["member"][:known] = old.entries["member"]
        parts = book.rows("parts").copy()
        _point(parts, "entry", own)
        due = self._steps_of(_ORDERS)
        alone = due["kind"] == SETTLE_ENTRY
        due["ref"][alone] = np.searchsorted(own, due["ref"][alone])
        return OrderPage(
            id=int(events["order"][0]) if old is None else old.id,
            row=row,
            extra=book.order_extras[:1].copy(),
            lines=book.rows("lines").copy(),
            parts=parts,
            entries=rows,
            ids=numbers[own],
            steps=due,
            stamp=-1 if old is None else old.stamp,
            commissions=0 if old is None else old.commissions,
            clawbacks=0 if old is None else old.clawbacks,
            refunds=0 if old is None else old.refunds,
        )

    def _read_withdrawals(self) -> list[WithdrawalPage]:
        book, pages = self._book, []
        for place in range(int(book.clock[0]["withdrawals"])):
            row = book.withdrawals[place : place + 1].copy()
            row["member"] = self._pages[int(row["member"][0])].id
            if row["previous"][0] >= 0:
                row["previous"] = self._withdrawal_number(int(row["previous"][0]))
            pages.append(WithdrawalPage(self._withdrawal_number(place), row))
        return pages


def _copy(target: Records, source: Records) -> None:
    """Copy rows as bytes, padding and all."""
    target.view(np.uint8)[: source.nbytes] = source.view(np.uint8)


@cache
def _blank(members: int) -> Book:
    return open_book(members, 0)


def _moved(rows: Records, shifts: Mapping[str, int]) -> Records:
    """A copy of rows whose pointers point so many rows further."""
    if not len(rows):
        return rows
    rows = rows.copy()
    for name, shift in shifts.items():
        rows[name][rows[name] >= 0] += shift
    return rows


def _point(rows: Records, name: str, own: NDArray[np.intp]) -> None:
    """Let pointers count among the rows `own`, of which they are."""
    if not len(rows):
        return
    there = rows[name] >= 0
    rows[name][there] = np.searchsorted(own, rows[name][there])
