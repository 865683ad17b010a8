"""The people of an imported history: who invited whom, who joined when; gaps are filled from the orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.events import DAY
from sim.history.cells import ABSENT, Problem, Sheet

Integers = NDArray[np.int64]

COLUMNS = ("member_id", "inviter_id", "rank", "joined_at", "bound_at")
_LATER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Members:
    """The people of a history; numbers are by first mention in the tables.

    Attributes:
        names: by person. ranks: the names of ranks.
        buyer: person by order row; -1 where the table does not say.
        inviter: person or -1, by person. depth: how many people stand above, by person.
        joined: seconds, by person. rank: index into `ranks` or -1, by person.
        bound: seconds, by person: when to the inviter; never before both have joined.
    """

    names: list[str]
    ranks: list[str]
    buyer: Integers
    inviter: Integers
    depth: Integers
    joined: Integers
    bound: Integers
    rank: Integers

    @property
    def late(self) -> Integers:
        """Those who were bound after joining, because their inviter joined later, or the table says so."""
        return np.flatnonzero((self.inviter >= 0) & (self.bound > self.joined))


def read_members(sheet: Sheet | None, buyers: pa.Array, bought: Integers) -> Members:
    """Everybody who is named as member, inviter or buyer.

    Args:
        sheet: the members table; problems are noted there, and rows that have one are passed over.
        buyers: names by order row.
        bought: seconds at which the order of a row was placed, ABSENT for rows that are left out.
    """
    sheet = sheet or Sheet("members", pa.table({"member_id": pa.array([], pa.string())}), lambda: iter(()))
    own, inviters = sheet.text("member_id"), sheet.text("inviter_id")
    joined_at, bound_at = sheet.time("joined_at"), sheet.time("bound_at")
    rank = sheet.text("rank").dictionary_encode()
    _note_names(sheet, own)
    coded = pa.concat_arrays([own, inviters, buyers]).dictionary_encode()
    codes = _codes(coded)
    rows, people = len(sheet), len(coded.dictionary)
    member, above = codes[:rows], codes[rows : 2 * rows]
    inviter, ranked = np.full(people, -1), np.full(people, -1)
    given, bound = np.full(people, ABSENT), np.full(people, ABSENT)
    good = ~sheet.bad_rows()
    inviter[member[good]], given[member[good]] = above[good], joined_at[good]
    bound[member[good]] = bound_at[good]
    ranked[member[good]] = _codes(rank)[good]
    names = coded.dictionary.to_pylist()
    depth, circles = depths(inviter)
    for circle in circles:
        _note_circle(sheet, circle, member, names)
        inviter[circle] = -1
    buyer = codes[2 * rows :]
    first = np.full(people, _LATER)
    known = (bought != ABSENT) & (buyer >= 0)
    np.minimum.at(first, buyer[known], bought[known])
    joined = _joined(given, first, inviter, depth)
    bound = binding(bound, joined, inviter)
    return Members(names, rank.dictionary.to_pylist(), buyer, inviter, depth, joined, bound, ranked)


def binding(given: Integers, joined: Integers, inviter: Integers) -> Integers:
    """When everybody was bound to their inviter: as given, but not before both have joined."""
    return np.maximum(given, np.where(inviter >= 0, np.maximum(joined, joined[inviter]), joined))


def depths(inviter: Integers) -> tuple[Integers, list[list[int]]]:
    """How many people stand above each, and the circles there are; nobody in a circle has anybody above.

    Args:
        inviter: person or -1, by person.
    """
    above = inviter.tolist()
    depth, circles = [-1] * len(above), []
    walking = -2
    for start in range(len(above)):
        path, at = [], start
        while at >= 0 and depth[at] == -1:
            depth[at] = walking
            path.append(at)
            at = above[at]
        if at >= 0 and depth[at] == walking:
            place = path.index(at)
            circles.append(path[place:])
            for person in path[place:]:
                depth[person] = 0
            path = path[:place]
        under = depth[at] if at >= 0 else -1
        for person in reversed(path):
            under += 1
            depth[person] = under
    return np.array(depth, np.int64), circles


def _codes(encoded: pa.DictionaryArray) -> Integers:
    """The numbers behind a dictionary column, -1 for null."""
    return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _note_names(sheet: Sheet, own: pa.Array) -> None:
    """A member needs a name, and one row."""
    if len(sheet) == 0:
        return
    sheet.note(pc.is_null(own).to_numpy(zero_copy_only=False), "member_id", "who it is")
    codes = _codes(own.dictionary_encode())
    _, first = np.unique(codes, return_index=True)
    again = np.ones(len(codes), np.bool_)
    again[first] = False
    sheet.note(again & (codes >= 0), "member_id", "one row a member")


def _note_circle(sheet: Sheet, circle: list[int], member: Integers, names: list[str]) -> None:
    """Note a circle of inviters, with all names, at each of its rows."""
    for person in circle:
        place = circle.index(person)
        round_trip = [names[other] for other in [*circle[place:], *circle[:place], person]]
        given = " → ".join(round_trip if len(round_trip) <= 12 else [*round_trip[:11], "…"])
        row = int(np.flatnonzero(member == person)[0])
        sheet.problems.append(Problem(row, "inviter_id", given, "inviters that do not run in a circle"))


def _joined(given: Integers, first: Integers, inviter: Integers, depth: Integers) -> Integers:
    """When everybody joined: as given, else with the first order or the first invitee, else when all began.

    Args:
        given: seconds or ABSENT. first: seconds of the first order.
        inviter, depth: as in `Members`.
    """
    joined = np.where(given == ABSENT, first, given)
    for level in range(int(depth.max(initial=0)), 0, -1):
        people = np.flatnonzero((depth == level) & (given[inviter] == ABSENT))
        np.minimum.at(joined, inviter[people], joined[people])
    known = joined[joined < _LATER]
    joined[joined == _LATER] = known.min() if len(known) else DAY
    return joined
