"""Causes that are no setting of a plan: what is missing, double, late, or about somebody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.records import NEVER, Component
from sim.experiments.metric_names import Text
from sim.matching.grid import Grid
from sim.matching.records import ABSENT_ORDER, NO_ORDER, ORDERS, Records
from sim.matching.words import FACTS, not_in_records

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_SEVERAL = 2
"""Orders without a record, and with one, that make a binding late rather than a record lost."""


@dataclass(frozen=True)
class Fact:
    """A cause with the differing places that it explains."""

    key: str
    title: Text
    places: Booleans


@dataclass(frozen=True)
class Case:
    """What facts are looked up in: the grid, its records, the book after the replay, and the places that differ."""

    grid: Grid
    records: Records
    book: Book
    differing: Integers

    @cached_property
    def entered(self) -> Booleans:
        """Of the places that differ, those at which the replay has entries."""
        return np.isin(self.grid.codes[self.differing], self.grid.codes_of(self.book.rows("entries")))

    @cached_property
    def of_rows(self) -> Mapping[int, list[int]]:
        """Amounts recorded, by place."""
        amounts: dict[int, list[int]] = defaultdict(list)
        for place, fen in zip(self.grid.row_places.tolist(), self.records.net.tolist(), strict=True):
            amounts[place].append(fen)
        return amounts


def outside(case: Case) -> Iterator[Fact]:
    """Components of which the platform has no record at all: they are paid, and kept, elsewhere."""
    there = set(case.records.part.tolist())
    part = case.grid.places.part[case.differing]
    for number in sorted(set(part.tolist()) - there - {ORDERS}):
        name = Component(number).name
        yield Fact(f"not_in_records:{name}", not_in_records(name), part == number)


def not_received(case: Case) -> Fact:
    """Goods that nobody has received yet, of a platform that books at receipt: no such order has a record."""
    grid, order = case.grid, case.grid.places.order
    received = np.append(case.book.rows("orders")["received_at"], 0)
    waiting = (grid.places.part == ORDERS) & (received[np.minimum(order, len(received) - 2)] == NEVER) & (order >= 0)
    at = case.differing
    none = waiting[at] & (grid.told[at] == 0) & (grid.replayed[at] > 0)
    return _fact("not_received", none & (not (grid.told[waiting] > 0).any()))


def twice(case: Case, expected: Integers) -> Iterator[Fact]:
    """Places that agree once a record that is there several times counts less often.

    Args:
        case: where to look. expected: fen by differing place.
    """
    amounts = case.of_rows
    found: dict[bool, Booleans] = {sign: np.zeros(len(case.differing), np.bool_) for sign in (True, False)}
    for number, place in enumerate(case.differing.tolist()):
        extra = int(case.grid.recorded[place] - expected[number])
        for fen, count in Counter(amounts.get(place, [])).items():
            if fen and extra % fen == 0 and 1 <= extra // fen < count:
                found[fen > 0][number] = True
    yield _fact("twice", found[True])
    yield _fact("taken_twice", found[False])


def beside(case: Case, left: Booleans) -> Iterator[Fact]:
    """What else is the matter with places that no setting explains."""
    looks: list[Callable[[Case, Booleans], Fact]] = [
        _binding, _level, _not_above, _bound_later, _cancelled, _no_take_back, _order_missing, _missing,
    ]  # fmt: skip
    for look in looks:
        fact = look(case, left)
        yield fact
        left = left & ~fact.places


def loose(records: Records, rows: Integers) -> list[str]:
    """The cause of each record that has no place on the grid."""
    causes = []
    for row in rows.tolist():
        if records.order[row] == ABSENT_ORDER:
            causes.append("quarantined" if records.orders[row] in records.aside else "unknown_order")
        else:
            causes.append("no_order" if records.order[row] == NO_ORDER else "unknown_member")
    return causes


def _fact(key: str, places: Booleans) -> Fact:
    return Fact(key, FACTS[key], places)


def _sides(case: Case, left: Booleans) -> tuple[Booleans, Booleans]:
    """Of the places that are left: only recorded, and only replayed; commission on orders."""
    at = case.differing
    replayed = case.entered
    commission = left & (case.grid.places.part[at] == ORDERS)
    told = case.grid.told[at] > 0
    return commission & told & ~replayed, commission & ~told & replayed


def _matched(case: Case, left: Booleans, same: tuple[str, ...]) -> Booleans:
    """Places only recorded and only replayed that are the same in these columns."""
    extra, missing = _sides(case, left)
    keys = list(zip(*(getattr(case.grid.places, name)[case.differing].tolist() for name in same), strict=True))
    both = {keys[n] for n in np.flatnonzero(extra)} & {keys[n] for n in np.flatnonzero(missing)}
    return np.array([key in both for key in keys], np.bool_) & (extra | missing)


def _binding(case: Case, left: Booleans) -> Fact:
    """Somebody else was paid for the level."""
    return _fact("binding", _matched(case, left, ("order", "line", "level")))


def _level(case: Case, left: Booleans) -> Fact:
    """The payee was paid, at another level."""
    return _fact("level", _matched(case, left, ("order", "line", "member")))


def _not_above(case: Case, left: Booleans) -> Fact:
    """A payee whom the buyer's line of inviters does not have."""
    extra, _ = _sides(case, left)
    upline, buyer = case.book.members["upline"], case.book.rows("orders")["buyer"]
    places, found = case.grid.places, np.zeros(len(left), np.bool_)
    for number in np.flatnonzero(extra).tolist():
        place = case.differing[number]
        person = int(upline[buyer[places.order[place]]])
        while person >= 0 and person != places.member[place]:
            person = int(upline[person])
        found[number] = person < 0
    return _fact("not_above", found)


def _bound_later(case: Case, left: Booleans) -> Fact:
    """Of a buyer and a payee every order is recorded from some order on, and none of several before."""
    _, missing = _sides(case, left)
    places, orders = case.grid.places, case.book.rows("orders")
    told: dict[tuple[int, int], dict[int, bool]] = defaultdict(dict)
    for place in np.flatnonzero((places.part == ORDERS) & (places.order >= 0) & (case.grid.replayed > 0)).tolist():
        order = int(places.order[place])
        of_pair = told[int(orders[order]["buyer"]), int(places.member[place])]
        of_pair[order] = of_pair.get(order, False) or bool(case.grid.told[place] > 0)
    late = {
        (pair, order)
        for pair, of_pair in told.items()
        for order in _before(of_pair, lambda order: int(orders[order]["placed_at"]))
    }
    found = np.zeros(len(left), np.bool_)
    for number in np.flatnonzero(missing).tolist():
        order, member = int(places.order[case.differing[number]]), int(places.member[case.differing[number]])
        found[number] = ((int(orders[order]["buyer"]), member), order) in late
    return _fact("bound_later", found)


def _before(told: Mapping[int, bool], time: Callable[[int], int]) -> list[int]:
    """The orders before the first with a record, if there are several of both and all later ones have one."""
    ranked = sorted(told, key=lambda order: (time(order), order))
    count = next((place for place, order in enumerate(ranked) if told[order]), 0)
    whole = all(told[order] for order in ranked[count:])
    return ranked[:count] if whole and min(count, len(ranked) - count) >= _SEVERAL else []


def _cancelled(case: Case, left: Booleans) -> Fact:
    """Cancelled, and nothing was given back."""
    at = case.differing
    return _fact("cancelled", left & (case.grid.told[at] > 0) & (case.grid.recorded[at] == 0))


def _no_take_back(case: Case, left: Booleans) -> Fact:
    """What the replay had before it took something back is what the record still has."""
    made = case.book.rows("entries")
    gross, _, _ = case.grid.at(made[made["amount"] > 0])
    at = case.differing
    return _fact("no_take_back", left & (case.grid.recorded[at] == gross[at]) & (gross[at] > case.grid.replayed[at]))


def _order_missing(case: Case, left: Booleans) -> Fact:
    """Nothing is recorded for the whole order."""
    _, missing = _sides(case, left)
    order = case.grid.places.order
    told = np.zeros(len(case.book.rows("orders")) + 1, np.int64)
    np.add.at(told, order, case.grid.told)
    return _fact("order_missing", missing & (told[order[case.differing]] == 0))


def _missing(case: Case, left: Booleans) -> Fact:
    """This payee has no record, others of the order have."""
    _, missing = _sides(case, left)
    return _fact("missing", missing)
