"""The leaderboards of a run 排行榜: the last closed round of each contest, place by place, with what was won."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rules.book import Book
from rules.calendar import date_of
from rules.commission.contest import Contest, Prize
from rules.events import DAY, Names, Records
from rules.plan.model import Plan

SHOWN = 10
"""Places that are told of a round, at the most."""


@dataclass(frozen=True)
class PlaceTaken:
    """A place of a round; `figure` is fen or a count, `rival` the other one of a pair, `prize` None for none."""

    place: int
    member: str
    figure: int
    rival: str | None
    prize: Prize | None


@dataclass(frozen=True)
class Board:
    """The last closed round of a contest in an arm.

    Attributes:
        day: its last. rounds: how many are closed so far. places: the first ones.
        paid, in_kind: fen that all rounds together have paid, and the value of goods.
    """

    contest: Contest
    arm: int
    day: dt.date
    rounds: int
    places: tuple[PlaceTaken, ...]
    paid: int
    in_kind: int


def boards(book: Book, plans: Sequence[Plan], names: Names) -> tuple[Board, ...]:
    """The leaderboards of a book, in the order in which their contests first closed a round."""
    closed: dict[tuple[int, str], list[int]] = {}
    rows = book.rows("rounds")
    for number, row in enumerate(rows):
        closed.setdefault((int(row["arm"]), _contest_of(plans, row).id), []).append(number)
    return tuple(_board(book, plans, names, numbers) for numbers in closed.values())


def _contest_of(plans: Sequence[Plan], row: np.void) -> Contest:
    return plans[int(row["plan"])].contests[int(row["contest"])]


def _board(book: Book, plans: Sequence[Plan], names: Names, numbers: list[int]) -> Board:
    rows = book.rows("rounds")
    last = rows[numbers[-1]]
    prizes = [
        _contest_of(plans, row).prizes[int(prize)]
        for row in rows[numbers]
        for prize in _placings(book, row)["prize"]
        if prize >= 0
    ]
    return Board(
        contest=_contest_of(plans, last),
        arm=int(last["arm"]),
        day=date_of(int(last["day"]) * DAY),
        rounds=len(numbers),
        places=tuple(_places(book, plans, names, last)),
        paid=sum(prize.pay or 0 for prize in prizes),
        in_kind=sum(prize.value or 0 for prize in prizes),
    )


def _placings(book: Book, row: np.void) -> Records:
    first = int(row["first"])
    return book.placings[first : first + int(row["places"])]


def _places(book: Book, plans: Sequence[Plan], names: Names, row: np.void) -> list[PlaceTaken]:
    prizes = _contest_of(plans, row).prizes
    return [
        PlaceTaken(
            place=number,
            member=names.member(int(one["member"])),
            figure=int(one["figure"]),
            rival=names.member(int(one["rival"])) if one["rival"] >= 0 else None,
            prize=prizes[int(one["prize"])] if one["prize"] >= 0 else None,
        )
        for number, one in enumerate(_placings(book, row)[:SHOWN], 1)
    ]
