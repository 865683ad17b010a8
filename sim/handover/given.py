"""A platform's configuration as it was given: keys with text, read with checks; what nobody asked for is remembered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from rules.errors import InputError, Place, shown
from rules.money import fen
from rules.plan.validate import one_of
from rules.plan.values import as_rate
from rules.plan.yaml import Document, Path, read_yaml
from sim.handover.sql_rows import Cell, Row, Tables, read_sql

Meaning = TypeVar("Meaning")


@dataclass(frozen=True)
class Shape:
    """How a platform stores its configuration.

    Attributes:
        tables: how the names of the tables of settings end.
        pairs: the columns of name and value; None where the table has one row with a column for each setting.
        json_values: whether values are JSON once more, as text.
        lists: how the names of further tables end, by what they are called here.
    """

    tables: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] | None = None
    json_values: bool = False
    lists: Mapping[str, str] = field(default_factory=dict)


def snake(name: str) -> str:
    """A name as it is looked up: `brokerageFirstPercent` and `brokerage_first_percent` are the same."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()


class Given:
    """Settings by name. Every reader takes the value that counts where a setting is missing or blank."""

    def __init__(self, settings: dict[str, Cell], lists: dict[str, list[Row]]) -> None:
        self._settings, self._lists = settings, lists
        self.notes: list[str] = []
        self._asked: dict[str, None] = {}

    @classmethod
    def of(cls, config: Mapping[str, object], shape: Shape) -> Given:
        """A configuration in memory, as a platform's writer makes it."""
        return read_config(json.dumps(config, ensure_ascii=False), "configuration", shape)

    @property
    def asked(self) -> list[str]:
        """Settings that a reader asked for."""
        return list(self._asked)

    @property
    def found(self) -> bool:
        """Whether any setting that a reader asked for is there."""
        return any(name in self._settings for name in self._asked) or bool(self._lists)

    @property
    def unused(self) -> list[str]:
        """Settings that no reader asked for, in the order of the file."""
        return [name for name in self._settings if name not in self._asked]

    def rows(self, name: str) -> list[Given]:
        """The rows of a further table, each to be read like settings."""
        return [Given(dict(row), {}) for row in self._lists.get(name, [])]

    def cell(self, name: str) -> Cell | None:
        """A setting as it stands, or None where it is missing or blank."""
        self._asked[name] = None
        cell = self._settings.get(name)
        return cell if cell and cell.text is not None and cell.text.strip() else None

    def text(self, name: str, missing: str) -> str:
        """Text."""
        cell = self.cell(name)
        return missing if cell is None or cell.text is None else cell.text.strip()

    def whole(self, name: str, missing: int, low: int = 0, high: int = 10**11) -> int:
        """A whole number; a fraction of zeros (`7.00`) is one too."""
        cell = self.cell(name)
        if cell is None or cell.text is None:
            return missing
        found = re.fullmatch(r"(-?[0-9]{1,12})(\.0{0,6})?", cell.text.strip())
        if not found or not low <= int(found[1]) <= high:
            raise _refused(name, cell, f"a whole number from {low} to {high}")
        return int(found[1])

    def flag(self, name: str, missing: bool) -> bool:
        """On or off, as 1 and 0 or true and false."""
        return self.choice(name, {"1": True, "0": False, "true": True, "false": False}, missing)

    def choice(self, name: str, meanings: Mapping[str, Meaning], missing: Meaning) -> Meaning:
        """One of several words, as what it means."""
        cell = self.cell(name)
        if cell is None or cell.text is None:
            return missing
        if cell.text.strip().lower() not in meanings:
            raise _refused(name, cell, one_of(meanings))
        return meanings[cell.text.strip().lower()]

    def percent(self, name: str, missing: int) -> int:
        """A percentage written without its sign, in parts per million."""
        cell = self.cell(name)
        if cell is None or cell.text is None:
            return missing
        try:
            return as_rate(cell.text.strip() + "%")
        except ValueError:
            raise _refused(name, cell, "a percentage from 0 to 100, without %") from None

    def yuan(self, name: str, missing: int) -> int:
        """An amount in yuan, in fen."""
        cell = self.cell(name)
        if cell is None or cell.text is None:
            return missing
        try:
            amount = fen(re.sub(r"(\.[0-9]{2})0+$", r"\1", cell.text.strip()))
        except ValueError:
            amount = -1
        if amount < 0:
            raise _refused(name, cell, "an amount with at most two decimals, not negative")
        return amount


def _refused(name: str, cell: Cell, allowed: str) -> InputError:
    return InputError(f"{name}: {shown(cell.text)} cannot be used", cell.place, allowed)


def read_config(text: str, name: str, shape: Shape) -> Given:
    """The settings in a file: a JSON object, JSON rows, JSON tables, or an SQL dump.

    Args:
        text: what the file holds.
        name: the file name that messages begin with.
        shape: how the platform stores its configuration.

    Raises:
        InputError: with line and column of what cannot be read, or no settings were found.
    """
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return _from_json(read_yaml(text.replace("\t", " "), name), shape)
    tables = read_sql(text.removeprefix("\ufeff"), name)
    return _from_tables(tables, shape, Place(name), "INSERT statements of ")


def _from_json(document: Document, shape: Shape) -> Given:
    data = document.data
    if isinstance(data, list):
        return _from_tables({shape.tables[0]: _rows(document, ())}, shape, document.place(), "rows of ")
    if any(str(name).lower().endswith(shape.tables) and isinstance(one, list) for name, one in data.items()):
        tables = {str(name).lower(): _rows(document, (name,)) for name, one in data.items() if isinstance(one, list)}
        return _from_tables(tables, shape, document.place(), "rows of ")
    lists = {
        called: _rows(document, (name,))
        for name in data
        if (called := _called(str(name), shape)) and isinstance(data[name], list)
    }
    settings = dict(_flat(document, (), ""))
    return Given({name: cell for name, cell in settings.items() if _called(name, shape) is None}, lists)


def _called(table: str, shape: Shape) -> str | None:
    """What a further table is called here."""
    return next((called for called, ending in shape.lists.items() if table.lower().endswith(ending)), None)


def _flat(document: Document, path: Path, before: str) -> Iterator[tuple[str, Cell]]:
    """Every value of a JSON object by its name; those of objects inside it as `outer.inner`."""
    data = document.data
    for step in path:
        data = data[step]
    for name, value in data.items():
        key = before + snake(str(name))
        if isinstance(value, dict):
            yield from _flat(document, (*path, name), key + ".")
        else:
            yield key, Cell(_as_text(value), document.place((*path, name)))


def _rows(document: Document, path: Path) -> list[Row]:
    rows = document.data
    for step in path:
        rows = rows[step]
    found = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InputError(f"{shown(row)} is no row", document.place((*path, number)), "objects, one a row")
        found.append(
            {snake(str(key)): Cell(_as_text(one), document.place((*path, number, key))) for key, one in row.items()}
        )
    return found


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _from_tables(tables: Tables, shape: Shape, place: Place, what: str) -> Given:
    rows = [row for name, found in tables.items() if name.endswith(shape.tables) for row in found]
    rows = [row for row in rows if not ("deleted" in row and row["deleted"].text in ("1", "true"))]
    if not rows:
        raise InputError(f"no settings were found: no {what}{' or '.join(shape.tables)}", place, "JSON or an SQL dump")
    lists = {called: found for name, found in tables.items() if (called := _called(name, shape))}
    if shape.pairs is None:
        given = Given({snake(name): cell for name, cell in rows[0].items()}, lists)
        if len(rows) > 1:
            given.notes.append(f"{shape.tables[0]} has {len(rows)} rows: the first one counts")
        return given
    return Given(dict(_pair(row, shape) for row in rows), lists)


def _pair(row: Row, shape: Shape) -> tuple[str, Cell]:
    for name, value in shape.pairs or ():
        if name in row and value in row:
            key, cell = row[name].text or "", row[value]
            return snake(key), Cell(_decoded(cell.text) if shape.json_values else cell.text, cell.place)
    columns = " or ".join(f"{name}, {value}" for name, value in shape.pairs or ())
    first = next(iter(row.values()), None)
    raise InputError(
        "a row of settings has no name and value", first.place if first else None, f"the columns {columns}"
    )


def _decoded(text: str | None) -> str | None:
    """A value that is JSON as text; what is not JSON counts as it stands."""
    if text is None or len(text) > 10_000:
        return text
    try:
        return _as_text(json.loads(text, parse_float=str, parse_int=str, parse_constant=str))
    except (ValueError, RecursionError):
        return text
