"""A database is read, never written, and only the columns that the mapping names."""

from __future__ import annotations

import sqlite3

import pytest
from tables_in_text import NAMES

from rules.errors import InputError
from sim.imports.database import Database
from sim.imports.guess import guess_mapping
from sim.imports.run import import_tables
from sim.imports.sources import tables_of


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "my shop.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE orders (order_id, member_id, paid_at, amount, name, deleted)")
        database.execute("CREATE TABLE other (x)")
        database.execute("CREATE VIEW members AS SELECT 'U1' AS member_id, 'U0' AS inviter_id")
        rows = [(f"O{n}", "U1", "2026-01-05 10:00:00", 9.9 + n, "张三", b"\x00") for n in range(3)]
        database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", rows)
    return path


def test_tables_and_views_are_read(shop, tmp_path):
    tables, _ = tables_of([f"sqlite:///{shop}"])
    assert [table.sheet for table in tables] == ["members", "orders", "other"]
    mapping, unused = guess_mapping(tables)
    assert [table.sheet for table in unused] == ["other"]
    result = import_tables(tables, mapping, NAMES, tmp_path / "out")
    assert (result.rows, result.kept) == (4, 4)
    assert result.files["orders"].money["amount"] == 990 + 1090 + 1190
    assert result.unmapped == {tables[1].label: ["name", "deleted"]}


def test_only_the_columns_that_are_mapped_are_asked_for(shop, monkeypatch):
    asked = []
    rows = Database.rows

    def noted(self, table, columns, most=None):
        asked.append(list(columns))
        return rows(self, table, columns, most)

    monkeypatch.setattr(Database, "rows", noted)
    tables, _ = tables_of([f"sqlite:///{shop}"])
    mapping, _ = guess_mapping(tables)
    import_tables(tables, mapping, NAMES)
    assert asked
    assert not any({"name", "deleted"} & set(columns) for columns in asked)


def test_nothing_can_be_written(shop):
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    before = shop.read_bytes()
    with Database(f"sqlite:///{shop}")._connected() as connection, pytest.raises(OperationalError):
        connection.execute(text("DELETE FROM orders"))
    assert shop.read_bytes() == before


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(InputError, match="does not answer"):
        tables_of([f"sqlite:///{tmp_path / 'none.db'}"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url", ["oracle://u:geheim@h/x", "postgresql://u:geheim@127.0.0.1:1/x", "mysql://u:geheim@[/x"]
)
def test_a_password_is_never_shown(url):
    with pytest.raises(InputError) as refused:
        tables_of([url])
    assert "geheim" not in str(refused.value)
