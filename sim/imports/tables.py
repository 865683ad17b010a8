"""A table of an export, whatever holds it: rows above the header, then blocks of rows in columns of text."""

from __future__ import annotations

import datetime as dt
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.experiments.metric_names import Text

BLOCK = 50_000
"""Rows of a block."""
PROBED = 25
"""Rows in which a header is looked for."""
FORMULA, FAULT = "\x00formula", "\x00error"
"""What stands for a formula without a saved result, and for an error value."""

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Letters that nobody sees: of headers from web pages, and of names that talk to the terminal."""
_TOTALS = {"合计", "总计", "小计", "共计", "汇总", "total", "totals", "sum", "subtotal", "grand total"}
_LONG = 16
"""Letters that no name of a row of totals has."""
_DIGITS = 10**15
"""Excel keeps 15 digits of a number; of an id with more the last ones are gone."""


@dataclass(frozen=True)
class Header:
    """Where the header stands, and what the columns are called.

    Attributes:
        row: the last row of the header, from 1; 0: the table has its names elsewhere.
        names: by position; "" for a column without a name; a name that comes again has `#2` behind it.
    """

    row: int
    names: tuple[str, ...]


class Record(NamedTuple):
    """One row as it was read.

    Attributes:
        row: its number, from 1: in a CSV file the line on which it begins.
        cells: by position; None: it could not be read.
        code: why it could not be read.
    """

    row: int
    cells: Sequence[str] | None
    code: str = ""


@dataclass(frozen=True)
class Block:
    """Rows in columns.

    Attributes:
        rows: their numbers.
        columns: text by name; null where a cell is empty.
        refused: rows that have no columns, with their codes.
        blank: rows without anything, which are none.
    """

    rows: NDArray[np.int64]
    columns: dict[str, pa.Array]
    refused: tuple[tuple[int, str], ...] = ()
    blank: int = 0


@dataclass
class SourceTable(ABC):
    """A table to read.

    Attributes:
        file: what messages call its file, without folders. sheet: the sheet or table in it; "" for the file itself.
        names: what a mapping may call it.
        notes: what people have to know of how it is read.
        since_1904: Excel serials in it count from 1904.
    """

    file: str
    sheet: str
    names: tuple[str, ...]
    notes: list[Text] = field(default_factory=list)
    since_1904: bool = False

    @property
    def label(self) -> str:
        """File and sheet in one text."""
        return _INVISIBLE.sub("", f"{self.file}:{self.sheet}" if self.sheet else self.file)

    @abstractmethod
    def header(self) -> Header | None:
        """The header where the format knows it; None where it is a row like any other."""

    @abstractmethod
    def head(self) -> list[Record]:
        """The first rows, to look for a header in."""

    @abstractmethod
    def blocks(self, header: Header, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows below the header, in order; of their columns those that are wanted and there."""

    def first(self, header: Header, wanted: Sequence[str]) -> Block | None:
        """The first rows below the header; None where there are none."""
        return next(self.blocks(header, wanted), None)


def gathered(records: Iterable[Record], header: Header, wanted: Sequence[str], padded: bool) -> Iterator[Block]:
    """Records below the header as blocks.

    Args:
        padded: a row may be shorter than the header, as a sheet leaves empty cells at its end out.
    """
    below = (record for record in records if record.row > header.row)
    width = len(header.names)
    places = {name: header.names.index(name) for name in wanted if name in header.names}
    while batch := list(islice(below, BLOCK)):
        rows, kept, refused, blank = [], [], [], 0
        for row, cells, code in batch:
            if cells is None:
                refused.append((row, code))
            elif not any(cells):
                blank += 1
            elif len(cells[0]) < _LONG and cells[0].strip(" :：").lower() in _TOTALS:
                refused.append((row, "total_row"))
            elif len(cells) != width and len(cells := _fitted(cells, width, padded)) != width:
                refused.append((row, "ragged"))
            else:
                rows.append(row)
                kept.append(cells)
        columns = list(zip(*kept, strict=True)) or [()] * width
        yield Block(
            np.array(rows, np.int64),
            {name: pa.array(columns[place], pa.string()) for name, place in places.items()},
            tuple(refused),
            blank,
        )


def _fitted(cells: Sequence[str], width: int, padded: bool) -> Sequence[str]:
    """A row as wide as the header, where nothing but empty cells is more or less."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    if padded and len(cells) < width:
        return [*cells, *[""] * (width - len(cells))]
    return cells


def unique_names(cells: Iterable[str]) -> tuple[str, ...]:
    """The names of columns; one that comes again gets a number."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(_INVISIBLE.sub("", cell).split())
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name}#{seen[name]}" if name and seen[name] > 1 else name)
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def text_of(value: object, in_excel: bool = False) -> str:
    """A value that some program typed, as text that says no more and no less; "" for none."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case int():
            return f"{value:.14E}" if in_excel and abs(value) >= _DIGITS else str(value)
        case float():
            return _number(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else ""
        case dt.datetime():
            return _moment(value, in_excel)
        case bytes():
            return str(value[0]) if len(value) == 1 else value.decode("utf-8", "replace")
    return str(value)


def _number(value: float) -> str:
    """A binary number at the 15 digits that Excel shows; one that has more digits keeps its exponent."""
    if not math.isfinite(value):
        return ""
    return f"{value:.14E}" if abs(value) >= _DIGITS else format(Decimal(f"{value:.15g}"), "f")


def _moment(value: dt.datetime, in_excel: bool) -> str:
    if in_excel:  # a serial is a fraction of a day: what is not a whole second comes from rounding
        value += dt.timedelta(microseconds=500_000)
    return value.replace(microsecond=0).isoformat(" ")
