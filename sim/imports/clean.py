"""A block of rows under a mapping: every cell read, every id a pseudonym, every row judged by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.money import MAX_AMOUNT
from sim.history.cells import ABSENT
from sim.imports.amounts import fen_of, normal, whole_of
from sim.imports.dates import DateOrder, either_way, is_never, seconds_of
from sim.imports.kinds import COLUMNS, MOST, REQUIRED, SIGNED, Holds
from sim.imports.mapping import Column, TableMap
from sim.imports.pseudonyms import Pseudonyms, is_personal, looks_personal, shape
from sim.imports.reasons import CODES
from sim.imports.tables import FAULT, FORMULA, Block

Integers = NDArray[np.int64]
_NOBODY = pa.array(["0", "-1", "0.0"])
_ROUNDED = r"^[+-]?\d(\.\d+)?[eE]\+?\d+$"
_MOST_ID = 200
_PLAIN = re.compile(r"[\d\s.,:;/+\-¥%()年月日时点分秒上下午元TZ]*")


@dataclass
class Verdict:
    """What is wrong with the rows of a block: of each the first thing.

    Attributes:
        code: number of the reason by row, 0 = nothing.
        column: our name of the column it is about, by row.
        given: what stood there, where it may be shown, by row.
    """

    code: NDArray[np.int16]
    column: dict[int, str] = field(default_factory=dict)
    given: dict[int, str] = field(default_factory=dict)

    def note(self, bad: NDArray[np.bool_], code: str, column: str, cells: pa.Array | None = None) -> None:
        """Note what is wrong with the rows in `bad` that nothing is known of yet."""
        rows = np.flatnonzero(bad & (self.code == 0))
        self.code[rows] = CODES[code]
        self.column |= dict.fromkeys(rows.tolist(), column)
        if cells is not None and len(rows):
            texts = cells.take(pa.array(rows)).to_pylist()
            self.given |= {row: showable(text or "") for row, text in zip(rows.tolist(), texts, strict=True)}


@dataclass
class Cleaned:
    """A block after reading.

    Attributes:
        columns: our columns: pseudonyms and texts as Arrow arrays, numbers as (rows,) with ABSENT.
        verdict: which rows are set aside.
        masked: texts in which something personal stood, and a pseudonym stands now.
    """

    columns: dict[str, pa.Array | Integers]
    verdict: Verdict
    masked: int


def clean(
    block: Block, table: TableMap, names: Pseudonyms, orders: dict[str, DateOrder], since_1904: bool, label: str
) -> Cleaned:
    """Read a block.

    Args:
        orders: of columns whose dates end with the year, what comes first.
        label: of the table; with the row it stands for the number of an order where there is none.
    """
    rows = _Rows(block, table, names, orders, since_1904)
    rows.leave_out()
    columns = {name: rows.read(name, table.columns[name]) for name in COLUMNS[table.kind] if name in table.columns}
    rows.demand(columns)
    if table.kind == "orders" and "order_id" not in table.columns:
        numbers = pa.array([f"{label}:{row}" for row in block.rows.tolist()], pa.string())
        columns["order_id"] = names.column(numbers, Holds.order)
    return Cleaned(columns, rows.verdict, rows.masked)


def showable(text: str) -> str:
    """What of a cell may be shown: a number or a time as it is, of anything else only what it looks like."""
    return text[:40] if _PLAIN.fullmatch(text) and not is_personal(text) else shape(text)


class _Rows:
    """The rows of one block while they are read."""

    def __init__(
        self, block: Block, table: TableMap, names: Pseudonyms, orders: dict[str, DateOrder], since_1904: bool
    ) -> None:
        self.block, self.table, self.names, self.orders, self.since_1904 = block, table, names, orders, since_1904
        self.size = len(block.rows)
        self.verdict = Verdict(np.zeros(self.size, np.int16))
        self.masked = 0
        self._parsed: dict[str, list[object]] = {}
        self._readers: dict[Holds, Callable[[str, Column], pa.Array | Integers]] = {
            Holds.member: self._person,
            Holds.order: self._number_of,
            Holds.line: self._number_of,
            Holds.time: self._time,
            Holds.money: self._money,
            Holds.whole: self._whole,
            Holds.text: self._text,
        }

    def read(self, name: str, column: Column) -> pa.Array | Integers:
        return self._readers[COLUMNS[self.table.kind][name]](name, column)

    def leave_out(self) -> None:
        for source, values in self.table.where.items():
            self.verdict.note(~self._among(source, values), "left_out", "")
        for source, values in self.table.unless.items():
            self.verdict.note(self._among(source, values), "left_out", "")

    def demand(self, columns: dict[str, pa.Array | Integers]) -> None:
        """What is needed has to be there."""
        needed = REQUIRED[self.table.kind]
        if "order_id" in columns and self.table.kind == "orders":
            needed = (("order_id",), *needed)
        for group in needed:
            there = np.zeros(self.size, np.bool_)
            for name in group:
                if name in columns:
                    there |= given_in(columns[name])
            self.verdict.note(~there, "missing", next(name for name in group if name in columns))

    def _cells(self, source: str) -> pa.Array:
        there = source in self.block.columns
        return normal(self.block.columns[source]) if there else pa.nulls(self.size, pa.string())

    def _among(self, source: str, values: list[str]) -> NDArray[np.bool_]:
        """Which rows have one of these values; an empty cell is ""."""
        cells = pc.fill_null(self._cells(source), "")
        return pc.is_in(cells, pa.array(values, pa.string())).to_numpy(zero_copy_only=False)

    def _values(self, name: str, column: Column) -> pa.Array:
        """The texts of a column as the mapping wants them; a formula without a result and an error are noted."""
        cells = self._inside(name, column) if column.path else self._cells(column.source)
        for sign, code in ((FORMULA, "formula"), (FAULT, "cell_error")):
            bad = pc.fill_null(pc.equal(cells, sign), False)
            if pc.any(bad, min_count=0).as_py():
                self.verdict.note(bad.to_numpy(zero_copy_only=False), code, name)
                cells = _without(cells, bad)
        if column.empty:
            cells = _without(cells, pc.is_in(cells, pa.array(column.empty, pa.string())))
        if column.values:
            known = pa.array(list(column.values), pa.string())
            ours = pa.array(list(column.values.values()), pa.string())
            cells = ours.take(pc.index_in(cells, known))
        return cells

    def _inside(self, name: str, column: Column) -> pa.Array:
        """Texts from inside cells of JSON; numbers stay as they are written."""
        if column.source not in self._parsed:
            texts = self.block.columns[column.source].to_pylist() if column.source in self.block.columns else []
            self._parsed[column.source] = [_parsed(text) for text in texts or [None] * self.size]
        parsed = self._parsed[column.source]
        self.verdict.note(np.array([one is _BROKEN for one in parsed], np.bool_), "bad_json", name)
        return normal(pa.array([_at(one, column.path) for one in parsed], pa.string()))

    def _person(self, name: str, column: Column) -> pa.Array:
        cells = self._values(name, column)
        return self._pseudonyms(name, _without(cells, pc.is_in(cells, _NOBODY)), Holds.member)

    def _number_of(self, name: str, column: Column) -> pa.Array:
        return self._pseudonyms(name, self._values(name, column), COLUMNS[self.table.kind][name])

    def _pseudonyms(self, name: str, cells: pa.Array, holds: Holds) -> pa.Array:
        cells = pc.replace_substring_regex(cells, r"^(\d+)\.0+$", r"\1")
        for pattern, code in ((_ROUNDED, "id_rounded"), (rf"[[:cntrl:]]|^.{{{_MOST_ID},}}$", "bad_id")):
            bad = pc.fill_null(pc.match_substring_regex(cells, pattern), False)
            self.verdict.note(bad.to_numpy(zero_copy_only=False), code, name)
            cells = _without(cells, bad)
        return self.names.column(cells, holds)

    def _time(self, name: str, column: Column) -> Integers:
        cells = self._values(name, column)
        time = seconds_of(cells, self.orders.get(name), self.since_1904)
        bad = (time == ABSENT) & given_in(_without(cells, is_never(cells)))
        if name not in self.orders and bad.any():
            self.verdict.note(bad & either_way(cells), "date_order", name, cells)
        self.verdict.note(bad, "bad_time", name, cells)
        return time

    def _money(self, name: str, column: Column) -> Integers:
        cells = self._values(name, column)
        fen, unreadable = self._fen(cells, column)
        self.verdict.note(unreadable, "bad_money", name, cells)
        for sign, sources in ((1, column.plus), (-1, column.minus)):
            for source in sources:
                parts = self._cells(source)
                part, broken = self._fen(parts, column)
                self.verdict.note(broken & (fen != ABSENT), "bad_money", name, parts)
                fen = np.where((fen == ABSENT) | broken, ABSENT, fen + sign * np.where(part == ABSENT, 0, part))
        for source, values in column.negative_where.items():
            fen = np.where((fen != ABSENT) & self._among(source, values), -fen, fen)
        if (self.table.kind, name) not in SIGNED:
            self.verdict.note((fen < 0) & (fen != ABSENT), "negative_amount", name, cells)
        return fen

    def _fen(self, cells: pa.Array, column: Column) -> tuple[Integers, NDArray[np.bool_]]:
        """Amounts, and which cells hold something else; what is too large is noted and not counted."""
        fen = fen_of(cells, column.unit == "fen")
        large = (fen != ABSENT) & (np.abs(fen) > MAX_AMOUNT)
        self.verdict.note(large, "too_large", column.source)
        return np.where(large, ABSENT, fen), (fen == ABSENT) & given_in(cells)

    def _whole(self, name: str, column: Column) -> Integers:
        cells = self._values(name, column)
        number = whole_of(cells, MOST[name])
        self.verdict.note((number == ABSENT) & given_in(cells), "bad_number", name, cells)
        return number

    def _text(self, name: str, column: Column) -> pa.Array:
        """Words that say nothing of a person; where something personal stands, its pseudonym."""
        cells = pc.replace_substring_regex(self._values(name, column), "[[:cntrl:]]+", " ")
        personal = looks_personal(cells)
        count = pc.sum(personal).as_py() or 0
        if count:
            self.masked += count
            cells = pc.if_else(personal, self.names.column(cells, Holds.text), cells)
        return cells


_BROKEN = object()


def _parsed(text: str | None) -> object:
    if not text:
        return None
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return _BROKEN


def _at(value: object, path: list[str]) -> str | None:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _without(cells: pa.Array, where: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(where, False), pa.scalar(None, pa.string()), cells)


def given_in(cells: pa.Array | Integers) -> NDArray[np.bool_]:
    """Which cells hold anything, (rows,)."""
    if isinstance(cells, np.ndarray):
        return cells != ABSENT
    return pc.is_valid(cells).to_numpy(zero_copy_only=False)
