"""The referral forest as it grows: how many people stand in the tree below each member, and when it was how large.

The book knows only whom a member is bound to now, so the forest is followed day by day: whoever was bound elsewhere is
taken off first, with everybody below; then all who were bound that day are put where they belong. In between the forest
is a part of what it is at the day's end, so it never has a cycle, and no tree is ever larger than it will be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import Kind, Records, Row
from rules.jit import kernel
from rules.memory import prefetch

Numbers = NDArray[np.int32]

NOBODY, STRANGER = -1, -2
"""In `NODE.above`: bound to nobody; not registered, so no part of any tree."""

NODE = np.dtype(
    [
        ("above", "i4"),  # whom the member is bound to; NOBODY, STRANGER
        ("people", "i4"),  # in the tree below, the member included
        ("levels", "i4"),  # of that tree at the most; exact as long as nobody was taken off
        ("children", "i4"),  # bound to the member
        ("grandchildren", "i4"),  # bound to those: above 0, the tree has three levels
        ("largest", "i4"),  # the most people that the tree ever had on three levels or more; 0 = it never had
    ],
    align=True,
)
"""A member in the forest. Three levels, the organiser's own included, are what 公通字〔2013〕37号 speaks of."""

_PAY = int(Kind.pay)
_REGISTER, _CLICK, _ORDER, _REBIND = int(Kind.register), int(Kind.click), int(Kind.order), int(Kind.rebind)
_AHEAD = 12
"""Events ahead whose people are asked for."""


@kernel
def plant(forest: Records, members: Records) -> int:
    """Build the forest of people who are there already; returns who has the largest tree of three levels, or -1."""
    for member in range(len(forest)):
        node = forest[member]
        node.above, node.people, node.levels, node.children, node.grandchildren = STRANGER, 0, 0, 0, 0
    most, best = 0, -1
    for member in range(len(forest)):
        if members[member].joined_at >= 0:
            _sprout(forest, member)
    for member in range(len(forest)):
        if members[member].joined_at >= 0 and members[member].upline >= 0:
            organiser = _attach(forest, member, members[member].upline)
            if organiser >= 0 and forest[organiser].people > most:
                most, best = forest[organiser].people, organiser
    return best


@kernel
def grow(forest: Records, events: Records, members: Records, orders: Records) -> tuple[int, int]:
    """Bring the forest to the end of a day.

    Args:
        forest: `NODE`, by member, as before the events.
        events: of the day. members, orders: the book's, as after them.

    Returns:
        Who has the largest tree of all that are larger than they ever were, -1 = none is; how many were taken off.
    """
    moved, most, best, count = 0, 0, -1, 0
    changed = np.empty(len(events), np.int32)
    for at in range(len(events)):
        if at + _AHEAD < len(events) and _may_bind(events[at + _AHEAD]) and events[at + _AHEAD].member >= 0:
            prefetch(members, events[at + _AHEAD].member, 0)
            prefetch(forest, events[at + _AHEAD].member, 0)
        member, now = _bound_by(events[at], members, orders)
        if member >= 0 and forest[member].above != now:
            changed[count] = member
            count += 1
            if forest[member].above >= 0:
                _detach(forest, member)
                moved += 1
    for at in range(count):
        member = np.int64(changed[at])
        now = members[member].upline
        if forest[member].above == now:
            continue
        if forest[member].above == STRANGER:
            _sprout(forest, member)
        if now >= 0:
            organiser = _attach(forest, member, now)
            if organiser >= 0 and forest[organiser].people > most:
                most, best = forest[organiser].people, organiser
    return best, moved


@kernel
def _may_bind(event: Row) -> bool:
    """Whether somebody can be bound to somebody else after an event."""
    return event.kind in (_REGISTER, _CLICK, _ORDER, _PAY, _REBIND)


@kernel
def _bound_by(event: Row, members: Records, orders: Records) -> tuple[int, int]:
    """Whose binding an event can have changed, -1 = nobody's, and whom they are bound to now."""
    if not _may_bind(event):
        return -1, NOBODY
    member = event.member
    if event.kind == _PAY and 0 <= event.order < len(orders):
        member = orders[event.order].buyer
    if member < 0 or members[member].joined_at < 0:
        return -1, NOBODY
    return member, members[member].upline


@kernel
def _sprout(forest: Records, member: int) -> None:
    node = forest[member]
    node.above, node.people, node.levels = NOBODY, 1, 1


@kernel
def _count(forest: Records, member: int, above: int, sign: int) -> None:
    """Count a member among the children of `above`, and those of the member among the grandchildren; or no longer."""
    forest[above].children += sign
    forest[above].grandchildren += sign * forest[member].children
    if forest[above].above >= 0:
        forest[forest[above].above].grandchildren += sign


@kernel
def _detach(forest: Records, member: int) -> None:
    """Take a member and everybody below off the tree they are in."""
    above = forest[member].above
    _count(forest, member, above, -1)
    while above >= 0:
        forest[above].people -= forest[member].people
        above = forest[above].above
    forest[member].above = NOBODY


@kernel
def _attach(forest: Records, member: int, above: int) -> int:
    """Put a member and everybody below into the tree of `above`.

    Returns:
        Who has the largest tree of those that are larger than ever and have three levels, -1 = nobody.
    """
    forest[member].above = above
    _count(forest, member, above, 1)
    levels, organiser = forest[member].levels, -1
    while above >= 0:
        node = forest[above]
        levels = max(levels + 1, node.levels)
        node.people += forest[member].people
        node.levels = levels
        if node.grandchildren > 0 and node.people > node.largest:
            node.largest = node.people
            organiser = above
        above = node.above
    return organiser


@kernel
def measure_levels(forest: Records, room: Numbers) -> None:
    """Make the levels of all trees exact again: leaves hand what they know to those above, then these in their turn.

    Args:
        room: for a number a member, twice.
    """
    people, last = len(forest), 0
    for member in range(people):
        node = forest[member]
        node.levels = min(node.people, 1)
        room[people + member] = node.children
        if node.children == 0 and node.above >= 0:
            room[last] = member
            last += 1
    at = 0
    while at < last:
        member = room[at]
        at += 1
        above = forest[member].above
        forest[above].levels = max(forest[above].levels, forest[member].levels + 1)
        room[people + above] -= 1
        if room[people + above] == 0 and forest[above].above >= 0:
            room[last] = above
            last += 1


class Forest:
    """Follows the forest from day to day.

    Attributes:
        nodes: `NODE`, by member.
        rises: day (`time // DAY`) and people, whenever a tree of three levels was larger than all before.
        organiser, depth: of the largest one, as it was then; the organiser is -1 as long as there is none.
    """

    def __init__(self, members: int) -> None:
        self.nodes = np.zeros(members, NODE)
        self.rises: list[tuple[int, int]] = []
        self.organiser, self.depth = -1, 0
        self._planted = self._stale = False

    def observe(self, day: int, events: Records, book: Book) -> None:
        """Take in a day; days come in order, one may come in several batches.

        Args:
            day: `time // DAY`.
            events: the batch.
            book: as right after it.
        """
        if self._planted:
            grown, moved = grow(self.nodes, events, book.members, book.rows("orders"))
            self._stale |= moved > 0
        else:
            self._planted, grown = True, plant(self.nodes, book.members)
        if grown >= 0 and self.nodes[grown]["people"] > (self.rises[-1][1] if self.rises else 0):
            self.rises.append((day, int(self.nodes[grown]["people"])))
            self.organiser, self.depth = grown, self._levels_of(grown)

    def _levels_of(self, member: int) -> int:
        if self._stale:
            measure_levels(self.nodes, np.zeros(2 * len(self.nodes), np.int32))
            self._stale = False
        return int(self.nodes[member]["levels"])
