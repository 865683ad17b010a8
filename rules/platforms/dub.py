"""dub: one reward per sale, rounded half up; a second tier of the first partner's commission, rounded down.

Read in its code and asserted by its tests: PLATFORMS.md §1.6, §6 G35-G39.
"""

from __future__ import annotations

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
            "hold_from": "create",
            "partial_refund": "cancel_order",
            "refund_after_payout": "none",
            "self_purchase": "none",
        },
        "settlement": {"hold_days": 30, "cycle": {"every": "day", "at": "00:00"}},
    },
)
