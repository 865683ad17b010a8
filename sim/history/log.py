"""A run on disk: its events, the entries they made, the people it began with, and what is behind the numbers.

A run directory holds `events.parquet`, `entries.parquet`, `members.parquet` (before the first event) and
`run.json` (names, first day, and whatever the caller adds). Everything is written under temporary names and
renamed at the end; a run that is interrupted keeps what it had, marked as not complete.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import EVENT, EventLog, Kind, Names, Records
from rules.records import ENTRY, MEMBER, NEVER, Component

EVENTS, ENTRIES, MEMBERS, RUN = "events.parquet", "entries.parquet", "members.parquet", "run.json"
FIXED = tuple(name for name in ENTRY.names or () if name not in ("clawed", "status"))
"""What never changes of an entry, and is kept: all but what was taken back since and where its money is."""

_TIME = pa.timestamp("ms")
_WORD = pa.dictionary(pa.int8(), pa.string())
_GROUP = 500_000
"""Rows of a row group, at the least; a group holds whole batches."""
_TIMES = ("bound_at", "joined_at", "clicked_at", "promoter_since")


class LogWriter:
    """Writes a run as it goes; use it in a `with` block.

    Args:
        folder: the run directory; made if it is not there.
        names: behind the numbers of the events.
        opening: `MEMBER`, the people before the first event.
        start_day: business day that campaigns count from.
    """

    def __init__(self, folder: Path, names: Names, opening: Records, start_day: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.names, self.start_day = folder, names, start_day
        self.record: dict[str, Any] = {}
        """What else goes into run.json: add to it until the run is closed."""
        self._open = True
        self._events = _Stream(folder / EVENTS)
        self._entries = _Stream(folder / ENTRIES)
        self._members = _Stream(folder / MEMBERS)
        self._events.add(_event_table(np.zeros(0, EVENT)))
        self._entries.add(entry_table(np.zeros(0, ENTRY), names))
        self._members.add(_member_table(opening, names))

    def write(self, events: Records, entries: Records) -> None:
        """Add a batch: the events that were accepted and the entries they made."""
        self._events.add(_event_table(events))
        self._entries.add(entry_table(entries, self.names))

    def close(self, complete: bool = True) -> None:
        """Finish the files and give them their names; run.json, which vouches for the others, comes last."""
        if not self._open:
            return
        self._open = False
        streams = (self._events, self._entries, self._members)
        for stream in streams:
            stream.finish()
        for stream in streams:
            stream.part.replace(stream.target)
        log = {"start_day": self.start_day, "events": self._events.rows, "entries": self._entries.rows}
        record = self.record | {"log": log | {"complete": complete}, "names": asdict(self.names)}
        part = _part(self.folder / RUN)
        part.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(self.folder / RUN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(complete=kind is None)


class _Stream:
    """A Parquet file that is written in row groups of whole batches."""

    def __init__(self, target: Path) -> None:
        self.target, self.part = target, _part(target)
        self.rows = 0
        self._waiting: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pa.Table) -> None:
        self.rows += len(table)
        self._waiting.append(table)
        if sum(map(len, self._waiting)) >= _GROUP:
            self._flush()

    def finish(self) -> None:
        self._flush()
        if self._writer:
            self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            table = pa.concat_tables(self._waiting).unify_dictionaries()
            self._writer = self._writer or pq.ParquetWriter(self.part, table.schema, compression="zstd")
            self._writer.write_table(table, row_group_size=max(1, len(table)))
            self._waiting = []


def read_log(folder: Path) -> EventLog:
    """The events of a run directory and the names behind their numbers.

    Raises:
        InputError: no run there, or not one of ours.
    """
    table = _table(folder / EVENTS, EVENT.names or ())
    events = np.zeros(len(table), EVENT)
    for name in EVENT.names or ():
        events[name] = _numbers(table[name], folder / EVENTS, Kind)
    return EventLog(events, Names(**read_run(folder).get("names", {})))


def read_run(folder: Path) -> dict[str, Any]:
    """What run.json says; `log.start_day` is the business day that campaigns count from."""
    record = _json(folder / RUN)
    if not isinstance(record.get("log"), dict):
        raise InputError("does not describe an event log", Place(str(folder / RUN)), "run.json of a run directory")
    return record


def read_entries(folder: Path) -> Records:
    """The entries of a run directory; only the fields in `FIXED` are filled."""
    table = _table(folder / ENTRIES, FIXED)
    entries = np.zeros(len(table), ENTRY)
    for name in FIXED:
        entries[name] = _numbers(table[name], folder / ENTRIES, Component)
    return entries


def read_members(folder: Path) -> Records:
    """The people of a run directory as they were before its first event."""
    table = _table(folder / MEMBERS, MEMBER.names or ())
    members = np.zeros(len(table), MEMBER)
    for name in MEMBER.names or ():
        members[name] = _numbers(table[name], folder / MEMBERS, Kind)
    return members


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _json(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", Place(str(path)), "run.json of a run directory") from error
    return record if isinstance(record, dict) else {}


def _table(path: Path, columns: Sequence[str]) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"cannot be read: {error}", Place(str(path)), "a file of a run directory") from error
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise InputError(f"has no column {missing[0]!r}", Place(str(path)), ", ".join(columns))
    return table


def _numbers(column: pa.ChunkedArray, path: Path, words: type[IntEnum]) -> NDArray[Any]:
    """A column as numbers: times in seconds, words as their numbers, null as NEVER."""
    if pa.types.is_timestamp(column.type):
        seconds = column.cast(_TIME).cast(pa.int64()).fill_null(1000 * NEVER)
        return seconds.to_numpy() // 1000
    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
        column = column.cast(pa.string()).dictionary_encode().unify_dictionaries().combine_chunks()
        strange = [word for word in column.dictionary.to_pylist() if word not in words.__members__]
        if strange:
            raise InputError(f"{strange[0]!r} is unknown", Place(str(path)), ", ".join(words.__members__))
        numbers = np.array([words[word] for word in column.dictionary.to_pylist()], np.int64)
        return numbers[column.indices.to_numpy()] if len(numbers) else numbers
    return column.to_numpy()


def _words(numbers: NDArray[Any], words: type[IntEnum]) -> pa.DictionaryArray:
    """Numbers as their names; the dictionary is the same in every batch."""
    known = sorted(words)
    place = np.full(256, -1, np.int8)
    place[known] = np.arange(len(known))
    if (place[numbers] < 0).any():
        strange = numbers[place[numbers] < 0][0]
        raise ValueError(f"{words.__name__} has no {strange}")
    return pa.DictionaryArray.from_arrays(pa.array(place[numbers]), pa.array([word.name for word in known]))


def _times(seconds: NDArray[np.int64], never: bool = False) -> pa.Array:
    mask = seconds == NEVER if never else None
    return pa.array(seconds * 1000, pa.int64(), mask=mask).cast(_TIME)


def _event_table(events: Records) -> pa.Table:
    columns = {name: pa.array(np.ascontiguousarray(events[name])) for name in EVENT.names or ()}
    columns |= {"time": _times(events["time"]), "kind": _words(events["kind"], Kind)}
    return pa.table(columns)


def entry_table(entries: Records, names: Names) -> pa.Table:
    """Entries as a table that people can read: times, names of components, members and orders."""
    columns = {name: pa.array(np.ascontiguousarray(entries[name])) for name in FIXED}
    columns |= {"time": _times(entries["time"]), "component": _words(entries["component"], Component)}
    columns |= _named("member", entries["member"], names.members)
    columns |= _named("order", entries["order"], names.orders)
    return pa.table(columns)


def _member_table(members: Records, names: Names) -> pa.Table:
    columns = _named("member", np.arange(len(members)), names.members)
    for name in MEMBER.names or ():
        column = np.ascontiguousarray(members[name])
        columns[name] = _times(column, never=True) if name in _TIMES else pa.array(column)
    return pa.table(columns)


def _named(what: str, numbers: NDArray[Any], names: Sequence[str]) -> dict[str, pa.Array]:
    """A column of names beside a column of numbers, where there are names."""
    if not names:
        return {}
    inside = (numbers >= 0) & (numbers < len(names))
    return {f"{what}_name": pa.array(names, pa.string()).take(pa.array(numbers, mask=~inside))}
