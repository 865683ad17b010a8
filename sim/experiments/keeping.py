"""Results that are kept: an append-only file, by the key of what was asked, from which a study goes on after any end.

Whatever was written stays: the file refuses changes. A result is there whole or not at all, and once only, however many
processes write to the file, and whichever of them is killed.
"""

from __future__ import annotations

import sqlite3
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from rules.errors import InputError
from sim.experiments.failure import Failure

NAME = "runs.sqlite"
"""Of the file in a study's folder; every kind of result has a table of its own."""
_PATIENCE = 60.0
"""Seconds to wait for another process that writes."""
_TABLES = """
CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, {columns}, outcome BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, said TEXT NOT NULL, traceback TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS {table}_stay BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'runs are kept'); END;
CREATE TRIGGER IF NOT EXISTS {table}_remain BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, 'runs are kept'); END;
CREATE TRIGGER IF NOT EXISTS {table}_come_once BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE key = NEW.key) BEGIN SELECT RAISE(IGNORE); END;
"""
"""The last trigger is for INSERT OR REPLACE, which replaces without a deletion that a trigger would see."""

Came = TypeVar("Came")
Came_co = TypeVar("Came_co", covariant=True)


class Keyed(Protocol[Came_co]):
    """Work whose result is a function of its key: two with one key give the same bits, anywhere and whenever.

    As a string it is what a failure says of it. It can be pickled.
    """

    @property
    def key(self) -> str:
        """A digest of everything that decides the result."""
        ...

    def run(self) -> Came_co:
        """Do it."""
        ...


Asked = TypeVar("Asked", bound=Keyed[Any])


class Keeping(ABC, Generic[Asked, Came]):
    """The results of one kind in a file.

    Args:
        path: of the file; made if it is not there.

    Attributes:
        table: of its results. columns: in SQL, what is told in clear of what was asked.

    Raises:
        InputError: it is no such file, or cannot be written.
    """

    table: ClassVar[str]
    columns: ClassVar[str]

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_TABLES.format(table=self.table, columns=self.columns))
        except sqlite3.Error as error:
            raise InputError(f"{path}: {error}", allowed="a file of runs that fenxiao has made, or none") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return int(self._file.execute(f"SELECT COUNT(*) FROM {self.table}").fetchone()[0])

    def __contains__(self, key: str) -> bool:
        return self._file.execute(f"SELECT 1 FROM {self.table} WHERE key = ?", (key,)).fetchone() is not None

    def outcome(self, key: str) -> Came:
        """The result under a key that is there."""
        (kept,) = self._file.execute(f"SELECT outcome FROM {self.table} WHERE key = ?", (key,)).fetchone()
        return self._from_json(zlib.decompress(kept))

    def add(self, asked: Asked, came: Came) -> None:
        """Keep a result; one that is there already stays.

        Raises:
            RuntimeError: the one that is there is another: the result was no function of its key.
        """
        row = (asked.key, *self._in_clear(asked), zlib.compress(self._as_json(came)))
        marks = ", ".join("?" * len(row))
        added = self._file.execute(f"INSERT OR IGNORE INTO {self.table} VALUES ({marks})", row).rowcount
        if not added and not self._agree(self.outcome(asked.key), came):
            raise RuntimeError(f"two runs of one case differ: {asked}")

    def add_failure(self, asked: Asked, failure: Failure) -> None:
        """Keep how it failed; it is done anew when it is asked for again."""
        row = (asked.key, failure.case, failure.traceback)
        self._file.execute("INSERT INTO failures (key, said, traceback) VALUES (?, ?, ?)", row)

    def failures(self) -> Iterator[Failure]:
        """All failures in the file, the first one first."""
        for said, trace in self._file.execute("SELECT said, traceback FROM failures ORDER BY id"):
            yield Failure(said, trace)

    @abstractmethod
    def _in_clear(self, asked: Asked) -> tuple[str | int, ...]:
        """The cells of `columns`."""

    @abstractmethod
    def _as_json(self, came: Came) -> bytes: ...

    @abstractmethod
    def _from_json(self, kept: bytes) -> Came: ...

    @abstractmethod
    def _agree(self, kept: Came, came: Came) -> bool:
        """Whether two results are the same but for what does not matter."""
