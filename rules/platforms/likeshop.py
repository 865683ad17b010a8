"""likeshop: of what was paid for a line, half up; levels stand for themselves; open after-sales wait.

Read in its code (distribution settlement, after-sale): PLATFORMS.md §1.4, §6 G30-G31, §7.
"""

from __future__ import annotations

from rules.plan.values import Title
from rules.platforms.profile import Platform

LIKESHOP = Platform(
    name="likeshop",
    title=Title(zh="likeshop 商城", en="likeshop"),
    source="likeshop, code",
    sections={
        "attribution": {"bind_on": "invite_code", "keep": "permanent", "on_conflict": "keep"},
        "caps": {"levels": 2},
        "semantics": {
            "base_on": "paid",
            "freight": "exclude",
            "rounding": "half_up",
            "round_per": "line",
            "discount_split": {"reduction": "half_up", "coupon": "half_up", "points": "half_up_each"},
            "promoter_by": "appointed",
            "rate_snapshot": "pay",
            "upline_snapshot": "pay",
            "ineligible_level": "skip",
            "rank_rate": "replace",
            "hold_from": "receipt",
            "hold_boundary": "after",
            "settle_while_refund_open": "wait",
            "frozen_at_settlement": "wait",
            "partial_refund": "cancel_line",
            "refund_after_payout": "none",
            "self_purchase": "none",
        },
        "settlement": {"hold_days": 7, "cycle": {"every": "day", "at": "00:00"}},
    },
)
