"""A store on every database there is: `any_engine` is PostgreSQL, SQLite and MariaDB in turn, `pg_engine` PostgreSQL.

A server and a store on it live as long as a process of tests; every test finds the store empty. They do not flush to
the disk: nobody pulls the plug here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import mariadb_server
import pytest
from databases import DATABASES, Server, engine_of
from sqlalchemy import Engine

from sim.store.sql.connect import engine_for
from sim.store.sql.create import create
from sim.store.sql.server import LocalServer

QUICK = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="fenxiao-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with LocalServer(Path(folder) / "pg", QUICK) as server:
            yield Server(server.url.replace("/postgres?", "/{}?"), "postgres")
            server.kill()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    if mariadb_server.mariadbd() is None:
        pytest.skip("MariaDB is not installed here (apt-get install mariadb-server)")
    with mariadb_server.MariaDB() as server:
        yield Server(server.url, "mysql")


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory) -> Path:
    """The file of an empty store."""
    file = tmp_path_factory.mktemp("sqlite") / "store.db"
    engine = engine_for(f"sqlite:///{file}")
    create(engine)
    engine.dispose()
    return file


@pytest.fixture(params=DATABASES)
def any_engine(request) -> Engine:
    """An empty store on each database."""
    return engine_of(request.param, request)


@pytest.fixture(params=DATABASES)
def bare_engine(request) -> Engine:
    """A database without a store, of each kind."""
    return engine_of(request.param, request, made=False)


@pytest.fixture
def pg_engine(request) -> Engine:
    """An empty store on PostgreSQL."""
    return engine_of("postgresql", request)
