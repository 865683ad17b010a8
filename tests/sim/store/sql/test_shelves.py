"""Stock: never one piece too many, never one lost, and a repeated notice charges once."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from postings import at_once
from sqlalchemy import Engine, text

from sim.store.sql.accounts import JournalKind, ShopAccount, journal_id
from sim.store.sql.bulk import insert_rows
from sim.store.sql.digest import JOURNAL, MOVE
from sim.store.sql.few import post
from sim.store.sql.schema import stock
from sim.store.sql.stock import SoldOutError, gather, give_back, reserve, spread
from sim.store.sql.transact import in_transaction

PRICE = 9_900


def fill(engine: Engine, pieces: dict[tuple[int, int], int]) -> None:
    keys = np.array(list(pieces))
    with engine.begin() as connection:
        columns = {"sku": keys[:, 0], "bucket": keys[:, 1], "pieces": np.array(list(pieces.values()))}
        insert_rows(connection, stock, columns)


def left(engine: Engine) -> dict[tuple[int, int], int]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT sku, bucket, pieces FROM stock ORDER BY sku, bucket"))
        return {(sku, bucket): pieces for sku, bucket, pieces in found}


def test_orders_spread_over_buckets_and_go_on_to_the_next(any_engine: Engine) -> None:
    fill(any_engine, {(5, 0): 2, (5, 1): 2, (5, 2): 0})
    with any_engine.begin() as connection:
        taken = [reserve(connection, {5: 1}, order)[5] for order in (1, 1, 1, 2)]
    assert taken == [1, 1, 0, 0]  # bucket 1 is empty after two; order 2 begins at bucket 2, which is empty
    assert left(any_engine) == {(5, 0): 0, (5, 1): 0, (5, 2): 0}


def test_all_or_nothing(any_engine: Engine) -> None:
    fill(any_engine, {(1, 0): 3, (2, 0): 1})
    with any_engine.begin() as connection, pytest.raises(SoldOutError) as short:
        reserve(connection, {2: 2, 1: 3}, 0)
    assert (short.value.sku, short.value.left) == (2, 1)
    assert left(any_engine) == {(1, 0): 3, (2, 0): 1}
    with any_engine.begin() as connection, pytest.raises(SoldOutError):
        reserve(connection, {3: 1}, 0)  # nobody has ever stocked it


def test_pieces_are_brought_together_where_no_bucket_has_enough(any_engine: Engine) -> None:
    fill(any_engine, {(1, 0): 2, (1, 1): 2, (1, 2): 1})
    with any_engine.begin() as connection:
        assert reserve(connection, {1: 4}, 1) == {1: 1}
    assert left(any_engine) == {(1, 0): 0, (1, 1): 0, (1, 2): 1}


def test_pieces_come_back_even_where_the_bucket_is_gone(any_engine: Engine) -> None:
    fill(any_engine, {(1, 0): 8, (1, 1): 8})
    with any_engine.begin() as connection:
        assert reserve(connection, {1: 3}, 1) == {1: 1}
        gather(connection, 1)
        give_back(connection, [(1, 1, 2)])
    assert left(any_engine) == {(1, 0): 15}
    with any_engine.begin() as connection, pytest.raises(ValueError, match="product 9 has no stock"):
        give_back(connection, [(9, 0, 1)])


def test_a_product_is_spread_and_gathered_again(any_engine: Engine) -> None:
    fill(any_engine, {(1, 0): 10, (1, 3): 1})
    with any_engine.begin() as connection:
        spread(connection, 1, 4)
    assert left(any_engine) == {(1, 0): 3, (1, 1): 3, (1, 2): 3, (1, 3): 2}
    with any_engine.begin() as connection:
        spread(connection, 1, 2)
        with pytest.raises(ValueError, match="0 buckets are not 1 to 64"):
            spread(connection, 1, 0)
    assert left(any_engine) == {(1, 0): 6, (1, 1): 5}


def buy(engine: Engine, order: int) -> str:
    """What a payment notice does: charge and reserve, once."""

    def work(connection) -> str:
        paid = np.zeros(1, JOURNAL)
        paid["id"] = journal_id(order, JournalKind.pay)
        paid["a0"], paid["x0"], paid["a1"], paid["x1"] = ShopAccount.channel, PRICE, ShopAccount.sales, -PRICE
        if len(post(connection, paid, np.zeros(0, MOVE)).again):
            return "again"
        reserve(connection, {7: 1}, order)
        return "sold"

    try:
        return in_transaction(engine, work)
    except SoldOutError:
        return "sold out"


@pytest.mark.parametrize("buckets", [1, 8])
def test_64_clients_buy_100_pieces_with_every_notice_four_times(any_engine: Engine, buckets: int) -> None:
    """110 orders, 4 notices each, 440 in all: 100 are sold and charged, 300 repeat these, 10 x 4 are refused."""
    fill(any_engine, {(7, 0): 100})
    with any_engine.begin() as connection:
        spread(connection, 7, buckets)
    notices = np.random.default_rng(buckets).permutation(np.repeat(np.arange(110), 4))
    said: Counter[str] = Counter()

    def client(number: int) -> None:
        for order in np.array_split(notices, 64)[number].tolist():
            said[buy(any_engine, order)] += 1

    at_once(client, 64)
    assert said == {"sold": 100, "again": 300, "sold out": 40}
    assert sum(left(any_engine).values()) == 0
    with any_engine.connect() as connection:
        charged = connection.execute(text("SELECT COUNT(*), SUM(x0) FROM journal")).one()
    assert tuple(map(int, charged)) == (100, 100 * PRICE)


def test_baskets_of_many_products_do_not_lock_each_other_out(any_engine: Engine) -> None:
    """Buyers, people who give back, and somebody who lays the product out anew, all at once: no piece is lost."""
    fill(any_engine, {(sku, bucket): 200 for sku in (1, 2, 3) for bucket in (0, 1)})
    retried: list[str] = []

    def client(number: int) -> None:
        if number == 0:
            for buckets in (4, 1, 3, 2):
                in_transaction(any_engine, lambda connection, n=buckets: spread(connection, 2, n), retried=retried)
            return
        for order in range(12):
            skus = np.random.default_rng([number, order]).permutation([1, 2, 3]).tolist()
            wanted = {sku: 1 + (order + sku) % 3 for sku in skus}
            taken = in_transaction(any_engine, lambda it, w=wanted, o=order: reserve(it, w, o), retried=retried)
            back = [(sku, bucket, wanted[sku]) for sku, bucket in taken.items()]
            if order % 2:
                in_transaction(any_engine, lambda it, b=back: give_back(it, b), retried=retried)

    at_once(client, 9)
    by_sku = Counter()
    for (sku, _), pieces in left(any_engine).items():
        by_sku[sku] += pieces
    kept = {sku: 8 * sum(1 + (order + sku) % 3 for order in range(0, 12, 2)) for sku in (1, 2, 3)}
    assert dict(by_sku) == {sku: 400 - kept[sku] for sku in (1, 2, 3)}
    assert "DeadlockDetected" not in retried
