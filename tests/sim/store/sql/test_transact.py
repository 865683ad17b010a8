"""What goes wrong that is nobody's mistake: others in the way, and connections that are gone."""

from __future__ import annotations

import threading

import pytest
from postings import at_once, commission, facts
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from sim.store.sql.connect import engine_for
from sim.store.sql.few import post_few
from sim.store.sql.ledger import post_batch
from sim.store.sql.transact import LostConnectionError, Trouble, in_transaction, trouble_of


def two_wallets(engine: Engine) -> None:
    with engine.begin() as connection:
        post_batch(connection, *commission(1, {1: 5, 2: 5}))


def touch(connection: Connection, member: int) -> None:
    connection.execute(text("UPDATE wallets SET held = held + 1 WHERE member = :member"), {"member": member})


def test_a_deadlock_is_tried_again(any_engine: Engine) -> None:
    """Two lock the same wallets in opposite order; each waits until the other has its first one."""
    if any_engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    two_wallets(any_engine)
    both, retried = threading.Barrier(2), []

    def client(number: int) -> None:
        first = [True]

        def work(connection: Connection) -> None:
            touch(connection, 1 + number)
            if first.pop() if first else False:
                both.wait(10)
            touch(connection, 2 - number)

        in_transaction(any_engine, work, retried=retried)

    at_once(client, 2)
    assert len(retried) == 1
    with any_engine.connect() as connection:
        assert facts(connection)["wallets"] == [(1, 5, 2, 0, 0, 0), (2, 5, 2, 0, 0, 0)]


def test_a_mistake_is_made_once_and_undone(any_engine: Engine) -> None:
    two_wallets(any_engine)
    tries = []

    def work(connection: Connection) -> None:
        tries.append(1)
        touch(connection, 1)
        connection.execute(text("SELECT nonsense FROM wallets"))

    with pytest.raises(DBAPIError):
        in_transaction(any_engine, work)
    assert len(tries) == 1
    with any_engine.connect() as connection:
        assert facts(connection)["wallets"][0] == (1, 5, 0, 0, 0, 0)


def test_attempts_end(pg_engine: Engine) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("INSERT INTO batches VALUES (1)"))

    retried: list[str] = []
    with pytest.raises(DBAPIError) as error:
        in_transaction(pg_engine, work, attempts=3, retried=retried)
    assert trouble_of(error.value) is Trouble.again
    assert retried == ["UniqueViolation"] * 2


@pytest.mark.parametrize("way", [post_batch, post_few])
def test_a_lost_connection_is_dropped_and_the_same_work_done_again(pg_engine: Engine, way) -> None:
    rows, moves = commission(7, {1: 5})
    with engine_for(pg_engine.url.render_as_string(False)).connect() as other:

        def cut(connection: Connection) -> None:
            own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
            way(connection, rows, moves)

        with pytest.raises(LostConnectionError):
            in_transaction(pg_engine, cut)
    done = in_transaction(pg_engine, lambda connection: way(connection, rows, moves))
    assert len(done.new) == 1
    with pg_engine.connect() as connection:
        assert facts(connection)["wallets"] == [(1, 5, 0, 0, 0, 0)]


def test_a_server_that_is_not_there_is_a_lost_connection() -> None:
    engine = engine_for("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(LostConnectionError):
        in_transaction(engine, lambda connection: None)


def test_an_error_of_something_else_is_left_alone() -> None:
    assert trouble_of(ValueError("x")) is Trouble.other
    assert trouble_of(ProgrammingError("", None, Exception("x"))) is Trouble.other
