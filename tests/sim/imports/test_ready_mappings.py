"""Table exports of live platforms under their shipped mappings: what a person would read in them is what comes out."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tables_in_text import NAMES, imported, rows, which, who

from rules.errors import InputError
from scenarios.find import names
from sim.history.purchases import HEADER
from sim.imports.guess import guess_mapping, ready_mapping
from sim.imports.kinds import COLUMNS
from sim.imports.mapping import load_mapping, read_mapping, written
from sim.imports.run import import_tables
from sim.imports.sources import tables_of

yuan = Decimal
SAMPLE = Path(__file__).parents[3] / "scenarios" / "exports" / "yudao_small"
AT = 1_767_578_400  # 2026-01-05 10:00 in Shanghai
READY = ["crmeb_java", "crmeb_php", "likeshop", "yudao"]


def test_there_is_one_for_each_platform():
    assert names("mappings") == READY


@pytest.mark.parametrize("name", READY)
def test_a_mapping_is_read_back_as_it_was_written(name):
    mapping = load_mapping(name)
    again = read_mapping(written(mapping), "again.yaml")
    assert again.tables == mapping.tables
    assert {entry.kind for entry in mapping.tables} >= {"orders", "lines", "members", "commissions", "products"}
    for entry in mapping.tables:
        assert set(entry.columns) <= set(COLUMNS[entry.kind])


@pytest.mark.parametrize("name", READY)
def test_the_repository_that_it_was_read_in_is_named(name):
    text = (SAMPLE.parents[1] / "mappings" / f"{name}.yaml").read_text("utf-8")
    assert re.search(r"^#   [\w-]+/[\w-]+: \S+", text, re.MULTILINE)


def test_the_shipped_export_is_of_yudao(tmp_path):
    tables, empty = tables_of([str(SAMPLE)])
    assert empty == []
    mapping = ready_mapping(tables)
    assert mapping == load_mapping("yudao")
    result = import_tables(tables, mapping, NAMES, tmp_path / "out")
    assert result.aside == {"bad_money": 1, "order_incomplete": 2, "duplicate": 1, "refund_over_paid": 1}
    assert [one.left_out for one in result.counts] == [0, 0, 0, 0, 0, 1, 0, 0]
    orders = rows(tmp_path, "orders")
    assert {row["category"] for row in orders} == {"cosmetics", "health_food", "home"}
    assert all(row["amount"] == row["price"] * row["quantity"] - row["discount"] for row in orders)
    everything = json.dumps([rows(tmp_path, name) for name in result.files], default=str)
    everything += (tmp_path / "out" / "import.json").read_text("utf-8")
    for line in (SAMPLE / "member_user.csv").read_text("utf-8").splitlines()[1:50]:
        user, nickname, mobile = line.split(",")[:3]
        assert nickname not in everything
        assert mobile not in everything
        assert f'"{user}"' not in everything


def crmeb_cart(price: str, paid: str, freight: str, unique: str) -> str:
    cart = {"product_attr_unique": unique, "sum_price": price, "sum_true_price": paid, "postage_price": freight}
    return json.dumps(cart | {"productInfo": {"store_name": "牛奶"}}, ensure_ascii=False)


def test_crmeb(tmp_path):
    status = ["oid", "change_type", "change_message", "change_time"]
    tables = {
        "eb_store_order": [
            ["id", "pid", "order_id", "uid", "real_name", "user_phone", "add_time", "pay_time", "channel_type"],
            [7, 0, "wx7", 102, "张三", "13800138000", AT, AT + 60, "routine"],
            [8, -1, "wx8", 102, "张三", "13800138000", AT, AT + 60, "routine"],
            [9, 0, "wx9", 103, "李四", "13800138001", AT, 0, "h5"],
        ],
        "eb_store_order_cart_info": [
            ["id", "oid", "uid", "product_id", "cart_num", "cart_info", "unique"],
            [1, 7, 102, 31, 2, crmeb_cart("99.90", "189.80", "6.00", "sku1"), "c1"],
            [2, 7, 102, 32, 1, crmeb_cart("5.00", "5.00", "0.00", "sku2"), "c2"],
            [3, 9, 103, 31, 1, crmeb_cart("99.90", "99.90", "0.00", "sku1"), "c3"],
        ],
        "eb_store_order_status": [status, [7, "pay_success", "x", AT], [7, "user_take_delivery", "x", AT + 86_400]],
        "eb_store_order_refund": [
            ["id", "store_order_id", "uid", "refund_type", "refund_price", "refunded_price", "refunded_time"],
            [1, 7, 102, 6, "100.40", "100.40", AT + 90_000],
            [2, 7, 102, 3, "5.00", "0.00", 0],
        ],
        "eb_user": [
            ["uid", "real_name", "phone", "spread_uid", "spread_time", "agent_level", "add_time"],
            [101, "王五", "13800138002", 0, AT - 86_000, 1, AT - 86_400],
            [102, "张三", "13800138000", 101, AT - 60, 0, AT - 3600],
        ],
        "eb_user_brokerage": [
            ["id", "uid", "link_id", "type", "number", "pm", "status", "frozen_time", "add_time"],
            [1, 101, "7", "one_brokerage", "19.48", 1, 1, AT + 999_999, AT + 86_400],
            [2, 101, "7", "refund", "10.04", 0, 1, 0, AT + 90_000],
            [3, 101, "5", "extract", "9.00", 0, 1, 0, AT + 90_000],
        ],
        "eb_store_product": [["id", "store_name", "cate_id", "price", "cost"], [31, "牛奶", "fmcg", "99.90", "40"]],
    }
    result = imported(tmp_path, tables, ready="crmeb_php")
    assert result.aside == {}
    first, second, third = rows(tmp_path, "orders")
    assert (first["order_id"], first["member_id"], first["sku"], first["category"]) == (
        which(7),
        who(102),
        "sku1",
        "fmcg",
    )
    assert (first["price"], first["quantity"], first["amount"], first["discount"]) == (
        yuan("99.90"),
        2,
        yuan("189.80"),
        yuan("10.00"),
    )
    assert first["freight"] == yuan("6.00")
    assert first["placed_at"] == datetime(2026, 1, 5, 10)
    assert first["received_at"] == second["received_at"] == datetime(2026, 1, 6, 10)
    assert third["paid_at"] is None
    # 100.40 back of 194.80 for goods, in proportion to what was paid for each
    assert (first["refund_amount"], second["refund_amount"]) == (yuan("97.82"), yuan("2.58"))
    assert [row["goods"] for row in rows(tmp_path, "refunds")] == [yuan("100.40")]
    paid, back = rows(tmp_path, "commissions")
    assert (paid["order_id"], paid["member_id"], paid["level"], paid["amount"]) == (
        which(7),
        who(101),
        1,
        yuan("19.48"),
    )
    assert (back["amount"], back["component"], back["level"]) == (yuan("-10.04"), "refund", None)
    people = {row["member_id"]: row for row in rows(tmp_path, "members")}
    assert people[who(102)]["inviter_id"] == who(101)
    assert people[who(101)]["inviter_id"] is None
    assert people[who(102)]["bound_at"] == datetime(2026, 1, 5, 9, 59)
    assert people[who(101)]["bound_at"] is None
    assert people[who(101)]["rank"] == "1"
    assert people[who(103)]["known_from"] == "order"


def test_crmeb_java_shares_what_an_order_paid_among_its_lines(tmp_path):
    tables = {
        "eb_store_order": [
            ["id", "order_id", "uid", "real_name", "create_time", "pay_time", "pay_price", "pay_postage", "is_channel",
             "refund_status", "refund_price", "refund_reason_time"],
            [1, "order1", 2, "张三", "2026-01-05 10:00:00", "2026-01-05 10:01:00", "33.00", "6.00", 1, 0, "0.00", ""],
            [2, "order2", 2, "张三", "2026-01-05 10:00:00", "2026-01-05 10:01:00", "9.00", "0.00", 1, 2, "9.00",
             "2026-01-07 10:00:00"],
        ],
        "eb_store_order_info": [
            ["id", "order_id", "order_no", "product_id", "attr_value_id", "price", "vip_price", "pay_num", "info"],
            [11, 1, "order1", 31, 41, "10.00", "0.00", 2, "{}"],
            [12, 1, "order1", 32, 42, "10.00", "8.00", 1, "{}"],
            [13, 2, "order2", 32, 42, "10.00", "9.00", 1, "{}"],
        ],
        "eb_user": [["uid", "phone", "spread_uid", "is_promoter", "create_time"],
                    [1, "13800138000", 0, 1, "2026-01-01 00:00:00"], [2, "13800138001", 1, 0, "2026-01-02 00:00:00"]],
        "eb_user_brokerage_record": [
            ["id", "uid", "link_id", "link_type", "type", "price", "status", "brokerage_level", "thaw_time",
             "create_time"],
            [1, 1, "order1", "order", 1, "3.00", 3, 1, (AT + 7 * 86_400) * 1000, "2026-01-05 10:01:00"],
            [2, 1, "1", "extract", 2, "3.00", 5, 0, 0, "2026-01-15 10:01:00"],
        ],
    }  # fmt: skip
    result = imported(tmp_path, tables, ready="crmeb_java")
    assert result.aside == {}
    one, two, three = rows(tmp_path, "orders")
    assert (one["amount"], two["amount"]) == (yuan("19.28"), yuan("7.72"))  # 27.00 for goods of 20.00 and 8.00
    assert (one["freight"], two["freight"]) == (yuan("4.28"), yuan("1.72"))
    assert (two["member_price"], two["price"], two["discount"]) == (yuan("8.00"), yuan("10.00"), yuan("0.28"))
    assert (three["amount"], three["refund_amount"]) == (yuan("9.00"), yuan("9.00"))
    (commission,) = rows(tmp_path, "commissions")
    assert (commission["order_id"], commission["status"]) == (which("order1"), "settled")
    assert commission["settled_at"] == datetime(2026, 1, 12, 10)


def test_likeshop(tmp_path):
    tables = {
        "ls_order": [["id", "order_sn", "user_id", "consignee", "mobile", "create_time", "pay_time",
                      "confirm_take_time", "shipping_price", "order_source"],
                     [1, "20260105", 5, "张三", "13800138000", AT, AT + 1, AT + 99_999, "8.00", 1]],
        "ls_order_goods": [["id", "order_id", "goods_id", "item_id", "goods_num", "goods_price", "total_pay_price"],
                           [21, 1, 3, 4, 2, "10.00", "18.00"], [22, 1, 3, 5, 1, "30.00", "29.00"]],
        "ls_after_sale": [["id", "order_id", "order_goods_id", "refund_price", "status", "update_time", "del"],
                          [1, 1, 22, "29.00", 6, AT + 100_000, 0], [2, 1, 21, "18.00", 1, AT + 100_000, 0]],
        "ls_user": [["id", "nickname", "mobile", "first_leader", "create_time"],
                    [4, "李四", "13800138001", 0, AT - 9], [5, "张三", "13800138000", 4, AT - 8]],
        "ls_distribution": [["user_id", "level_id", "is_distribution"], [4, 2, 1]],
        "ls_distribution_order_goods": [
            ["id", "user_id", "real_name", "level", "order_id", "order_goods_id", "money", "status", "create_time",
             "settlement_time"],
            [1, 4, "李四", 1, 1, 22, "2.90", 3, AT + 1, ""]],
    }  # fmt: skip
    result = imported(tmp_path, tables, ready="likeshop")
    assert result.aside == {}
    one, two = rows(tmp_path, "orders")
    assert (one["freight"], two["freight"], one["refund_amount"], two["refund_amount"]) == (
        yuan("3.20"), yuan("4.80"), None, yuan("29.00"),
    )  # fmt: skip
    (commission,) = rows(tmp_path, "commissions")
    assert (commission["line"], commission["level"], commission["status"]) == (2, 1, "cancelled")
    people = {row["member_id"]: row for row in rows(tmp_path, "members")}
    assert (people[who(4)]["rank"], people[who(5)]["inviter_id"]) == ("2", who(4))


HEAD = "mapping: a\ntables:\n  - {table: x, "


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (HEAD + "kind: order, columns: {order_id: a}}\n", ":3:22", "did you mean orders"),
        (HEAD + "kind: members, columns: {member: a}}\n", ":3:41", "did you mean member_id"),
        (HEAD + "kind: refunds, columns: {order_id: a, amount: b}}\n", ":3:40", "refunded_at"),
        (HEAD + "kind: members, columns: {member_id: {from: a, unit: fen}}}\n", ":3:62", "about money"),
        ("mapping: a\ntables: !!python/object:os.system []\n", ":2:9", "is not read"),
    ],
)
def test_a_mistake_is_shown_with_its_place(text, where, message):
    with pytest.raises(InputError) as refused:
        read_mapping(text, "mine.yaml")
    assert f"mine.yaml{where}" in str(refused.value)
    assert message in str(refused.value)


def test_files_of_several_months_serve_one_entry_and_are_read_once(tmp_path):
    head = ["order_id", "member_id", "paid_at", "amount"]
    months = {f"orders_2026{month}": [head, [f"O{month}", "U1", f"2026-{month}-05", 5]] for month in ("01", "02")}
    mapping = "{mapping: m, tables: [{table: orders, kind: orders, columns: {%s}}]}"
    columns = ", ".join(f"{name}: {name}" for name in head)
    assert imported(tmp_path / "a", months, mapping % columns).kept == 2
    guessed = imported(tmp_path / "b", months | {"orders": [head, ["O9", "U1", "2026-03-05", 5]]})
    assert (guessed.rows, guessed.kept) == (3, 3)


def test_orders_without_numbers_are_a_row_each(tmp_path):
    head = ["user_id", "pay_time", "amount"]
    day = "2026-01-05"
    result = imported(tmp_path, {"sales": [head, ["U1", day, 5], ["U1", day, 5], ["", day, 5]]})
    assert result.aside == {"missing": 1}
    first, second = rows(tmp_path, "orders")
    assert first["order_id"] != second["order_id"]


def test_a_cdnow_text_is_a_table_of_orders(tmp_path):
    lines = [" 00001 19970101  1   11.77", " 00002 19970112  1   12.00", " 00002 19970112  5   77.00"]
    (tmp_path / "CDNOW_master.txt").write_text(" ".join(HEADER) + "\n" + "\n".join(lines) + "\n", "utf-8")
    tables, _ = tables_of([str(tmp_path / "CDNOW_master.txt")])
    mapping, _ = guess_mapping(tables)
    assert mapping is not None
    result = import_tables(tables, mapping, NAMES, tmp_path / "out")
    assert (result.rows, result.kept) == (3, 3)
    assert result.files["orders"].money["amount"] == 10_077
    assert len(rows(tmp_path, "members")) == 2
