"""Makes `yudao_small`: a simulated run as the tables of a yudao shop, with the small faults that exports have.

    fenxiao run mini_program --plan mini_one_level --people 3000 --days 75 --out results/small
    python -m scenarios.exports.make_yudao results/small

Names and phones in it are made up: an import has to drop them. A line is exported twice, an amount cannot be read,
a refund is larger than what was paid, and withdrawals stand among the commissions.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rules.events import EventLog, Kind
from rules.records import Component
from sim.history.log import read_entries, read_log, read_members

HERE = Path(__file__).parent / "yudao_small"
Row = dict[str, Any]
_AWAY, _LATER = 10_001, timedelta(days=7)
_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


def main(run: Path, to: Path = HERE) -> None:
    """Write the tables of a run."""
    log, entries = read_log(run), read_entries(run)
    of = {kind: log.events[log.events["kind"] == kind] for kind in Kind}
    lines = list(_lines(log, of))
    tables = {
        "trade_order": list(_orders(of, lines)),
        "trade_order_item": lines,
        "trade_after_sale": list(_refunds(of, lines)),
        "member_user": list(_members(of, read_members(run))),
        "trade_brokerage_user": list(_bindings(of)),
        "trade_brokerage_record": list(_commissions(entries, lines)),
        "product_sku": list(_skus(log, of)),
        "product_spu": list(_spus(log, of)),
    }
    _spoil(tables)
    to.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (to / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _lines(log: EventLog, of: dict[Kind, Any]) -> Iterator[Row]:
    for number, line in enumerate(of[Kind.order], start=1):
        paid = int(line["price"] * line["quantity"] - line["discount"])
        sku = int(line["sku"])
        yield {
            "id": number, "user_id": _AWAY + int(line["member"]), "order_id": 5_001 + int(line["order"]),
            "spu_id": 301 + sku, "spu_name": log.names.skus[sku], "sku_id": 801 + sku, "count": int(line["quantity"]),
            "price": int(line["price"]), "discount_price": 0, "delivery_price": int(line["freight"]),
            "adjust_price": 0, "coupon_price": int(line["discount"]), "point_price": 0, "vip_price": 0,
            "pay_price": paid + int(line["freight"]), "create_time": _text(line["time"]), "deleted": 0,
        }  # fmt: skip


def _orders(of: dict[Kind, Any], lines: list[Row]) -> Iterator[Row]:
    paid, received = ({int(e["order"]): _text(e["time"]) for e in of[kind]} for kind in (Kind.pay, Kind.receive))
    for order in dict.fromkeys(line["order_id"] for line in lines):
        own, number = [line for line in lines if line["order_id"] == order], order - 5_001
        yield {
            "id": order, "no": f"o{20260301000000 + order}", "user_id": own[0]["user_id"], "terminal": 10,
            "status": 30 if number in received else 10 if number in paid else 40,
            "pay_status": int(number in paid), "pay_time": paid.get(number, ""),
            "receive_time": received.get(number, ""), "total_price": sum(line["price"] * line["count"] for line in own),
            "delivery_price": sum(line["delivery_price"] for line in own),
            "pay_price": sum(line["pay_price"] for line in own), "receiver_name": _name(own[0]["user_id"]),
            "receiver_mobile": _phone(own[0]["user_id"]), "create_time": own[0]["create_time"], "deleted": 0,
        }  # fmt: skip


def _refunds(of: dict[Kind, Any], lines: list[Row]) -> Iterator[Row]:
    number = 0
    for event in of[Kind.refund]:
        own = [line for line in lines if line["order_id"] == 5_001 + event["order"]]
        for line in own if event["line"] == 0 else [own[int(event["line"]) - 1]]:
            goods = line["pay_price"] - line["delivery_price"]
            number += 1
            part = goods * int(event["quantity"]) // line["count"] if event["quantity"] else goods
            yield {
                "id": number, "no": f"r{number:06d}", "status": 50, "user_id": line["user_id"],
                "order_id": line["order_id"], "order_item_id": line["id"],
                "count": int(event["quantity"]) or line["count"],
                "refund_price": int(event["amount"]) or part, "refund_time": _text(event["time"]),
                "create_time": _text(event["time"]), "deleted": 0,
            }  # fmt: skip


def _members(of: dict[Kind, Any], opening: Any) -> Iterator[Row]:  # noqa: ANN401 - a record array
    for number in np.flatnonzero(opening["joined_at"] >= 0).tolist():
        yield _member(number, int(opening["joined_at"][number]))
    for event in of[Kind.register]:
        yield _member(int(event["member"]), int(event["time"]))


def _member(number: int, joined: int) -> Row:
    user = _AWAY + number
    return {
        "id": user, "nickname": _name(user), "mobile": _phone(user), "status": 0, "level_id": "",
        "create_time": _text(joined), "deleted": 0,
    }  # fmt: skip


def _bindings(of: dict[Kind, Any]) -> Iterator[Row]:
    for event in of[Kind.register]:
        inviter = int(event["other"])
        yield {
            "id": _AWAY + int(event["member"]), "bind_user_id": _AWAY + inviter if inviter >= 0 else "",
            "bind_user_time": _text(event["time"]) if inviter >= 0 else "", "brokerage_enabled": 1,
            "brokerage_price": 0, "frozen_price": 0, "create_time": _text(event["time"]), "deleted": 0,
        }  # fmt: skip


def _commissions(entries: Any, lines: list[Row]) -> Iterator[Row]:  # noqa: ANN401 - a record array
    by_order: dict[int, list[Row]] = {}
    for line in lines:
        by_order.setdefault(line["order_id"], []).append(line)
    base = entries[(entries["component"] == Component.base) & (entries["amount"] > 0)]
    for number, entry in enumerate(base, start=1):
        line = by_order[5_001 + int(entry["order"])][int(entry["line"]) - 1]
        yield {
            "id": number, "user_id": _AWAY + int(entry["member"]), "biz_id": line["id"], "biz_type": 1,
            "title": "获得推广佣金", "price": int(entry["amount"]), "status": 1, "frozen_days": 7,
            "unfreeze_time": _text(entry["time"], _LATER), "source_user_level": int(entry["level"]),
            "source_user_id": line["user_id"], "create_time": _text(entry["time"]), "deleted": 0,
        }  # fmt: skip


def _skus(log: EventLog, of: dict[Kind, Any]) -> Iterator[Row]:
    price = {int(line["sku"]): int(line["price"]) for line in of[Kind.order]}
    for sku, fen in sorted(price.items()):
        yield {
            "id": 801 + sku,
            "spu_id": 301 + sku,
            "price": fen,
            "market_price": fen,
            "cost_price": fen * 2 // 5,
            "deleted": 0,
        }


def _spus(log: EventLog, of: dict[Kind, Any]) -> Iterator[Row]:
    category = {int(line["sku"]): int(line["category"]) for line in of[Kind.order]}
    for sku, number in sorted(category.items()):
        named = log.names.categories[number]
        yield {"id": 301 + sku, "name": log.names.skus[sku], "category_id": named, "deleted": 0}


def _spoil(tables: dict[str, list[Row]]) -> None:
    """What goes wrong in exports."""
    lines, refunds, records = tables["trade_order_item"], tables["trade_after_sale"], tables["trade_brokerage_record"]
    lines.insert(40, dict(lines[38]))
    lines[20] = lines[20] | {"price": "12O0"}
    refunds.append(refunds[0] | {"id": len(refunds) + 1, "no": "r999999", "refund_price": 9_999_900})
    records.append(records[0] | {"id": len(records) + 1, "biz_id": 7, "biz_type": 2, "title": "提现", "price": -5000})


def _text(seconds: int, later: timedelta = timedelta()) -> str:
    return str(datetime(1970, 1, 1) + timedelta(seconds=int(seconds)) + later)


def _name(user: int) -> str:
    return _NAMES[user % len(_NAMES)] + "小" + _NAMES[user // 7 % len(_NAMES)]


def _phone(user: int) -> str:
    return f"199{user:08d}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
