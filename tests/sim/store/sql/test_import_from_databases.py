"""`fenxiao import` of a database on every server: read in parts, in a transaction that cannot write."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from rules.errors import InputError
from sim.imports.database import Database
from sim.imports.guess import guess_mapping
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.run import import_tables
from sim.imports.sources import tables_of

ROWS = 2_500
TYPES = {"postgresql": "timestamp with time zone", "sqlite": "text", "mysql": "datetime", "mariadb": "datetime"}


def test_every_row_comes_over_and_nothing_goes_back(bare_engine: Engine, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("sim.imports.database.BLOCK", 1_000)
    quote = bare_engine.dialect.identifier_preparer.quote
    strange = quote('name"; DROP TABLE x; --')
    zone = "+00" if bare_engine.dialect.name == "postgresql" else ""
    at = f"2026-01-05 02:00:00{zone}"
    kinds = {
        "订单号": "varchar(20)",
        "会员ID": "bigint",
        "付款时间": TYPES[bare_engine.dialect.name],
        "实付金额": "numeric(10,2)",
    }
    columns = ", ".join(f"{quote(name)} {kind}" for name, kind in kinds.items())
    with bare_engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE shop_orders ({columns}, {strange} text)"))
        rows = [{"o": f"O{n}", "m": 1 + n % 7, "t": at, "a": "9.90"} for n in range(ROWS)]
        connection.execute(text("INSERT INTO shop_orders VALUES (:o, :m, :t, :a, 'x')"), rows)
    url = bare_engine.url.render_as_string(hide_password=False)
    tables = [table for table in tables_of([url])[0] if table.sheet == "shop_orders"]
    mapping, _ = guess_mapping(tables)
    assert mapping is not None
    result = import_tables(tables, mapping, Pseudonyms(b"k" * 32), tmp_path / "out")
    assert (result.rows, result.kept) == (ROWS, ROWS)
    assert result.files["orders"].money["amount"] == 990 * ROWS
    with pytest.raises((InputError, DBAPIError)), Database(url)._connected() as connection:
        connection.execute(text("DELETE FROM shop_orders"))
    with bare_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM shop_orders")).scalar() == ROWS
