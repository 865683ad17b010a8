"""Many rows at once arrive as they were given, on every database; what does not fit is refused, not cut."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from sim.store.sql.bulk import insert_rows, update_many, upsert_add
from sim.store.sql.schema import members, products, stock, wallets

MEMBERS = 1_203
WALLET = np.dtype([(name, "i8") for name in wallets.c.keys()])  # noqa: SIM118


def some_members(count: int = MEMBERS) -> dict:
    """Members with books of different lengths, zeros at their ends, and numbers at the edges of their columns."""
    return {
        "id": np.arange(count),
        "upline": np.arange(count) - 1,
        "joined_at": np.full(count, 2**62),
        "bound_at": np.full(count, -(2**63)),
        "rank": np.arange(count) % 7,
        "frozen": np.arange(count) % 2 == 0,
        "next_midnight": -1,
        "due_at": np.arange(count, dtype="i4"),
        "book": [bytes([number % 256]) * (number % 5) + b"\0" for number in range(count)],
    }


def rows_of(engine: Engine, table) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]


def test_every_type_of_column_comes_back(any_engine: Engine) -> None:
    given = some_members()
    with any_engine.begin() as connection:
        assert insert_rows(connection, members, given) == MEMBERS
    found = rows_of(any_engine, members)
    assert found[3] == (3, 2, 2**62, -(2**63), 3, False, -1, 3, b"\3\3\3\0")
    assert [row[0] for row in found] == list(range(MEMBERS))
    assert [row[8] for row in found] == given["book"]
    assert [row[5] for row in found] == given["frozen"].tolist()


def test_texts_and_nothing_at_all(any_engine: Engine) -> None:
    given = {"sku": np.array([5, 7]), "name": ["绿茶 250 克", None], "category": 0, "price": np.array([990, 12_00])}
    with any_engine.begin() as connection:
        insert_rows(connection, products, given)
        assert insert_rows(connection, products, {"sku": np.array([], "i8"), "name": []}) == 0
    assert rows_of(any_engine, products) == [(5, "绿茶 250 克", 0, 990), (7, None, 0, 1200)]


def test_equally_long_books_of_an_array_keep_their_zeros(any_engine: Engine) -> None:
    given = some_members(3) | {"book": np.array([(1, 0), (2, 0), (0, 0)], [("a", "u1"), ("b", "u2")])}
    with any_engine.begin() as connection:
        insert_rows(connection, members, given)
    assert [row[8] for row in rows_of(any_engine, members)] == [b"\1\0\0", b"\2\0\0", b"\0\0\0"]


@pytest.mark.parametrize("rank", [-32_769, 32_768])
def test_a_number_without_room_is_refused_not_cut(any_engine: Engine, rank: int) -> None:
    with any_engine.begin() as connection, pytest.raises(ValueError, match="do not fit into int2"):
        insert_rows(connection, members, some_members() | {"rank": rank})
    assert rows_of(any_engine, members) == []


def test_a_fraction_is_refused(any_engine: Engine) -> None:
    with any_engine.begin() as connection, pytest.raises(ValueError, match="whole numbers"):
        insert_rows(connection, members, some_members() | {"due_at": np.full(MEMBERS, 0.5)})


def test_one_row_that_is_there_refuses_all(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        insert_rows(connection, members, some_members(10))
    with pytest.raises(Exception, match=r"(?i)duplicate|unique"), any_engine.begin() as connection:  # noqa: PT012
        later = some_members(20)
        insert_rows(
            connection, members, {name: column[9:] if name != "next_midnight" else 0 for name, column in later.items()}
        )
    assert len(rows_of(any_engine, members)) == 10


def test_rows_outside_a_transaction_are_refused(any_engine: Engine) -> None:
    with any_engine.connect() as connection, pytest.raises(RuntimeError, match="in a transaction"):
        insert_rows(connection, members, some_members(1))


def wallet_rows(*rows: tuple[int, ...]) -> np.ndarray:
    return np.array(list(rows), WALLET)


def test_numbers_are_added_and_missing_rows_made(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        upsert_add(connection, wallets, wallet_rows((1, 10, 0, 0, 5, 0), (4, 1, 2, 3, 4, 5)))
        upsert_add(connection, wallets, wallet_rows((1, -30, 1, 0, -5, 5), (3, 7, 0, 0, 0, 0)))
        assert upsert_add(connection, wallets, wallet_rows()) == 0
        upsert_add(connection, wallets, wallet_rows((4, 100, 0, 0, 0, 0)))
    assert rows_of(any_engine, wallets) == [(1, -20, 1, 0, 0, 5), (3, 7, 0, 0, 0, 0), (4, 101, 2, 3, 4, 5)]


def test_a_rule_of_the_table_holds_for_what_comes_out(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        upsert_add(connection, wallets, wallet_rows((1, 0, 0, 0, 5, 0)))
    with pytest.raises(Exception, match=r"(?i)check|constraint"), any_engine.begin() as connection:
        upsert_add(connection, wallets, wallet_rows((1, 0, 0, 0, -6, 0)))
    assert rows_of(any_engine, wallets) == [(1, 0, 0, 0, 5, 0)]


def test_columns_are_set_by_key(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        insert_rows(connection, members, some_members())
        changes = {
            "id": np.array([0, 5, 900, 5_000]),
            "frozen": np.array([False, True, False, True]),
            "rank": np.array([9, 8, 7, 6]),
            "book": [b"", b"new\0", b"\xff" * 300, b"nobody"],
        }
        assert update_many(connection, members, changes) == 3
    found = rows_of(any_engine, members)
    assert [(found[at][4], found[at][5], found[at][8]) for at in (0, 5, 900)] == [
        (9, False, b""),
        (8, True, b"new\0"),
        (7, False, b"\xff" * 300),
    ]
    assert found[6][4:6] == (6, True)


def test_columns_are_set_by_a_key_of_two(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        insert_rows(connection, stock, {"sku": np.array([1, 1, 2]), "bucket": np.array([0, 1, 0]), "pieces": 5})
        update_many(
            connection, stock, {"sku": np.array([1, 2]), "bucket": np.array([1, 0]), "pieces": np.array([6, 7])}
        )
    assert rows_of(any_engine, stock) == [(1, 0, 5), (1, 1, 6), (2, 0, 7)]


def test_money_is_not_cut_by_a_lenient_server(any_engine: Engine) -> None:
    if any_engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps what it is given; its driver hands over whole numbers only")
    with pytest.raises(DBAPIError), any_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO wallets VALUES (1, 'much', 0, 0, 0, 0)")
