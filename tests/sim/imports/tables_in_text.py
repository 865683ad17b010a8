"""Small exports for tests, and an import of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from hostile import csv_text

from sim.imports.guess import guess_mapping, ready_mapping
from sim.imports.mapping import Mapping as MappingFile
from sim.imports.mapping import load_mapping, read_mapping
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.run import Imported, import_tables
from sim.imports.sources import tables_of

NAMES = Pseudonyms(b"k" * 32)
Table = Sequence[Sequence[object]]
"""A header and rows."""


def written_to(folder: Path, tables: Mapping[str, Table]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (head, *rows) in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(rows, head), "utf-8")
    return folder


def imported(folder: Path, tables: Mapping[str, Table], mapping: str = "", ready: str = "") -> Imported:
    """Import tables into `folder/out`: under a mapping in a text, a shipped one, or the guessed one."""
    found, _ = tables_of([str(written_to(folder / "exports", tables))])
    chosen: MappingFile | None
    if mapping:
        chosen = read_mapping(mapping, "mapping.yaml")
    elif ready:
        chosen = load_mapping(ready)
        assert ready_mapping(found) == chosen
    else:
        chosen, _ = guess_mapping(found)
    assert chosen is not None
    result = import_tables(found, chosen, NAMES, folder / "out")
    assert result.adds_up()
    return result


def rows(folder: Path, name: str) -> list[dict]:
    return pq.read_table(folder / "out" / f"{name}.parquet").to_pylist()


def who(number: object) -> str:
    from sim.imports.kinds import Holds

    return NAMES.of(str(number), Holds.member)


def which(number: object) -> str:
    from sim.imports.kinds import Holds

    return NAMES.of(str(number), Holds.order)
