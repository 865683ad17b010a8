"""CRMEB (PHP): rates and people are fixed when the order is created, money is credited at receipt; all is truncated.

Read in its code (brokerage services, order creation, refund): PLATFORMS.md §1.2, §6 G15-G26, §7.
"""

from __future__ import annotations

from rules.plan.values import Title
from rules.platforms.profile import Platform

CRMEB_PHP = Platform(
    name="crmeb_php",
    title=Title(zh="CRMEB（PHP 版）", en="CRMEB (PHP)"),
    source="CRMEB open source, code",
    sections={
        "attribution": {"bind_on": "first_click", "keep": "permanent", "on_conflict": "keep"},
        "caps": {"levels": 2},
        "semantics": {
            "base_on": "paid",
            "freight": "include",
            "rounding": "floor",
            "round_per": "line",
            "entry_per": "order",
            "base_round": "unit_trunc4",
            "discount_split": "ratio4",
            "discount_order": ["reduction", "coupon", "points"],
            "discount_weights": "original",
            "promoter_by": "appointed",
            "rate_snapshot": "create",
            "upline_snapshot": "create",
            "eligible_at": ["create", "receipt"],
            "ineligible_level": "skip",
            "zero_amount": "stop",
            "rank_rate": "replace",
            "hold_from": "receipt",
            "partial_refund": "pro_rata",
            "clawback_unit": "trunc4",
            "refund_after_payout": "cap_at_wallet",
            "self_purchase": "none",
            "fee_rounding": "floor",
        },
        "settlement": {"hold_days": 0, "cycle": {"every": "day", "at": "00:00"}},
    },
)
