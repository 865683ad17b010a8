"""A lease on a store: as long as one process holds the whole book in memory, no other writes to the database.

The database keeps it, and lets it go when the connection ends, however that comes about: an advisory lock of
PostgreSQL, a named lock of MariaDB and MySQL; beside a file of SQLite a file that is locked.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from rules.errors import InputError
from sim.store.sql.connect import without_password

_NUMBER = 0x666E7865
_NAME = "CONCAT('fenxiao whole book of ', DATABASE())"


@contextmanager
def lease(connection: Connection) -> Iterator[None]:
    """Hold the lease on the store of a connection, for as long as this lasts.

    Args:
        connection: through which the book is written: whoever loses it has lost the lease, and can write no more.

    Raises:
        InputError: another process holds it.
    """
    kind = connection.dialect.name
    if kind == "sqlite":
        with _file_lease(connection):
            yield
        return
    take, give = (
        (f"SELECT pg_try_advisory_lock({_NUMBER})", f"SELECT pg_advisory_unlock({_NUMBER})")
        if kind == "postgresql"
        else (f"SELECT GET_LOCK({_NAME}, 0)", f"SELECT RELEASE_LOCK({_NAME})")
    )
    if not _asked(connection, take):
        raise _taken(connection)
    try:
        yield
    finally:
        if not connection.invalidated:
            _asked(connection, give)


def _asked(connection: Connection, question: str) -> bool:
    with connection.begin():
        return bool(connection.execute(text(question)).scalar_one())


@contextmanager
def _file_lease(connection: Connection) -> Iterator[None]:
    """A lock on a file beside the database's; a database in memory is nobody else's anyway."""
    database = connection.engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}-lease").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _taken(connection) from error
        yield


def _taken(connection: Connection) -> InputError:
    return InputError(
        f"{without_password(connection.engine.url)}: another run holds the whole book of this store",
        allowed="another database, or wait until that run has ended",
    )
