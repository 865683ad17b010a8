"""From what an operator names (files, folders, the URL of a database) to tables; the format is told by the bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rules.errors import InputError, Place
from sim.history.orders import cdnow_table
from sim.imports.columnar import Columnar, Purchases
from sim.imports.database import Database
from sim.imports.delimited import Delimited
from sim.imports.tables import SourceTable
from sim.imports.workbook import sheets_of

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet")
"""What is taken from a folder; a file that is named is taken whatever it is called."""
_OTHERS = {
    b"\xd0\xcf\x11\xe0": ("an old .xls, or a workbook with a password", "the same saved as .xlsx without a password"),
    b"\x1f\x8b": ("a gzip archive", "the file that is in it"),
    b"Rar!": ("a rar archive", "the files that are in it"),
    b"7z\xbc\xaf": ("a 7z archive", "the files that are in it"),
    b"%PDF": ("a PDF", "CSV, .xlsx or Parquet"),
}


def tables_of(sources: Iterable[str]) -> tuple[list[SourceTable], list[str]]:
    """The tables in files, folders and databases, and the names of files without any.

    Raises:
        InputError: there is no such thing, or it cannot be read safely.
    """
    tables: list[SourceTable] = []
    empty: list[str] = []
    for source in sources:
        if "://" in source:
            tables += Database(source).tables()
            continue
        for path in _files(Path(source)):
            found = _tables_of_file(path)
            tables += found
            empty += [] if found else [path.name]
    if not tables:
        raise InputError("there is no table here", allowed="CSV, .xlsx or Parquet files with rows, or a database")
    return tables, empty


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(
            one for one in path.iterdir() if one.is_file() and one.suffix.lower() in ENDINGS and one.name[:2] != "~$"
        )
    else:
        message = "there is no such file or folder"
        raise InputError(message, Place(str(path)), "files, folders, or the URL of a database")


def _tables_of_file(path: Path) -> list[SourceTable]:
    with path.open("rb") as file:
        start = file.read(16)
    for sign, (given, allowed) in _OTHERS.items():
        if start.startswith(sign):
            raise InputError(f"is {given}", Place(path.name), allowed)
    if start.startswith(b"PK\x03\x04"):
        return sheets_of(path)
    if start.startswith(b"PAR1"):
        return [Columnar(path)]
    if start.startswith(b"SQLite format 3\0"):
        return Database(f"sqlite:///{path}").tables()
    if not start:
        return []
    log = cdnow_table(path)
    return [Delimited(path)] if log is None else [Purchases(path, log)]
