"""Parquet files and tables in memory: typed columns, as text like any other table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rules.errors import InputError, Place
from sim.history.cells import SHANGHAI
from sim.imports.tables import BLOCK, Block, Header, Record, SourceTable, text_of


class Columnar(SourceTable):
    """A Parquet file; its rows count from 1."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name, "", (path.stem,))
        self.path = path
        try:
            self._names = tuple(pq.ParquetFile(path).schema_arrow.names)
        except (OSError, pa.ArrowException) as error:
            message = f"cannot be read as Parquet ({type(error).__name__})"
            raise InputError(message, Place(path.name), "a Parquet file") from error

    def header(self) -> Header | None:
        """The names of the file's columns."""
        return Header(0, self._names)

    def head(self) -> list[Record]:
        """Nothing: the names are known."""
        return []

    def blocks(self, header: Header, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows."""
        there = [name for name in wanted if name in header.names]
        file = pq.ParquetFile(self.path)
        row = 1
        try:
            for batch in file.iter_batches(BLOCK, columns=there):
                rows = np.arange(row, row + len(batch), dtype=np.int64)
                yield Block(rows, {name: as_text(batch[name]) for name in there})
                row += len(batch)
        except (OSError, pa.ArrowException) as error:
            message = f"breaks off after row {row - 1} ({type(error).__name__})"
            raise InputError(message, Place(self.path.name), "a whole Parquet file") from error


class Purchases(SourceTable):
    """A table that was made of a text in a layout of its own; its rows count from 1."""

    def __init__(self, path: Path, table: pa.Table) -> None:
        super().__init__(path.name, "", (path.stem,))
        self._table = table

    def header(self) -> Header | None:
        """The names of the table's columns."""
        return Header(0, tuple(self._table.column_names))

    def head(self) -> list[Record]:
        """Nothing: the names are known."""
        return []

    def blocks(self, header: Header, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows."""
        row = 1
        for batch in self._table.select([name for name in wanted if name in header.names]).to_batches(BLOCK):
            rows = np.arange(row, row + len(batch), dtype=np.int64)
            yield Block(rows, {name: as_text(batch[name]) for name in batch.schema.names})
            row += len(batch)


def as_text(cells: pa.Array) -> pa.Array:
    """A typed column as text."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return as_text(cells.dictionary_decode())
    if pa.types.is_timestamp(kind):
        seconds = pc.cast(pc.floor_temporal(cells, unit="second"), pa.timestamp("s", kind.tz))
        if kind.tz:
            seconds = pc.add(seconds.cast(pa.int64()), SHANGHAI).cast(pa.timestamp("s"))
        return pc.strftime(seconds, "%Y-%m-%d %H:%M:%S")
    if pa.types.is_boolean(kind):
        return cells.cast(pa.int8()).cast(pa.string())
    if any(says(kind) for says in _PLAIN):
        return cells.cast(pa.string())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        coded = cells.dictionary_encode()
        return pa.array([text_of(value) for value in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
    return pa.array([text_of(value) for value in cells.to_pylist()], pa.string())


_PLAIN = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_date)
"""Types whose text Arrow writes exactly."""
