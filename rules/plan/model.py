"""The commission plan as an operator writes it: one section per mechanism (the file format is CONTRACT's),
whose settings stand in the mechanism's own file.

A section left out is off. Amounts are fen, rates are parts per million, times of day are seconds once read.
What is not known is refused by name, so that a plan that loads is a plan that is computed.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from rules.commission.activity import EarningActivity
from rules.commission.area import Area
from rules.commission.base import Base
from rules.commission.bonus import Bonus
from rules.commission.campaign import Campaign
from rules.commission.caps import Caps
from rules.commission.contest import Contest
from rules.commission.differential import Differential
from rules.commission.dividend import Dividend
from rules.commission.dynamic import Dynamic
from rules.commission.influence import Influence
from rules.commission.ladder import Ladder
from rules.commission.margin import Margin
from rules.commission.peer import Peer
from rules.commission.team import Team
from rules.payout.dispute import Disputes
from rules.payout.hold import Settlement
from rules.payout.withdrawal import Withdrawal
from rules.people.binding import Attribution
from rules.people.care import Care, Messages
from rules.people.coupons import CouponTerms
from rules.people.points import Points
from rules.people.rank import Rank
from rules.plan.limits import MAX_LEVELS, MAX_RANKS
from rules.plan.recommend import Recommend
from rules.plan.semantics import Semantics
from rules.plan.values import Day, Id, Rate, Section, Title
from rules.platforms import with_platform
from rules.platforms.profile import PlatformName


class Commission(Section):
    """The commission components of a plan."""

    base: Base | None = None
    ladder: Ladder | None = None
    team: Team | None = None
    differential: Differential | None = None
    peer: Peer | None = None
    area: Area | None = None
    margin: Margin | None = None
    influence: Influence | None = None
    dividend: Dividend | None = None
    dynamic: Dynamic | None = None
    activities: list[EarningActivity] = Field(default_factory=list)
    group_head: Rate = 0


class Plan(Section):
    """A whole commission plan."""

    plan: Id = "plan"
    title: Title | None = None
    platform: PlatformName | None = None
    start: Day | None = None
    ranks: Annotated[list[Rank], Field(min_length=1, max_length=MAX_RANKS)]
    attribution: Attribution = Attribution()
    commission: Commission = Commission()
    bonuses: list[Bonus] = Field(default_factory=list, max_length=16)
    points: Points | None = None
    coupons: Annotated[dict[Id, CouponTerms], Field(max_length=256)] = Field(default_factory=dict)
    care: Care | None = None
    messages: Messages | None = None
    campaigns: list[Campaign] = Field(default_factory=list, max_length=64)
    contests: list[Contest] = Field(default_factory=list, max_length=16)
    caps: Caps = Caps()
    semantics: Semantics = Semantics()
    settlement: Settlement = Settlement()
    disputes: Disputes | None = None
    withdrawal: Withdrawal = Withdrawal()
    recommend: Recommend | None = None

    @model_validator(mode="before")
    @classmethod
    def _platform_fills_in(cls, data: object) -> object:
        return with_platform(data)

    @property
    def depth(self) -> int:
        """How many levels of base commission can be paid on an order: those stated, within the cap on levels."""
        stated = [level.level for level in self.commission.base.levels] if self.commission.base else []
        return min(max(stated, default=0), self.caps.levels)

    @property
    def reach(self) -> int:
        """How many people up from a buyer anybody can be paid for an order, by any component."""
        parts, rule = self.commission, self.commission.differential
        if parts.margin or parts.peer:
            return MAX_LEVELS
        return max([self.depth, *(rule.depth_of(rank) for rank in rule.rates)] if rule else [self.depth])
