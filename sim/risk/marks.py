"""Marks 评分: how good a desk was, against the truth: precision, recall, what got away, what the honest paid for it.

An account counts as caught if its credit ever fell below the line, or if it was turned away at the door. An alarm about
an account that a stranger had logged in to is right, too. Accounts of thieves are no accounts of cheats: what they do
is counted by their tries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY
from rules.records import WithdrawalStatus
from sim.risk.desk import Desk
from sim.risk.gate import Mask
from sim.risk.rules import Sign

CARE = (0.0, 1 / 3, 2 / 3, 1.000001)
"""From careless to careful in three."""


@dataclass(frozen=True)
class Point:
    """What there would be to catch, and how much of it rightly, with the line at a credit.

    Attributes:
        below: the credit. caught: accounts of cheats; wrong: of honest people, not under attack. cheats: in all.
        days: median of the days from a cheat's registration until they were caught; None where none was.
    """

    below: int
    caught: int
    wrong: int
    cheats: int
    days: float | None = None

    @property
    def recall(self) -> float | None:
        """Part of the cheats that are caught; None where nobody cheats."""
        return self.caught / self.cheats if self.cheats else None

    @property
    def precision(self) -> float | None:
        """Part of those caught who cheat; None where nobody is caught."""
        all_caught = self.caught + self.wrong
        return self.caught / all_caught if all_caught else None


@dataclass(frozen=True)
class Group:
    """Accounts of a kind of cheat, or of a third of care: how many, how many caught, what they were paid (fen)."""

    name: str
    accounts: int
    caught: int
    paid: int


@dataclass(frozen=True)
class SignMarks:
    """What became of one sign: times seen, accounts it was about, and how many of these cheat or were under attack."""

    sign: Sign
    findings: int
    accounts: int
    right: int


@dataclass(frozen=True)
class Marks:
    """How good a desk was.

    Attributes:
        line: credit below which an account is frozen; `at` is the curve's point there.
        curve: points by credit. kinds, care: of accounts. signs: of all that were seen.
        thefts, thefts_paid: withdrawals that strangers asked for, and fen of those that were paid.
        loss: fen paid to cheats and thieves.
        reviews, condemned_wrongly: cases that were looked at, and honest people rejected.
        review_cost: fen. frozen: honest people who were frozen; frozen_days, frozen_cost: how long, and fen.
        turned_away: honest people refused at the door. owners_stopped: withdrawals of owners that a check stopped.
    """

    line: int
    at: Point
    curve: tuple[Point, ...]
    kinds: tuple[Group, ...]
    care: tuple[Group, ...]
    signs: tuple[SignMarks, ...]
    thefts: int
    thefts_paid: int
    loss: int
    reviews: int
    condemned_wrongly: int
    review_cost: int
    frozen: int
    frozen_days: int
    frozen_cost: int
    turned_away: int
    owners_stopped: int

    @property
    def cost(self) -> int:
        """What the desk cost, in fen: reviews, and honest people in the freezer."""
        return self.review_cost + self.frozen_cost


@dataclass(frozen=True)
class _Accounts:
    """Who is who among those who came: turned away at the door, cheats and honest people (both of them included)."""

    out: Mask
    cheats: Mask
    honest: Mask

    @classmethod
    def of(cls, desk: Desk, book: Book) -> _Accounts:
        cheats = desk.truth.cheats
        out = desk.gate.shut_out if desk.rules.act else np.zeros(len(cheats), np.bool_)
        came = (book.members["joined_at"] >= 0) | out
        return cls(out, cheats & came, ~cheats & came)


def marks_of(desk: Desk, book: Book) -> Marks:
    """The marks of a desk at the end of a run."""
    truth, rules, who = desk.truth, desk.rules, _Accounts.of(desk, book)
    curve = tuple(_point(desk, book, who, place) for place in range(len(desk.credit.lines)))
    caught = (desk.credit.lowest < rules.freeze_below) | who.out
    paid, stolen = _paid(book), _stolen(book, truth.stolen)
    reviews, days = len(desk.reviews.closed), int(desk.frozen_days[who.honest].sum())
    return Marks(
        line=rules.freeze_below,
        at=next(point for point in curve if point.below == rules.freeze_below),
        curve=curve,
        kinds=tuple(
            _group(name, who.cheats & (truth.kind == 1 + place), caught, paid) for place, name in enumerate(truth.kinds)
        ),
        care=_by_care(truth.care, who.cheats, caught, paid),
        signs=_signs(desk, truth.cheats | (truth.attacked >= 0)),
        thefts=len(truth.stolen),
        thefts_paid=stolen,
        loss=int(paid[truth.cheats].sum()) + stolen,
        reviews=reviews,
        condemned_wrongly=int((desk.condemned & who.honest).sum()),
        review_cost=reviews * rules.reviewers.cost,
        frozen=int((who.honest & (desk.frozen_days > 0)).sum()),
        frozen_days=days,
        frozen_cost=days * rules.frozen_day,
        turned_away=int((who.out & ~truth.cheats).sum()),
        owners_stopped=len(set(desk.stopped) - truth.stolen),
    )


def _point(desk: Desk, book: Book, who: _Accounts, place: int) -> Point:
    """The curve's point at one of the desk's lines."""
    fell = desk.credit.fell[:, place]
    caught = (fell >= 0) | who.out
    wrong = caught & who.honest & (desk.truth.attacked < 0)
    seen = who.cheats & (fell >= 0)
    days = fell[seen] - (book.members["joined_at"][seen] // DAY - desk.start)
    median = float(np.median(days)) if len(days) else None
    counts = int((caught & who.cheats).sum()), int(wrong.sum()), int(who.cheats.sum())
    return Point(desk.credit.lines[place], *counts, median)


def _group(name: str, who: Mask, caught: Mask, paid: NDArray[np.int64]) -> Group:
    return Group(name, int(who.sum()), int((who & caught).sum()), int(paid[who].sum()))


def _by_care(care: NDArray[np.float64], cheats: Mask, caught: Mask, paid: NDArray[np.int64]) -> tuple[Group, ...]:
    """Careless, middling and careful cheats."""
    thirds = zip(("careless", "middling", "careful"), CARE[:-1], CARE[1:], strict=True)
    return tuple(_group(name, cheats & (low <= care) & (care < high), caught, paid) for name, low, high in thirds)


def _signs(desk: Desk, right: Mask) -> tuple[SignMarks, ...]:
    findings = desk.findings
    told = []
    for sign in Sign:
        about = findings["member"][findings["sign"] == sign]
        accounts = np.unique(about)
        if len(about):
            told.append(SignMarks(sign, len(about), len(accounts), int(right[accounts].sum())))
    return tuple(told)


def _paid(book: Book) -> NDArray[np.int64]:
    """Fen paid out, by member."""
    paid: NDArray[np.int64] = book.members["withdrawn"].astype(np.int64)
    return paid


def _stolen(book: Book, numbers: set[int]) -> int:
    """Fen of withdrawals that were paid, of some numbers."""
    rows = book.rows("withdrawals")
    known = [number for number in sorted(numbers) if number < len(rows)]
    asked = rows[known]
    return int(asked["amount"][asked["status"] == WithdrawalStatus.paid].sum())
