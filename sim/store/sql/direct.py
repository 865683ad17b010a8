"""A statement on PostgreSQL without a cursor: for those that are sent once an order, thousands a second.

Psycopg's wrapper of libpq is called as it is. A cursor would add a third to what an order takes, SQLAlchemy as much
again; and nothing has to stay prepared on the server, so a pool of connections may stand between.
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
    result = _libpq(connection).exec_params(statement, values, kinds, [pq.Format.BINARY] * len(kinds))
    if result.status == pq.ExecStatus.TUPLES_OK:
        value: bytes | None = result.get_value(0, 0)
        return value
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    if state.startswith(OWN_STATES):
        detail = result.error_field(pq.DiagnosticField.MESSAGE_DETAIL) or b""
        raise DirectError(result.get_error_message(), state, detail.decode())
    kind = errors.lookup(state) if state else errors.OperationalError
    raise kind(result.get_error_message())


def _libpq(connection: Connection) -> Any:  # noqa: ANN401 - libpq's connection, whichever way Psycopg wraps it
    """The connection of libpq, in a transaction unless it commits by itself."""
    psycopg: Any = connection.connection.driver_connection
    if not psycopg.autocommit:
        if not connection.in_transaction():
            raise RuntimeError("this is done in a transaction, or on a connection that commits by itself")
        if psycopg.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            psycopg.execute("SELECT")  # Psycopg begins a transaction with its first statement
    return psycopg.pgconn
