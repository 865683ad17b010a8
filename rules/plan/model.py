"""The commission plan as an operator writes it: one section per mechanism (the file format is CONTRACT's).

A section left out is off. Amounts are fen, rates are parts per million, times of day are seconds once read.
Values the contract names and the engines do not compute yet are refused by name, in `rules.plan.planned`, so
that a plan that loads is a plan that is computed.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, Tag, WithJsonSchema, model_validator

from rules.errors import shown
from rules.plan.values import (
    ClockTime,
    Day,
    Flag,
    Id,
    Multiplier,
    Rate,
    Section,
    Title,
    Whole,
    Yuan,
)

MAX_LEVELS = 8
"""Levels a plan can state. A rulebook allows far fewer; a plan that breaks it must still load to be shown."""
MAX_RANKS = 32

Period = Literal["day", "week", "month"]
Measure = Literal["personal_volume", "promoted_volume", "direct_team_volume"]
RoundingName = Literal["floor", "half_up", "half_even", "ceil"]


class JoinRule(Section):
    """What gives a member this rank at once: own paid orders, or own spend."""

    orders: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None
    spend: Yuan | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.orders is None and self.spend is None:
            raise ValueError("at least one of orders, spend is needed")
        return self


class TargetRule(Section):
    """Months in a row on (or under) a target; exactly one measure is given."""

    months: Annotated[Whole, Field(ge=1, le=120)]
    promoted_volume: Yuan | None = None
    personal_volume: Yuan | None = None
    direct_team_volume: Yuan | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        names = ("promoted_volume", "personal_volume", "direct_team_volume")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(names)} is needed, got {', '.join(given) or 'none'}")
        return self

    @property
    def target(self) -> tuple[Measure, int]:
        """The measure and its threshold in fen."""
        if self.promoted_volume is not None:
            return "promoted_volume", self.promoted_volume
        if self.personal_volume is not None:
            return "personal_volume", self.personal_volume
        assert self.direct_team_volume is not None
        return "direct_team_volume", self.direct_team_volume


class Rank(Section):
    """One rank 等级, lowest first. `promote` is judged for the rank below, `demote` for its own members."""

    id: Id
    title: Title | None = None
    join: JoinRule | None = None
    promote: TargetRule | None = None
    demote: TargetRule | None = None


def _days_mode(given: object, modes: tuple[str, ...], counted: str) -> tuple[str, int]:
    if isinstance(given, tuple | list) and len(given) == 2:
        given = given[0] if given[0] in modes else f"{given[0]}:{given[1]}"
    if isinstance(given, str) and given in modes:
        return given, 0
    found = re.fullmatch(rf"{counted}:([0-9]{{1,5}})", given) if isinstance(given, str) else None
    if not found:
        raise ValueError(f"{shown(given)} is not known here")
    return counted, int(found[1])


def _keep(given: object) -> tuple[str, int]:
    return _days_mode(given, ("permanent", "last_click"), "days")


def _on_conflict(given: object) -> tuple[str, int]:
    return _days_mode(given, ("keep", "override"), "protect")


def _mode_schema(modes: str, counted: str) -> WithJsonSchema:
    allowed = f"{modes.replace('|', ', ')}, {counted}:N with N in days, such as {counted}:30"
    return WithJsonSchema({"type": "string", "pattern": f"^({modes}|{counted}:[0-9]{{1,5}})$", "description": allowed})


def _mode_text(mode: tuple[str, int]) -> str:
    return f"{mode[0]}:{mode[1]}" if mode[1] else mode[0]


_written = PlainSerializer(_mode_text, return_type=str, when_used="json")


class Attribution(Section):
    """Who an order belongs to: when a member is bound to a promoter, how long, and what a second one can."""

    bind_on: Literal["register", "first_click", "first_order", "invite_code"] = "register"
    keep: Annotated[tuple[str, int], BeforeValidator(_keep), _written, _mode_schema("permanent|last_click", "days")] = (
        "permanent",
        0,
    )
    on_conflict: Annotated[
        tuple[str, int], BeforeValidator(_on_conflict), _written, _mode_schema("keep|override", "protect")
    ] = (
        "keep",
        0,
    )


class Fixed(Section):
    """A fixed amount per unit sold, instead of a percentage."""

    fixed: Yuan


class Percentage(Section):
    """A percentage of the commissionable amount."""

    rate: Rate


def _rate_or_fixed(given: object) -> object:
    return given if isinstance(given, dict | Fixed | Percentage) else {"rate": given}


def _kind_of_rate(given: object) -> str:
    fixed = isinstance(given, Fixed) or (isinstance(given, dict) and ("fixed" in given or "rate" not in given))
    return "a fixed amount" if fixed else "a percentage"


RateOrFixed = Annotated[
    Annotated[Percentage, Tag("a percentage")] | Annotated[Fixed, Tag("a fixed amount")],
    Discriminator(_kind_of_rate),
    BeforeValidator(_rate_or_fixed, json_schema_input_type=Rate | Fixed),
]
RatesByCategory = dict[str, RateOrFixed]


class BaseLevel(Section):
    """What the payee of one level earns on an order line: the first that applies of skus, by_rank, rates."""

    level: Annotated[Whole, Field(ge=1, le=MAX_LEVELS)]
    rates: RatesByCategory = Field(default_factory=dict)
    skus: dict[str, RateOrFixed] = Field(default_factory=dict)
    by_rank: dict[str, RatesByCategory] = Field(default_factory=dict)
    ranks: list[str] | None = None
    minimum: Yuan = 0


class Base(Section):
    """Base commission 基础佣金 by level."""

    levels: list[BaseLevel]


class Bracket(Section):
    """One step of a ladder: from this volume on, this rate."""

    from_: Annotated[Yuan, Field(alias="from")]
    rate: Rate


class Ladder(Section):
    """Ladder 阶梯奖励 by volume of a period: whole (one rate on all) or marginal (each part at its own)."""

    period: Period = "month"
    measure: Measure = "promoted_volume"
    mode: Literal["whole", "marginal"] = "marginal"
    brackets: Annotated[list[Bracket], Field(min_length=1, max_length=16)]
    ranks: list[str] | None = None


class Team(Section):
    """Team 团队绩效: a share of the volume of a member's team in a period."""

    period: Period = "month"
    measure: Measure = "direct_team_volume"
    rate: Rate
    ranks: list[str] | None = None


class Commission(Section):
    """The commission components of a plan."""

    base: Base | None = None
    ladder: Ladder | None = None
    team: Team | None = None


class Bonus(Section):
    """A bonus 奖励 on an event: the first order a member promoted, or a run of days with a promotion."""

    id: Id
    event: Literal["first_promoted_order", "promotion_streak"]
    pay: Yuan
    days: Annotated[Whole, Field(ge=2, le=366)] | None = None
    ranks: list[str] | None = None

    @model_validator(mode="after")
    def _days_belong_to_streaks(self) -> Self:
        if (self.days is not None) != (self.event == "promotion_streak"):
            raise ValueError("days is needed for promotion_streak and for no other event")
        return self


class Multiply(Section):
    """What a campaign multiplies."""

    base: Multiplier


DayNumber = Annotated[Whole, Field(ge=0, le=36_500)]
"""Days since the start of plan or scenario, which is day 0."""


class Campaign(Section):
    """A campaign 活动: a multiplier on base rates for some days, by filter."""

    id: Id
    days: tuple[DayNumber, DayNumber] | None = None
    dates: tuple[Day, Day] | None = None
    categories: list[str] | None = None
    skus: list[str] | None = None
    ranks: list[str] | None = None
    multiply: Multiply

    @model_validator(mode="after")
    def _when(self) -> Self:
        if (self.days is None) == (self.dates is None):
            raise ValueError("exactly one of days, dates is needed")
        first, last = self.days or self.dates  # type: ignore[misc]
        if first > last:  # type: ignore[operator]
            raise ValueError(f"the first day must not be after the last, got [{first}, {last}]")
        return self


class Caps(Section):
    """Caps 封顶: paid levels, share of an order, amount per member and day, and what gives way first."""

    levels: Annotated[Whole, Field(ge=1, le=MAX_LEVELS)] = 3
    order_ratio: Rate | None = None
    member_day: Yuan | None = None
    trim: Literal["far_levels_first", "pro_rata", "bonuses_first"] = "far_levels_first"
    over_cap: Literal["forfeit"] = "forfeit"


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


class Cycle(Section):
    """When settled entries become available: every day, week (on a weekday) or month (on the 1st)."""

    every: Period = "day"
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    at: ClockTime = 2 * 3600


class Settlement(Section):
    """Hold 冻结期, settlement 结算 cycle, and automatic receipt."""

    hold_days: Annotated[Whole, Field(ge=0, le=3650)] = 7
    cycle: Cycle = Cycle()
    auto_receive_days: Annotated[Whole, Field(ge=1, le=3650)] = 10


class PayoutChannel(Section):
    """What a payout channel 付款通道 takes, in yuan that reach the member: by payment, member and day, shop and day."""

    minimum: Yuan = 0
    per_payment: Yuan | None = None
    per_day: Yuan | None = None
    payments_per_day: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    shop_per_day: Yuan | None = None

    @model_validator(mode="after")
    def _some_payment_fits(self) -> Self:
        limits = (self.per_payment, self.per_day, self.shop_per_day)
        if any(limit is not None and limit < self.minimum for limit in limits):
            raise ValueError("minimum is above a limit: nothing could be paid")
        return self


ChannelName = Literal["wechat_2024"]
"""Channels whose limits are shipped, in `rules.payout.channel`."""
TaxName = Literal["none", "cn_labour", "cn_platform_2025", "cn_platform_2025_vat"]
"""Tax rules whose dated tables are shipped, in `rules.payout.tax`."""


def _kind_of_channel(given: object) -> str:
    return "limits of its own" if isinstance(given, dict | PayoutChannel) else "a shipped channel"


class Withdrawal(Section):
    """Withdrawal 提现: what a request must satisfy, its fee and tax, who looks at it, and through what it is paid."""

    minimum: Yuan = 0
    maximum: Yuan | None = None
    per_day: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    per_month: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    fee: Rate = 0
    real_name: Flag = False
    tax_registered: Flag = False
    e_signature: Flag = False
    review_over: Yuan | None = None
    tax: TaxName = "none"
    channel: (
        Annotated[
            Annotated[PayoutChannel, Tag("limits of its own")] | Annotated[ChannelName, Tag("a shipped channel")],
            Discriminator(_kind_of_channel),
        ]
        | None
    ) = None


class Plan(Section):
    """A whole commission plan."""

    plan: Id = "plan"
    title: Title | None = None
    start: Day | None = None
    ranks: Annotated[list[Rank], Field(min_length=1, max_length=MAX_RANKS)]
    attribution: Attribution = Attribution()
    commission: Commission = Commission()
    bonuses: list[Bonus] = Field(default_factory=list, max_length=16)
    campaigns: list[Campaign] = Field(default_factory=list, max_length=64)
    caps: Caps = Caps()
    semantics: Semantics = Semantics()
    settlement: Settlement = Settlement()
    withdrawal: Withdrawal = Withdrawal()

    @property
    def depth(self) -> int:
        """How many levels can be paid on an order: the base levels within the cap on levels."""
        stated = [level.level for level in self.commission.base.levels] if self.commission.base else []
        return min(max(stated, default=0), self.caps.levels)
