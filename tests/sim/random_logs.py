"""Random small event logs, with much in them that the rules refuse: the raw material of the oracles."""

from __future__ import annotations

import numpy as np

from rules.events import DAY, Kind, Names, Records, blank
from rules.plan.model import Plan

START_DAY = 20_454  # Thursday 2026-01-01
NAMES = Names(skus=["s0", "s1", "s2"], categories=["fmcg", "digital"], ranks=["member", "promoter"])

PLAN = Plan.model_validate(
    {
        "plan": "small",
        "ranks": [{"id": "member"}, {"id": "promoter", "join": {"orders": 1}}],
        "commission": {
            "base": {
                "levels": [
                    {"level": 1, "rates": {"fmcg": "8%", "default": "5%"}},
                    {"level": 2, "rates": {"default": "3%"}, "ranks": ["promoter"]},
                    {"level": 3, "rates": {"default": {"fixed": "0.10"}}},
                ]
            },
            "ladder": {
                "period": "week",
                "brackets": [{"from": 0, "rate": "1%"}, {"from": 100, "rate": "2%"}],
            },
            "team": {"period": "month", "rate": "2%"},
        },
        "bonuses": [
            {"id": "first", "event": "first_promoted_order", "pay": 2},
            {"id": "streak", "event": "promotion_streak", "days": 2, "pay": 1},
        ],
        "settlement": {"hold_days": 2, "cycle": {"every": "day"}},
        "withdrawal": {"minimum": "0.01", "fee": "1%", "review_over": 5},
    }
)


def random_log(rng: np.random.Generator, *, members: int = 8, days: int = 70, a_day: float = 12.0) -> Records:
    """Events of `days` days from START_DAY on, in order of time, with a tick at the end of each day."""
    rows: list[dict[str, int]] = []
    orders = withdrawals = 0
    for day in range(days):
        busy = rng.random() < 0.8
        times = np.sort(rng.integers(0, DAY - 1, rng.poisson(a_day) if busy else 0))
        for second in times.tolist():
            row, orders, withdrawals = _anything(rng, members, orders, withdrawals)
            time = (START_DAY + day) * DAY + second
            rows += [{"time": time, **fields} for fields in row]
        rows.append({"time": (START_DAY + day + 1) * DAY - 1, "kind": Kind.tick})
    events = blank(len(rows))
    for place, row in enumerate(rows):
        for name, value in row.items():
            events[place][name] = value
    return events


def days_of(events: Records) -> list[tuple[int, Records]]:
    """The log cut at midnight."""
    day = events["time"] // DAY
    return [(int(number), events[day == number]) for number in np.unique(day)]


def _anything(
    rng: np.random.Generator, members: int, orders: int, withdrawals: int
) -> tuple[list[dict[str, int]], int, int]:
    """The fields of one thing that happens, and how many orders and withdrawals there are then."""
    member, other = rng.integers(0, members, 2).tolist()
    kinds = ["register", "share", "click", "order", "pay", "then", "refund", "withdraw", "answer", "freeze"]
    weight = np.array([3, 4, 4, 6, 1, 5, 3, 2, 3, 0.3])
    kind = str(rng.choice(kinds, p=weight / weight.sum()))
    if kind == "register":
        inviter = int(rng.choice([other, -1]))
        return [{"kind": Kind.register, "member": member, "other": inviter}], orders, withdrawals
    if kind == "share":
        return [{"kind": Kind.share, "member": member}], orders, withdrawals
    if kind == "click":
        return [{"kind": Kind.click, "member": member, "other": other}], orders, withdrawals
    if kind == "order":
        paid = [{"kind": Kind.pay, "order": orders}] if rng.random() < 0.7 else []
        return _order(rng, orders, member) + paid, orders + 1, withdrawals
    if kind == "withdraw":
        asked = {"kind": Kind.withdraw, "order": withdrawals, "amount": int(rng.integers(1, 900))}
        return [asked | {"member": member}], orders, withdrawals + 1
    if kind == "freeze":
        change = int(rng.choice([Kind.freeze, Kind.unfreeze]))
        return [{"kind": change, "member": member}], orders, withdrawals
    if kind == "answer" and withdrawals:
        answer = rng.choice([Kind.approve, Kind.reject, Kind.paid, Kind.paid, Kind.failed, Kind.unknown])
        return [{"kind": int(answer), "order": int(rng.integers(withdrawals))}], orders, withdrawals
    if orders == 0:
        return [], orders, withdrawals
    number = int(orders - 1 - min(rng.geometric(0.2) - 1, orders - 1))
    if kind == "refund":
        return [_refund(rng, number)], orders, withdrawals
    step = Kind.pay
    if kind == "then":
        step = rng.choice([Kind.cancel, Kind.ship, Kind.receive, Kind.refund_open, Kind.refund_refused])
    return [{"kind": int(step), "order": number}], orders, withdrawals


def _order(rng: np.random.Generator, number: int, member: int) -> list[dict[str, int]]:
    lines = []
    for line in range(1, int(rng.integers(1, 4)) + 1):
        sku, quantity = int(rng.integers(-1, 3)), int(rng.integers(1, 4))
        price = int(rng.choice([0, 999, 1_234, 5_000]))
        own = int(rng.choice([-1, -1, price // 2]))
        most = (price if own < 0 else own) * quantity
        discount = int(rng.integers(0, most + 1)) if rng.random() < 0.4 else 0
        fields = {"kind": Kind.order, "order": number, "member": member, "line": line, "sku": sku}
        fields |= {"category": sku if sku < 2 else -1, "quantity": quantity}
        fields |= {"price": price, "member_price": own}
        lines.append(fields | {"discount": discount, "freight": int(rng.integers(0, 300))})
    return lines


def _refund(rng: np.random.Generator, number: int) -> dict[str, int]:
    line = int(rng.integers(0, 4))
    by = rng.choice(["all", "pieces", "money"])
    pieces = int(rng.integers(1, 3)) if by == "pieces" else 0
    amount = int(rng.choice([1, 500, 999, 1_234, 2_000])) if by == "money" else 0
    return {"kind": Kind.refund, "order": number, "line": line, "quantity": pieces, "amount": amount}
