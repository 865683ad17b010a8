"""CRMEB (Java): of the VIP or list price of a unit, cut per unit; any refund cancels what is not yet complete.

Read in its code: PLATFORMS.md §1.3, §6 G26-G29.
"""

from __future__ import annotations

from rules.plan.values import Title
from rules.platforms.profile import Platform

CRMEB_JAVA = Platform(
    name="crmeb_java",
    title=Title(zh="CRMEB（Java 版）", en="CRMEB (Java)"),
    source="crmeb_java, code",
    sections={
        "attribution": {"bind_on": "first_click", "keep": "permanent", "on_conflict": "keep"},
        "caps": {"levels": 2},
        "semantics": {
            "base_on": "member_price",
            "freight": "exclude",
            "rounding": "floor",
            "round_per": "unit",
            "entry_per": "order",
            "discount_split": "truncate",
            "promoter_by": "appointed",
            "rate_snapshot": "pay",
            "upline_snapshot": "pay",
            "eligible_at": "pay",
            "ineligible_level": "stop",
            "hold_from": "receipt",
            "partial_refund": "cancel_order",
            "refund_after_payout": "none",
            "self_purchase": "none",
        },
        "settlement": {"hold_days": 7, "cycle": {"every": "day", "at": "00:00"}},
    },
)
