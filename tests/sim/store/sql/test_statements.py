"""What the ledger says when it is asked."""

from __future__ import annotations

import numpy as np
from postings import commission, together
from sqlalchemy import Engine, insert, text

from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.store.sql.digest import JOURNAL, MOVE
from sim.store.sql.ledger import post_batch
from sim.store.sql.schema import entries, withdrawals
from sim.store.sql.statements import Line, Totals, Uneven, statement, totals, trial_balance, uneven_wallets


def booked(engine: Engine) -> None:
    """Orders 1 and 2 owe member 1 500 and 70 fen, member 2 30; member 1 asks for 200, withdrawal 1."""
    asked = np.zeros(1, JOURNAL)
    asked["id"], asked["event_at"] = journal_id(1, JournalKind.withdraw), 1_700_000_009
    asked["a0"], asked["x0"], asked["a1"], asked["x1"] = FIRST_WALLET + 1, 200, ShopAccount.payable, -200
    withdrawn = asked, np.array([(asked["id"][0], 1, 0, 0, -200, 200, 0)], MOVE)
    with engine.begin() as connection:
        orders = together(commission(1, {1: 500}, "available"), commission(2, {1: 70, 2: 30}), withdrawn)
        post_batch(connection, *orders)
        nothing = dict.fromkeys(entries.c.keys(), 0)
        for number, (order, member) in enumerate([(1, 1), (2, 1), (2, 2)]):
            kept = {"id": number, "member": member, "journal_id": journal_id(order, JournalKind.commission)}
            connection.execute(insert(entries).values(nothing | kept))
        values = dict.fromkeys(withdrawals.c.keys(), 0)
        connection.execute(
            insert(withdrawals).values(values | {"id": 1, "member": 1, "channel_order_no": "W1", "book": b""})
        )


def test_a_member_sees_what_moved_the_wallet(any_engine: Engine) -> None:
    booked(any_engine)
    with any_engine.connect() as connection:
        assert statement(connection, 1) == [
            Line(journal_id(1, JournalKind.commission), JournalKind.commission, 1_700_000_001, 500, 500),
            Line(journal_id(2, JournalKind.commission), JournalKind.commission, 1_700_000_002, 70, 570),
            Line(journal_id(1, JournalKind.withdraw), JournalKind.withdraw, 1_700_000_009, -200, 370),
        ]
        assert [line.balance for line in statement(connection, 2)] == [30]
        assert statement(connection, 3) == []


def test_the_accounts_cancel_out(any_engine: Engine) -> None:
    booked(any_engine)
    with any_engine.connect() as connection:
        assert trial_balance(connection) == {
            ShopAccount.commission: 600,
            ShopAccount.payable: -200,
            FIRST_WALLET + 1: -370,
            FIRST_WALLET + 2: -30,
        }
        found = totals(connection)
    assert found == Totals(journals=3, rows=3, debits=800, credits=-800, wallets=2, owed=400, uneven=0)
    assert found.holds


def test_wallets_that_somebody_changed_are_told(any_engine: Engine) -> None:
    booked(any_engine)
    with any_engine.begin() as connection:
        connection.execute(text("UPDATE wallets SET held = held + 1 WHERE member = 1"))
        connection.execute(text("DELETE FROM wallets WHERE member = 2"))
        connection.execute(text("INSERT INTO wallets VALUES (8, 5, 0, 0, 0, 0)"))
        assert uneven_wallets(connection) == [Uneven(1, 371, 370), Uneven(2, 0, 30), Uneven(8, 5, 0)]
        assert not totals(connection).holds


def test_an_empty_store_says_nothing(any_engine: Engine) -> None:
    with any_engine.connect() as connection:
        assert totals(connection) == Totals(0, 0, 0, 0, 0, 0, 0)
        assert (trial_balance(connection), uneven_wallets(connection)) == ({}, [])
