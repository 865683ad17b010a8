"""Everybody who is named anywhere, once: who invited them, their rank, when they joined, and how they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.history.cells import ABSENT
from sim.history.members import depths
from sim.imports.reasons import CODES
from sim.imports.stage import Staged, indices, joined_codes, repeated

Integers = NDArray[np.int64]
_CIRCLE = CODES["inviter_cycle"]


@dataclass
class People:
    """Everybody.

    Attributes:
        names: pseudonyms, in the order in which they are met.
        inviter: person or -1. rank: number in `ranks` or -1. joined, bound: seconds or ABSENT. All by person.
        known_from: `members` for those with a row, else the first place that names them.
    """

    names: pa.Array
    inviter: Integers
    rank: Integers
    ranks: pa.Array
    joined: Integers
    bound: Integers
    known_from: list[str]

    def made(self) -> dict[str, int]:
        """How many have no row of their own, by where they are known from."""
        found = {name: self.known_from.count(name) for name in dict.fromkeys(self.known_from)}
        return {name: count for name, count in found.items() if name != "members"}


def judge_members(members: Staged | None, named: Sequence[tuple[str, pa.Array]]) -> People:
    """Members with what their rows say, and those whom only other tables name.

    A row that says of a member that is known already something else is set aside; so is the last row, in the order
    of the files, of every circle of inviters: its member stays, without an inviter.

    Args:
        named: where else people are named: the place, and pseudonyms (null where nobody is).
    """
    columns: list[pa.Array] = [] if members is None else [members.texts["member_id"]]
    inviters = members is not None and "inviter_id" in members.texts
    if members is not None:
        repeated(members, [members.entry.astype(np.int64), members.codes("member_id")], members.codes("member_id") >= 0)
        columns += [members.texts["inviter_id"]] if inviters else []
    codes, names = joined_codes([*columns, *(cells for _, cells in named)]) if columns or named else ([], pa.array([]))
    people = len(names)
    inviter, rank = np.full(people, -1), np.full(people, -1)
    joined, bound = np.full(people, ABSENT), np.full(people, ABSENT)
    ranks = pa.array([], pa.string())
    if members is not None:
        if "rank" in members.texts:
            ranks = members.texts["rank"].dictionary
            _first_said(rank, codes[0], indices(members.texts["rank"]), members, nothing=-1)
        _first_said(joined, codes[0], members.number("joined_at"), members, nothing=ABSENT)
        _first_said(bound, codes[0], members.number("bound_at"), members, nothing=ABSENT)
        if inviters:
            says = _first_said(inviter, codes[0], codes[1], members, nothing=-1)
            _break_circles(inviter, says, members)
    return People(names, inviter, rank, ranks, joined, bound, _known_from(members, inviters, codes, named, people))


def _first_said(into: Integers, of: Integers, values: Integers, members: Staged, nothing: int) -> Integers:
    """Fill what members' rows say; of two that do, the earlier entry of the mapping wins. Returns the row by person."""
    rows = np.flatnonzero(members.good & (values != nothing))
    rows = rows[np.lexsort((rows, members.entry[rows]))][::-1]
    said = np.full(len(into), -1)
    into[of[rows]] = values[rows]
    said[of[rows]] = rows
    return said


def _break_circles(inviter: Integers, says: Integers, members: Staged) -> None:
    """Take the edge out of every circle that the last row of it in the files says."""
    _, circles = depths(inviter)
    for circle in circles:
        last = max(circle, key=lambda person: int(says[person]))
        inviter[last] = -1
        members.code[says[last]] = _CIRCLE


def _known_from(
    members: Staged | None, inviters: bool, codes: list[Integers], named: Sequence[tuple[str, pa.Array]], people: int
) -> list[str]:
    """Where everybody is first named, rows of members before anything else."""
    places = [] if members is None else ["members", *(["inviter"] if inviters else [])]
    places += [place for place, _ in named]
    first = np.full(people, len(places))
    for number in range(len(places) - 1, -1, -1):
        there = codes[number]
        if number == 0 and members is not None:
            there = there[members.good | (members.code == _CIRCLE)]
        if places[number] == "inviter" and members is not None:
            there = there[members.good]
        first[there[there >= 0]] = number
    words = [*places, "set_aside"]
    return [words[number] for number in first.tolist()]
