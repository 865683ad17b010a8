"""The referral forest as it grows: how many people stand in the tree below each member, and when it was how large.

The book knows only whom a member is bound to now, so the forest is followed day by day. Who joins a tree is added to
everybody above. A rebinding moves a whole subtree: on such a day the forest is measured anew, by taking off the leaves
one after the other, each handing what it has gathered to whoever it is bound to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import Kind, Records, Row
from rules.jit import kernel

Numbers = NDArray[np.int32]

LEVELS = 3
"""Levels that a tree must have, the organiser's own included (公通字〔2013〕37号)."""

NOBODY, STRANGER = -1, -2
"""In `uplines`: bound to nobody; not registered, so no part of any tree."""


_PAY = int(Kind.pay)


def forest_of(members: Records) -> Numbers:
    """Whom everybody is bound to, by member; `NOBODY`, `STRANGER`."""
    return np.where(members["joined_at"] >= 0, members["upline"], STRANGER).astype(np.int32)


@kernel
def measure_forest(uplines: Numbers, sizes: Numbers, levels: Numbers, waiting: Numbers, queue: Numbers) -> None:
    """Fill in people and levels of the tree below every member, both with the member; 0 and 0 for strangers.

    Args:
        uplines: see `forest_of`; without cycles.
        sizes, levels: by member, to be filled. waiting, queue: room, by member.
    """
    members, last = len(uplines), 0
    for member in range(members):
        here = 0 if uplines[member] == STRANGER else 1
        sizes[member], levels[member], waiting[member] = here, here, 0
    for member in range(members):
        if uplines[member] >= 0:
            waiting[uplines[member]] += 1
    for member in range(members):
        if waiting[member] == 0 and uplines[member] >= 0:
            queue[last] = member
            last += 1
    at = 0
    while at < last:
        member = queue[at]
        at += 1
        above = uplines[member]
        sizes[above] += sizes[member]
        levels[above] = max(levels[above], levels[member] + 1)
        waiting[above] -= 1
        if waiting[above] == 0 and uplines[above] >= 0:
            queue[last] = above
            last += 1


@kernel
def _bound_by(event: Row, members: Records, orders: Records) -> tuple[int, int]:
    """Whose binding an event can have changed, and whom they are bound to now; the first is -1 for nobody."""
    member = event.member
    if event.kind == _PAY and 0 <= event.order < len(orders):
        member = orders[event.order].buyer
    if member < 0 or members[member].joined_at < 0:
        return -1, STRANGER
    return member, members[member].upline


@kernel
def _join(uplines: Numbers, sizes: Numbers, levels: Numbers, largest: Numbers, member: int) -> int:
    """Add the tree of a member, who has just been bound, to everybody above; returns who has the largest tree then.

    Only trees of `LEVELS` levels count, and only if they are larger than they ever were; -1 = none does.
    """
    below, most, organiser = levels[member], 0, -1
    above = uplines[member]
    while above >= 0:
        below += 1
        sizes[above] += sizes[member]
        levels[above] = max(levels[above], below)
        below = levels[above]
        if levels[above] >= LEVELS and sizes[above] > largest[above]:
            largest[above] = sizes[above]
            if sizes[above] > most:
                most, organiser = sizes[above], above
        above = uplines[above]
    return organiser


@kernel
def join_forest(
    events: Records,
    members: Records,
    orders: Records,
    uplines: Numbers,
    sizes: Numbers,
    levels: Numbers,
    largest: Numbers,
) -> int:
    """Add those who were bound by a day's events.

    Args:
        events: of the day. members, orders: the book's, as after them.
        uplines, sizes, levels, largest: of the forest, as before them.

    Returns:
        Who has the largest tree of all that have grown, -1 if none has; -2 if somebody was moved, so that the forest
        must be measured anew.
    """
    for at in range(len(events)):
        member, now = _bound_by(events[at], members, orders)
        if member >= 0 and uplines[member] >= 0 and uplines[member] != now:
            return -2
    most, best = 0, -1
    for at in range(len(events)):
        member, now = _bound_by(events[at], members, orders)
        if member < 0 or uplines[member] == now:
            continue
        if uplines[member] == STRANGER:
            sizes[member], levels[member] = 1, 1
        uplines[member] = now
        organiser = _join(uplines, sizes, levels, largest, member)
        if organiser >= 0 and largest[organiser] > most:
            most, best = largest[organiser], organiser
    return best


class Forest:
    """Follows the forest from day to day.

    Attributes:
        largest: by member, the most people that their tree ever had while it had `LEVELS` levels; 0 = it never had.
        rises: day (`time // DAY`) and size, whenever a tree was larger than all before.
        organiser, depth: of the largest tree; the organiser is -1 as long as there is none.
    """

    def __init__(self, members: int) -> None:
        self.largest = np.zeros(members, np.int32)
        self.rises: list[tuple[int, int]] = []
        self.organiser, self.depth = -1, 0
        self._uplines = np.full(members, STRANGER, np.int32)
        self._sizes, self._levels = np.zeros(members, np.int32), np.zeros(members, np.int32)
        self._begun = False

    def observe(self, day: int, events: Records, book: Book) -> None:
        """Take in a day; days come in order, one may come in several batches.

        Args:
            day: `time // DAY`.
            events: the batch.
            book: as right after it.
        """
        grown = -2
        if self._begun:
            forest = self._uplines, self._sizes, self._levels, self.largest
            grown = join_forest(events, book.members, book.rows("orders"), *forest)
        if grown == -2:
            grown = self._measure(book.members)
        if grown >= 0 and self.largest[grown] > (self.rises[-1][1] if self.rises else 0):
            self.rises.append((day, int(self.largest[grown])))
            self.organiser, self.depth = grown, int(self._levels[grown])

    def _measure(self, members: Records) -> int:
        """Measure the forest anew; returns who has the largest tree of all that have grown, -1 = none."""
        self._begun = True
        self._uplines = forest_of(members)
        waiting, queue = np.zeros_like(self._sizes), np.zeros_like(self._sizes)
        measure_forest(self._uplines, self._sizes, self._levels, waiting, queue)
        deep = np.where(self._levels >= LEVELS, self._sizes, 0)
        grown = np.where(deep > self.largest, deep, 0)
        np.maximum(self.largest, deep, out=self.largest)
        return int(grown.argmax()) if grown.any() else -1
