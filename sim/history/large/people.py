"""Everybody in a large history: who invited whom, which tree of referral each belongs to, and in which part it lies.

No rule that the bulk engine knows looks beyond a tree of referral, so that trees can be replayed apart from each other,
in any order and on any machine. A part holds whole trees.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import Numbers
from rules.jit import kernel
from sim.history.cells import ABSENT, table_sheet
from sim.history.large.names import NameTable
from sim.history.members import COLUMNS

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class People:
    """People by number, their place in the members table; all arrays (people,).

    Attributes:
        inviter: or -1. depth: how many people stand above.
        joined, bound: seconds, or ABSENT where the table does not say.
        rank: by number of its name, or -1. part: int16, of their tree. local: int32, their number within the part.
    """

    inviter: Integers
    depth: Integers
    joined: Integers
    bound: Integers
    rank: Integers
    part: Numbers
    local: Numbers

    def save(self, folder: Path) -> None:
        """Write them for other processes."""
        for one in fields(self):
            np.save(folder / f"people-{one.name}.npy", getattr(self, one.name))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What was written, mapped."""
        return cls(*(np.load(folder / f"people-{one.name}.npy", mmap_mode="r") for one in fields(cls)))


def read_people(path: Path, parts: int) -> tuple[NameTable, People, list[str], int]:
    """The people of a members table, the names of their ranks, and the size of the largest tree.

    Args:
        parts: among which trees are dealt out, the largest first, so that all have about as many people.

    Raises:
        InputError: a member comes twice, an inviter is no member, or inviters run in a circle.
    """
    there = pq.read_schema(path).names
    table = pq.read_table(path, columns=[name for name in COLUMNS if name in there])
    sheet = table_sheet(table, str(path))
    if table["member_id"].null_count:
        raise InputError("member_id is empty", Place(str(path)), "a name for every member")
    names, again = NameTable.of(table["member_id"])
    if again >= 0:
        raise InputError(f"member_id {names.name(again)!r}", Place(str(path), again + 1), "one row a member")
    inviter = names.find(table["inviter_id"])
    unknown = np.flatnonzero((inviter < 0) & ~pc.is_null(table["inviter_id"]).to_numpy())
    if len(unknown):
        raise InputError("inviter_id is no member", Place(str(path), int(unknown[0]) + 1), "a member_id of the table")
    depth, root = np.full(len(inviter), -1), np.empty(len(inviter), np.int64)
    circle = climb(inviter, depth, root)
    if circle >= 0:
        raise InputError(
            f"inviters of {names.name(circle)!r} run in a circle", Place(str(path), circle + 1), "no circles"
        )
    codes, ranks = sheet.coded("rank")
    joined, bound = sheet.time("joined_at"), sheet.time("bound_at")
    if refused := sheet.refused():
        raise refused[0]
    sizes = np.bincount(root, minlength=len(root))
    part = _deal(sizes, parts)[root]
    people = People(inviter, depth, joined, bound, codes, part, _within(part))
    return names, people, ranks, int(sizes.max(initial=0))


def joining(people: People, first: Integers) -> Integers:
    """When everybody joined: as given, else with the first order or the first invitee, else when all began.

    Args:
        first: seconds of each one's first order, far in the future where there is none.
    """
    joined = np.where(people.joined == ABSENT, first, people.joined)
    if not (people.joined == ABSENT).any():
        return joined
    never = np.iinfo(np.int64).max
    order = np.argsort(-people.depth, kind="stable")
    pull_up(order, people.inviter, people.joined == ABSENT, joined)
    known = joined[joined < never]
    joined[joined == never] = known.min() if len(known) else 86_400
    return joined


def _deal(sizes: Integers, parts: int) -> NDArray[np.int16]:
    """The part of each root: large trees go where fewest people are yet, small ones round."""
    order = np.argsort(-sizes, kind="stable")[: int((sizes > 0).sum())]
    part, load = np.zeros(len(sizes), np.int16), np.zeros(parts, np.int64)
    deal_out(order, sizes, load, part)
    return part


def _within(part: Numbers) -> NDArray[np.int32]:
    """The number of each within the part, by the number in all."""
    order = np.argsort(part, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(part))])
    local = np.empty(len(part), np.int32)
    local[order] = np.arange(len(part)) - begins[part[order]]
    return local


@kernel
def climb(inviter: Numbers, depth: Numbers, root: Numbers) -> int:
    """Depth and root of everybody; somebody in a circle ends it and is returned, else -1. Depths are -1 before."""
    for start in range(len(inviter)):
        steps, at = 0, start
        while at >= 0 and depth[at] < 0:
            steps += 1
            at = inviter[at]
            if steps > len(inviter):
                return start
        above, top = (depth[at], root[at]) if at >= 0 else (-1, -1)
        person = start
        while steps > 0:
            if top < 0:
                top = _last(inviter, person)
            depth[person], root[person] = above + steps, top
            steps -= 1
            person = inviter[person]
    return -1


@kernel
def _last(inviter: Numbers, person: int) -> int:
    while inviter[person] >= 0:
        person = inviter[person]
    return person


@kernel
def deal_out(order: Numbers, sizes: Numbers, load: Numbers, part: Numbers) -> None:
    """Give each root, the largest tree first, to the part with fewest people."""
    for root in order:
        least = 0
        for other in range(1, len(load)):
            if load[other] < load[least]:
                least = other
        part[root] = least
        load[least] += sizes[root]


@kernel
def pull_up(order: Numbers, inviter: Numbers, open_: Numbers, joined: Numbers) -> None:
    """Whoever has no day of joining joined with their first invitee at the latest; from the lowest up."""
    for person in order:
        above = inviter[person]
        if above >= 0 and open_[above] and joined[person] < joined[above]:
            joined[above] = joined[person]
