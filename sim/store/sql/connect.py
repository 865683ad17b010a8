"""From a URL to a database: PostgreSQL, SQLite, MariaDB or MySQL, each with the settings that a ledger needs.

Nothing here weakens durability: PostgreSQL and InnoDB flush every commit by themselves, SQLite is told to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from rules.errors import InputError

LOCAL = "local"
"""The URL of a PostgreSQL of one's own: `local`, or `local:FOLDER` to keep its data."""
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
"""Which driver a URL without one means."""


def engine_for(url: str, **options: Any) -> Engine:  # noqa: ANN401 - create_engine's own options
    """An engine of SQLAlchemy for a URL.

    Raises:
        InputError: the URL is none, or names a database this cannot speak to.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InputError(f"{url!r} is not the URL of a database", allowed=_ALLOWED) from error
    if parsed.get_backend_name() not in DRIVERS:
        raise InputError(f"{parsed.render_as_string()}: no store is kept there", allowed=_ALLOWED)
    if "+" not in parsed.drivername:
        parsed = parsed.set(drivername=DRIVERS[parsed.drivername])
    if parsed.get_backend_name() != "sqlite":
        options.setdefault("isolation_level", "READ COMMITTED")  # each statement sees what was committed before it
    try:
        engine = create_engine(parsed, **options)
    except (NoSuchModuleError, ImportError) as error:
        raise InputError(f"{parsed.drivername} is not installed ({error})", allowed=_ALLOWED) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    elif engine.dialect.name in ("mysql", "mariadb"):
        _prepare_mysql(engine)
    return engine


_ALLOWED = (
    "local, local:FOLDER, postgresql://user:password@host/name, mysql://… or mariadb://… (pip install pymysql), "
    "sqlite:///file.db"
)


def _prepare_sqlite(engine: Engine) -> None:
    """Let SQLite flush every commit, wait for others, and begin transactions where SQLAlchemy says so."""

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: object) -> None:  # noqa: ANN401 - sqlite3's own
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_mysql(engine: Engine) -> None:
    """Let MySQL and MariaDB refuse what they would otherwise cut to fit."""

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: object) -> None:  # noqa: ANN401 - pymysql's own
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'")


@contextmanager
def database(url: str) -> Iterator[str]:
    """A URL that can be connected to: the one given, or that of a local server which runs meanwhile.

    A folder that was not named is removed again.
    """
    if url != LOCAL and not url.startswith(f"{LOCAL}:"):
        yield url
        return
    from tempfile import TemporaryDirectory

    from sim.store.sql.server import LocalServer

    folder = url.partition(":")[2]
    if folder:
        with LocalServer(Path(folder)) as server:
            yield server.url
        return
    with TemporaryDirectory(prefix="fenxiao-", ignore_cleanup_errors=True) as temporary:
        Path(temporary).chmod(0o755)
        with LocalServer(Path(temporary) / "store") as server:
            yield server.url


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """A connection.

    Raises:
        InputError: nothing answers there.
    """
    try:
        connection = engine.connect()
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise InputError(f"{without_password(engine.url)} does not answer: {reason}", allowed=_ALLOWED) from error
    with connection:
        yield connection


def without_password(url: str | URL) -> str:
    """A URL as it may be shown."""
    if isinstance(url, str) and url.partition(":")[0] == LOCAL:
        return url
    return make_url(url).render_as_string(hide_password=True)
