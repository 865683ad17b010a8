"""Columns as PostgreSQL reads them fastest: the bytes of COPY BINARY, and arrays as parameters.

Both formats are big-endian, each value behind its length (https://www.postgresql.org/docs/current/sql-copy.html, "File
Formats"; arrays as `array_recv` takes them). Numbers become records of one structured array, so that rows cost no
Python; bytes and text, whose lengths differ, are joined row by row behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, SmallInteger, Table

Given = NDArray[Any] | Sequence[bytes | None] | Sequence[str | None]
"""A column: numbers as an array, bytes and texts as a list."""

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_OIDS = {"bool": 16, "bytea": 17, "int8": 20, "int2": 21, "int4": 23, "text": 25}


def sql_type(column: Column[Any]) -> str:
    """PostgreSQL's name of a column's type."""
    kinds = ((Boolean, "bool"), (SmallInteger, "int2"), (BigInteger, "int8"), (Integer, "int4"), (LargeBinary, "bytea"))
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "text")


def array_type(column: Column[Any]) -> str:
    """PostgreSQL's name of an array of a column's type."""
    return f"{sql_type(column)}[]"


def values_of(column: Column[Any], given: Given | int, count: int) -> Given:
    """A column of so many values, checked: no number is cut.

    Raises:
        ValueError: there is no room for it.
    """
    dtype = _dtype(column)
    if dtype is None:
        return given if not isinstance(given, np.ndarray | int) else _raw(given)
    values = np.broadcast_to(np.asarray(given), count)
    if values.dtype.kind not in "iub":
        raise ValueError(f"{column} takes whole numbers, not {values.dtype}")
    if dtype.kind == "i" and values.dtype != dtype.newbyteorder("="):
        room = np.iinfo(dtype)
        if count and not (int(values.min()) >= room.min and int(values.max()) <= room.max):
            raise ValueError(f"{column}: {values.min()} to {values.max()} do not fit into {sql_type(column)}")
    return values.astype(bool) if dtype.kind == "b" else values


def fixed_first(table: Table, columns: Mapping[str, Given]) -> dict[str, Given]:
    """Columns in the order in which they are packed: numbers, then bytes and texts."""
    return dict(sorted(columns.items(), key=lambda one: _dtype(table.c[one[0]]) is None))


def copy_data(table: Table, columns: Mapping[str, Given], count: int) -> bytes:
    """What COPY BINARY takes: the columns, those of fixed width first."""
    fixed = {name: one for name, one in columns.items() if _dtype(table.c[name]) is not None}
    records = np.empty(count, _record([table.c[name] for name in fixed]))
    records["columns"] = len(columns)
    for name, one in fixed.items():
        records[f"length {name}"] = _dtype(table.c[name]).itemsize  # type: ignore[union-attr]
        records[name] = one
    rest = [_behind_lengths(one) for name, one in columns.items() if name not in fixed]
    if not rest:
        return b"".join((_HEADER, records.tobytes(), _END))
    starts = np.frombuffer(records.tobytes(), f"V{records.itemsize}").tolist()
    rows = [part for row in zip(starts, *rest, strict=True) for part in row]
    return b"".join((_HEADER, *rows, _END))


def _record(columns: Sequence[Column[Any]]) -> np.dtype[Any]:
    """A row of COPY BINARY: how many columns, then each value behind its length."""
    fields: list[tuple[str, Any]] = [("columns", ">i2")]
    for column in columns:
        fields += [(f"length {column.name}", ">i4"), (column.name, _dtype(column))]
    return np.dtype(fields)


def _dtype(column: Column[Any]) -> np.dtype[Any] | None:
    """Of a value as PostgreSQL reads it; None where lengths differ."""
    kind = sql_type(column)
    if kind == "bool":
        return np.dtype("?")
    return np.dtype(f">i{kind[-1]}") if kind.startswith("int") else None


def _raw(given: NDArray[Any] | int) -> list[bytes]:
    """An array of equally long things as bytes, zeros at the end kept."""
    if isinstance(given, int):
        raise ValueError("bytes or texts, not a number")
    if given.dtype.kind == "O":
        return list(given)
    raw: list[bytes] = np.ascontiguousarray(given).view(f"V{given.dtype.itemsize}").tolist()
    return raw


def _behind_lengths(values: Given) -> list[bytes]:
    encoded = [one.encode() if isinstance(one, str) else one for one in values]
    lengths = np.array([-1 if one is None else len(one) for one in encoded], ">i4").tobytes()
    return [lengths[4 * i : 4 * i + 4] + (one or b"") for i, one in enumerate(encoded)]


class Packed:
    """A parameter that is packed already; the statement says what it is (`%b::int8[]`)."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class PackedDumper(Dumper):
    """Hands psycopg what is packed."""

    format = Format.BINARY
    oid = 0

    def dump(self, obj: Packed) -> bytes:
        """The bytes as they are."""
        return obj.data


def teach(cursor: Any) -> None:  # noqa: ANN401 - a cursor of psycopg, whatever its rows are
    """Let a cursor take packed parameters."""
    cursor.adapters.register_dumper(Packed, PackedDumper)


_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])


def int_array(values: NDArray[Any]) -> Packed:
    """Whole numbers as an `int8[]`."""
    elements = np.empty(len(values), _ELEMENT)
    elements["length"] = 8
    elements["value"] = values
    return Packed(array_head("int8", len(values)) + elements.tobytes())


def array(column: Column[Any], values: Given) -> Packed:
    """A column as an array of its type."""
    dtype, head = _dtype(column), array_head(sql_type(column), len(values))
    if dtype is None:
        return Packed(head + b"".join(_behind_lengths(values)))
    elements = np.empty(len(values), [("length", ">i4"), ("value", dtype)])
    elements["length"] = dtype.itemsize
    elements["value"] = values
    return Packed(head + elements.tobytes())


@lru_cache(maxsize=256)
def array_head(kind: str, count: int) -> bytes:
    """How an array begins: one dimension (none where nothing is in it), perhaps nulls, its type, so many from 1 on."""
    return np.array([1, 1, _OIDS[kind], count, 1] if count else [0, 0, _OIDS[kind]], ">i4").tobytes()
