"""Tables of a database, read in a transaction that cannot write; of each only the columns that are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa

from rules.errors import InputError
from sim.imports.tables import BLOCK, Block, Header, Record, SourceTable, text_of

_ALLOWED = "postgresql://user:password@host/name, mysql://… or mariadb://…, sqlite:///file.db"
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}


class DatabaseTable(SourceTable):
    """A table or view; its rows count from 1 in the order in which the database gives them."""

    def __init__(self, database: Database, name: str, columns: Sequence[str]) -> None:
        super().__init__(database.name, name, (name,))
        self._database, self._columns = database, tuple(columns)

    def header(self) -> Header | None:
        """The table's columns."""
        return Header(0, self._columns)

    def head(self) -> list[Record]:
        """Nothing: the names are known."""
        return []

    def blocks(self, header: Header, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows."""
        yield from self._blocks(wanted, None)

    def first(self, header: Header, wanted: Sequence[str]) -> Block | None:
        """The first rows, and the database is asked for no more."""
        blocks = list(self._blocks(wanted, BLOCK))
        return blocks[0] if blocks else None

    def _blocks(self, wanted: Sequence[str], most: int | None) -> Iterator[Block]:
        there = [name for name in wanted if name in self._columns]
        row = 1
        for rows in self._database.rows(self.sheet, there, most):
            columns = list(zip(*rows, strict=True))
            texts = [pa.array([text_of(value) for value in column], pa.string()) for column in columns]
            yield Block(np.arange(row, row + len(rows), dtype=np.int64), dict(zip(there, texts, strict=True)))
            row += len(rows)


class Database:
    """A database by its URL. Messages never hold the URL: there is a password in it.

    Raises:
        InputError: no URL, no driver for it, or nobody answers.
    """

    def __init__(self, url: str) -> None:
        try:
            from sqlalchemy.engine import make_url
            from sqlalchemy.exc import ArgumentError
        except ImportError as error:
            raise InputError("databases need SQLAlchemy", allowed="pip install 'fenxiao[store]', or files") from error
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise InputError("this is not the URL of a database", allowed=_ALLOWED) from None
        backend = parsed.get_backend_name()
        if backend not in _DRIVERS:
            raise InputError(f"{backend} is a database this cannot read", allowed=_ALLOWED)
        self.name = f"{backend} {parsed.database or ''}".rpartition("/")[2].strip()
        self._backend, self._url = backend, _read_only(parsed)

    def tables(self) -> list[SourceTable]:
        """Every table and view, with its columns."""
        from sqlalchemy import inspect

        with self._connected() as connection:
            seen = inspect(connection)
            names = sorted({*seen.get_table_names(), *seen.get_view_names()})
            columns = {name: [str(column["name"]) for column in seen.get_columns(name)] for name in names}
        return [DatabaseTable(self, name, columns[name]) for name in names]

    def rows(self, table: str, columns: Sequence[str], most: int | None = None) -> Iterator[Sequence[Any]]:
        """The rows of a table in parts, at most so many; its name and those of its columns are quoted."""
        from sqlalchemy import column, select
        from sqlalchemy import table as named
        from sqlalchemy.sql import quoted_name

        chosen: list[Any] = [column(quoted_name(name, quote=True)) for name in columns]
        query = select(*chosen).select_from(named(quoted_name(table, quote=True), *chosen)).limit(most)
        with self._connected() as connection:
            result = connection.execution_options(stream_results=True, max_row_buffer=BLOCK).execute(query)
            yield from (list(part) for part in result.partitions(BLOCK))

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """A connection in a transaction that cannot write."""
        from sqlalchemy import create_engine
        from sqlalchemy.exc import SQLAlchemyError

        try:
            engine = create_engine(self._url)
        except (SQLAlchemyError, ImportError):
            raise InputError(f"there is no driver for {self._backend} here", allowed=_ALLOWED) from None
        try:
            with engine.connect() as connection:
                for statement in _FIRST.get(self._backend, ()):
                    connection.exec_driver_sql(statement)
                yield connection
        except SQLAlchemyError as error:
            cause = type(getattr(error, "orig", None) or error).__name__
            raise InputError(f"the database does not answer as it should ({cause})", allowed=_ALLOWED) from None
        finally:
            engine.dispose()


_FIRST = {
    "postgresql": ("SET TRANSACTION READ ONLY",),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "START TRANSACTION READ ONLY"),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY", "START TRANSACTION READ ONLY"),
    "sqlite": ("PRAGMA query_only = ON",),
}
"""What makes a transaction one that cannot write; SQLite opens its file read-only besides."""


def _read_only(parsed: Any) -> Any:  # noqa: ANN401 - a URL of SQLAlchemy
    """The URL with a driver; of SQLite with a file that is opened for reading only and has to exist."""
    if parsed.get_backend_name() != "sqlite":
        return parsed if "+" in parsed.drivername else parsed.set(drivername=_DRIVERS[parsed.get_backend_name()])
    path = (parsed.database or "").removeprefix("file:").partition("?")[0]
    from urllib.parse import quote

    return parsed.set(drivername="sqlite", database=f"file:{quote(path)}", query={"mode": "ro", "uri": "true"})
