"""Looking at tables and importing them, as jobs: files of strangers are opened in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs import Tell

if TYPE_CHECKING:
    from sim.imports.mapping import Mapping
    from sim.imports.run import Imported
    from sim.imports.tables import SourceTable

_SAMPLES = 3


@dataclass(frozen=True)
class Seen:
    """A table as it was found: its label, what a mapping may call it, and by column the first values that may be shown.

    Attributes:
        columns: in order; of columns that hold persons there is only the form of what stands there.
    """

    label: str
    names: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Looked:
    """What is in the files.

    Attributes:
        mapping: text of the one that fits; "" where nothing is recognised. ready: the platform whose mapping it is.
        unused: tables that it makes nothing of. empty: files without rows.
    """

    tables: tuple[Seen, ...]
    mapping: str
    ready: str
    unused: tuple[str, ...]
    empty: tuple[str, ...]


def look(tell: Tell, sources: Sequence[str]) -> Looked:
    """Find tables and what they are likely to be.

    Raises:
        InputError: a file cannot be read safely, or there is no table.
    """
    from sim.imports.guess import guess_mapping, ready_mapping
    from sim.imports.mapping import written
    from sim.imports.sources import tables_of

    tables, empty = tables_of(sources)
    ready, unused = ready_mapping(tables), list[str]()
    mapping = ready
    if mapping is None:
        mapping, left = guess_mapping(tables)
        unused = [table.label for table in left]
    seen = []
    for table in tables:
        tell(table.label)
        seen.append(_seen(table, mapping))
    text = written(mapping) if mapping else ""
    return Looked(tuple(seen), text, ready.mapping if ready else "", tuple(unused), tuple(empty))


def _seen(table: SourceTable, mapping: Mapping | None) -> Seen:
    from sim.imports.guess import find_header, fitting_entries, known_names

    entries = [mapping.tables[number] for number in fitting_entries(mapping.tables, table.names)] if mapping else []
    wanted = {name for entry in entries for name in entry.needs()}
    score: Callable[[Sequence[str]], int] = (lambda names: len(wanted & set(names))) if wanted else known_names
    found = find_header(table, score)
    if found is None:
        return Seen(table.label, table.names, {})
    header = found[0]
    first = table.first(header, header.names)
    columns: dict[str, tuple[str, ...]] = {}
    for name in filter(None, header.names):
        cells = first.columns[name].slice(0, 200).to_pylist() if first else []
        columns[name] = tuple(_shown(cell) for cell in list(dict.fromkeys(filter(None, cells)))[:_SAMPLES])
    return Seen(table.label, table.names, columns)


def _shown(cell: str) -> str:
    """A value as it may be shown: of what may be a person's, its form alone."""
    from sim.imports.pseudonyms import is_personal, shape

    return shape(cell) if is_personal(cell) else cell[:30]


def bring_in(tell: Tell, sources: Sequence[str], mapping: str, key: bytes, out: Path) -> Imported:
    """Import tables under a mapping; tells which is read.

    Raises:
        InputError: the mapping does not fit them.
    """
    from sim.imports.mapping import read_mapping
    from sim.imports.pseudonyms import Pseudonyms
    from sim.imports.run import import_tables
    from sim.imports.sources import tables_of

    tables, empty = tables_of(sources)
    found = import_tables(tables, read_mapping(mapping, "mapping.yaml"), Pseudonyms(key), out, tell)
    found.empty = empty
    return found
