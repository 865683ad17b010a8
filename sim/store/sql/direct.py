"""A statement on PostgreSQL without a cursor: for those that are sent once an order, thousands a second.

Psycopg's wrapper of libpq is called as it is. A cursor would add a third to what an order takes, SQLAlchemy as much
again. Where a statement is all of a transaction, the server prepares it once a connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import errors, pq
from sqlalchemy import Connection


class DirectError(Exception):
    """A function of the database says no, in its own words.

    Attributes:
        state: its five letters. detail: what goes with them.
    """

    def __init__(self, message: str, state: str, detail: str) -> None:
        self.state, self.detail = state, detail
        super().__init__(message)


OWN_STATES = "FX"
"""How the states of our own functions begin."""
INT8, INT8_ARRAY = 20, 1016
_NAMES, _UNKNOWN_NAME = "fenxiao_names", b"26000"
"""Where a connection keeps the names of its statements (`Connection.info` of SQLAlchemy); how a server says unknown."""


def ask(connection: Connection, statement: bytes, kinds: Sequence[int], values: Sequence[bytes]) -> bytes | None:
    """The one value that a statement answers, as text.

    Args:
        connection: in a transaction, or one that commits by itself.
        statement: with $1, $2, … for its parameters.
        kinds: their types. values: as PostgreSQL sends them, in binary.

    Raises:
        DirectError: one of our functions refuses.
        psycopg.Error: whatever else is wrong, as from a cursor.
    """
    psycopg: Any = connection.connection.driver_connection
    binary = [pq.Format.BINARY] * len(kinds)
    if psycopg.autocommit:
        result = _prepared(connection, psycopg.pgconn, statement, kinds, values, binary)
    else:
        _begin(connection, psycopg)
        result = psycopg.pgconn.exec_params(statement, values, kinds, binary)
    value: bytes | None = _checked(result).get_value(0, 0)
    return value


def _prepared(
    connection: Connection,
    libpq: Any,  # noqa: ANN401 - libpq's connection, whichever way Psycopg wraps it
    statement: bytes,
    kinds: Sequence[int],
    values: Sequence[bytes],
    binary: Sequence[pq.Format],
) -> Any:  # noqa: ANN401 - libpq's result, whichever way Psycopg wraps it
    """The result of a statement that the server knows by a name; it is told again where that is forgotten.

    Psycopg lets a server forget all names when it rolls back, and a server that was started again knows none.
    """
    named: dict[bytes, bytes] = connection.info.setdefault(_NAMES, {})
    if statement in named:
        result = libpq.exec_prepared(named[statement], values, binary)
        if result.error_field(pq.DiagnosticField.SQLSTATE) != _UNKNOWN_NAME:
            return result
        named.clear()
    name = b"fenxiao_%d" % len(named)
    _checked(libpq.prepare(name, statement, kinds))
    named[statement] = name
    return libpq.exec_prepared(name, values, binary)


def _checked(result: Any) -> Any:  # noqa: ANN401 - libpq's result, whichever way Psycopg wraps it
    """The same result if all is well."""
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    if state.startswith(OWN_STATES):
        detail = result.error_field(pq.DiagnosticField.MESSAGE_DETAIL) or b""
        raise DirectError(result.get_error_message(), state, detail.decode())
    kind = errors.lookup(state) if state else errors.OperationalError
    raise kind(result.get_error_message())


def _begin(connection: Connection, psycopg: Any) -> None:  # noqa: ANN401 - Psycopg's connection, unknown to SQLAlchemy
    """Be in a transaction of the caller's."""
    if not connection.in_transaction():
        raise RuntimeError("this is done in a transaction, or on a connection that commits by itself")
    if psycopg.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        psycopg.execute("SELECT")  # Psycopg begins a transaction with its first statement
