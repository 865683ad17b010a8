"""Runs that are kept: an append-only file, by the key of their case, from which a study goes on after any end.

Whatever was written stays: the file refuses changes. A run is there whole or not at all, and once only, however many
processes write to the file, and whichever of them is killed.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from rules.errors import InputError
from sim.experiments.case import Case, outcome_as_json, outcome_from_json
from sim.experiments.failure import Failure
from sim.experiments.replication import Outcome

NAME = "runs.sqlite"
"""Of the file in a study's folder."""
_PATIENCE = 60.0
"""Seconds to wait for another process that writes."""
_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY, scenario TEXT NOT NULL, plan TEXT NOT NULL, people INTEGER NOT NULL, days INTEGER NOT NULL,
    seed INTEGER NOT NULL, outcome BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, said TEXT NOT NULL, traceback TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS runs_stay BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'runs are kept'); END;
CREATE TRIGGER IF NOT EXISTS runs_remain BEFORE DELETE ON runs BEGIN SELECT RAISE(ABORT, 'runs are kept'); END;
"""


class Runs:
    """The runs of a study.

    Args:
        path: of the file; made if it is not there.

    Raises:
        InputError: it is no such file, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_TABLES)
        except sqlite3.Error as error:
            raise InputError(f"{path}: {error}", allowed="a file of runs that fenxiao has made, or none") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return int(self._file.execute("SELECT COUNT(*) FROM runs").fetchone()[0])

    def __contains__(self, key: str) -> bool:
        return self._file.execute("SELECT 1 FROM runs WHERE key = ?", (key,)).fetchone() is not None

    def outcome(self, key: str) -> Outcome:
        """What came of a case that is known."""
        (kept,) = self._file.execute("SELECT outcome FROM runs WHERE key = ?", (key,)).fetchone()
        return outcome_from_json(zlib.decompress(kept))

    def add(self, case: Case, outcome: Outcome) -> None:
        """Keep a run; one that is there already stays.

        Raises:
            RuntimeError: the one that is there is another: the run was no function of its case.
        """
        row = (case.key, case.scenario.scenario, case.plan.plan, case.people, case.days, case.seed)
        kept = zlib.compress(outcome_as_json(outcome))
        added = self._file.execute("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, kept)).rowcount
        if not added and replace(self.outcome(case.key), seconds=outcome.seconds) != outcome:
            raise RuntimeError(f"two runs of one case differ: {case}")

    def add_failure(self, case: Case, failure: Failure) -> None:
        """Keep how a run failed; the case is run anew when it is asked for again."""
        row = (case.key, failure.case, failure.traceback)
        self._file.execute("INSERT INTO failures (key, said, traceback) VALUES (?, ?, ?)", row)

    def failures(self) -> Iterator[Failure]:
        """All failures, the first one first."""
        for said, trace in self._file.execute("SELECT said, traceback FROM failures ORDER BY id"):
            yield Failure(said, trace)
