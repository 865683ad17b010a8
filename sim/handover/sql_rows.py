"""Rows of an SQL dump: what its INSERT statements hold, as text. Nothing is executed.

Column names come from the statement or, where it has none, from the CREATE TABLE before it. A value that is not a
literal (a call, a sum) counts as unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rules.errors import InputError, Place
from rules.plan.yaml import MAX_CHARACTERS


@dataclass(frozen=True)
class Cell:
    """One value as text (None: NULL or unknown), and where it stands."""

    text: str | None
    place: Place


Row = dict[str, Cell]
Tables = dict[str, list[Row]]

_TOKEN = re.compile(
    r"(?P<skip>\s+|--[^\n]*|\#[^\n]*|/\*.*?\*/)"
    r"|(?P<text>[bBxXnN]?'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\")"
    r"|(?P<name>`[^`]*`|[A-Za-z_\u0080-\uffff][\w$]*)"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}
_NOT_COLUMNS = {"primary", "unique", "key", "index", "constraint", "fulltext", "spatial", "foreign", "check"}
_FURTHER = ("into", "ignore", "delayed", "low_priority", "high_priority")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    offset: int

    def says(self, *words: str) -> bool:
        return self.kind in ("name", "mark") and self.text.lower() in words


def read_sql(text: str, name: str) -> Tables:
    """The rows of every table of a dump.

    Args:
        text: the dump.
        name: the file name that messages begin with.

    Raises:
        InputError: a statement that breaks off, or rows that do not fit their columns; with line and column.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"the text has {len(text)} characters", Place(name), f"at most {MAX_CHARACTERS}")
    return _Reader(text, name).tables()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._tokens = list(_tokens(text))
        self._at = 0
        self._end = len(text)
        self._columns: dict[str, list[str]] = {}

    def tables(self) -> Tables:
        found: Tables = {}
        while (token := self._next()) is not None:
            if token.says("create") and self._take("table"):
                self._create()
            elif token.says("insert", "replace") and self._peek_says(*_FURTHER):
                table, rows = self._insert()
                found.setdefault(table, []).extend(rows)
        return found

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self._name, line, offset - self._starts[line - 1] + 1)

    def _next(self) -> _Token | None:
        if self._at >= len(self._tokens):
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _needed(self, what: str) -> _Token:
        token = self._next()
        if token is None:
            raise InputError(f"the dump breaks off where {what} should stand", self._place(self._end), "a whole dump")
        return token

    def _peek_says(self, *words: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].says(*words)

    def _take(self, word: str) -> bool:
        found = self._peek_says(word)
        self._at += found
        return found

    def _table(self) -> str:
        token = self._needed("the name of a table")
        while self._take("."):
            token = self._needed("the name of a table")
        return token.text.lower()

    def _create(self) -> None:
        while self._peek_says("if", "not", "exists"):
            self._at += 1
        table = self._table()
        if self._take("("):
            items, _ = self._list()
            first = [item[0] for item in items if item]
            self._columns[table] = [
                one.text.lower() for one in first if one.kind == "name" and one.text.lower() not in _NOT_COLUMNS
            ]

    def _insert(self) -> tuple[str, list[Row]]:
        while self._peek_says(*_FURTHER):
            self._at += 1
        table = self._table()
        columns = self._columns.get(table)
        if self._take("("):
            items, _ = self._list()
            columns = [item[0].text.lower() if item else "" for item in items]
        values = self._needed("VALUES")
        if not values.says("values", "value"):
            raise InputError(
                f"{values.text[:40]!r} stands where VALUES should", self._place(values.offset), "VALUES (…)"
            )
        rows = []
        while True:
            rows.append(self._row(columns))
            if not self._take(","):
                return table, rows

    def _row(self, columns: list[str] | None) -> Row:
        opening = self._needed("a row")
        if not opening.says("("):
            raise InputError(f"{opening.text[:40]!r} stands where a row should", self._place(opening.offset), "(…)")
        items, _ = self._list()
        if columns is None:
            message = "the columns of this row are not known"
            allowed = "INSERT INTO table (columns) VALUES …, or a CREATE TABLE before it"
            raise InputError(message, self._place(opening.offset), allowed)
        if len(items) != len(columns):
            message = f"the row has {len(items)} values for {len(columns)} columns"
            raise InputError(message, self._place(opening.offset), "a value for each column")
        return {column: self._cell(item, opening) for column, item in zip(columns, items, strict=True)}

    def _list(self) -> tuple[list[list[_Token]], int]:
        """What stands up to the closing bracket, split at its own commas."""
        items: list[list[_Token]] = [[]]
        depth = 1
        while True:
            token = self._needed(")")
            depth += token.says("(") - token.says(")")
            if depth == 0:
                return items, token.offset
            if depth == 1 and token.says(","):
                items.append([])
            else:
                items[-1].append(token)

    def _cell(self, item: list[_Token], row: _Token) -> Cell:
        place = self._place(item[0].offset if item else row.offset)
        sign = ""
        if len(item) == 2 and item[0].says("-", "+"):
            sign, item = item[0].text.strip("+"), item[1:]
        literal = len(item) == 1 and (item[0].kind in ("text", "number") or item[0].says("true", "false"))
        return Cell(sign + item[0].text if literal else None, place)


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        if kind == "skip":
            continue
        yield _Token(kind, _plain(kind, found[0]), found.start())


def _plain(kind: str, written: str) -> str:
    if kind == "name":
        return written.strip("`")
    if kind != "text":
        return written
    prefix, quote = (written[0], written[1]) if written[0] not in "'\"" else ("", written[0])
    inside = written[len(prefix) + 1 : -1].replace(quote * 2, quote)
    inside = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), inside, flags=re.DOTALL)
    if prefix in ("b", "B") and re.fullmatch("[01]{1,64}", inside):
        return str(int(inside, 2))
    return {"\0": "0", "\x01": "1"}.get(inside, inside)  # a bit(1), as some dumps write it
