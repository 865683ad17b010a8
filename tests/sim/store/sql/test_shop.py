"""A desk over a database: the same entries as in memory, and columns, journals and wallets that agree with them."""

from __future__ import annotations

import pytest
from desks import FIELDS, Lived, feed, lived, told
from sqlalchemy import Engine, text

from rules.errors import InputError
from sim.pipeline import Desk
from sim.store.asks import Result
from sim.store.sql.facts import StoreFacts, next_client
from sim.store.sql.opening import open_store
from sim.store.sql.shop import SqlShop

DUE = "SELECT due_at, {member}, id FROM {table} WHERE due_at >= 0 AND due_at <= :until ORDER BY due_at, id LIMIT 1"


@pytest.fixture
def world() -> Lived:
    return lived("three_tier", 220, 75)


def _opened(engine: Engine, world: Lived) -> tuple[Desk, SqlShop]:
    open_store(engine, "three_tier", [world.plan], world.names, world.people, world.start, world.market)
    facts = StoreFacts.load(engine)
    assert facts.plans == (world.plan,)
    assert facts.names == world.names
    slices = facts.slices(next_client(engine))
    return Desk(slices), SqlShop(engine, slices.meters, slices.titles)


def _rows(engine: Engine, statement: str, **values: int) -> list[tuple[int, ...]]:
    with engine.connect() as connection:
        return [tuple(map(int, row)) for row in connection.execute(text(statement), values)]


def _due(engine: Engine):
    def due(until: int) -> list[tuple[int, bool, int]]:
        found = []
        for table, member in (("orders", 0), ("members", 1)):
            found += _rows(engine, DUE.format(table=table, member=member), until=until)
        return [(at, bool(member), number) for at, member, number in found]

    return due


def test_entries_wallets_and_ledger_are_those_of_the_engine(any_engine, world):
    desk, shop = _opened(any_engine, world)
    feed(desk, world, shop.serve, _due(any_engine))
    shop.close()
    columns = ", ".join("order_id" if name == "order" else name for name in FIELDS)
    assert sorted(_rows(any_engine, f"SELECT {columns} FROM entries")) == told(world.entries)
    assert _rows(any_engine, "SELECT member, wallet, ledger FROM uneven_wallets") == []
    members = world.book.members
    wallets = _rows(
        any_engine, "SELECT member, pending, held, available, withdrawing, withdrawn FROM wallets ORDER BY 1"
    )
    names = ("pending", "held", "available", "withdrawing", "withdrawn")
    assert wallets == [(one, *(int(members[name][one]) for name in names)) for one in range(world.people)]
    orders = world.book.rows("orders")
    found = _rows(any_engine, "SELECT id, status, goods, refunded, received_at FROM orders ORDER BY id")
    expected = {number: orders[number] for number, *_ in found}
    assert found == [
        (number, *(int(row[name]) for name in ("status", "goods", "refunded", "received_at")))
        for number, row in expected.items()
    ]
    assert len(found) == int((orders["lines"] > 0).sum())
    assert _rows(any_engine, "SELECT COUNT(*) FROM inbox") == [(len(world.tasks),)]


def test_what_comes_again_changes_nothing(any_engine, world):
    desk, shop = _opened(any_engine, world)
    tasks = world.tasks[:160]
    for task in tasks:
        shop.serve(lambda task=task: desk.handle(task.events, task.number, task.source))
    before = {table: _rows(any_engine, f"SELECT COUNT(*) FROM {table}") for table in ("inbox", "journal", "entries")}
    wallets = _rows(any_engine, "SELECT * FROM wallets ORDER BY member")
    again = [shop.serve(lambda task=task: desk.handle(task.events, task.number, task.source)) for task in tasks]
    shop.close()
    assert {reply.result for reply in again} == {Result.again}
    assert before == {table: _rows(any_engine, f"SELECT COUNT(*) FROM {table}") for table in before}
    assert wallets == _rows(any_engine, "SELECT * FROM wallets ORDER BY member")


def test_a_store_is_opened_once(any_engine, world):
    _opened(any_engine, world)
    with pytest.raises(InputError, match="there is a store already"):
        open_store(any_engine, "three_tier", [world.plan], world.names, world.people, world.start, world.market)


def test_pages_of_another_layout_are_not_read(any_engine, world):
    _opened(any_engine, world)
    with any_engine.begin() as connection:
        connection.execute(text("UPDATE store_facts SET value = 'older' WHERE name = 'layout'"))
    with pytest.raises(InputError, match="laid out as older"):
        StoreFacts.load(any_engine)
