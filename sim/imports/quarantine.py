"""The quarantine 隔离区: every row that is set aside, with where it stands and why, and nothing about a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.imports.reasons import REASONS

_PART = 20_000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Aside:
    """One row that is set aside.

    Attributes:
        file, sheet, row: where it stands; rows count from 1.
        kind: what the mapping takes its table for.
        code: why, as in `REASONS`.
        column, given: what it is about, and what stood there, where that may be shown.
        order_id, member_id: pseudonyms, where they could be read.
    """

    file: str
    sheet: str
    row: int
    kind: str
    code: str
    column: str = ""
    given: str = ""
    order_id: str | None = None
    member_id: str | None = None


NAMES = [*(one.name for one in fields(Aside)), "zh", "en"]
_SCHEMA = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in NAMES])


class Quarantine:
    """Writes `quarantine.parquet` and `quarantine.csv` as rows are set aside; without a folder it only counts."""

    def __init__(self, folder: Path | None) -> None:
        self.counts: dict[str, int] = {}
        self._waiting: list[tuple[object, ...]] = []
        self._parquet = pq.ParquetWriter(folder / "quarantine.parquet", _SCHEMA, compression="zstd") if folder else None
        self._text: io.TextIOWrapper | None = None
        if folder:
            self._text = (folder / "quarantine.csv").open("w", encoding="utf-8-sig", newline="")
            self._csv = csv.writer(self._text)
            self._csv.writerow(NAMES)

    def add(self, rows: Sequence[Aside]) -> None:
        """Set rows aside."""
        for one in rows:
            self.counts[one.code] = self.counts.get(one.code, 0) + 1
            if self._parquet:
                words = REASONS[one.code]
                self._waiting.append((*astuple(one), words.zh, words.en))
        if len(self._waiting) >= _PART:
            self._flush()

    def close(self) -> None:
        """Finish both files."""
        self._flush()
        if self._parquet and self._text:
            self._parquet.close()
            self._text.close()

    def _flush(self) -> None:
        if not self._parquet:
            return
        columns = list(zip(*self._waiting, strict=True)) or [()] * len(NAMES)
        arrays = [pa.array(column, one.type) for column, one in zip(columns, _SCHEMA, strict=True)]
        self._parquet.write_table(pa.table(arrays, schema=_SCHEMA))
        self._csv.writerows([[harmless(cell) for cell in row] for row in self._waiting])
        self._waiting = []


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell
