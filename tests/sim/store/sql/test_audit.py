"""Seals: a ledger changed behind its back is found, and no row slips past while others book."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from postings import at_once, commission
from sqlalchemy import Engine, func, select, text

from sim.store.sql.audit import Seal, last_seal, seal, verify
from sim.store.sql.few import post_few
from sim.store.sql.ledger import post_batch
from sim.store.sql.schema import audit
from sim.store.sql.transact import in_transaction


def book(engine: Engine, *orders: int) -> None:
    for order in orders:
        rows, moves = commission(order, {1: order, 2: 5})
        in_transaction(engine, partial(post_batch, journals=rows, moves=moves))


@pytest.fixture
def sealed(any_engine: Engine) -> Engine:
    """Three sealed batches of two journals each, and one journal in the open batch."""
    for batch in range(3):
        book(any_engine, 10 * batch + 1, 10 * batch + 2)
        seal(any_engine)
    book(any_engine, 31)
    return any_engine


def broken(engine: Engine) -> int | None:
    with engine.connect() as connection:
        found = verify(connection)
    return found.batch if found else None


def test_seals_are_a_chain_over_what_was_booked(sealed: Engine) -> None:
    with sealed.connect() as connection:
        seals = [Seal(*row) for row in connection.execute(text("SELECT * FROM audit ORDER BY id"))]
        assert last_seal(connection) == seals[-1]
    assert [(one.id, one.rows) for one in seals] == [(1, 2), (2, 2), (3, 2)]
    assert [one.previous for one in seals] == ["0" * 64, seals[0].seal, seals[1].seal]
    assert broken(sealed) is None


def test_nothing_new_needs_no_seal(sealed: Engine) -> None:
    assert [(one.id, one.rows) for one in seal(sealed)] == [(4, 1)]
    assert seal(sealed) == []
    assert broken(sealed) is None


BEHIND_ITS_BACK = [
    ("UPDATE journal SET x0 = x0 + 1, x1 = x1 - 1 WHERE id = (SELECT MIN(id) FROM (SELECT id FROM journal) j)", 1),
    ("UPDATE journal SET event_at = event_at + 1 WHERE batch = 2", 2),
    ("UPDATE journal SET batch = 2 WHERE batch = 3", 2),
    ("DELETE FROM journal WHERE batch = 3", 3),
    (
        "INSERT INTO journal SELECT id + 1, part, event_at, business_date, batch, digest, "
        "a0, a1, a2, a3, x0, x1, x2, x3 FROM journal WHERE batch = 2",
        2,
    ),
    ("UPDATE journal SET batch = 9 WHERE batch = 4", 9),
    ("UPDATE journal SET batch = 0 WHERE batch = 4", 0),
    ("DELETE FROM audit WHERE id = 2", 2),
    ("UPDATE audit SET rows_ = 3 WHERE id = 2", 2),
    ("DELETE FROM batches WHERE id = 4", 4),
]


def test_what_is_done_behind_its_back_is_found(sealed: Engine) -> None:
    """Changed, moved, deleted, inserted: each is tried, found, and rolled back."""
    rows = sealed.dialect.identifier_preparer.quote("rows")
    for statement, batch in BEHIND_ITS_BACK:
        with sealed.connect() as connection:
            connection.execute(text(statement.replace("rows_", rows)))
            found = verify(connection)
            connection.rollback()
        assert found is not None, statement
        assert found.batch == batch, statement
    assert broken(sealed) is None


def test_a_changed_row_with_a_new_seal_breaks_the_next_one(sealed: Engine) -> None:
    """Who also makes the seal of the batch anew has still not made those after it."""
    with sealed.begin() as connection:
        connection.execute(text("UPDATE journal SET event_at = 1 WHERE batch = 2"))
        later = connection.execute(text("SELECT * FROM audit WHERE id = 3")).one()
        connection.execute(text("DELETE FROM audit WHERE id >= 2"))
    seal(sealed)
    with sealed.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE id = 3"))
        values = dict(zip("abcde", later, strict=True))
        connection.execute(text("INSERT INTO audit VALUES (:a, :b, :c, :d, :e)"), values)
    assert broken(sealed) == 3


@pytest.mark.parametrize("way", [post_batch, post_few])
def test_a_late_commit_is_sealed_and_not_missed(any_engine: Engine, way) -> None:
    """A transaction has its batch and waits; others book after it; sealing waits for it, booking does not."""
    if any_engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nobody commits late")
    with any_engine.connect() as slow:
        transaction = slow.begin()
        way(slow, *commission(1, {7: 1}))
        book(any_engine, 2)
        sealing = threading.Thread(target=seal, args=(any_engine,))
        sealing.start()
        sealing.join(0.2)
        assert sealing.is_alive()
        book(any_engine, 3)
        transaction.commit()
        sealing.join(10)
    with any_engine.connect() as connection:
        assert [row[1] for row in connection.execute(text("SELECT * FROM audit"))] == [2]
        batches = dict(map(tuple, connection.execute(text("SELECT id, batch FROM journal"))))
    assert sorted(batches.values()) == [1, 1, 2]
    assert broken(any_engine) is None


def test_many_book_while_many_seal(any_engine: Engine) -> None:
    def client(number: int) -> None:
        if number < 4:
            book(any_engine, *range(100 * number, 100 * number + 25))
        else:
            for _ in range(10):
                seal(any_engine)

    at_once(client, 6)
    seal(any_engine)
    assert broken(any_engine) is None
    with any_engine.connect() as connection:
        assert connection.execute(select(func.sum(audit.c.rows))).scalar_one() == 100
