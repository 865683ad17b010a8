"""Semantics: the knobs on which live platforms differ. Each value is computed by the mechanism that reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from rules.people.promoter import PromoterBy
from rules.plan.defects import Defect
from rules.plan.limits import MAX_LEVELS, MOMENTS, Moment, RoundingName
from rules.plan.values import Flag, Section, Whole

Discount = Literal["reduction", "coupon", "points"]
Divided = Literal["reduction", "coupon", "points", "freight"]
Split = Literal["truncate", "ratio4", "half_up", "half_up_each", "double"]


class Semantics(Section):
    """The knobs on which live platforms differ; CONTRACT.md lists what each value means."""

    base_on: Literal["paid", "list", "member_price", "profit"] = "paid"
    base_round: Literal["none", "line", "unit", "unit_trunc4"] = "none"
    subtract_lower: Flag = False
    fee_share: Flag = False
    freight: Literal["exclude", "include"] = "exclude"
    freight_split: Literal["price", "quantity", "weight", "equal"] = "price"
    rounding: RoundingName | dict[Annotated[Whole, Field(ge=1, le=MAX_LEVELS)], RoundingName] = "floor"
    round_per: Literal["line", "unit", "order"] = "line"
    entry_per: Literal["line", "order"] = "line"
    sku_left_out: Literal["rate", "zero"] = "rate"
    rank_rate: Literal["replace", "multiply"] = "replace"
    stack: Literal["add", "highest"] = "add"
    zero_amount: Literal["continue", "stop"] = "continue"
    duration_months: Annotated[Whole, Field(ge=0, le=1200)] | None = None
    discount_split: Split | dict[Divided, Split] = "truncate"
    discount_order: tuple[Discount, Discount, Discount] = ("reduction", "coupon", "points")
    discount_weights: Literal["left", "original"] = "left"
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
    clawback_unit: Literal["exact", "trunc4"] = "exact"
    refund_after_payout: Literal["negative_balance", "cap_at_balance", "cap_at_wallet", "none"] = "negative_balance"
    late_refund: Literal["recompute", "at_paid_rate", "keep"] = "recompute"
    self_purchase: Literal["none", "as_level_1"] = "none"
    clawback_rounding: Literal["floor", "ceil", "half_up"] = "ceil"
    fee_rounding: Literal["floor", "ceil", "half_up"] = "half_up"
    defects: list[Defect] = Field(default_factory=list)

    @field_validator("discount_order")
    @classmethod
    def _each_discount_once(cls, given: tuple[Discount, Discount, Discount]) -> tuple[Discount, Discount, Discount]:
        if len(set(given)) < len(given):
            raise ValueError(f"each of reduction, coupon, points is needed once, got {', '.join(given)}")
        return given

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

    def split_of(self, what: Divided) -> Split:
        """How a discount or freight is split: what a mapping leaves out is cut; of freight all is always split."""
        given = self.discount_split
        split = given.get(what, "truncate") if isinstance(given, dict) else given
        return "half_up" if split == "half_up_each" and what == "freight" else split
