"""Makes `handmade`: the orders of `yudao_small` as somebody keeps them in sheets, with what goes wrong in sheets.

    python -m scenarios.exports.make_handmade

One table in GB18030 under a title, one in UTF-8 with a byte order mark; three ways to write a date, thousands
separators, a row of totals, a row twice, an amount below 0, a time that is none, money given back before it was paid.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rules.money import yuan

HERE = Path(__file__).parent
_ORDERS = (
    "订单编号", "买家手机号", "付款时间", "商品编码", "类目", "数量", "单价（元）", "实付金额", "退款金额", "退款时间",
)  # fmt: skip
_MEMBERS = ("手机号", "推荐人手机号", "地区", "注册时间")
_REGIONS = ("浙江", "广东", "四川", "江苏", "北京")
Row = dict[str, str]


def main() -> None:
    """Write both tables."""
    to = HERE / "handmade"
    to.mkdir(exist_ok=True)
    orders = list(_orders())
    title = ["三月订单（自己整理）", *[""] * (len(_ORDERS) - 1)]
    _write(to / "订单明细.csv", "gb18030", [title, list(_ORDERS), *_spoiled(orders)])
    _write(to / "会员名单.csv", "utf-8-sig", [_MEMBERS, *_members()])


def _orders() -> Iterator[list[str]]:
    """An order line each, as `_ORDERS`."""
    heads = {row["id"]: row for row in _read("trade_order")}
    category = {row["id"]: row["category_id"] for row in _read("product_spu")}
    back = {row["order_item_id"]: row for row in _read("trade_after_sale")}
    seen = set[str]()
    for line in _read("trade_order_item"):
        head, refund = heads[line["order_id"]], back.get(line["id"])
        if line["id"] in seen or not head["pay_time"] or not head["receiver_mobile"].isdigit():
            continue
        seen.add(line["id"])
        paid = _fen(line["pay_price"]) - _fen(line["delivery_price"])
        yield [
            head["no"], head["receiver_mobile"], _written(head["pay_time"], int(head["id"])), line["sku_id"],
            category[line["spu_id"]], line["count"], yuan(_fen(line["price"])), yuan(paid),
            yuan(min(paid, _fen(refund["refund_price"]))) if refund else "",
            refund["refund_time"] if refund else "",
        ]  # fmt: skip


def _fen(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 0


def _written(time: str, order: int) -> str:
    """A time in one of three ways, the same for all lines of an order."""
    day, clock = time.split(" ")
    year, month, date = day.split("-")
    return (time, f"{year}/{int(month)}/{int(date)} {clock[:5]}", f"{year}年{int(month)}月{int(date)}日 {clock}")[
        order % 3
    ]


def _spoiled(orders: list[list[str]]) -> Iterator[Sequence[str]]:
    """The orders with one of each fault, and a row of totals below them."""
    faults = {20: (7, "-" + orders[20][7]), 33: (2, "三月初"), 47: (5, "两件")}
    early = next(row for row in orders if row[9])
    for number, row in enumerate(orders):
        if number in faults:
            place, text = faults[number]
            row[place] = text
        if row is early:
            row[9] = "2026-01-01 00:00:00"
        yield row
        if number == 11:
            yield row
    yield ["合计", "", "", "", "", str(len(orders)), "", "", "", ""]


def _members() -> Iterator[list[str]]:
    phones = {row["id"]: row["mobile"] for row in _read("member_user")}
    inviters = {row["id"]: row["bind_user_id"] for row in _read("trade_brokerage_user")}
    for row in _read("member_user"):
        region = _REGIONS[int(row["id"]) % len(_REGIONS)]
        yield [row["mobile"], phones.get(inviters.get(row["id"], ""), ""), region, row["create_time"]]


def _read(name: str) -> list[Row]:
    with (HERE / "yudao_small" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, encoding: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
