"""Semantics: the knobs on which live platforms differ. Each value is computed by the mechanism that reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.people.promoter import PromoterBy
from rules.plan.limits import MAX_LEVELS, MOMENTS, Moment, RoundingName
from rules.plan.values import Section, Whole


class Semantics(Section):
    """The knobs on which live platforms differ; CONTRACT.md lists what each value means."""

    base_on: Literal["paid", "list", "member_price"] = "paid"
    freight: Literal["exclude", "include"] = "exclude"
    rounding: RoundingName | dict[Annotated[Whole, Field(ge=1, le=MAX_LEVELS)], RoundingName] = "floor"
    round_per: Literal["line", "unit"] = "line"
    discount_split: Literal["truncate", "ratio4", "half_up", "half_up_each"] = "truncate"
    rate_snapshot: Moment = "pay"
    upline_snapshot: Moment | dict[Annotated[Whole, Field(ge=1, le=2)], Moment] = "pay"
    unbound_at_create: Literal["pay", "nobody"] = "pay"
    promoter_by: PromoterBy = ("rank", 0)
    eligible_at: Moment | Annotated[list[Moment], Field(min_length=1)] = "pay"
    settle_while_refund_open: Literal["pay", "wait"] = "pay"
    frozen_at_settlement: Literal["pay", "wait"] = "pay"
    hold_from: Literal["create", "pay", "receipt"] = "receipt"
    hold_boundary: Literal["at", "after"] = "at"
    ineligible_level: Literal["skip", "stop", "compress"] = "skip"
    partial_refund: Literal["pro_rata", "cancel_line", "cancel_order", "none"] = "pro_rata"
    refund_after_payout: Literal["negative_balance", "cap_at_balance", "none"] = "negative_balance"
    late_refund: Literal["recompute", "at_paid_rate", "keep"] = "recompute"
    self_purchase: Literal["none", "as_level_1"] = "none"
    clawback_rounding: Literal["floor", "ceil", "half_up"] = "ceil"
    fee_rounding: Literal["floor", "ceil", "half_up"] = "half_up"

    def upline_at(self, level: int) -> Moment:
        """When the person of a level is fixed; stated by level, 2 means all above the first."""
        given = self.upline_snapshot
        return given.get(min(level, 2), "pay") if isinstance(given, dict) else given

    @property
    def entries_at(self) -> Moment:
        """When entries are made: as soon as the order is paid, its rates are fixed and its people are."""
        moments: tuple[Moment, ...] = ("pay", self.rate_snapshot, self.upline_at(1), self.upline_at(2))
        return max(moments, key=MOMENTS.index)

    @property
    def checks(self) -> list[Moment]:
        """The moments at which it is checked who may be paid."""
        return self.eligible_at if isinstance(self.eligible_at, list) else [self.eligible_at]

    def rounding_of(self, level: int) -> RoundingName:
        """The rounding of one level (levels that a per-level setting leaves out are rounded down)."""
        return self.rounding.get(level, "floor") if isinstance(self.rounding, dict) else self.rounding
