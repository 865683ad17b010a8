"""Migrations make what `schema.py` says, on every database, and strangers are refused."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from rules.errors import InputError
from sim.store.sql.create import check_version, create, is_empty
from sim.store.sql.schema import VIEWS, metadata


def test_the_latest_version_is_the_schema(bare_engine: Engine) -> None:
    assert is_empty(bare_engine)
    version = create(bare_engine)
    with bare_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        found = inspect(connection)
        assert set(found.get_view_names()) == set(VIEWS)
        for table in metadata.tables.values():
            rules = {one["name"]: one["sqltext"] for one in found.get_check_constraints(table.name)}
            assert len(rules) >= sum(hasattr(one, "sqltext") for one in table.constraints), table.name
    assert not is_empty(bare_engine)
    check_version(bare_engine)
    assert create(bare_engine) == version


def test_views_of_the_migration_are_those_of_the_schema(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        made = {name: inspect(connection).get_view_definition(name) for name in VIEWS}
        for name in reversed(VIEWS):
            connection.execute(text(f"DROP VIEW {name}"))
        for statement in VIEWS.values():
            connection.execute(text(statement))
        assert {name: inspect(connection).get_view_definition(name) for name in VIEWS} == made


def test_a_database_without_a_store_is_refused(bare_engine: Engine) -> None:
    with pytest.raises(InputError, match=r"is not a store yet.*fenxiao store create"):
        check_version(bare_engine)


def test_a_store_of_a_later_program_is_refused(any_engine: Engine) -> None:
    with any_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (create, check_version):
        with pytest.raises(InputError, match="version 9999, which this program does not know"):
            refused(any_engine)


def test_somebody_elses_orders_are_left_alone(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id INTEGER)"))
    for refused in (create, check_version):
        with pytest.raises(InputError, match="has a table orders and is no store"):
            refused(bare_engine)
    with bare_engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["orders"]
