"""Many rows at once, from NumPy columns, inside a transaction of SQLAlchemy; each database by its fastest safe way.

PostgreSQL takes COPY BINARY and arrays, SQLite `executemany` of its own driver, MariaDB and MySQL inserts of many rows
(LOAD DATA LOCAL is no choice for money: it turns a duplicate key into a warning and leaves the row out).
Statements go past SQLAlchemy to the driver, which costs nothing; the transaction stays SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Connection, Table

from sim.store.sql import packing
from sim.store.sql.packing import Given, values_of

Columns = NDArray[Any] | Mapping[str, Given | int]
"""Rows: a structured array, or columns by name: arrays, lists of bytes or texts, a number that stands for all rows."""

_AT_ONCE = 500
"""Keys of one statement, where they cannot be sent as an array."""


def insert_rows(connection: Connection, table: Table, rows: Columns) -> int:
    """Add rows to a table, in the order given (sorted by primary key is fastest); how many there were.

    Raises:
        ValueError: a number has no room in its column, or columns differ in length.
        Exception: whatever the driver says of a row that is there already or breaks a rule; then none was added.
    """
    columns, count = columns_of(table, rows)
    if not count:
        return 0
    names = ", ".join(_quoted(connection, table.c[name]) for name in columns)
    target = f"{_quoted(connection, table)} ({names})"
    cursor = driver(connection).cursor()
    if connection.dialect.name == "postgresql":
        ordered = packing.fixed_first(table, columns)
        names = ", ".join(_quoted(connection, table.c[name]) for name in ordered)
        with cursor.copy(f"COPY {_quoted(connection, table)} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(packing.copy_data(table, ordered, count))
    elif connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {target} VALUES ({marks})", tuples(columns))
    else:
        row = f"({', '.join(['%s'] * len(columns))})"
        cursor.executemany(f"INSERT INTO {target} VALUES {row}", list(tuples(columns)))
    cursor.close()
    return count


def upsert_add(connection: Connection, table: Table, rows: NDArray[Any]) -> int:
    """Add numbers to the columns of many rows, which are made where they are missing; how many there were.

    Args:
        connection: in a transaction.
        table: with one number as its primary key; other columns that `rows` leaves out must not exist.
        rows: the key and what is added, sorted by key, no key twice: rows are locked in this order.
    """
    if not len(rows):
        return 0
    added = [name for name in rows.dtype.names or () if name not in table.primary_key.columns]
    # A rule such as "never below 0" is held against the row to be inserted even where it is only added to another.
    lowered = any(bool((rows[name] < 0).any()) for name in _guarded(table) if name in added)
    if connection.dialect.name == "postgresql":
        _add_postgresql(connection, table, rows, added, lowered)
    elif connection.dialect.name == "sqlite" or lowered:
        _make_missing(connection, table, rows)
        _change(connection, table, {name: rows[name] for name in rows.dtype.names or ()}, add=True)
    else:
        changes = ", ".join(f"{name} = {name} + VALUES({name})" for name in added)
        _insert_many(connection, table, rows, f" ON DUPLICATE KEY UPDATE {changes}")
    return len(rows)


def update_many(connection: Connection, table: Table, rows: Columns) -> int:
    """Set columns of many rows, found by primary key; how many were found.

    Rows should be sorted by key and locked already, or be nobody else's: PostgreSQL locks them in no order of ours.
    """
    columns, count = columns_of(table, rows)
    if not count:
        return 0
    if connection.dialect.name == "postgresql":
        return _update_postgresql(connection, table, columns, add=False)
    return _change(connection, table, columns, add=False)


def fetch_rows(connection: Connection, statement: str, keys: NDArray[np.int64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Rows whose key is among `keys`: `statement` has `{keys}` where "is one of" goes (`WHERE id {keys}`)."""
    cursor = driver(connection).cursor()
    if connection.dialect.name == "postgresql":
        packing.teach(cursor)
        cursor.execute(statement.format(keys="= ANY(%b::int8[])"), (packing.int_array(keys),))
        found = cursor.fetchall()
    else:
        found = []
        for start in range(0, len(keys), _AT_ONCE):
            some = ", ".join(map(str, keys[start : start + _AT_ONCE].tolist()))
            cursor.execute(statement.format(keys=f"IN ({some})"))
            found += cursor.fetchall()
    cursor.close()
    return np.array([tuple(row) for row in found], dtype)


def driver(connection: Connection) -> Any:  # noqa: ANN401 - psycopg's, sqlite3's or pymysql's own connection
    """The driver's connection, inside the transaction of SQLAlchemy's.

    Raises:
        RuntimeError: there is no transaction: what is done could be half done.
    """
    if not connection.in_transaction():
        raise RuntimeError("rows are written in a transaction: with engine.begin() as connection")
    return connection.connection.driver_connection


def columns_of(table: Table, rows: Columns) -> tuple[dict[str, Given], int]:
    """Columns by name, all of one length, each number with room in its column; and that length."""
    if isinstance(rows, np.ndarray):
        rows = {name: rows[name] for name in rows.dtype.names or ()}
    lengths = {len(column) for column in rows.values() if not isinstance(column, int)}
    if len(lengths) != 1:
        raise ValueError(f"columns of {table.name} differ in length: {sorted(lengths)}")
    count = lengths.pop()
    return {name: values_of(table.c[name], given, count) for name, given in rows.items()}, count


def tuples(columns: Mapping[str, Given]) -> Iterator[tuple[Any, ...]]:
    """Rows as drivers take them."""
    return zip(*(one.tolist() if isinstance(one, np.ndarray) else one for one in columns.values()), strict=True)


def _quoted(connection: Connection, thing: Table | Column[Any]) -> str:
    return connection.dialect.identifier_preparer.quote(thing.name)


def _guarded(table: Table) -> Sequence[str]:
    """Columns that a rule of the table speaks of."""
    rules = [str(rule.sqltext) for rule in table.constraints if hasattr(rule, "sqltext")]
    return [name for name in table.c.keys() if any(name in rule for rule in rules)]  # noqa: SIM118 - not a dict


def _add_postgresql(connection: Connection, table: Table, rows: NDArray[Any], added: list[str], lowered: bool) -> None:
    names = list(rows.dtype.names or ())
    key = table.primary_key.columns.keys()[0]
    if lowered:
        _make_missing(connection, table, rows)
        _lock(connection, table, rows[key])
        _update_postgresql(connection, table, {name: rows[name] for name in names}, add=True)
        return
    changes = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in added)
    arrays = ", ".join(["%b::int8[]"] * len(names))
    _execute_packed(
        connection,
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({arrays}) "
        f"ON CONFLICT ({key}) DO UPDATE SET {changes}",
        [packing.int_array(rows[name]) for name in names],
    )


def _lock(connection: Connection, table: Table, keys: NDArray[np.int64]) -> None:
    """Lock rows in the order of their keys."""
    key = table.primary_key.columns.keys()[0]
    _execute_packed(
        connection,
        f"SELECT FROM {table.name} WHERE {key} = ANY(%b::int8[]) ORDER BY {key} FOR UPDATE",
        [packing.int_array(keys)],
    )


def _update_postgresql(connection: Connection, table: Table, columns: Mapping[str, Given], add: bool) -> int:
    keys = table.primary_key.columns.keys()
    kinds = ", ".join(f"%b::{packing.array_type(table.c[name])}" for name in columns)
    aliases = ", ".join(_quoted(connection, table.c[name]) for name in columns)
    changed = [_quoted(connection, table.c[name]) for name in columns if name not in keys]
    changes = ", ".join(f"{name} = {f't.{name} + ' if add else ''}v.{name}" for name in changed)
    where = " AND ".join(f"t.{name} = v.{name}" for name in keys)
    return _execute_packed(
        connection,
        f"UPDATE {table.name} AS t SET {changes} FROM unnest({kinds}) AS v({aliases}) WHERE {where}",
        [packing.array(table.c[name], column) for name, column in columns.items()],
    )


def _execute_packed(connection: Connection, statement: str, packed: Sequence[packing.Packed]) -> int:
    cursor = driver(connection).cursor()
    packing.teach(cursor)
    cursor.execute(statement, packed)
    count: int = cursor.rowcount
    cursor.close()
    return count


def _make_missing(connection: Connection, table: Table, rows: NDArray[Any]) -> None:
    """Rows of zeros for the keys that are not there yet."""
    key = table.primary_key.columns.keys()[0]
    nothing = np.zeros_like(rows)
    nothing[key] = rows[key]
    if connection.dialect.name == "postgresql":
        names = list(rows.dtype.names or ())
        arrays = ", ".join(["%b::int8[]"] * len(names))
        _execute_packed(
            connection,
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",
            [packing.int_array(nothing[name]) for name in names],
        )
    elif connection.dialect.name == "sqlite":
        _insert_many(connection, table, nothing, f" ON CONFLICT ({key}) DO NOTHING")
    else:
        _insert_many(connection, table, nothing, f" ON DUPLICATE KEY UPDATE {key} = {table.name}.{key}")


def _insert_many(connection: Connection, table: Table, rows: NDArray[Any], ending: str) -> None:
    names = list(rows.dtype.names or ())
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    cursor = driver(connection).cursor()
    cursor.executemany(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))}){ending}",
        rows.tolist(),
    )
    cursor.close()


def _change(connection: Connection, table: Table, columns: Mapping[str, Given], add: bool) -> int:
    """Set columns, or add to them, row by row."""
    keys = table.primary_key.columns.keys()
    changed = [name for name in columns if name not in keys]
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    quoted = {name: _quoted(connection, table.c[name]) for name in columns}
    changes = ", ".join(f"{quoted[name]} = {f'{quoted[name]} + ' if add else ''}{mark}" for name in changed)
    where = " AND ".join(f"{quoted[name]} = {mark}" for name in keys)
    cursor = driver(connection).cursor()
    ordered = {name: columns[name] for name in [*changed, *keys]}
    cursor.executemany(f"UPDATE {_quoted(connection, table)} SET {changes} WHERE {where}", list(tuples(ordered)))
    count: int = cursor.rowcount
    cursor.close()
    return count
