"""Databases for tests: one of each kind there is, an empty store or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

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
    """Makes databases on a server: one for all tests that need a store, and one each for those that need none."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Engine | None = None

    def store(self) -> Engine:
        """An empty store."""
        if self._store is None:
            self._store = self.bare()
            create(self._store)
        else:
            self._empty(self._store)
        return self._store

    def bare(self) -> Engine:
        """A database without anything."""
        name = f"test{next(_numbers)}"
        with _administrator(self._url.format("postgres" if "postgres" in self._url else "mysql")) as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return engine_for(self._url.format(name), pool_size=CLIENTS)

    @staticmethod
    def _empty(engine: Engine) -> None:
        engine.dispose()
        with engine.begin() as connection:
            for table in metadata.tables:
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("INSERT INTO batches (id) VALUES (1)"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))


@contextmanager
def _administrator(url: str) -> Iterator[Connection]:
    engine = engine_for(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def _sqlite(request: pytest.FixtureRequest, made: bool) -> Engine:
    engine = engine_for(f"sqlite:///{request.getfixturevalue('tmp_path') / f'{next(_numbers)}.db'}")
    if made:
        create(engine)
    return engine


def engine_of(kind: str, request: pytest.FixtureRequest, made: bool = True) -> Engine:
    """A database of a kind: an empty store, or nothing at all."""
    if kind == "sqlite":
        return _sqlite(request, made)
    server: Server = request.getfixturevalue(kind)
    return server.store() if made else server.bare()
