"""One piece of work in one transaction, tried again where somebody else was in the way, and never on a dead connection.

Three things can go wrong that are nobody's mistake. Two transactions met (a deadlock, the same new key, a lock waited
for too long): the work is done again from the start. The connection is gone: it is dropped, and the caller decides, for
only the caller knows whether the work may be done twice. What the ledger books may: it knows its journals again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

Answer = TypeVar("Answer")

ATTEMPTS = 30
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.1


class LostConnectionError(Exception):
    """The database was gone before it said whether the transaction was committed: ask again, or do it again."""


class Trouble(Enum):
    """What an error of a driver means for the work."""

    again = "somebody was in the way: the same work again, from the start"
    lost = "the connection is of no more use"
    other = "a mistake, which would be made again"


def in_transaction(
    engine: Engine, work: Callable[[Connection], Answer], attempts: int = ATTEMPTS, retried: list[str] | None = None
) -> Answer:
    """What `work` answers, committed.

    Args:
        engine: where to.
        work: does all its work on the connection it is given; called again if somebody was in the way.
        attempts: how often at most.
        retried: gets the name of the error of every attempt that failed.

    Raises:
        LostConnectionError: the connection broke, perhaps after the commit.
    """
    for attempt in range(1, attempts + 1):
        connection = _connected(engine)
        try:
            with connection:
                return _tried(connection, work)
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is Trouble.lost:
                raise LostConnectionError(str(error)) from error
            if trouble is Trouble.other or attempt == attempts:
                raise
            if retried is not None:
                retried.append(type(_driver_error(error)).__name__)
        time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))
    raise AssertionError("attempts is at least 1")


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except DBAPIError as error:
        raise LostConnectionError(str(error)) from error


def _tried(connection: Connection, work: Callable[[Connection], Answer]) -> Answer:
    transaction = connection.begin()
    try:
        answer = work(connection)
        transaction.commit()
    except BaseException as error:
        if trouble_of(error) is Trouble.lost:
            connection.invalidate()  # the driver itself may not have noticed: never back into the pool
        else:
            transaction.rollback()
        raise
    return answer


def trouble_of(error: BaseException) -> Trouble:
    """What an error means, whichever driver it came from, with or without SQLAlchemy around it."""
    inner = _driver_error(error)
    package = type(inner).__module__.partition(".")[0]
    judge = {"psycopg": _of_postgresql, "sqlite3": _of_sqlite, "pymysql": _of_mysql}.get(package)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Trouble.lost
    return judge(inner) if judge else Trouble.other


def _driver_error(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


_PG_AGAIN = ("40P01", "40001", "23505", "55P03")
"""Deadlock, serialization failure, unique violation, lock not available."""
_PG_LOST = ("08", "57P")
"""Connection exceptions; the server shut down, crashed or is starting."""


def _of_postgresql(error: Any) -> Trouble:  # noqa: ANN401 - a driver's error
    """A deadlock is an OperationalError, too: the state is asked first."""
    state = error.sqlstate or ""
    if state in _PG_AGAIN:
        return Trouble.again
    if state.startswith(_PG_LOST) or (not state and _is(error, "OperationalError", "InterfaceError")):
        return Trouble.lost
    return Trouble.other


_MYSQL_AGAIN = (1213, 1205, 1062, 1020)
"""Deadlock, lock wait timeout, duplicate key, record changed since it was read."""
_MYSQL_LOST = (0, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2003, 2006, 2013, 2055)


def _of_mysql(error: BaseException) -> Trouble:
    number = error.args[0] if error.args else 0
    if number in _MYSQL_AGAIN:
        return Trouble.again
    if number in _MYSQL_LOST and _is(error, "OperationalError", "InterfaceError", "InternalError"):
        return Trouble.lost
    return Trouble.other


def _of_sqlite(error: BaseException) -> Trouble:
    said = str(error)
    return Trouble.again if "UNIQUE constraint" in said or "locked" in said else Trouble.other


def _is(error: BaseException, *names: str) -> bool:
    return any(one.__name__ in names for one in type(error).__mro__)
