"""Records and entries on one grid: a place is (order, line, member, level, part), as fine as both sides are.

Where one side of an order has rows without a line or a level, that order is added up over lines or levels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind
from rules.events import Records as Entries
from rules.plan.limits import MAX_LEVELS
from sim.matching.records import ABSENT_ORDER, NO_ORDER, NOBODY, ORDERS, Records, part_of

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_LEVELS, _PARTS = 128, 32
assert MAX_LEVELS < _LEVELS


@dataclass(frozen=True)
class Places:
    """Places in columns, every array (places,); `line` and `level` are 0 where the order is added up over them."""

    order: Integers
    line: Integers
    member: Integers
    level: Integers
    part: Integers


@dataclass(frozen=True)
class _Numbering:
    """How places are numbered: `first` is where the lines of each order begin, and of no order the last."""

    first: Integers
    members: int


@dataclass(frozen=True)
class Grid:
    """Both sides of a match, to the fen.

    Attributes:
        codes: of the places, sorted. places: the same in columns.
        recorded, replayed: fen by place, net of what was taken back and of what was cancelled.
        told: records by place.
        loose: rows of the records that have no place: of an order or a person that the log does not have.
        row_places: place by row of the records, -1 for loose ones.
        by_order, whole: by order whether it is added up over lines, and over levels.
    """

    codes: Integers
    places: Places
    recorded: Integers
    replayed: Integers
    told: Integers
    loose: Integers
    row_places: Integers
    by_order: Booleans
    whole: Booleans
    _numbering: _Numbering

    @property
    def differing(self) -> Integers:
        """The places at which the sides differ."""
        return np.flatnonzero(self.recorded != self.replayed)

    def at(self, entries: Entries) -> tuple[Integers, Integers, Integers]:
        """Other entries on this grid: fen by place; and codes and fen of what has no place on it."""
        codes = self.codes_of(entries)
        found = np.searchsorted(self.codes, codes)
        inside = (found < len(self.codes)) & (self.codes[np.minimum(found, len(self.codes) - 1)] == codes)
        sums = np.zeros(len(self.codes), np.int64)
        np.add.at(sums, found[inside], entries["amount"][inside])
        others, place = np.unique(codes[~inside], return_inverse=True)
        outside = np.zeros(len(others), np.int64)
        np.add.at(outside, place, entries["amount"][~inside])
        return sums, others, outside

    def codes_of(self, entries: Entries) -> Integers:
        """The code of each entry's place."""
        return _coded(_places_of(entries), self.by_order, self.whole, self._numbering)

    def orders_of(self, codes: Integers) -> Integers:
        """The order of codes, -1 for none."""
        return _decoded(codes, self._numbering).order


def lines_of(events: Entries) -> Integers:
    """The last line of each order of a log, by order."""
    placed = events[events["kind"] == Kind.order]
    last = np.zeros(int(events["order"].max(initial=-1)) + 1, np.int64)
    np.maximum.at(last, placed["order"], placed["line"])
    return last


def grid_of(records: Records, entries: Entries, lines: Integers, members: int) -> Grid:
    """Both sides on one grid.

    Args:
        records: what was recorded. entries: `ENTRY`, what the replay made.
        lines: the last line by order. members: how many the log has.
    """
    orders = len(lines)
    loose = (records.order == ABSENT_ORDER) | (records.member == NOBODY)
    loose |= (records.order == NO_ORDER) & (records.part == ORDERS)
    kept = np.flatnonzero(~loose)
    own = Places(*(getattr(records, name)[kept] for name in ("order", "line", "member", "level", "part")))
    made = _places_of(entries)
    by_order = np.zeros(orders + 1, np.bool_)  # the last stands for no order
    whole = by_order.copy()
    for side in (own, made):
        commission = side.part == ORDERS
        by_order[side.order[commission & (side.line == 0)]] = True
    whole[own.order[(own.part == ORDERS) & (own.level == 0)]] = True
    known = (own.order >= 0) & (own.line > 0)
    lines = lines.copy()
    np.maximum.at(lines, own.order[known], own.line[known])
    numbering = _Numbering(np.concatenate([[0, 1], 1 + np.cumsum(lines + 1)]), members + 1)
    left, right = (_coded(side, by_order, whole, numbering) for side in (own, made))
    codes = np.unique(np.concatenate([left, right]))
    recorded, replayed, told = (np.zeros(len(codes), np.int64) for _ in range(3))
    row_places = np.full(len(records), -1)
    row_places[kept] = np.searchsorted(codes, left)
    np.add.at(recorded, row_places[kept], records.net[kept])
    np.add.at(told, row_places[kept], 1)
    np.add.at(replayed, np.searchsorted(codes, right), entries["amount"])
    return Grid(
        codes, _decoded(codes, numbering), recorded, replayed, told, np.flatnonzero(loose), row_places,
        by_order, whole, numbering,
    )  # fmt: skip


def _places_of(entries: Entries) -> Places:
    columns: Mapping[str, Integers] = {
        name: entries[name].astype(np.int64) for name in ("order", "line", "member", "level")
    }
    return Places(**columns, part=part_of(entries["component"]))


def _coded(places: Places, by_order: Booleans, whole: Booleans, numbering: _Numbering) -> Integers:
    """One number for each place."""
    commission, outside = places.part == ORDERS, places.order < 0
    line = np.where(outside | (commission & by_order[places.order]), 0, places.line)
    level = np.where(outside | (commission & whole[places.order]), 0, places.level)
    row = numbering.first[places.order + 1] + line
    coded: Integers = ((row * numbering.members + places.member) * _LEVELS + level) * _PARTS + places.part
    return coded


def _decoded(codes: Integers, numbering: _Numbering) -> Places:
    rest, part = np.divmod(codes, _PARTS)
    rest, level = np.divmod(rest, _LEVELS)
    row, member = np.divmod(rest, numbering.members)
    order = np.searchsorted(numbering.first, row, side="right") - 1
    return Places(order - 1, row - numbering.first[order], member, level, part)
