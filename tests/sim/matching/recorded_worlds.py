"""Small histories with everything in them that settings differ on, and what a platform would have recorded of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from rules.events import EventLog
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.records import Component
from sim.history.orders import history_of
from sim.matching.records import Records, records_of
from sim.matching.trying import World

BEGIN = dt.datetime(2026, 1, 5, 9)
CATEGORIES = ("fmcg", "digital", "home")
RANKS = {"member": 0, "promoter": 2, "partner": 5}


def plan(**changes: Any) -> Plan:
    """Two levels; the first is for promoters and partners, who become so by an order and by three."""
    semantics = {"promoter_by": "all", **changes.pop("semantics", {})}
    rates, second = {"fmcg": "8%", "digital": "3%", "default": "5%"}, {"fmcg": "3.5%", "default": "2%"}
    data: dict[str, Any] = {
        "plan": "shop",
        "ranks": [{"id": one} | ({"join": {"orders": count}} if count else {}) for one, count in RANKS.items()],
        "commission": {
            "base": {
                "levels": [
                    {"level": 1, "rates": rates, "ranks": ["promoter", "partner"]},
                    {"level": 2, "rates": second, "by_rank": {"partner": {"default": "2.5%"}}},
                ]
            }
        },
        "semantics": semantics,
        "settlement": {"hold_days": 7, "cycle": {"every": "day", "at": "00:00"}},
    }
    return parse_plan(data | changes)


def history(seed: int = 1, people: int = 40, orders: int = 260, roots: int = 2) -> EventLog:
    """A random history: several lines an order, freight, discounts, member prices, refunds; inviters who join later."""
    luck = np.random.default_rng(seed)
    above = luck.permutation(people)
    joined = [BEGIN + dt.timedelta(hours=int(n * 14)) for n in range(people)]
    members = [
        {
            "member_id": f"m{n}",
            "inviter_id": None if above[n] < roots else f"m{above.tolist().index(luck.integers(0, above[n]))}",
            "joined_at": str(joined[n]),
        }
        for n in range(people)
    ]
    rows = [row for number in range(orders) for row in _order(luck, number, joined)]
    return history_of(_table(rows), _table(members)).log


def _order(luck: np.random.Generator, number: int, joined: list[dt.datetime]) -> Iterable[dict[str, str | None]]:
    placed = BEGIN + dt.timedelta(minutes=int(number * 230 + luck.integers(1, 200)))
    paid = placed + dt.timedelta(minutes=int(luck.choice([5, 600, 1500, 5000])))
    received = paid + dt.timedelta(days=int(luck.integers(2, 6)), minutes=7)
    buyer = f"m{luck.integers(0, sum(moment <= placed for moment in joined))}"
    refund = luck.random() < 0.25
    for line in range(int(luck.integers(1, 4))):
        quantity, price = int(luck.integers(1, 5)), int(luck.integers(199, 19_999))
        own = int(price * 0.93) if luck.random() < 0.4 else None
        gross = (price if own is None else own) * quantity
        off = int(luck.integers(0, gross // 4)) if luck.random() < 0.5 else 0
        back = int(luck.choice([gross - off, (gross - off) // 3])) if refund and line == 0 else None
        at = received + dt.timedelta(days=int(luck.choice([-1, 1, 20])), minutes=3)
        yield {
            "order_id": f"o{number}", "line": str(line + 1), "member_id": buyer, "placed_at": str(placed),
            "paid_at": str(paid), "received_at": str(received), "sku": f"s{luck.integers(0, 9)}",
            "category": str(luck.choice(CATEGORIES)), "quantity": str(quantity), "price": _yuan(price),
            "member_price": None if own is None else _yuan(own), "discount": _yuan(off),
            "freight": _yuan(int(luck.choice([0, 0, 600, 850]))), "refunded_at": str(at) if back else None,
            "refund_amount": _yuan(back) if back else None,
        }  # fmt: skip


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _table(rows: Iterable[dict[str, str | None]]) -> pa.Table:
    rows = list(rows)
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})


Row = dict[str, Any]


def rows_of(log: EventLog, plan: Plan) -> list[Row]:
    """What a platform with this plan records, a row an entry."""
    return [
        {
            "order_id": log.names.order(int(one["order"])) if one["order"] >= 0 else None,
            "line": int(one["line"]) or None,
            "member_id": log.names.member(int(one["member"])),
            "level": int(one["level"]) or None,
            "amount": Decimal(int(one["amount"])) / 100,
            "status": "settled",
            "component": Component(int(one["component"])).name,
        }
        for one in World(log, plan).entries()
    ]


def records(log: EventLog, rows: list[Row]) -> Records:
    """The rows as the records of an imported folder."""
    types = {"line": pa.int32(), "level": pa.int32(), "amount": pa.decimal128(18, 2)}
    names = ("order_id", "line", "member_id", "level", "amount", "status", "component")
    table = pa.table({name: pa.array([row[name] for row in rows], types.get(name, pa.string())) for name in names})
    return records_of(table, log.names)
