"""Semantics: the knobs on which live platforms differ. Each value is computed by the mechanism that reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.plan.limits import MAX_LEVELS, RoundingName
from rules.plan.values import Section, Whole


class Semantics(Section):
    """The knobs on which live platforms differ; CONTRACT.md lists what each value means."""

    base_on: Literal["paid", "list", "member_price"] = "paid"
    freight: Literal["exclude", "include"] = "exclude"
    rounding: RoundingName | dict[Annotated[Whole, Field(ge=1, le=MAX_LEVELS)], RoundingName] = "floor"
    round_per: Literal["line", "unit"] = "line"
    discount_split: Literal["truncate", "ratio4", "half_up", "half_up_each"] = "truncate"
    rate_snapshot: Literal["create", "pay"] = "pay"
    upline_snapshot: Literal["create", "pay"] = "pay"
    hold_from: Literal["create", "pay", "receipt"] = "receipt"
    hold_boundary: Literal["at", "after"] = "at"
    ineligible_level: Literal["skip", "stop", "compress"] = "skip"
    partial_refund: Literal["pro_rata", "cancel_line", "cancel_order", "none"] = "pro_rata"
    refund_after_payout: Literal["negative_balance", "cap_at_balance", "none"] = "negative_balance"
    late_refund: Literal["recompute", "at_paid_rate", "keep"] = "recompute"
    self_purchase: Literal["none", "as_level_1"] = "none"
    clawback_rounding: Literal["floor", "ceil", "half_up"] = "ceil"
    fee_rounding: Literal["floor", "ceil", "half_up"] = "half_up"

    def rounding_of(self, level: int) -> RoundingName:
        """The rounding of one level (levels that a per-level setting leaves out are rounded down)."""
        return self.rounding.get(level, "floor") if isinstance(self.rounding, dict) else self.rounding
