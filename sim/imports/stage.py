"""What is good so far, kept on disk kind by kind until all tables are read; then loaded as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.history.cells import ABSENT
from sim.imports.clean import Cleaned
from sim.imports.kinds import COLUMNS, Holds, Kind
from sim.imports.reasons import CODES

Integers = NDArray[np.int64]
_NUMBERS = (Holds.time, Holds.money, Holds.whole)


@dataclass
class Staged:
    """The good rows of one kind, in the order in which they were read.

    Attributes:
        source: number of the table, by row. entry: number of the mapping's entry. row: number in its file.
        numbers: times, money and whole numbers, (rows,), ABSENT where there is none.
        texts: pseudonyms and words.
        code: why a row is set aside after all, 0 = it is kept.
    """

    kind: Kind
    source: NDArray[np.int16]
    entry: NDArray[np.int16]
    row: Integers
    numbers: dict[str, Integers]
    texts: dict[str, pa.DictionaryArray]
    code: NDArray[np.int16] = field(init=False)

    def __post_init__(self) -> None:
        self.code = np.zeros(len(self.row), np.int16)

    def __len__(self) -> int:
        return len(self.row)

    def has(self, *names: str) -> bool:
        """Whether any of these columns is mapped."""
        return any(name in self.numbers or name in self.texts for name in names)

    def number(self, name: str) -> Integers:
        """A column of numbers; ABSENT all over where it is not mapped."""
        return self.numbers[name] if name in self.numbers else np.full(len(self), ABSENT)

    def codes(self, name: str) -> Integers:
        """A column of texts as numbers, the same for the same text; -1 where there is none."""
        return indices(self.texts[name]) if name in self.texts else np.full(len(self), -1)

    def note(self, bad: NDArray[np.bool_], reason: str) -> None:
        """Set rows aside that are not yet."""
        self.code[bad & (self.code == 0)] = CODES[reason]

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which rows are kept so far."""
        return self.code == 0


class Stage:
    """A folder of good rows.

    Attributes:
        lost: pseudonyms of orders of which rows of this kind were set aside while reading, and whether the mapping
            leaves them out. lost_lines: the lines' own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[Kind, pq.ParquetWriter] = {}
        self._mapped: dict[Kind, set[str]] = {}
        self.lost: dict[tuple[Kind, bool], list[pa.Array]] = {}
        self.lost_lines: list[pa.Array] = [pa.array([], pa.string())]

    def add(self, kind: Kind, source: int, entry: int, rows: Integers, cleaned: Cleaned) -> None:
        """Add the good rows of a block, and remember of what orders the others are."""
        good = pa.array(cleaned.verdict.code == 0)
        self._mapped.setdefault(kind, set()).update(cleaned.columns)
        self._remember(kind, cleaned)
        schema = _schema(kind)
        columns = [np.full(len(rows), source, np.int16), np.full(len(rows), entry, np.int16), rows]
        arrays = [pa.array(column) for column in columns]
        for one in list(schema)[3:]:
            column = cleaned.columns.get(one.name)
            if column is None:
                arrays.append(pa.nulls(len(rows), one.type))
            else:
                numbers = isinstance(column, np.ndarray)
                arrays.append(pa.array(column, mask=column == ABSENT) if numbers else column)
        table = pa.table(arrays, schema=schema).filter(good)
        if kind not in self._writers:
            self._writers[kind] = pq.ParquetWriter(self._folder / f"{kind}.parquet", schema, compression="zstd")
        self._writers[kind].write_table(table)

    def _remember(self, kind: Kind, cleaned: Cleaned) -> None:
        if kind not in ("orders", "lines") or "order_id" not in cleaned.columns:
            return
        code = cleaned.verdict.code
        if "line_id" in cleaned.columns and code.any():
            self.lost_lines.append(cleaned.columns["line_id"].filter(pa.array(code > 0)).drop_null())
        for left_out in (False, True):
            of = (code == CODES["left_out"]) if left_out else (code > 0) & (code != CODES["left_out"])
            if of.any():
                ids = pc.unique(cleaned.columns["order_id"].filter(pa.array(of))).drop_null()
                self.lost.setdefault((kind, left_out), []).append(ids)

    def finish(self) -> None:
        """No more rows come."""
        for writer in self._writers.values():
            writer.close()

    def load(self, kind: Kind) -> Staged | None:
        """The rows of a kind; None where no table is of it."""
        if kind not in self._writers:
            return None
        names = [name for name in COLUMNS[kind] if name in self._mapped[kind]]
        texts = [name for name in names if COLUMNS[kind][name] not in _NUMBERS]
        path = self._folder / f"{kind}.parquet"
        table = pq.read_table(path, columns=["source", "entry", "row", *names], read_dictionary=texts)
        numbers = {name: _number(table[name]) for name in names if name not in texts}
        coded = {name: table[name].unify_dictionaries().combine_chunks() for name in texts}
        source, entry, row = (table[name].to_numpy() for name in ("source", "entry", "row"))
        del table
        pa.default_memory_pool().release_unused()
        return Staged(kind, source, entry, row, numbers, coded)

    def lost_orders(self, kind: Kind, left_out: bool | None = None) -> pa.Array:
        """Pseudonyms of orders of which rows of this kind were set aside while reading."""
        wanted = [True, False] if left_out is None else [left_out]
        parts = [one for flag in wanted for one in self.lost.get((kind, flag), [])]
        return pa.concat_arrays(parts) if parts else pa.array([], pa.string())


def _schema(kind: Kind) -> pa.Schema:
    own = [(name, pa.int64() if holds in _NUMBERS else pa.string()) for name, holds in COLUMNS[kind].items()]
    return pa.schema([("source", pa.int16()), ("entry", pa.int16()), ("row", pa.int64()), *own])


def _number(column: pa.ChunkedArray) -> Integers:
    return np.array(column.fill_null(ABSENT).to_numpy())


def indices(coded: pa.DictionaryArray) -> Integers:
    """The numbers behind texts, -1 for null."""
    return coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def joined_codes(columns: Sequence[pa.DictionaryArray | pa.Array]) -> tuple[list[Integers], pa.Array]:
    """Columns of texts as numbers that are the same for the same text in all of them, and the texts."""
    coded = [one if isinstance(one, pa.DictionaryArray) else one.dictionary_encode() for one in columns]
    words = pa.concat_arrays([one.dictionary.cast(pa.string()) for one in coded]).dictionary_encode()
    number = words.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return list(_shifted(coded, number)), words.dictionary


def _shifted(coded: Sequence[pa.DictionaryArray], number: Integers) -> Iterator[Integers]:
    begin = 0
    for one in coded:
        own = np.append(number[begin : begin + len(one.dictionary)], -1)
        yield own[indices(one)]
        begin += len(one.dictionary)


def repeated(staged: Staged, keys: Sequence[Integers], among: NDArray[np.bool_]) -> None:
    """Set aside rows whose key came before: as duplicates where the first such row is the same in every column.

    Args:
        keys: together the key, by row. among: which rows have one; the others are compared with nothing.
    """
    rows = np.flatnonzero(among & staged.good)
    if not len(rows):
        return
    order = np.lexsort((rows, *[key[rows] for key in reversed(keys)]))
    ranked = rows[order]
    new = np.ones(len(ranked), np.bool_)
    new[1:] = np.any([key[ranked[1:]] != key[ranked[:-1]] for key in keys], axis=0)
    first = ranked[np.maximum.accumulate(np.where(new, np.arange(len(ranked)), 0))]
    again, of = ranked[~new], first[~new]
    same = np.ones(len(again), np.bool_)
    for values in (*staged.numbers.values(), *(indices(one) for one in staged.texts.values())):
        same &= values[again] == values[of]
    for mask, reason in ((same, "duplicate"), (~same, "conflict")):
        bad = np.zeros(len(staged), np.bool_)
        bad[again[mask]] = True
        staged.note(bad, reason)


def repeated_rows(staged: Staged, among: NDArray[np.bool_]) -> None:
    """Set aside rows that are the same as an earlier one in every column."""
    columns = [*staged.numbers.values(), *(indices(one) for one in staged.texts.values())]
    mixed = np.zeros(len(staged), np.uint64)
    for column in columns:
        mixed = (mixed ^ column.view(np.uint64)) * _ODD
        mixed ^= mixed >> np.uint64(29)
    _, place, count = np.unique(mixed, return_inverse=True, return_counts=True)
    repeated(staged, columns, among & (count[place] > 1))


_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Spreads numbers over 64 bits; rows that meet all the same are compared column by column."""
