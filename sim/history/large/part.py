"""A part of a large history, put together again: the columns that the bulk engine takes, as `sim.history.columns`
makes them of a log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rules.bulk.columns import OrderColumns, RefundColumns
from rules.errors import InputError, Place
from rules.events import DAY, Records
from sim.history.columns import LogColumns
from sim.history.large.people import People
from sim.history.large.split import BACK, LINE, Dealt
from sim.history.members import Members
from sim.history.orders import people_of

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Part:
    """What is replayed at once.

    Attributes:
        people: their numbers in the whole history, (people of the part,). columns: everything that happened to them.
    """

    people: Integers
    columns: LogColumns | None


@dataclass(frozen=True, eq=False)
class Whole:
    """What the parts have in common: the pieces, and the numbers of their names; everything picklable and small.

    Attributes:
        path: of the orders table, for messages. folder: where the pieces lie.
        categories, skus: by piece, the number in all of each of its names, and -1 last.
        since, until: of the whole history.
    """

    path: Path
    folder: Path
    dealt: tuple[Dealt, ...]
    categories: tuple[Integers, ...]
    skus: tuple[Integers, ...]
    since: int
    until: int

    @property
    def month_ends(self) -> list[int]:
        """The midnights in it at which a month ends, in seconds."""
        first, last = (np.datetime64(time // DAY, "D").astype("datetime64[M]") for time in (self.since, self.until))
        return (np.arange(first + 1, last + 1).astype("datetime64[D]").astype(np.int64) * DAY).tolist()


def read_part(whole: Whole, number: int) -> Part:
    """The people of a part and their columns; no columns where nobody paid for anything.

    Raises:
        InputError: lines of one order contradict each other.
    """
    people = People.load(whole.folder)
    members = np.flatnonzero(people.part == number)
    lines = _lines(whole, number)
    lines["buyer"] = people.local[lines["buyer"]]
    lines, starts = _by_order(whole.path, lines)
    heads = lines[starts[:-1]]
    paid = np.flatnonzero(heads["paid_at"] > 0)
    if not len(paid):
        return Part(members, None)
    paid = paid[np.lexsort((heads["row"][paid], heads["placed"][paid], heads["paid_at"][paid]))]
    events = _people_events(whole, people, members)
    paid_at = heads["paid_at"][paid].astype(np.int64)
    return Part(
        members,
        LogColumns(
            orders=_orders(lines, starts, paid, paid_at),
            refunds=_refunds(_back(whole, number), lines, starts, paid),
            people=events,
            before=np.searchsorted(paid_at, events["time"], side="left"),
            since=whole.since,
            until=whole.until,
        ),
    )


def _lines(whole: Whole, number: int) -> Records:
    """The lines of a part as they stand in the table, names numbered as in all pieces."""
    lines, at = np.empty(sum(int(np.diff(one.begins)[number]) for one in whole.dealt), LINE), 0
    for dealt, categories, skus in zip(whole.dealt, whole.categories, whole.skus, strict=True):
        mapped = np.load(whole.folder / f"piece-{dealt.number}.npy", mmap_mode="r")
        begin, end = int(dealt.begins[number]), int(dealt.begins[number + 1])
        rows = lines[at : at + end - begin]
        rows[:] = mapped[begin:end]
        rows["category"], rows["sku"] = categories[rows["category"]], skus[rows["sku"]]
        at += end - begin
    return lines


def _back(whole: Whole, number: int) -> Records:
    found = [np.zeros(0, BACK)]
    for dealt in whole.dealt:
        mapped = np.load(whole.folder / f"back-{dealt.number}.npy", mmap_mode="r")
        found.append(np.array(mapped[dealt.back_begins[number] : dealt.back_begins[number + 1]]))
    return np.concatenate(found)


def _by_order(path: Path, lines: Records) -> tuple[Records, Integers]:
    """Lines with those of an order side by side, by their number; where each order begins, and the end."""
    starts = _starts(lines["order"])
    if (np.diff(np.sort(lines["order"][starts])) == 0).any():  # an order stands in two places of the table
        lines = lines[np.argsort(lines["order"], kind="stable")]
        starts = _starts(lines["order"])
    same = np.ones(max(len(lines) - 1, 0), np.bool_)
    same[starts[1:] - 1] = False
    if (same & (np.diff(lines["line"]) < 0)).any():
        lines = lines[
            np.lexsort((lines["line"], np.repeat(np.arange(len(starts)), np.diff(starts, append=len(lines)))))
        ]
    for name, field in (("member_id", "buyer"), ("placed_at", "placed"), ("paid_at", "paid_at")):
        _refuse(path, lines, same & (np.diff(lines[field]) != 0), name, "the same in all lines of an order")
    _refuse(path, lines, same & (np.diff(lines["line"]) == 0), "line", "each line of an order once")
    return lines, np.append(starts, len(lines))


def _starts(order: Integers) -> Integers:
    """Where another order begins than that of the line before."""
    return np.flatnonzero(np.append(True, order[1:] != order[:-1])[: len(order)])


def _refuse(path: Path, lines: Records, bad: NDArray[np.bool_], column: str, allowed: str) -> None:
    if bad.any():
        row = int(lines["row"][1:][bad].min()) + 1
        raise InputError(f"{column} of a line differs from its order's, or comes again", Place(str(path), row), allowed)


def _orders(lines: Records, starts: Integers, paid: Integers, paid_at: Integers) -> OrderColumns:
    """Orders by payment."""
    counts = starts[paid + 1] - starts[paid]
    begins = np.concatenate([[0], np.cumsum(counts)])
    rows = lines[np.repeat(starts[paid] - begins[:-1], counts) + np.arange(begins[-1])]
    names: Sequence[str] = ("category", "sku", "quantity", "price", "member_price", "freight", "paid")
    return OrderColumns(
        buyer=lines["buyer"][starts[paid]], paid_at=paid_at, first_line=begins, **{name: rows[name] for name in names}
    )


def _refunds(back: Records, lines: Records, starts: Integers, paid: Integers) -> RefundColumns:
    """Refunds by time, and within a second as orders were placed; of orders that were paid."""
    if not len(back):
        return RefundColumns.none()
    keys = lines["order"][starts[:-1]]
    by_key = np.argsort(keys, kind="stable")
    number = by_key[np.searchsorted(keys, back["order"], sorter=by_key)]
    inside = np.searchsorted(*_line_keys(number, back["line"], lines, starts))
    heads = lines[starts[:-1]]
    place = np.lexsort((inside, heads["row"][number], heads["placed"][number], back["time"]))
    position = np.full(len(starts) - 1, -1)
    position[paid] = np.arange(len(paid))
    place = place[position[number[place]] >= 0]
    return RefundColumns(
        order=position[number[place]],
        time=back["time"][place].astype(np.int64),
        line=inside[place] - starts[number[place]] + 1,
        amount=back["amount"][place],
    )


def _line_keys(number: Integers, line: Integers, lines: Records, starts: Integers) -> tuple[Integers, Integers]:
    """Order and line as one rising number, of all lines, and of those looked for."""
    order = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return order << 16 | lines["line"].astype(np.int64), number << 16 | line.astype(np.int64)


def _people_events(whole: Whole, people: People, members: Integers) -> Records:
    """What happens to the people of a part, by their numbers in it."""
    joined, bound = (np.load(whole.folder / f"{name}.npy", mmap_mode="r")[members] for name in ("joined", "bound"))
    inviter = np.asarray(people.inviter[members])
    local = np.where(inviter >= 0, people.local[np.maximum(inviter, 0)], -1).astype(np.int64)
    nobody = np.zeros(0, np.int64)
    return people_of(Members([], [], nobody, local, people.depth[members], joined, bound, people.rank[members]))
