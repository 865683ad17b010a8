"""yudao: two levels, computed per order item at payment; freight earns commission; the hold starts at payment.

Read in its code (TradeBrokerageConfig, calculatePrice, order item conversion) and asserted by its own tests:
PLATFORMS.md §1.1, §6 G1-G12, §7.
"""

from __future__ import annotations

from rules.plan.values import Title
from rules.platforms.profile import Platform

YUDAO = Platform(
    name="yudao",
    title=Title(zh="芋道商城", en="yudao mall"),
    source="yudao-module-mall, code and tests",
    sections={
        "attribution": {"bind_on": "first_click", "keep": "permanent", "on_conflict": "keep"},
        "caps": {"levels": 2},
        "semantics": {
            "base_on": "paid",
            "freight": "include",
            "freight_split": "quantity",
            "rounding": "floor",
            "round_per": "line",
            "sku_left_out": "zero",
            "discount_split": "double",
            "discount_order": ["reduction", "coupon", "points"],
            "discount_weights": "left",
            "promoter_by": "all",
            "rate_snapshot": "pay",
            "upline_snapshot": "pay",
            "unbound_at_create": "nobody",
            "eligible_at": "pay",
            "ineligible_level": "stop",
            "hold_from": "pay",
            "partial_refund": "cancel_line",
            "refund_after_payout": "negative_balance",
            "self_purchase": "none",
            "fee_rounding": "half_up",
        },
        "settlement": {"hold_days": 7, "cycle": {"every": "day", "at": "00:00"}},
    },
)
