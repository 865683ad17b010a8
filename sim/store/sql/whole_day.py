"""What a batch of events changed in the whole book, as columns of tables; and the transaction that writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table

from rules.book import Book
from rules.events import Kind, Records
from rules.jit import kernel
from rules.orders import is_on_order
from rules.payout.channel import channel_order_no
from rules.records import NEVER
from rules.steps import SETTLE_ENTRY
from sim.rows import at_least, within_runs
from sim.store.sql import whole_journals as journals
from sim.store.sql.bulk import insert_rows, update_many
from sim.store.sql.digest import JOURNAL, MOVE, NO_JOURNAL
from sim.store.sql.ledger import ConflictError, post_batch
from sim.store.sql.packing import Given
from sim.store.sql.schema import bindings, entries, members, order_lines, orders, stock, withdrawals
from sim.store.sql.whole_journals import Counts, Numbers
from sim.store.sql.writing import MEMBER_COLUMNS, ORDER_COLUMNS

Columns = Mapping[str, Given | int]
_MONEY = ("pending", "held", "available", "withdrawing", "withdrawn")
_ENTRY = ("time", "member", "amount", "base", "rate", "period", "line", "plan", "source", "level", "component")
_WITHDRAWAL = ("status", "sent_at", "done_at", "amount", "fee", "tax")
NO_PAGE = b""
"""The page of what a run has not ended with yet."""
_ON_ORDER = np.array([kind == Kind.order or bool(is_on_order(kind)) for kind in range(max(Kind) + 1)])


@dataclass
class Day:
    """What a transaction writes: new rows and changed ones by table, journals, and what wallets gained."""

    new: list[tuple[Table, Columns]] = field(default_factory=list)
    changed: list[tuple[Table, Columns]] = field(default_factory=list)
    journals: NDArray[Any] = field(default_factory=lambda: np.zeros(0, JOURNAL))
    moves: NDArray[Any] = field(default_factory=lambda: np.zeros(0, MOVE))

    def write(self, connection: Connection) -> None:
        """Write it in the transaction that is open.

        Raises:
            ConflictError: a journal has been booked before.
        """
        for table, columns in self.new:
            insert_rows(connection, table, columns)
        for table, columns in self.changed:
            update_many(connection, table, columns)
        posted = post_batch(connection, self.journals, self.moves)
        if len(posted.again):
            raise ConflictError(tuple(posted.again.tolist()))


class Changes:
    """Finds out what batches of events changed in a book.

    Args:
        book: as it stands before the first of them. pieces: on the shelves, by sku.

    Attributes:
        counts: of journals and refunds so far.
        known: the members who have a row: all of whom anything has changed.
    """

    def __init__(self, book: Book, pieces: Numbers) -> None:
        self.counts = Counts()
        self._book, self._pieces = book, pieces
        self._members = book.members.copy()
        self.known = np.zeros(len(book.members), np.bool_)
        self._orders, self._lines, self._entries = book.count("orders"), book.count("lines"), book.count("entries")
        self._refunded, self._paid = np.zeros(64, np.int64), np.zeros(64, np.bool_)
        self._status = np.full(64, NEVER, np.int64)
        self._bound = 0
        self._bindings: list[tuple[Numbers, ...]] = []

    def due(self, until: int) -> Numbers:
        """The orders to which something happens by `until` because time passes."""
        steps = self._book.rows("steps")
        chosen: Numbers = steps["ref"][(steps["time"] <= until) & (steps["kind"] != SETTLE_ENTRY)].astype(np.int64)
        return chosen

    def note_bindings(self, who: Numbers, before: Numbers, times: Numbers) -> None:
        """Note who has another upline than before.

        Args:
            who: members, each once. before: their uplines. times: of what may have happened to each.
        """
        rows = self._book.members[who]
        new = rows["upline"] != before
        if new.any():
            rows, times = rows[new], np.where(rows["upline"] >= 0, rows["bound_at"], times)[new]
            self._bindings.append((who[new], rows["upline"].astype(np.int64), times, rows["bound_via"]))

    def since(self, events: Records, due: Numbers, pieces: Numbers) -> Day:
        """What has changed since the last time.

        Args:
            events: the batch. due: what `due` said before it. pieces: on the shelves now.
        """
        day = Day()
        self._make_room()
        rows, of_entry = journals.of_entries(self._book, self._entries, self.counts)
        self._find_entries(day, of_entry)
        booked = [rows, *self._find_orders(day, events, due), self._find_withdrawals(day, events)]
        day.journals = np.concatenate(booked)
        self._find_bindings(day)
        self._find_members(day)
        if len(skus := np.flatnonzero(pieces != self._pieces)):
            day.changed.append((stock, {"sku": skus, "bucket": np.zeros_like(skus), "pieces": pieces[skus]}))
        self._pieces = pieces
        return day

    def _make_room(self) -> None:
        counts = self._book.count("orders"), self._book.count("withdrawals")
        self.counts.make_room(counts[0], len(self._book.members))
        self._refunded, self._paid = at_least(self._refunded, counts[0]), at_least(self._paid, counts[0])
        known = len(self._status)
        self._status = at_least(self._status, counts[1])
        self._status[known:] = NEVER

    def _find_entries(self, day: Day, of_entry: Numbers) -> None:
        made = self._book.rows("entries")[self._entries :]
        if len(made):
            told = {name: made[name].copy() for name in _ENTRY} | {"journal_id": of_entry}
            told |= {"order_id": made["order"].copy(), "reverses": made["reverses"].copy()}
            day.new.append((entries, told | {"id": np.arange(self._entries, self._entries + len(made))}))
        self._entries += len(made)

    def _find_orders(self, day: Day, events: Records, due: Numbers) -> list[NDArray[Any]]:
        """Orders that are new, and those to which something happened; and the journals of what was paid for them."""
        book = self._book
        about = events["order"][_ON_ORDER[events["kind"]]].astype(np.int64)
        new = np.arange(self._orders, book.count("orders"))
        touched = np.unique(np.concatenate([about[(about >= 0) & (about < book.count("orders"))], due, new]))
        rows = book.rows("orders")[touched]
        touched, rows = touched[rows["lines"] > 0], rows[rows["lines"] > 0]  # an order without lines was turned away
        told = self._order_columns(touched, rows)
        fresh = touched >= self._orders
        if fresh.any():
            day.new.append((orders, _chosen(told, fresh) | {"book": [NO_PAGE] * int(fresh.sum())}))
        if (~fresh).any():
            day.changed.append((orders, _chosen(told, ~fresh)))
        if book.count("lines") > self._lines:
            day.new.append((order_lines, self._line_columns()))
        self._orders, self._lines = book.count("orders"), book.count("lines")
        return self._money(touched, rows, events)

    def _order_columns(self, numbers: Numbers, rows: Records) -> dict[str, NDArray[Any]]:
        steps = self._book.rows("steps")
        waiting = np.isin(numbers, steps["ref"][steps["kind"] != SETTLE_ENTRY])
        settled = np.where(~waiting & (rows["received_at"] >= 0), rows["settle_at"], NEVER)
        told = {name: rows[name] for name in (*ORDER_COLUMNS, "plan")}
        return {"id": numbers} | told | {"settled_at": settled, "due_at": np.full(len(numbers), NEVER)}

    def _line_columns(self) -> Columns:
        """Lines that are new: of new orders, and further ones of the order that was the last before."""
        book, last = self._book, max(0, self._orders - 1)
        rows, placed = book.rows("lines")[self._lines :], book.rows("orders")[last:]
        all_lines = np.repeat(np.arange(last, last + len(placed)), placed["lines"])
        order = all_lines[len(all_lines) - len(rows) :]
        line = within_runs(all_lines)[len(all_lines) - len(rows) :] + 1
        told = {name: rows[name].copy() for name in ("sku", "category", "quantity", "price", "paid")}
        return told | {"order_id": order, "line": line, "bucket": 0}

    def _money(self, numbers: Numbers, rows: Records, events: Records) -> list[NDArray[Any]]:
        """Journals of money that came in, or went back."""
        newly = (rows["paid_at"] >= 0) & ~self._paid[numbers]
        self._paid[numbers[newly]] = True
        returned = rows["refunded"] - self._refunded[numbers]
        self._refunded[numbers] = rows["refunded"]
        refunds = events[(events["kind"] == Kind.refund) & (events["order"] >= 0)][::-1]
        about, last = np.unique(refunds["order"], return_index=True)
        back = returned != 0
        times = refunds["time"][last[np.searchsorted(about, numbers[back])]]
        made = [
            journals.of_payments(rows[newly], numbers[newly]),
            journals.of_refunds(numbers[back], returned[back], times, self.counts),
        ]
        np.add.at(self.counts.refunds, refunds["order"], 1)
        return made

    def _find_withdrawals(self, day: Day, events: Records) -> NDArray[Any]:
        book, kinds = self._book, events["kind"]
        about = events["order"][(kinds >= Kind.withdraw) & (kinds <= Kind.unknown)]
        touched = np.unique(about[(about >= 0) & (about < book.count("withdrawals"))]).astype(np.int64)
        rows = book.rows("withdrawals")[touched]
        touched, rows = touched[rows["known"]], rows[rows["known"]]
        before = self._status[touched]
        self._status[touched] = rows["status"]
        told: dict[str, Any] = {name: rows[name] for name in _WITHDRAWAL} | {"id": touched}
        told |= {"member": rows["member"], "asked_at": rows["time"]}
        fresh = before == NEVER
        if fresh.any():
            ids = touched[fresh].tolist()
            texts: dict[str, Given | int] = {
                "channel_order_no": [channel_order_no(one) for one in ids],
                "book": [NO_PAGE] * len(ids),
            }
            columns: dict[str, Given | int] = {**_chosen(told, fresh), **texts}
            day.new.append((withdrawals, columns))
        if (~fresh).any():
            day.changed.append((withdrawals, _chosen(told, ~fresh)))
        return journals.of_withdrawals(touched, rows, before)

    def _find_bindings(self, day: Day) -> None:
        if not self._bindings:
            return
        who, inviter, at, via = (np.concatenate(column) for column in zip(*self._bindings, strict=True))
        ids = np.arange(self._bound, self._bound + len(who))
        day.new.append((bindings, {"id": ids, "member": who, "inviter": inviter, "at": at, "via": via}))
        self._bound += len(who)
        self._bindings.clear()

    def _find_members(self, day: Day) -> None:
        """Members of whom people ask for something else now, and what is new in wallets."""
        now, before = self._book.members, self._members
        words, found = (len(now), now.itemsize // 8), np.empty(len(now), np.int64)
        rows = found[: differing(now.view(np.int64).reshape(words), before.view(np.int64).reshape(words), found)]
        new, old = now[rows], before[rows]
        fresh, shown = ~self.known[rows], np.zeros(len(rows), np.bool_)
        self.known[rows] = True
        for name in MEMBER_COLUMNS:
            shown |= new[name] != old[name]
        if fresh.any():
            day.new.append((members, member_columns_of(new[fresh], rows[fresh])))
        if (shown := shown & ~fresh).any():
            day.changed.append((members, {name: new[name][shown] for name in MEMBER_COLUMNS} | {"id": rows[shown]}))
        moves = np.zeros(len(rows), MOVE)
        moves["journal"], moves["member"] = NO_JOURNAL, rows
        for name in _MONEY:
            moves[name] = new[name] - old[name]
        moved = np.zeros(len(rows), np.bool_)
        for name in _MONEY:
            moved |= moves[name] != 0
        day.moves = moves[moved]
        whole = np.dtype((np.void, now.itemsize))  # as bytes, padding and all
        before.view(whole)[rows] = now.view(whole)[rows]


def member_columns_of(rows: Records, numbers: Numbers) -> dict[str, Given | int]:
    """The columns of members whose pages are not written yet."""
    told: dict[str, Given | int] = {name: rows[name] for name in MEMBER_COLUMNS}
    return told | {"id": numbers, "next_midnight": 0, "due_at": NEVER, "book": [NO_PAGE] * len(rows)}


def _chosen(told: Mapping[str, NDArray[Any]], rows: NDArray[np.bool_]) -> dict[str, Given | int]:
    return {name: column[rows] for name, column in told.items()}


@kernel
def differing(now: Numbers, before: Numbers, found: Numbers) -> int:
    """Find the rows of which any number differs; returns how many there are."""
    count = 0
    for row in range(len(now)):
        for place in range(now.shape[1]):
            if now[row, place] != before[row, place]:
                found[count] = row
                count += 1
                break
    return count
