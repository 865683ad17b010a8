"""Files that operators really have, and files that somebody made to do harm: each with what must come of it.

A case makes its files in a folder. `rows`: how many rows of data they hold; `codes`: how many of them are set aside
and why; `refused`: part of the message with which the whole import is refused.
"""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

HEAD = [
    "订单号",
    "会员ID",
    "下单时间",
    "付款时间",
    "商品编码",
    "类目",
    "数量",
    "单价",
    "实付金额",
    "退款时间",
    "退款金额",
    "收货人",
]
SECRETS = ("13800138000", "张三丰", "oUpF8uMuAJO2M2pxb1Q9zNjWeS6o", "110101199003078811", "secret@example.com")
"""What must not be found in anything that an import leaves."""


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[Path], object]
    rows: int | None
    codes: dict[str, int]
    refused: str
    mapping: str = ""


CASES: dict[str, Case] = {}


def case(
    rows: int | None = None, codes: dict[str, int] | None = None, refused: str = "", mapping: str = ""
) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    def keep(make: Callable[[Path], object]) -> Callable[[Path], object]:
        name = make.__name__.strip("_")
        CASES[name] = Case(name, make, rows, codes or {}, refused, mapping)
        return make

    return keep


def order(number: object = "O1", **other: object) -> list[object]:
    """A row that is right, but for what is said."""
    right = [number, "U1", "2026-01-05 10:00", "2026-01-05 10:01", "milk", "fmcg", 1, "10.00", "9.90", "", "", "张三丰"]
    values: dict[str, object] = dict(zip(HEAD, right, strict=True))
    return list((values | other).values())


def csv_text(rows: Sequence[Sequence[object]], head: Sequence[object] = HEAD, separator: str = ",") -> str:
    def cell(value: object) -> str:
        text = str(value)
        plain = not any(sign in text for sign in (separator, '"', "\n", "\r"))
        return text if plain else '"' + text.replace('"', '""') + '"'

    return "".join(separator.join(map(cell, row)) + "\n" for row in [head, *rows])


def put(folder: Path, rows: Sequence[Sequence[object]], name: str = "orders.csv", encoding: str = "utf-8") -> None:
    (folder / name).write_bytes(csv_text(rows).encode(encoding))


def orders(count: int) -> list[list[object]]:
    return [order(f"O{number}", 会员ID=f"U{number % 7}") for number in range(count)]


# --- encodings and shapes of text


@case(rows=3)
def utf_8_with_a_mark(folder: Path) -> None:
    put(folder, orders(3), encoding="utf-8-sig")


@case(rows=3)
def utf_16_with_a_mark(folder: Path) -> None:
    put(folder, orders(3), encoding="utf-16")


@case(rows=3)
def utf_16_without_a_mark(folder: Path) -> None:
    text = csv_text(orders(3), ["order_id", "member_id", "placed_at", "paid_at", "sku", "category", "quantity", "price",
                                "amount", "refunded_at", "refund_amount", "name"])  # fmt: skip
    (folder / "orders.csv").write_bytes(text.replace("张三丰", "x").encode("utf-16-le"))


@case(rows=3)
def gb18030(folder: Path) -> None:
    put(folder, orders(3), encoding="gb18030")


@case(rows=2)
def gb18030_with_rare_letters(folder: Path) -> None:
    put(folder, [order("O1", 类目="𠮷野家㐂"), order("O2")], encoding="gb18030")


@case(rows=4, codes={"encoding": 1})
def two_encodings_in_one_file(folder: Path) -> None:
    text = csv_text(orders(3)).encode()
    (folder / "orders.csv").write_bytes(text + ",".join(map(str, order("O9", 类目="生鲜"))).encode("gb18030") + b"\n")


@case(refused="is not text")
def bytes_that_are_no_text(folder: Path) -> None:
    (folder / "orders.csv").write_bytes(bytes(range(1, 256)) * 40 + b"\0\0\0\0" * 100)


@case(rows=2, codes={"bad_id": 1})
def zero_bytes_in_cells(folder: Path) -> None:
    put(folder, [order("O\x001"), order("O2")])


@case(rows=3)
def blank_lines_and_carriage_returns(folder: Path) -> None:
    text = csv_text(orders(3)).replace("\n", "\r\n\r\n") + ",,,\r\n" + "," * 11 + "\r\n"
    (folder / "orders.csv").write_bytes(text.encode())


@case(rows=3)
def semicolons(folder: Path) -> None:
    (folder / "orders.csv").write_text(csv_text(orders(3), separator=";"), "utf-8")


@case(rows=3)
def tabs(folder: Path) -> None:
    (folder / "orders.tsv").write_text(csv_text(orders(3), separator="\t"), "utf-8")


@case(rows=3)
def titles_above_the_header(folder: Path) -> None:
    (folder / "orders.csv").write_text("订单导出\n导出时间：2026-02-01\n\n" + csv_text(orders(3)), "utf-8")


@case(rows=3)
def invisible_letters_in_the_header(folder: Path) -> None:
    (folder / "orders.csv").write_text(csv_text(orders(3), ["\u200b订单号\u202e", *HEAD[1:]]), "utf-8")


@case(rows=2)
def the_same_name_twice(folder: Path) -> None:
    (folder / "orders.csv").write_text(csv_text(orders(2), [*HEAD[:-1], "单价"]), "utf-8")


@case(refused="looks like orders")
def no_header_at_all(folder: Path) -> None:
    (folder / "orders.csv").write_text("\n".join(f"张三丰,13800138000,x{n}" for n in range(5)), "utf-8")


@case(rows=4, codes={"ragged": 2})
def too_few_and_too_many_cells(folder: Path) -> None:
    text = csv_text(orders(2)) + "O8,U1,2026-01-05\n" + ",".join(map(str, [*order("O9"), "more"])) + "\n"
    (folder / "orders.csv").write_text(text, "utf-8")


@case(rows=5, codes={"quotes": 1})
def a_quotation_mark_that_does_not_close(folder: Path) -> None:
    lines = csv_text(orders(5)).splitlines(keepends=True)
    lines[2] = lines[2].replace("fmcg", '"fmcg')
    (folder / "orders.csv").write_text("".join(lines), "utf-8")


@case(rows=600, codes={"quotes": 1})
def one_that_would_swallow_the_file(folder: Path) -> None:
    lines = csv_text(orders(600)).splitlines(keepends=True)
    lines[300] = '"' + lines[300]
    (folder / "orders.csv").write_text("".join(lines), "utf-8")


@case(rows=2)
def line_breaks_in_cells(folder: Path) -> None:
    put(folder, [order("O1", 收货人="张三丰\n13800138000"), order("O2")])


@case(rows=2, codes={"quotes": 1})
def a_cell_without_end(folder: Path) -> None:
    put(folder, [order("O1", 收货人="长" * 200_000), order("O2")])


@case(refused="no table here")
def nothing(folder: Path) -> None:
    (folder / "orders.csv").write_bytes(b"")


@case(rows=0)
def a_header_and_nothing_else(folder: Path) -> None:
    put(folder, [])


@case(rows=2, codes={"total_row": 1})
def a_row_of_totals(folder: Path) -> None:
    (folder / "orders.csv").write_text(csv_text([order(), ["合计", *[""] * 7, "9.90", "", "", ""]]), "utf-8")


@case(rows=1)
def a_name_that_is_a_formula(folder: Path) -> None:
    put(folder, orders(1), name="=1+1 orders.csv")


# --- cells that want to do something


@case(rows=3, codes={"bad_money": 1, "bad_time": 1})
def formulas_in_cells(folder: Path) -> None:
    run = "=cmd|'/c touch executed'!A0"
    put(folder, [order("=1+1", 类目=run), order("O2", 实付金额=run), order("@SUM(A1)", 付款时间="=NOW()")])


@case(rows=2)
def sql_and_html_in_words(folder: Path) -> None:
    put(
        folder,
        [order("'; DROP TABLE orders; --", 类目="<script>alert(1)</script>"), order("O2", 商品编码='"><img src=x>')],
    )


@case(rows=3)
def persons_where_they_do_not_belong(folder: Path) -> None:
    put(folder, [order("O1", 商品编码=SECRETS[0]), order("O2", 类目=SECRETS[3]), order("O3", 商品编码=SECRETS[4])])


@case(rows=2, codes={"bad_money": 1, "bad_time": 1})
def names_in_columns_of_numbers(folder: Path) -> None:
    put(folder, [order("O1", 实付金额=SECRETS[1]), order("O2", 付款时间=SECRETS[0])])


@case(rows=2, codes={"bad_id": 1})
def ids_beyond_measure(folder: Path) -> None:
    put(folder, [order("x" * 10_000), order(SECRETS[2], 会员ID=SECRETS[2])])


# --- orders and refunds that cannot be


@case(rows=3, codes={"duplicate": 1})
def a_row_twice(folder: Path) -> None:
    put(folder, [order("O1"), order("O2"), order("O1")])


@case(rows=3, codes={"conflict": 1})
def an_order_line_that_says_something_else(folder: Path) -> None:
    head = ["order_id", "line", "member_id", "paid_at", "amount"]
    rows = [["O1", 1, "U1", "2026-01-05", 5], ["O1", 2, "U1", "2026-01-05", 6], ["O1", 1, "U1", "2026-01-05", 7]]
    (folder / "orders.csv").write_text(csv_text(rows, head), "utf-8")


@case(rows=2, codes={"conflict": 1})
def an_order_twice_in_a_table_of_orders(folder: Path) -> None:
    rows = [["O1", "U1", "2026-01-05", 5], ["O1", "U1", "2026-01-05", 6]]
    (folder / "orders.csv").write_text(csv_text(rows, ["order_id", "member_id", "paid_at", "amount"]), "utf-8")


@case(rows=3, codes={"order_disagrees": 1, "order_incomplete": 1})
def two_buyers_of_one_order(folder: Path) -> None:
    put(folder, [order("O1", 商品编码="a"), order("O1", 商品编码="b", 会员ID="U2"), order("O2")])


@case(rows=3, codes={"refund_before_order": 1, "refund_over_paid": 1, "refund_without_time": 1})
def refunds_that_cannot_be(folder: Path) -> None:
    rows = [
        order("O1", 退款时间="2026-01-01", 退款金额="1.00"),
        order("O2", 退款时间="2026-01-08", 退款金额="9.91"),
        order("O3", 退款金额="1.00"),
    ]
    put(folder, rows)


@case(rows=6, codes={"refund_over_paid": 1, "unknown_order": 1, "refund_before_order": 1})
def refunds_in_a_table_of_their_own(folder: Path) -> None:
    put(folder, [order("O1")])
    rows = [["O1", "5.00", "2026-01-07"], ["O1", "4.90", "2026-01-08"], ["O1", "0.01", "2026-01-09"],
            ["O9", "1.00", "2026-01-09"], ["O1", "1.00", "2026-01-01"]]  # fmt: skip
    (folder / "refunds.csv").write_text(csv_text(rows, ["订单号", "退款金额", "退款时间"]), "utf-8")


@case(rows=3, codes={"negative_amount": 2})
def amounts_below_nothing(folder: Path) -> None:
    put(folder, [order("O1", 实付金额="-9.90"), order("O2", 单价="(10.00)"), order("O3")])


@case(rows=6, codes={"bad_money": 4, "too_large": 1})
def amounts_that_are_none(folder: Path) -> None:
    texts = ["1e3", "9.901", "NaN1", "9,9,9.90", "9999999999999.00", "９．９０"]
    put(folder, [order(f"O{n}", 实付金额=text) for n, text in enumerate(texts)])


@case(rows=4)
def amounts_in_all_clothes(folder: Path) -> None:
    put(folder, [order(f"O{n}", 单价="12,345.60", 实付金额=text) for n, text in
                 enumerate(["￥12,345.60", "１２３４５．６元", "RMB 12345.6", "12345.6000"])])  # fmt: skip


@case(rows=4, codes={"bad_number": 4})
def quantities_that_are_none(folder: Path) -> None:
    put(folder, [order(f"O{n}", 数量=text) for n, text in enumerate(["0", "-1", "1.5", "9999999"])])


@case(rows=2, codes={"paid_before_placed": 1})
def paid_before_it_was_placed(folder: Path) -> None:
    put(folder, [order("O1", 付款时间="2026-01-05 09:59"), order("O2")])


@case(rows=3, codes={"missing": 3})
def empty_where_something_is_needed(folder: Path) -> None:
    put(folder, [order(""), order("O2", 会员ID="NULL"), order("O3", 下单时间="", 付款时间="0000-00-00 00:00:00")])


@case(rows=2, codes={"id_rounded": 1})
def ids_that_excel_rounded(folder: Path) -> None:
    put(folder, [order("1.23457E+17"), order("20260105000001.0")])


@case(rows=2, codes={"duplicate": 1})
def ids_that_are_kept_from_excel(folder: Path) -> None:
    lines = csv_text(orders(1)).splitlines()
    guarded = lines[1].replace("O0,U0", '="O0",\'U0').replace("9.90", "\t9.90")
    (folder / "orders.csv").write_text("\n".join([*lines, guarded]) + "\n", "utf-8")


@case(rows=5, codes={"bad_time": 2})
def times_in_all_clothes(folder: Path) -> None:
    texts = ["2026年1月5日 10时30分", "1767578400000", "46027.5", "2026-02-30", "昨天"]
    put(folder, [order(f"O{n}", 下单时间="", 付款时间=text) for n, text in enumerate(texts)])


@case(rows=2)
def days_before_months(folder: Path) -> None:
    put(
        folder, [order("O1", 下单时间="", 付款时间="05/01/2026 10:00"), order("O2", 下单时间="", 付款时间="25/01/2026")]
    )


@case(refused="two ways")
def days_or_months(folder: Path) -> None:
    put(folder, [order("O1", 下单时间="", 付款时间="05/01/2026"), order("O2", 下单时间="", 付款时间="06/01/2026")])


@case(refused="both day and month")
def days_and_months(folder: Path) -> None:
    put(folder, [order("O1", 下单时间="", 付款时间="25/01/2026"), order("O2", 下单时间="", 付款时间="01/25/2026")])


# --- people


MEMBERS = ["会员ID", "推荐人", "等级", "注册时间", "姓名", "手机"]


def member(number: object, inviter: object = "", rank: str = "member") -> list[object]:
    return [number, inviter, rank, "2026-01-01", SECRETS[1], SECRETS[0]]


def with_members(folder: Path, rows: Sequence[Sequence[object]]) -> None:
    put(folder, [order("O1")])
    (folder / "members.csv").write_text(csv_text(rows, MEMBERS), "utf-8")


@case(rows=6, codes={"inviter_cycle": 2})
def circles_of_inviters(folder: Path) -> None:
    rows = [member("A", "C"), member("B", "A"), member("C", "B"), member("D", "D"), member("E", "A")]
    with_members(folder, rows)


@case(rows=102)
def a_hundred_levels(folder: Path) -> None:
    with_members(folder, [member(f"M{n}", f"M{n - 1}" if n else "") for n in range(101)])


@case(rows=2)
def inviters_whom_nobody_knows(folder: Path) -> None:
    with_members(folder, [member("A", "Z")])


@case(rows=4, codes={"duplicate": 1, "conflict": 1})
def members_who_come_again(folder: Path) -> None:
    with_members(folder, [member("A"), member("A"), member("A", "B")])


@case(rows=2)
def nobody_as_zero(folder: Path) -> None:
    with_members(folder, [member("A", "0")])


# --- workbooks


def book(folder: Path, rows: Sequence[Sequence[object]], name: str = "orders.xlsx") -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    made.save(folder / name)
    return folder / name


def again(path: Path, change: Callable[[dict[str, bytes]], None], to: str | None = None) -> None:
    """A workbook with other parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    path.unlink()
    with zipfile.ZipFile(path.with_name(to or path.name), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@case(rows=2)
def a_workbook(folder: Path) -> None:
    book(folder, [HEAD, order("O1", 单价=10.1, 实付金额=9.9), order("O2", 实付金额=0.1 + 0.2)])


@case(rows=2)
def titles_and_merged_headers(folder: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["2026 年 1 月订单"])
    sheet.merge_cells("A1:F1")
    sheet.append(["订单号", "会员ID", "时间", None, "金额", None])
    sheet.append([None, None, "下单时间", "付款时间", "单价", "实付金额"])
    sheet.merge_cells("C2:D2")
    for number in (1, 2):
        sheet.append([f"O{number}", "U1", "2026-01-05", "2026-01-05", 10, 9.9])
    made.save(folder / "orders.xlsx")


@case(rows=3)
def two_sheets_and_an_empty_one(folder: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "订单"
    people, _ = made.create_sheet("会员"), made.create_sheet("空")
    people.sheet_state = "hidden"
    for row in (HEAD, order("O1")):
        made.active.append(row)
    for row in (MEMBERS, member("A"), member("B", "A")):
        people.append(row)
    made.save(folder / "shop.xlsx")


@case(rows=2, codes={"formula": 1})
def formulas_in_a_workbook(folder: Path) -> None:
    path = book(folder, [HEAD, order("O1", 单价="=5+5", 实付金额=9.9), order("O2", 单价="=4+6", 实付金额=9.9)])

    def remember(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"<f>4+6</f><v></v>", b"<f>4+6</f><v>10</v>")
        parts[name] = parts[name].replace(b"<f>4+6</f><v />", b"<f>4+6</f><v>10</v>")

    again(path, remember)


@case(rows=2, codes={"cell_error": 1})
def errors_of_excel(folder: Path) -> None:
    book(folder, [HEAD, order("O1", 实付金额="#DIV/0!"), order("O2")])


@case(rows=2, codes={"id_rounded": 1})
def numbers_of_sixteen_digits(folder: Path) -> None:
    book(folder, [HEAD, order(1234567890123456000), order(123456789012345)])


@case(refused="holds macros")
def macros(folder: Path) -> None:
    again(
        book(folder, [HEAD, order()]), lambda parts: parts.update({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "a.xlsm"
    )


@case(refused="links to other workbooks")
def links_elsewhere(folder: Path) -> None:
    link = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    again(book(folder, [HEAD, order()]), lambda parts: parts.update(link))


@case(refused="unpacks to")
def a_zip_bomb(folder: Path) -> None:
    again(book(folder, [HEAD, order()]), lambda parts: parts.update({"xl/media/big.xml": b"0" * 60_000_000}))


@case(refused="entities")
def a_bomb_of_entities(folder: Path) -> None:
    def grow(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        parts[name] = bomb + parts[name].partition(b"?>")[2]

    again(book(folder, [HEAD, order()]), grow)


@case(refused="not a workbook")
def a_zip_of_something_else(folder: Path) -> None:
    with zipfile.ZipFile(folder / "orders.xlsx", "w") as archive:
        archive.writestr("../../etc/passwd", "x")


@case(refused="cannot be read as a workbook")
def half_a_workbook(folder: Path) -> None:
    path = book(folder, [HEAD, order()])
    path.write_bytes(path.read_bytes()[:2000])


@case(refused="cannot be read as a workbook")
def a_workbook_that_breaks_off_inside(folder: Path) -> None:
    def cut(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-200]

    again(book(folder, [HEAD, *orders(50)]), cut)


@case(rows=1)
def a_sheet_that_says_it_is_endless(folder: Path) -> None:
    def claim(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b'ref="A1:L2"', b'ref="A1:XFD1048576"')

    again(book(folder, [HEAD, order()]), claim)


@case(refused="old .xls")
def an_old_workbook(folder: Path) -> None:
    (folder / "orders.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


@case(refused="gzip")
def an_archive(folder: Path) -> None:
    (folder / "orders.csv").write_bytes(gzip.compress(csv_text(orders(3)).encode()))


# --- Parquet and databases


@case(rows=3, codes={"bad_money": 1})
def parquet(folder: Path) -> None:
    table = pa.table({
        "order_id": pa.array([20260105000001, 20260105000002, 20260105000003]),
        "member_id": pa.array([1.0, 2.0, 3.0]),
        "paid_at": pa.array([1767578400000] * 3).cast(pa.timestamp("ms", "UTC")),
        "amount": pa.array([9.9, 0.1 + 0.2, 1.001]),
    })  # fmt: skip
    pq.write_table(table, folder / "orders.parquet")


@case(refused="cannot be read as Parquet")
def half_a_parquet_file(folder: Path) -> None:
    parquet(folder)
    path = folder / "orders.parquet"
    path.write_bytes(path.read_bytes()[:-40])


@case(rows=2)
def a_database_with_bad_names(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.parquet") as database:
        database.execute('CREATE TABLE "orders""; DROP TABLE x; --" (order_id, "member_id", paid_at, "amount")')
        database.execute("CREATE TABLE x (y)")
        database.executemany(
            'INSERT INTO "orders""; DROP TABLE x; --" VALUES (?, ?, ?, ?)',
            [("O1", "U1", "2026-01-05", "9.90"), ("O2", "U2", "2026-01-05", "9.90")],
        )


# --- lines in a table of their own


def heads_and_lines(folder: Path, heads: Sequence[Sequence[object]], lines: Sequence[Sequence[object]]) -> None:
    (folder / "orders.csv").write_text(csv_text(heads, ["order_id", "member_id", "paid_at"]), "utf-8")
    (folder / "items.csv").write_text(csv_text(lines, ["order_id", "sku", "quantity", "price"]), "utf-8")


@case(rows=6, codes={"unknown_order": 1, "order_without_lines": 1})
def lines_without_orders_and_orders_without_lines(folder: Path) -> None:
    heads = [["O1", "U1", "2026-01-05"], ["O2", "U1", "2026-01-05"], ["O3", "U1", "2026-01-05"]]
    heads_and_lines(folder, heads, [["O1", "a", 1, 5], ["O2", "b", 1, 5], ["O9", "c", 1, 5]])


@case(rows=5, codes={"bad_money": 1, "order_incomplete": 2})
def an_order_of_which_a_line_is_bad(folder: Path) -> None:
    heads = [["O1", "U1", "2026-01-05"], ["O2", "U1", "2026-01-05"]]
    heads_and_lines(folder, heads, [["O1", "a", 1, 5], ["O1", "b", 1, "?"], ["O2", "c", 1, 5]])


@case(rows=3, codes={"bad_time": 1, "order_set_aside": 1})
def an_order_that_is_bad_itself(folder: Path) -> None:
    heads_and_lines(folder, [["O1", "U1", "soon"]], [["O1", "a", 1, 5]])
    (folder / "refunds.csv").write_text(csv_text([], ["order_id", "refund_amount", "refund_time"]), "utf-8")
    (folder / "products.csv").write_text(csv_text([["a", "food", 5]], ["sku", "category", "price"]), "utf-8")


JSON_LINES = """
mapping: cart
tables:
  - {table: orders, kind: orders, columns: {order_id: order_id, member_id: member_id, paid_at: paid_at}}
  - table: items
    kind: lines
    columns: {order_id: order_id, amount: {from: cart, path: [sum]}}
"""


@case(rows=7, codes={"bad_json": 2, "missing": 1, "order_incomplete": 4}, mapping=JSON_LINES)
def json_that_is_none(folder: Path) -> None:
    heads = [[f"O{n}", "U1", "2026-01-05"] for n in range(3)]
    lines = [["O0", '{"sum": "5.00", "x": [1]}'], ["O0", '{"sum": '], ["O1", "[" * 5_000], ["O2", '{"other": 1}']]
    (folder / "orders.csv").write_text(csv_text(heads, ["order_id", "member_id", "paid_at"]), "utf-8")
    (folder / "items.csv").write_text(csv_text(lines, ["order_id", "cart"]), "utf-8")
