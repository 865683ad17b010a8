"""What came in and what became of it: rows and money, table by table. It has to add up, or nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.imports.amounts import exact_sum

Integers = NDArray[np.int64]


@dataclass
class Money:
    """A column of money, in fen: what was read, and where it went."""

    read: int = 0
    kept: int = 0
    quarantined: int = 0
    unreadable: int = 0
    """Cells with something in them that is no amount."""

    def adds_up(self) -> bool:
        """Whether nothing was lost or came from nowhere."""
        return self.read == self.kept + self.quarantined


@dataclass
class Count:
    """One table under one entry of the mapping.

    Attributes:
        file, sheet, kind: which, and what it is taken for.
        above, blank, left_out: rows above the header, with nothing in them, or that the mapping's conditions leave out;
            none of them is counted in `rows`.
        rows: all others; every one of them is kept or quarantined.
        money: by our name of the column.
    """

    file: str
    sheet: str
    kind: str
    above: int = 0
    blank: int = 0
    left_out: int = 0
    rows: int = 0
    kept: int = 0
    quarantined: int = 0
    money: dict[str, Money] = field(default_factory=dict)

    def read(self, rows: int, money: dict[str, Integers], unreadable: dict[str, int]) -> None:
        """Count rows that were read."""
        self.rows += rows
        for name, fen in money.items():
            of = self.money.setdefault(name, Money())
            of.read += exact_sum(fen)
            of.unreadable += unreadable.get(name, 0)

    def keep(self, rows: int, money: dict[str, Integers]) -> None:
        """Count rows that are kept."""
        self.kept += rows
        for name, fen in money.items():
            self.money.setdefault(name, Money()).kept += exact_sum(fen)

    def set_aside(self, rows: int, money: dict[str, Integers]) -> None:
        """Count rows that are set aside."""
        self.quarantined += rows
        for name, fen in money.items():
            self.money.setdefault(name, Money()).quarantined += exact_sum(fen)

    def adds_up(self) -> bool:
        """Whether every row and every fen is kept or set aside."""
        return self.rows == self.kept + self.quarantined and all(of.adds_up() for of in self.money.values())
