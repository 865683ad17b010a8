"""A run as a platform's tables: columns as the mappings read them, and what a platform cannot hold is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.events import EventLog, Kind, Names, blank
from rules.plan.read import parse_plan
from sim.exports.__main__ import WRITERS, main
from sim.exports.lived import Lived, write_tables
from sim.history.replay import walk
from sim.imports.mapping import load_mapping

DAY0 = int((dt.datetime(2026, 1, 5, 10) - dt.datetime(1970, 1, 1)).total_seconds())
HOUR = 3600


def sold(platform: str, back: dict[str, int]) -> Lived:
    """Two people, one invited by the other; an order of two lines; a refund."""
    events = blank(7)
    events["time"] = [DAY0 + HOUR + later for later in (0, 1, 2, 2, 3, 4, 5)]
    events["kind"] = [Kind.register, Kind.register, Kind.order, Kind.order, Kind.pay, Kind.receive, Kind.refund]
    events["member"][:4] = [0, 1, 1, 1]
    events["other"][1] = 0
    events["order"][2:] = 0
    for row, line, price, quantity in ((2, 1, 1_000, 3), (3, 2, 500, 1)):
        one = events[row : row + 1]
        one["line"], one["price"], one["quantity"], one["freight"], one["discount"] = line, price, quantity, 60, 100
        one["sku"] = one["category"] = line - 1
    for name, value in back.items():
        events[name][6] = value
    log = EventLog(events, Names(skus=["tea", "cup"], categories=["food", "home"]))
    rates = {"level": 1, "rates": {"default": "10%"}}
    plan = parse_plan(
        {
            "platform": platform,
            "ranks": [{"id": "member"}],
            "commission": {"base": {"levels": [rates]}},
            "semantics": {"promoter_by": "all"},
        }
    )
    return Lived(log, walk(log, plan).book)


@pytest.mark.parametrize("platform", WRITERS)
def test_tables_have_the_columns_that_the_shipped_mapping_reads(platform: str):
    tables = WRITERS[platform](sold(platform, {}))
    mapping = load_mapping(platform)
    assert {entry.table for entry in mapping.tables} == set(tables)
    for entry in mapping.tables:
        wanted = {column.source for column in entry.columns.values()}
        assert wanted <= set(tables[entry.table][0]), entry.table


def test_what_crmeb_would_write():
    tables = WRITERS["crmeb_php"](sold("crmeb_php", {}))
    first, back = tables["eb_user_brokerage"]
    # unit 10.00 - 1.00/3 cut to 9.66, × 3 = 28.98, + 0.60 freight: 2.95; unit 4.00 + 0.60: 0.46
    assert (first["number"], first["type"], first["pm"], first["link_id"]) == ("3.41", "one_brokerage", 1, 5_001)
    assert (back["number"], back["type"], back["pm"]) == ("3.41", "refund", 0)
    assert tables["eb_store_order_refund"][0]["refunded_price"] == "33.00"
    assert [row["spread_uid"] for row in tables["eb_user"]] == [0, 10_001]
    assert [row["spread_time"] for row in tables["eb_user"]] == [0, DAY0 + HOUR + 1 - 8 * HOUR]


def test_what_yudao_would_write():
    tables = WRITERS["yudao"](sold("yudao", {"line": 1, "amount": 5}))
    assert [(row["price"], row["status"], row["biz_id"]) for row in tables["trade_brokerage_record"]] == [
        (296, 2, 1),
        (46, 0, 2),
    ]
    assert [(row["order_item_id"], row["refund_price"]) for row in tables["trade_after_sale"]] == [(1, 5)]
    assert [row["pay_price"] for row in tables["trade_order_item"]] == [2_960, 460]


@pytest.mark.parametrize("back", [{"line": 1, "amount": 5}, {"line": 1, "quantity": 1}])
def test_crmeb_splits_orders_and_this_export_does_not(back: dict[str, int]):
    with pytest.raises(InputError, match="a part of its lines"):
        WRITERS["crmeb_php"](sold("crmeb_php", back))


def test_yudao_takes_no_part_back():
    with pytest.raises(InputError, match="a part is taken back"):
        WRITERS["yudao"](_partly())


def _partly() -> Lived:
    lived = sold("yudao", {"line": 1, "amount": 500})
    plan = parse_plan(
        {
            "ranks": [{"id": "member"}],
            "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
            "semantics": {"promoter_by": "all"},
        }
    )
    return Lived(lived.log, walk(lived.log, plan).book)


def test_an_unknown_platform_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="there is no export for 'shopify'"):
        main("shopify", tmp_path, tmp_path / "out")


def test_tables_are_files(tmp_path: Path):
    write_tables(tmp_path, {"a": [{"x": 1, "y": "茶"}], "empty": []})
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text("utf-8") == "x,y\n1,茶\n"
