"""Databases for tests: one of each kind there is, an empty store or nothing at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from sim.store.sql.connect import engine_for
from sim.store.sql.create import create
from sim.store.sql.schema import metadata

DATABASES = ("postgresql", "sqlite", "mariadb")
CLIENTS = 80
"""Connections that a test may have at once."""
_numbers = count(1)


class Server:
    """A server with two databases: one is a store, emptied for every test; the other holds nothing."""

    def __init__(self, url: str, administrator: str) -> None:
        self._url, self._administrator = url, administrator
        self._store: Engine | None = None
        self._bare: Engine | None = None

    def store(self) -> Engine:
        """An empty store."""
        if self._store is None:
            self._store = self._made("store")
            create(self._store)
        else:
            _empty(self._store)
        return self._store

    def bare(self) -> Engine:
        """A database without anything."""
        if self._bare is not None:
            self._bare.dispose()
        self._bare = self._made("bare")
        return self._bare

    def _made(self, name: str) -> Engine:
        with administrator(self._url.format(self._administrator)) as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        return engine_for(self._url.format(name), pool_size=CLIENTS)


def _empty(engine: Engine) -> None:
    engine.dispose()
    with engine.begin() as connection:
        for table in metadata.tables:
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("INSERT INTO batches (id) VALUES (1)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))


@contextmanager
def administrator(url: str) -> Iterator[Connection]:
    engine = engine_for(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def _sqlite(request: pytest.FixtureRequest, made: bool) -> Engine:
    """A file of its own for every test: a copy of a store that was made once."""
    file: Path = request.getfixturevalue("tmp_path") / f"{next(_numbers)}.db"
    if made:
        shutil.copy(request.getfixturevalue("sqlite_store"), file)
    return engine_for(f"sqlite:///{file}")


def engine_of(kind: str, request: pytest.FixtureRequest, made: bool = True) -> Engine:
    """A database of a kind: an empty store, or nothing at all."""
    if kind == "sqlite":
        return _sqlite(request, made)
    server: Server = request.getfixturevalue(kind)
    return server.store() if made else server.bare()
