"""Tables of CRMEB (PHP), as `scenarios/mappings/crmeb_php.yaml` reads them. Its money is in yuan, its times are UTC.

A refund is one of an order: CRMEB splits an order before a part of several lines goes back, which is not done here.
So only refunds of whole orders, and of orders of one line, come back as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from rules.errors import InputError
from rules.events import Kind
from rules.money import in_yuan
from rules.records import Component, EntryStatus
from sim.exports.lived import AWAY, ORDERS, Lived, Row, Tables
from sim.history.cells import SHANGHAI
from sim.rows import paid_for, piece_prices

_TYPES = {1: "one_brokerage", 2: "two_brokerage"}
_SKU, _SPU = 801, 301


def crmeb_php(lived: Lived) -> Tables:
    """The tables of a run.

    Raises:
        InputError: a refund of a part of several lines, or in pieces; commission of a level that CRMEB does not have.
    """
    return {
        "eb_store_order": list(_orders(lived)),
        "eb_store_order_cart_info": list(_lines(lived)),
        "eb_store_order_status": list(_receipts(lived)),
        "eb_store_order_refund": list(_refunds(lived)),
        "eb_user": list(_users(lived)),
        "eb_user_brokerage": list(_brokerage(lived)),
        "eb_store_product": list(_products(lived)),
        "eb_store_product_attr_value": list(_values(lived)),
    }


def _at(seconds: int) -> int:
    return int(seconds) - SHANGHAI


def _orders(lived: Lived) -> Iterator[Row]:
    paid = lived.times(Kind.pay)
    for order, lines in lived.lines.items():
        yield {
            "id": ORDERS + order, "pid": 0, "order_id": f"wx{ORDERS + order}", "uid": AWAY + int(lines[0]["member"]),
            "real_name": "", "user_phone": "", "add_time": _at(int(lines[0]["time"])),
            "pay_time": _at(paid[order]) if order in paid else 0, "channel_type": "routine",
        }  # fmt: skip


def _lines(lived: Lived) -> Iterator[Row]:
    number = 0
    for order, lines in lived.lines.items():
        for line in lines:
            number += 1
            price = int(piece_prices(line))
            cart = {
                "product_attr_unique": str(_SKU + int(line["sku"])), "sum_price": in_yuan(price),
                "sum_true_price": in_yuan(int(paid_for(line))), "postage_price": in_yuan(int(line["freight"])),
            }  # fmt: skip
            yield {
                "id": number, "oid": ORDERS + order, "uid": AWAY + int(line["member"]),
                "product_id": _SPU + int(line["sku"]), "cart_num": int(line["quantity"]),
                "cart_info": json.dumps(cart), "unique": f"c{number}",
            }  # fmt: skip


def _receipts(lived: Lived) -> Iterator[Row]:
    for order, time in lived.times(Kind.receive).items():
        yield {
            "oid": ORDERS + order,
            "change_type": "user_take_delivery",
            "change_message": "",
            "change_time": _at(time),
        }


def _refunds(lived: Lived) -> Iterator[Row]:
    for number, event in enumerate(lived.of(Kind.refund), 1):
        order, amount = int(event["order"]), int(event["amount"])
        lines = lived.lines[order]
        if event["quantity"] or (event["line"] and len(lines) > 1):
            raise InputError(
                f"order {order} has a refund of a part of its lines, or in pieces", allowed="of an amount, or of all"
            )
        yield {
            "id": number, "store_order_id": ORDERS + order, "uid": AWAY + int(lines[0]["member"]), "refund_type": 6,
            "refunded_price": in_yuan(amount or lived.paid(order)), "refunded_time": _at(event["time"]),
        }  # fmt: skip


def _users(lived: Lived) -> Iterator[Row]:
    members = lived.book.members
    for person in lived.people:
        upline = int(members[person]["upline"])
        yield {
            "uid": AWAY + person, "real_name": "", "phone": "", "spread_uid": AWAY + upline if upline >= 0 else 0,
            "spread_time": _at(members[person]["bound_at"]) if upline >= 0 else 0,
            "agent_level": lived.given_ranks.get(person, "0"), "add_time": _at(members[person]["joined_at"]),
        }  # fmt: skip


def _brokerage(lived: Lived) -> Iterator[Row]:
    """Commission on orders; CRMEB has no other."""
    base = lived.entries[lived.entries["component"] == Component.base]
    for number, entry in enumerate(base, 1):
        level, amount = int(entry["level"]), int(entry["amount"])
        if level not in _TYPES:
            raise InputError(f"level {level} is paid, and CRMEB has two levels", allowed="a plan with levels 1 and 2")
        yield {
            "id": number, "uid": AWAY + int(entry["member"]), "link_id": ORDERS + int(entry["order"]),
            "type": _TYPES[level] if amount > 0 else "refund", "number": in_yuan(abs(amount)), "pm": int(amount > 0),
            "status": int(int(entry["status"]) != EntryStatus.pending), "frozen_time": 0,
            "add_time": _at(int(entry["time"])),
        }  # fmt: skip


def _products(lived: Lived) -> Iterator[Row]:
    names = lived.log.names
    for sku, (category, price) in sorted(_goods(lived).items()):
        yield {
            "id": _SPU + sku, "store_name": names.skus[sku], "cate_id": names.categories[category],
            "price": in_yuan(price), "cost": in_yuan(0),
        }  # fmt: skip


def _values(lived: Lived) -> Iterator[Row]:
    for sku, (_, price) in sorted(_goods(lived).items()):
        yield {
            "unique": _SKU + sku,
            "product_id": _SPU + sku,
            "price": in_yuan(price),
            "cost": in_yuan(0),
            "type": 0,
        }


def _goods(lived: Lived) -> dict[int, tuple[int, int]]:
    """Category and price by product."""
    return {int(line["sku"]): (int(line["category"]), int(line["price"])) for line in lived.of(Kind.order)}
