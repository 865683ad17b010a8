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
FEW = 5
"""A region of fewer people is told as `other`."""


@dataclass(frozen=True)
class Word:
    """What is said of people in a word: number in `names` by person, -1 where nothing is.

    Attributes:
        rare: how many words became `other`.
    """

    of: Integers
    names: pa.Array
    rare: int = 0


@dataclass
class People:
    """Everybody.

    Attributes:
        names: pseudonyms, in the order in which they are met.
        inviter: person or -1. joined, bound: seconds or ABSENT. All by person.
        rank, region: as the platform calls them.
        known_from: `members` for those with a row, else the first place that names them.
    """

    names: pa.Array
    inviter: Integers
    rank: Word
    region: Word
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
    inviter = np.full(people, -1)
    joined, bound = np.full(people, ABSENT), np.full(people, ABSENT)
    rank, region = _word("rank", codes, members, people), _without_rare(_word("region", codes, members, people))
    if members is not None:
        _first_said(joined, codes[0], members.number("joined_at"), members, nothing=ABSENT)
        _first_said(bound, codes[0], members.number("bound_at"), members, nothing=ABSENT)
        if inviters:
            says = _first_said(inviter, codes[0], codes[1], members, nothing=-1)
            _break_circles(inviter, says, members)
    return People(names, inviter, rank, region, joined, bound, _known_from(members, inviters, codes, named, people))


def _word(name: str, codes: list[Integers], members: Staged | None, people: int) -> Word:
    """A column of words by person; nothing where the members have no such column."""
    of = np.full(people, -1)
    if members is None or name not in members.texts:
        return Word(of, pa.array([], pa.string()))
    _first_said(of, codes[0], indices(members.texts[name]), members, nothing=-1)
    return Word(of, members.texts[name].dictionary)


def _without_rare(word: Word) -> Word:
    """The same with what is said of very few as `other`: an address in full would tell who it is."""
    few = np.bincount(word.of[word.of >= 0], minlength=len(word.names)) < FEW
    kept = np.flatnonzero(~few)
    if len(kept) == len(few):
        return word
    number = np.full(len(few) + 1, len(kept))
    number[kept], number[-1] = np.arange(len(kept)), -1
    names = pa.concat_arrays([word.names.take(pa.array(kept)).cast(pa.string()), pa.array(["other"])])
    return Word(number[word.of], names, int(few.sum()))


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
