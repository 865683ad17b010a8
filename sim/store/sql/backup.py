"""A store as files and back: one Parquet file a table, all of one moment, restored into an empty database of any kind.

Files that every tool reads, instead of a database's own dump: so a store moves from SQLite to PostgreSQL, an auditor
needs no server, and the same check proves a restore everywhere. For a disaster, to the second, keep the database's own
write-ahead log as well (PostgreSQL: pg_basebackup and WAL archiving); this is the copy that shows it was whole.

Every table has a digest of its contents, which no file format, no order of reading and no kind of database changes. A
restore checks it twice: over the files before they are written, and over the database after.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Boolean, Connection, Engine, LargeBinary, String, Table, delete, select

from rules.errors import InputError
from sim.store.sql.audit import last_seal
from sim.store.sql.bulk import insert_rows
from sim.store.sql.create import check_version, create, is_empty
from sim.store.sql.schema import batches, metadata

MANIFEST = "backup.json"
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself.

    Attributes:
        version: of the store. last_seal: the newest seal of its audit trail, "" where there is none.
        rows, digests: by table.
    """

    version: str
    last_seal: str
    rows: dict[str, int]
    digests: dict[str, str]


def backup(engine: Engine, folder: Path) -> Backup:
    """Write a store into a new folder: all of it as it was at one moment, or nothing.

    Raises:
        InputError: the folder is there already, or the database is no store of this version.
    """
    version = check_version(engine)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already", allowed="a folder that is new or empty")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        made = _write(engine, part, version)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.replace(folder)
    return made


def restore(engine: Engine, folder: Path) -> Backup:
    """Bring a backup into a database that is empty, or a store without rows: all of it, or nothing.

    Raises:
        InputError: the database is not empty; the backup is damaged or of another version.
    """
    found = read_backup(folder)
    if is_empty(engine):
        create(engine)
    if found.version != (version := check_version(engine)):
        raise InputError(f"{folder} is a backup of version {found.version}, this program is of {version}")
    with engine.begin() as connection:
        _refuse_rows(connection)
        connection.execute(delete(batches))
        for name, table in metadata.tables.items():
            digest = _Digest(table)
            for columns in _read(folder, table):
                digest.add(columns)
                insert_rows(connection, table, columns)
            _compare(digest, found, name, f"{folder / name}.parquet")
        for name, table in metadata.tables.items():
            _compare(_digest_of(table, _stored(connection, table)), found, name, f"table {name} after restoring it")
    return found


def read_backup(folder: Path) -> Backup:
    """What a folder's backup says of itself.

    Raises:
        InputError: there is none.
    """
    try:
        return Backup(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{folder} holds no backup of a store: {error}", allowed="a folder made by backup") from error


def _write(engine: Engine, folder: Path, version: str) -> Backup:
    digests = {name: _Digest(table) for name, table in metadata.tables.items()}
    with _one_moment(engine) as connection:
        seal = last_seal(connection)
        for name, table in metadata.tables.items():
            with pq.ParquetWriter(folder / f"{name}.parquet", _arrow(table), compression="zstd") as writer:
                for columns in _stored(connection, table):
                    digests[name].add(columns)
                    writer.write_batch(pa.record_batch(list(columns.values()), schema=_arrow(table)))
    made = Backup(
        version,
        seal.seal if seal else "",
        {name: one.rows for name, one in digests.items()},
        {name: one.hex() for name, one in digests.items()},
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(made), indent=2) + "\n", "utf-8")
    return made


def _one_moment(engine: Engine) -> Connection:
    """A connection that sees the database as it is when it first looks."""
    if engine.dialect.name == "sqlite":
        return engine.connect()
    return engine.connect().execution_options(isolation_level="REPEATABLE READ")


Columns = Mapping[str, Any]
"""Columns by name: arrays of numbers, lists of bytes or texts."""


def _stored(connection: Connection, table: Table) -> Iterator[Columns]:
    """The rows of a table by primary key, some at a time."""
    wanted = select(table).order_by(*table.primary_key.columns)
    for rows in connection.execute(wanted, execution_options={"yield_per": _AT_ONCE}).partitions():
        columns = zip(table.c, zip(*rows, strict=True), strict=True)
        yield {one.name: list(values) if _is_long(one) else np.array(values, _dtype(one)) for one, values in columns}


def _read(folder: Path, table: Table) -> Iterator[Columns]:
    """The rows of a table's file, some at a time."""
    path = folder / f"{table.name}.parquet"
    try:
        file = pq.ParquetFile(path)
        if file.schema_arrow != _arrow(table):
            raise InputError(f"{path} has other columns than table {table.name}")
        for rows in file.iter_batches(_AT_ONCE):
            yield {
                one.name: rows[one.name].to_pylist() if _is_long(one) else rows[one.name].to_numpy(False)
                for one in table.c
            }
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {error}", allowed="a whole backup") from error


class _Digest:
    """SHA-256 of the contents of a table: column by column, numbers as eight bytes, the rest with their lengths."""

    def __init__(self, table: Table) -> None:
        self.rows = 0
        self._columns = {name: (hashlib.sha256(), hashlib.sha256()) for name in sorted(table.c.keys())}

    def add(self, columns: Columns) -> None:
        """The next rows, by primary key."""
        self.rows += len(next(iter(columns.values())))
        for name, values in columns.items():
            numbers, contents = self._columns[name]
            if isinstance(values, list):
                raw = [one.encode() if isinstance(one, str) else one for one in values]
                contents.update(b"".join(one or b"" for one in raw))
                values = [-1 if one is None else len(one) for one in raw]
            numbers.update(np.asarray(values, "<i8").tobytes())

    def hex(self) -> str:
        """Of all that was added."""
        whole = hashlib.sha256(str(self.rows).encode())
        for name, hashers in self._columns.items():
            whole.update(name.encode() + b"".join(one.digest() for one in hashers))
        return whole.hexdigest()


def _digest_of(table: Table, rows: Iterable[Columns]) -> _Digest:
    digest = _Digest(table)
    for columns in rows:
        digest.add(columns)
    return digest


def _compare(found: _Digest, backup: Backup, name: str, where: str) -> None:
    if found.hex() != backup.digests.get(name):
        raise InputError(
            f"{where} is not what was backed up ({found.rows} rows, {backup.rows.get(name)} then)",
            allowed="a backup that nobody touched",
        )


def _refuse_rows(connection: Connection) -> None:
    for name, table in metadata.tables.items():
        if table is not batches and connection.execute(select(*table.primary_key.columns).limit(1)).first():
            raise InputError(f"table {name} has rows already", allowed="an empty database")


def _is_long(column: Any) -> bool:  # noqa: ANN401 - a column of any type
    return isinstance(column.type, LargeBinary | String)


def _dtype(column: Any) -> str:  # noqa: ANN401
    return "?" if isinstance(column.type, Boolean) else "i8"


def _arrow(table: Table) -> pa.Schema:
    def kind(column: Any) -> pa.DataType:  # noqa: ANN401
        if isinstance(column.type, LargeBinary):
            return pa.binary()
        if isinstance(column.type, String):
            return pa.string()
        return pa.bool_() if isinstance(column.type, Boolean) else pa.int64()

    return pa.schema([(column.name, kind(column)) for column in table.c])
