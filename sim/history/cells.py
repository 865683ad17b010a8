"""Cells of a table from outside: money, times, whole numbers and names, read exactly, column by column.

A value that cannot be read does not stop the reading: it is noted as a `Problem` with its row, and whoever
reads decides whether the first problem ends it or the rows concerned are set aside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import DAY
from rules.money import MAX_AMOUNT

ABSENT = np.iinfo(np.int64).min
"""What stands in an array where a cell is empty."""

SHANGHAI = 8 * 3600
"""Seconds ahead of UTC; times with a zone are turned into local ones."""

_MONEY = r"^(?P<sign>[+-]?)[¥￥]?(?P<whole>\d{1,13})(?:\.(?P<part>\d{1,2})0*)?$"
_WHOLE = r"^\+?(?P<whole>\d{1,9})(?:\.0*)?$"
_TIME = (
    r"^(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r" *(?:Z|(?P<zone>[+-]\d{2}):?(?P<half>\d{2}))?$"
)
_UTC = r"Z$|[+-]\d{2}:?\d{2}$"

ALLOWED_MONEY = f"yuan with at most two decimals, from 0 to {MAX_AMOUNT // 100}"
ALLOWED_TIME = "a date such as 2026-01-05, 2026/1/5 or 20260105, with a time such as 10:00 or 10:00:00 if known"


@dataclass(frozen=True)
class Problem:
    """A value that cannot be: where, what was given, what is allowed. Rows count from 0."""

    row: int
    column: str
    given: str
    allowed: str


@dataclass
class Sheet:
    """A table from outside, and what is wrong with it.

    Attributes:
        name: what messages call it.
        table: cells as text, or as whatever type a program gave them.
        lines: the file line of every row; called only to report a problem.
    """

    name: str
    table: pa.Table
    lines: Callable[[], Iterator[int]]
    problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.table)

    def has(self, column: str) -> bool:
        """Whether there is such a column with anything in it."""
        return column in self.table.column_names and self.table[column].null_count < len(self.table)

    def text(self, column: str) -> pa.Array:
        """A column as trimmed text; null where a cell is empty."""
        if column not in self.table.column_names:
            return pa.nulls(len(self), pa.string())
        cells = _one_array(self.table[column]).cast(pa.string())
        cells = pc.utf8_trim_whitespace(cells)
        return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)

    def coded(self, column: str) -> tuple[NDArray[np.int64], list[str]]:
        """A column of names as numbers by first appearance, -1 where a cell is empty, (rows,); and the names."""
        cells = self.text(column).dictionary_encode()
        return cells.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), cells.dictionary.to_pylist()

    def money(self, column: str) -> NDArray[np.int64]:
        """A column of yuan in fen, (rows,); ABSENT where a cell is empty or bad. Negative amounts are bad."""
        if not self.has(column):
            return np.full(len(self), ABSENT)
        cells = _one_array(self.table[column])
        if pa.types.is_floating(cells.type):
            fen = _float_fen(cells)
        elif pa.types.is_decimal(cells.type):
            fen = _decimal_fen(cells)
        else:
            fen = text_fen(self.text(column))
        bad = (fen < 0) | (fen > MAX_AMOUNT)
        return self._checked(column, np.where(bad, ABSENT, fen), ALLOWED_MONEY)

    def whole(self, column: str, most: int) -> NDArray[np.int64]:
        """A column of whole numbers from 1 to `most`, (rows,); ABSENT where a cell is empty or bad."""
        if not self.has(column):
            return np.full(len(self), ABSENT)
        cells = self.table[column]
        if pa.types.is_integer(cells.type):
            number = _filled(_one_array(cells).cast(pa.int64()), 0)
        else:
            number = whole_numbers(self.text(column))
        number[(number < 1) | (number > most)] = ABSENT
        return self._checked(column, number, f"a whole number from 1 to {most}")

    def time(self, column: str) -> NDArray[np.int64]:
        """A column of times in seconds of the local clock, (rows,); ABSENT where a cell is empty or bad."""
        if not self.has(column):
            return np.full(len(self), ABSENT)
        cells = _one_array(self.table[column])
        if pa.types.is_timestamp(cells.type):
            ahead = SHANGHAI if cells.type.tz else 0
            seconds = pc.cast(pc.floor_temporal(cells, unit="second"), pa.timestamp("s", cells.type.tz))
            time = _filled(seconds.cast(pa.int64()), ahead)
        elif pa.types.is_date(cells.type):
            time = _filled(cells.cast(pa.date32()).cast(pa.int32()).cast(pa.int64()), 0, DAY)
        else:
            time = text_time(self.text(column))
        time[time <= 0] = ABSENT
        return self._checked(column, time, ALLOWED_TIME)

    def note(self, bad: NDArray[np.bool_], column: str, allowed: str) -> None:
        """Note a problem with every row in `bad`."""
        rows = np.flatnonzero(bad)
        if len(rows):
            given = self.text(column).take(pa.array(rows)).to_pylist()
            self.problems += [
                Problem(int(row), column, "" if text is None else text, allowed)
                for row, text in zip(rows, given, strict=True)
            ]

    def refused(self) -> list[InputError]:
        """What is wrong, in order of the rows, with file, line and column of the table; one message a cell."""
        seen = {(problem.row, problem.column): problem for problem in reversed(self.problems)}
        if not seen:
            return []
        wanted, line_of = {row for row, _ in seen}, {}
        for row, line in enumerate(self.lines()):
            if row in wanted:
                line_of[row] = line
        place_of = {name: place for place, name in enumerate(self.table.column_names, start=1)}
        order = sorted(seen.values(), key=lambda problem: (problem.row, place_of.get(problem.column, 1)))
        return [
            InputError(
                f"{problem.column} {problem.given!r}" if problem.given else f"{problem.column} is empty",
                Place(self.name, line_of.get(problem.row, problem.row + 1), place_of.get(problem.column, 1)),
                problem.allowed,
            )
            for problem in order
        ]

    def refuse(self) -> None:
        """Say everything that is wrong.

        Raises:
            InputError: what is wrong first; the rest is told after it.
        """
        if refused := self.refused():
            first = refused[0]
            raise InputError(first.message, first.place, first.allowed, [str(error) for error in refused[1:]])

    def bad_rows(self) -> NDArray[np.bool_]:
        """Which rows have a problem, (rows,)."""
        bad = np.zeros(len(self), np.bool_)
        bad[[problem.row for problem in self.problems]] = True
        return bad

    def _checked(self, column: str, values: NDArray[np.int64], allowed: str) -> NDArray[np.int64]:
        """Note cells that are not empty and yet have no value. Only text can be empty without being null."""
        absent = values == ABSENT
        if absent.any():
            kind = self.table.schema.field(column).type
            plain = pa.types.is_primitive(kind) or pa.types.is_decimal(kind)
            cells = self.table[column] if plain else self.text(column)
            self.note(absent & ~pc.is_null(cells).to_numpy(zero_copy_only=False), column, allowed)
        return values


def open_sheet(path: Path) -> Sheet:
    """The table in a CSV or Parquet file. CSV cells stay text; commas, semicolons or tabs; UTF-8 or GB 18030.

    Raises:
        InputError: no such file, or not a table.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", Place(str(path)), "a CSV or Parquet file") from error
    if raw[:4] == b"PAR1":
        try:
            return table_sheet(pq.read_table(io.BytesIO(raw)), str(path))
        except pa.ArrowInvalid as error:
            raise InputError(f"cannot be read: {error}", Place(str(path)), "a Parquet file") from error
    return _csv_sheet(_decoded(raw, str(path)), str(path))


def table_sheet(table: pa.Table, name: str) -> Sheet:
    """A table made by a program; its rows count from 1."""
    return Sheet(name, table, lambda: iter(range(1, len(table) + 1)))


def _csv_sheet(text: str, name: str) -> Sheet:
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    columns = [column.strip() for column in next(csv.reader([head.rstrip("\r")], delimiter=separator), [])]
    if not head.strip() or len(set(columns)) < len(columns):
        raise InputError(f"the first line is {head[:60]!r}", Place(name, 1, 1), "a header of different column names")
    try:
        table = pacsv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=pacsv.ReadOptions(column_names=columns, skip_rows=1),
            parse_options=pacsv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid as error:
        raise _ragged(text, separator, columns, name, error) from error
    return Sheet(name, table, lambda: _csv_lines(text, separator))


def _csv_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header with the line they begin on; empty lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begin = 1
    for place, row in enumerate(reader):
        if row and place:
            yield begin, row
        begin = reader.line_num + 1


def _csv_lines(text: str, separator: str) -> Iterator[int]:
    return (line for line, _ in _csv_rows(text, separator))


def _ragged(text: str, separator: str, columns: list[str], name: str, error: Exception) -> InputError:
    """Which row has too many or too few cells."""
    allowed = f"{len(columns)} cells, as the header has"
    for line, row in _csv_rows(text, separator):
        if len(row) != len(columns):
            return InputError(f"{len(row)} cells", Place(name, line, 1), allowed)
    return InputError(f"cannot be read: {error}", Place(name), allowed)


def _decoded(raw: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("is not text", Place(name), "a CSV file in UTF-8 or GB 18030, or a Parquet file")


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    cells = column.combine_chunks()
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    return cells


def _filled(numbers: pa.Array, ahead: int, scale: int = 1) -> NDArray[np.int64]:
    """Numbers × scale + ahead; ABSENT where null."""
    values = numbers.fill_null(0).to_numpy(zero_copy_only=False) * scale + ahead
    return np.where(pc.is_null(numbers).to_numpy(zero_copy_only=False), ABSENT, values)


def _extract(cells: pa.Array, pattern: str) -> tuple[pa.StructArray, NDArray[np.bool_]]:
    """The named groups of a pattern, and which cells match it."""
    parts = pc.extract_regex(cells, pattern)
    return parts, ~pc.is_null(parts).to_numpy(zero_copy_only=False)


def _int(parts: pa.StructArray, group: str) -> NDArray[np.int64]:
    """A group of digits as numbers; 0 where it is empty."""
    digits = pc.struct_field(parts, group)
    digits = pc.if_else(pc.equal(pc.fill_null(digits, ""), ""), "0", digits)
    return np.array(pc.cast(pc.utf8_ltrim(digits, "+"), pa.int64()).to_numpy(zero_copy_only=False))


def text_fen(cells: pa.Array) -> NDArray[np.int64]:
    """Yuan as text in fen, (rows,); ABSENT where a cell is empty or bad. Amounts may be below 0."""
    grouped = pc.match_substring_regex(cells, r"^[+-]?[¥￥]?\d{1,3}(,\d{3})+(\.\d+)?$")
    cells = pc.if_else(grouped, pc.replace_substring(cells, ",", ""), cells)
    parts, found = _extract(cells, _MONEY)
    part = pc.utf8_rpad(pc.fill_null(pc.struct_field(parts, "part"), ""), 2, "0")
    fen = _int(parts, "whole") * 100 + pc.cast(part, pa.int64()).to_numpy(zero_copy_only=False)
    minus = pc.fill_null(pc.equal(pc.struct_field(parts, "sign"), "-"), False)
    return np.where(found, np.where(minus.to_numpy(zero_copy_only=False), -fen, fen), ABSENT)


def _decimal_fen(cells: pa.Array) -> NDArray[np.int64]:
    """Exact decimals; ABSENT where there are more than two places."""
    try:
        cells = cells.cast(pa.decimal128(38, 2))
    except pa.ArrowInvalid:
        plain = [None if cell is None else f"{cell.normalize():f}" for cell in cells.to_pylist()]
        return text_fen(pa.array(plain, pa.string()))
    words = np.frombuffer(cells.buffers()[1], "<i8").reshape(-1, 2)[cells.offset : cells.offset + len(cells)]
    fits = words[:, 1] == words[:, 0] >> 63
    given = ~pc.is_null(cells).to_numpy(zero_copy_only=False)
    return np.where(fits & given, words[:, 0], ABSENT)


def _float_fen(cells: pa.Array) -> NDArray[np.int64]:
    """Binary numbers that somebody else made of amounts: good where they are the nearest to a whole fen."""
    yuan = cells.cast(pa.float64()).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore", over="ignore"):
        fen = np.rint(yuan * 100)
        good = (np.abs(fen) <= MAX_AMOUNT) & (fen / 100 == yuan)
    return np.where(good, np.where(good, fen, 0).astype(np.int64), ABSENT)


def whole_numbers(cells: pa.Array) -> NDArray[np.int64]:
    """Whole numbers as text, not negative, (rows,); ABSENT where a cell is empty or none."""
    parts, found = _extract(cells, _WHOLE)
    return np.where(found, _int(parts, "whole"), ABSENT)


def text_time(cells: pa.Array) -> NDArray[np.int64]:
    """Times as text in seconds of the local clock, (rows,); ABSENT where a cell is empty or bad."""
    cells = pc.replace_substring_regex(cells, r"^(\d{4})(\d{2})(\d{2})", r"\1-\2-\3")
    parts, found = _extract(cells, _TIME)
    names = ("year", "month", "day", "hour", "minute", "second", "zone", "half")
    year, month, day, hour, minute, second, zone, half = (_int(parts, name) for name in names)
    good = found & (year >= 1970) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + day - 1
    good &= (day <= 31) & (days.astype("datetime64[D]").astype("datetime64[M]") == months)
    good &= (hour < 24) & (minute < 60) & (second < 60) & (np.abs(zone) <= 14) & (half < 60)
    time = days * DAY + hour * 3600 + minute * 60 + second
    zoned = pc.fill_null(pc.match_substring_regex(cells, _UTC), False).to_numpy(zero_copy_only=False)
    minus = pc.starts_with(pc.fill_null(pc.struct_field(parts, "zone"), ""), "-").to_numpy(zero_copy_only=False)
    offset = zone * 3600 + np.where(minus, -half, half) * 60
    timed = pc.fill_null(pc.match_substring(cells, ":"), False).to_numpy(zero_copy_only=False)
    time += np.where(zoned & timed, SHANGHAI - offset, 0)
    return np.where(good, time, ABSENT)
