"""A payout channel 付款通道 that answers late, not at all, or that it does not know, and never pays a number twice.

What it was asked it has written down before it answers, in a file of its own that outlives whoever asked: asked again
under the same number it says what it said, or would have said. What it does is a function of seed and number.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sim.draws import chance, key

_FAILS, _SAYS = 901, 902
"""Purposes of luck."""


class Answer(Enum):
    """What the channel says."""

    paid = "paid"
    failed = "failed"
    unknown = "unknown"  # it does not know yet
    nothing = "nothing"  # no answer came


@dataclass(frozen=True)
class Manners:
    """How a channel behaves: parts of all payouts that fail, are not known at first, or get no answer at first."""

    failed: float = 0.02
    unknown: float = 0.05
    silent: float = 0.05


class PayoutChannel:
    """A channel that keeps its book in a file.

    Args:
        path: of its book, one line a payment: number, fen, paid or failed. seed: of its luck. manners: how it behaves.
    """

    def __init__(self, path: Path, seed: int, manners: Manners | None = None) -> None:
        self._path, self._seed, self._manners = path, seed, manners or Manners()
        self._book: dict[str, tuple[int, Answer]] = {}
        self._asked: dict[str, int] = {}
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                number, amount, said = line.split(",")
                self._book[number] = int(amount), Answer(said)

    def pay(self, number: str, amount: int) -> Answer:
        """Ask for a payment, or what became of it: the same number is paid once.

        Args:
            number: the channel order number, one for life. amount: fen.

        Raises:
            ValueError: the number stands for another amount.
        """
        if number not in self._book:
            luck = chance(key(self._seed, _FAILS), _digits(number), 0)
            said = Answer.failed if luck < self._manners.failed else Answer.paid
            self._book[number] = amount, said
            with self._path.open("a", encoding="utf-8") as book:
                book.write(f"{number},{amount},{said.value}\n")
                book.flush()
                os.fsync(book.fileno())
        known, said = self._book[number]
        if known != amount:
            raise ValueError(f"{number} was {known} fen before, and is {amount} now")
        asked = self._asked.get(number, 0)
        self._asked[number] = asked + 1
        luck = chance(key(self._seed, _SAYS), _digits(number), asked)
        if luck < self._manners.unknown:
            return Answer.unknown
        return Answer.nothing if luck < self._manners.unknown + self._manners.silent else said


def _digits(number: str) -> int:
    return int("".join(filter(str.isdigit, number)) or 0)
