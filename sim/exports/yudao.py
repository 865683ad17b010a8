"""Tables of yudao, as `scenarios/mappings/yudao.yaml` reads them. Its money is in fen, its times are local.

A commission is a record of an order line; what a refund takes back makes it a cancelled one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from rules.errors import InputError
from rules.events import Kind
from rules.records import Component, EntryStatus
from sim.exports.lived import AWAY, ORDERS, Lived, Row, Tables
from sim.rows import paid_for, piece_prices

_SPU, _SKU = 301, 801
_PROMOTER = "promoter"


def yudao(lived: Lived) -> Tables:
    """The tables of a run.

    Raises:
        InputError: a part of a commission is taken back, or one is of no line.
    """
    ids = _line_ids(lived)
    return {
        "trade_order": list(_orders(lived)),
        "trade_order_item": list(_items(lived, ids)),
        "trade_after_sale": list(_refunds(lived, ids)),
        "member_user": list(_members(lived)),
        "trade_brokerage_user": list(_bindings(lived)),
        "trade_brokerage_record": list(_commissions(lived, ids)),
        "product_sku": list(_skus(lived)),
        "product_spu": list(_spus(lived)),
    }


_Ids = Mapping[tuple[int, int], int]
"""The number of a line, by order and line."""


def _line_ids(lived: Lived) -> _Ids:
    lines = [(order, int(line["line"])) for order, own in lived.lines.items() for line in own]
    return {line: number for number, line in enumerate(lines, 1)}


def _orders(lived: Lived) -> Iterator[Row]:
    paid, received = lived.times(Kind.pay), lived.times(Kind.receive)
    for order, lines in lived.lines.items():
        freight = sum(int(line["freight"]) for line in lines)
        yield {
            "id": ORDERS + order, "no": f"o{20260301000000 + order}", "user_id": AWAY + int(lines[0]["member"]),
            "terminal": 10, "status": 30 if order in received else 10 if order in paid else 40,
            "pay_status": int(order in paid), "pay_time": _text(paid.get(order)),
            "receive_time": _text(received.get(order)), "delivery_price": freight,
            "pay_price": lived.paid(order) + freight, "receiver_name": "", "receiver_mobile": "",
            "create_time": _text(int(lines[0]["time"])), "deleted": 0,
        }  # fmt: skip


def _items(lived: Lived, ids: _Ids) -> Iterator[Row]:
    names = lived.log.names.skus
    for order, lines in lived.lines.items():
        for line in lines:
            sku, freight = int(line["sku"]), int(line["freight"])
            price = int(piece_prices(line))
            yield {
                "id": ids[order, int(line["line"])], "user_id": AWAY + int(line["member"]), "order_id": ORDERS + order,
                "spu_id": _SPU + sku, "spu_name": names[sku], "sku_id": _SKU + sku, "count": int(line["quantity"]),
                "price": price, "delivery_price": freight, "coupon_price": int(line["discount"]),
                "pay_price": int(paid_for(line)) + freight, "create_time": _text(int(line["time"])), "deleted": 0,
            }  # fmt: skip


def _refunds(lived: Lived, ids: _Ids) -> Iterator[Row]:
    number = 0
    left: dict[int, int] = {}
    for event in lived.of(Kind.refund):
        order = int(event["order"])
        for line in lived.lines[order]:
            item, goods = ids[order, int(line["line"])], int(paid_for(line))
            still = left.get(item, goods)
            if event["line"] not in (0, line["line"]) or still == 0:
                continue
            part = goods * int(event["quantity"]) // int(line["quantity"]) if event["quantity"] else still
            amount = min(still, int(event["amount"]) or part)
            left[item], number = still - amount, number + 1
            yield {
                "id": number, "no": f"r{number:06d}", "status": 50, "user_id": AWAY + int(line["member"]),
                "order_id": ORDERS + order, "order_item_id": item, "refund_price": amount,
                "refund_time": _text(int(event["time"])), "create_time": _text(int(event["time"])), "deleted": 0,
            }  # fmt: skip


def _members(lived: Lived) -> Iterator[Row]:
    for person in lived.people:
        yield {
            "id": AWAY + person, "nickname": "", "mobile": "", "status": 0, "level_id": "",
            "create_time": _text(int(lived.book.members[person]["joined_at"])), "deleted": 0,
        }  # fmt: skip


def _bindings(lived: Lived) -> Iterator[Row]:
    for person in lived.people:
        member = lived.book.members[person]
        upline = int(member["upline"])
        yield {
            "id": AWAY + person, "bind_user_id": AWAY + upline if upline >= 0 else "",
            "bind_user_time": _text(int(member["bound_at"]) if upline >= 0 else None),
            "brokerage_enabled": int(lived.given_ranks.get(person) == _PROMOTER),
            "brokerage_price": 0, "frozen_price": 0, "create_time": _text(int(member["joined_at"])), "deleted": 0,
        }  # fmt: skip


def _commissions(lived: Lived, ids: _Ids) -> Iterator[Row]:
    """Commission on order lines; yudao has no other."""
    entries = lived.entries
    made = entries[(entries["component"] == Component.base) & (entries["amount"] > 0)]
    buyer = {order: int(lines[0]["member"]) for order, lines in lived.lines.items()}
    for number, entry in enumerate(made, 1):
        order, line, clawed = int(entry["order"]), int(entry["line"]), int(entry["clawed"])
        if line == 0 or clawed not in (0, int(entry["amount"])):
            raise InputError(f"order {order} has an entry of no line, or one of which a part is taken back")
        settled = int(int(entry["status"]) == EntryStatus.available)
        yield {
            "id": number, "user_id": AWAY + int(entry["member"]), "biz_id": ids[order, line], "biz_type": 1,
            "title": "获得推广佣金", "price": int(entry["amount"]), "status": 2 if clawed else settled,
            "source_user_level": int(entry["level"]), "source_user_id": AWAY + buyer[order],
            "create_time": _text(int(entry["time"])), "unfreeze_time": "", "deleted": 0,
        }  # fmt: skip


def _skus(lived: Lived) -> Iterator[Row]:
    price = {int(line["sku"]): int(line["price"]) for line in lived.of(Kind.order)}
    for sku, fen in sorted(price.items()):
        yield {
            "id": _SKU + sku, "spu_id": _SPU + sku, "price": fen, "market_price": fen, "cost_price": fen * 2 // 5,
            "deleted": 0,
        }  # fmt: skip


def _spus(lived: Lived) -> Iterator[Row]:
    category = {int(line["sku"]): int(line["category"]) for line in lived.of(Kind.order)}
    for sku, number in sorted(category.items()):
        named = lived.log.names.categories[number]
        yield {"id": _SPU + sku, "name": lived.log.names.skus[sku], "category_id": named, "deleted": 0}


def _text(seconds: int | None) -> str:
    return "" if seconds is None else str(dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds))
