"""A mapping file 对照表: which tables of an export become what, and which of their columns.

Only what is mapped is read into the folder; every other column stays where it is. A column is the name of one in the
table, or a section that also says how to read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from rules.plan.validate import Problem, close_to, one_of, read_as
from rules.plan.values import Id, Section, Title
from scenarios.find import find
from sim.imports.dates import DateOrder
from sim.imports.kinds import COLUMNS, REQUIRED, Holds, Kind

Name = Annotated[str, Field(min_length=1, max_length=200, description="the name of a column")]
Values = Annotated[dict[Name, list[str]], Field(max_length=20)]


class Column(Section):
    """Where the values of a column come from, and how they are read.

    Attributes:
        source: the table's column (`from` in the file).
        path: where the value stands inside a cell that holds JSON.
        unit: of money: yuan, or whole fen.
        minus, plus: columns of money that are taken off and added, such as freight that is part of what was paid.
        negative_where: the amount is below 0 in rows with these values.
        date_order: which comes first in dates that end with the year.
        empty: texts that mean nothing, beside those that always do, such as 0 for nobody.
        values: from the table's texts to ours; any other text becomes empty.
    """

    source: Annotated[Name, Field(alias="from")]
    path: Annotated[list[Name], Field(max_length=8)] = Field(default_factory=list)
    unit: Literal["yuan", "fen"] = "yuan"
    minus: Annotated[list[Name], Field(max_length=8)] = Field(default_factory=list)
    plus: Annotated[list[Name], Field(max_length=8)] = Field(default_factory=list)
    negative_where: Values = Field(default_factory=dict)
    date_order: DateOrder | None = None
    empty: Annotated[list[str], Field(max_length=50)] = Field(default_factory=list)
    values: Annotated[dict[str, str], Field(max_length=1_000)] = Field(default_factory=dict)

    def needs(self) -> Iterator[str]:
        """The columns of the table that it looks at."""
        yield self.source
        yield from (*self.minus, *self.plus, *self.negative_where)


def _as_column(given: object) -> object:
    return {"from": given} if isinstance(given, str) else given


Given = Annotated[Column, BeforeValidator(_as_column, json_schema_input_type=Name | Column)]
"""A column as a file gives it: its name alone, or a section."""


class TableMap(Section):
    """What one table becomes.

    Attributes:
        table: name of file (without ending), sheet or table; what follows it may be a number or a date.
        where: only rows with these values are taken; the others are left out, and counted.
        unless: rows with these values are left out.
    """

    table: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind
    columns: Annotated[dict[str, Given], Field(min_length=1)]
    where: Values = Field(default_factory=dict)
    unless: Values = Field(default_factory=dict)

    def needs(self) -> list[str]:
        """Every column of the table that is looked at, once."""
        wanted = [name for column in self.columns.values() for name in column.needs()]
        return list(dict.fromkeys([*wanted, *self.where, *self.unless]))

    def essential(self) -> list[str]:
        """Those without which no row could be read: the ones that are needed and conditions for leaving rows out."""
        groups = [[name for name in group if name in self.columns] for group in REQUIRED[self.kind]]
        alone = [self.columns[group[0]].source for group in groups if len(group) == 1]
        numbered = ["order_id"] if self.kind == "orders" and "order_id" in self.columns else []
        return list(dict.fromkeys([*(self.columns[name].source for name in numbered), *alone, *self.where]))


class Mapping(Section):
    """A mapping: one entry a table. Of two tables of members, the first wins where both say something."""

    mapping: Id
    title: Title | None = None
    tables: Annotated[list[TableMap], Field(min_length=1, max_length=50)]


def read_mapping(text: str, name: str) -> Mapping:
    """The mapping in a text, see `read_as`."""
    return read_as(Mapping, text, name, _problems)


def load_mapping(name: str) -> Mapping:
    """A mapping by its shipped name or its path."""
    return read_mapping(*find("mappings", name))


def _problems(mapping: Mapping) -> Iterator[Problem]:
    yield from _named_orders(mapping)
    for number, table in enumerate(mapping.tables):
        known = COLUMNS[table.kind]
        for name, column in table.columns.items():
            path = ("tables", number, "columns", name)
            if name not in known:
                message = f"{table.kind} have no column {name!r}{close_to(name, known)}"
                yield Problem(path, message, one_of(known), key=True)
            else:
                yield from _misplaced(path, column, known[name])
        for group in REQUIRED[table.kind] if set(table.columns) <= set(known) else ():
            if not set(group) & set(table.columns):
                yield Problem(("tables", number, "columns"), f"{table.kind} need {' or '.join(group)}")


def _named_orders(mapping: Mapping) -> Iterator[Problem]:
    """Orders need numbers where another table names them."""
    others = [table.kind for table in mapping.tables if table.kind in ("lines", "receipts", "refunds")]
    for number, table in enumerate(mapping.tables):
        if table.kind == "orders" and others and "order_id" not in table.columns:
            message = f"orders need order_id: a table of {others[0]} names them"
            yield Problem(("tables", number, "columns"), message)


def _misplaced(path: tuple[str | int, ...], column: Column, holds: Holds) -> Iterator[Problem]:
    """Keys that say nothing about what the column holds."""
    about = {
        Holds.money: ("unit", "minus", "plus", "negative_where"),
        Holds.time: ("date_order",),
    }
    for kind, keys in about.items():
        for key in keys:
            if key in column.model_fields_set and holds is not kind:
                yield Problem((*path, key), f"{key} is about {kind.value}; this column holds {holds.value}", key=True)


def written(mapping: Mapping) -> str:
    """A mapping as the text of a file."""
    lines = [f"mapping: {_quoted(mapping.mapping)}", "tables:"]
    for table in mapping.tables:
        lines += [f"  - table: {_quoted(table.table)}", f"    kind: {table.kind}"]
        for key in ("where", "unless"):
            if rows := getattr(table, key):
                lines.append(f"    {key}: {_flow(rows)}")
        lines.append("    columns:")
        for name, column in table.columns.items():
            said = column.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            lines.append(f"      {name}: {_quoted(column.source) if len(said) == 1 else _flow(said)}")
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """A scalar that is read back as this text: plain where nothing could be taken for something else."""
    plain = text.replace("_", "").isalnum() and not text[0].isdigit() and text.lower() not in _WORDS
    return text if plain else '"' + "".join(map(_escaped, text)) + '"'


_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
