"""dub: one reward per sale, rounded half up; a second tier of the first partner's commission, rounded down.

Read in its code and asserted by its tests: PLATFORMS.md §1.6, §6 G35-G39.
"""

from __future__ import annotations

from rules.money import PPM, Rounding, rounded
from rules.plan.values import Title
from rules.platforms.profile import Platform

DUB = Platform(
    name="dub",
    title=Title(zh="dub 合作伙伴计划", en="dub partner programme"),
    source="dub, code and tests",
    sections={
        "attribution": {"bind_on": "first_click", "keep": "permanent", "on_conflict": "keep"},
        "caps": {"levels": 2},
        "semantics": {
            "base_on": "paid",
            "freight": "exclude",
            "rounding": {1: "half_up", 2: "floor"},
            "round_per": "line",
            "stack": "highest",
            "rate_snapshot": "pay",
            "upline_snapshot": "create",
            "hold_from": "pay",
            "partial_refund": "cancel_order",
            "refund_after_payout": "none",
            "self_purchase": "none",
        },
        "settlement": {"hold_days": 30, "cycle": {"every": "day", "at": "00:00"}},
    },
)

FAST = 2_500
"""What a fast payout costs on top, in cents."""

CARD = 30_000
"""What a card costs on top, in parts per million; no allowance is free of it."""


def payout_fee(amount: int, rate: int, free: int, way: str) -> int:
    """What dub charges the shop for a payout, in cents: a rate of what is over the allowance, and the way's own cost.

    Args:
        amount: cents paid out.
        rate: of the shop's contract, in parts per million.
        free: what is left of the shop's allowance without fee, in cents.
        way: `ach`, `ach_fast` or `card`.
    """
    fee = rounded(max(0, amount - free) * rate, PPM, Rounding.half_up)
    if way == "ach_fast":
        fee += FAST
    elif way == "card":
        fee += rounded(amount * CARD, PPM, Rounding.half_up)
    return fee
