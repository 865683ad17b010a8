"""Parts 角色: the `actors:` of a scenario who do not cheat, as they are written there."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from rules.money import PPM, percent
from rules.plan.values import Rate, Section, Whole
from sim.actors.beliefs import Learn
from sim.actors.cheats import Cheats, Day

Reference = Annotated[str, Field(min_length=1, max_length=4096, description="the name or path of a plan")]
Every = Annotated[Whole, Field(ge=1, le=366)]
Some = Annotated[Whole, Field(ge=1, le=100_000)]


class Begins(Section):
    """People who play a part: how many, and when they begin (day of the run); when each begins is drawn."""

    count: Some = 1
    begin: tuple[Day, Day] = (0, 0)

    @model_validator(mode="after")
    def _begin(self) -> Self:
        low, high = self.begin
        if low > high:
            raise ValueError(f"begin must be [low, high], got {low} and {high}")
        return self


class Operators(Section):
    """An operator who looks at the figures `every` so many days, and moves among `plans`, the leanest first.

    `payout` is the most of GMV that she wants to pay. The run's own plan stands among `plans` where it is named, else
    before them.
    """

    kind: Literal["operator"]
    plans: Annotated[list[Reference], Field(min_length=1, max_length=20)]
    payout: Rate
    every: Every = 14


class Learners(Section):
    """An operator who learns: `every` so many days she puts the one of `plans` in force that promises most.

    `learn` is how she chooses: a draw from her beliefs (`thompson`), their upper end (`ucb`), the best so far and any
    plan in `explore` of the looks (`greedy`), any plan (`random`). Each look forgets a part of the older ones
    (`forget`). A new member counts for what a member brings in `ahead` looks. A plan that breaks the `rulebook` is
    never put in force. The run's own plan stands among `plans` where it is named, else before them.
    """

    kind: Literal["learner"]
    plans: Annotated[list[Reference], Field(min_length=1, max_length=20)]
    every: Every = 7
    learn: Learn = "thompson"
    forget: Annotated[Rate, Field(lt=PPM)] = 100_000
    explore: Rate = 100_000
    ahead: Annotated[Whole, Field(ge=0, le=520)] = 0
    rulebook: Annotated[str, Field(min_length=1, max_length=4096, description="its name or path")] | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.plans)) < len(self.plans):
            raise ValueError("a plan stands among `plans` twice")
        return self


class Releases(Section):
    """A grey release 灰度发布 of another plan: from which day on which share of all members lives under it."""

    kind: Literal["grey_release"]
    plan: Reference
    stages: Annotated[list[tuple[Day, Rate]], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for (day, share), (later, larger) in pairwise(self.stages):
            if later <= day or larger < share:
                given = f"[{day}, {percent(share)}] and [{later}, {percent(larger)}]"
                raise ValueError(f"stages must come in order of days, with shares that do not fall, got {given}")
        return self


class PlanCalendars(Section):
    """A plan calendar 方案日历: from which day on which plan is in force: a new version every week, say."""

    kind: Literal["plan_calendar"]
    plans: Annotated[list[tuple[Day, Reference]], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for (day, _), (later, _) in pairwise(self.plans):
            if later <= day:
                raise ValueError(f"plans must come in order of days, one a day, got {day} and {later}")
        return self


class Influencers(Begins):
    """Influencers: so many contacts, and a share every so many days."""

    kind: Literal["influencer"]
    contacts: Annotated[Whole, Field(ge=1, le=65_535)] = 5_000
    every: Every = 3


class Leaders(Begins):
    """Leaders of communities: on some days the members of theirs share with at least this probability.

    `days` are days of the run; without them it is those on which the calendar has a discount.
    """

    kind: Literal["community_leader"]
    share: Rate = 500_000
    days: Annotated[list[Day], Field(min_length=1, max_length=3_660)] | None = None


class Hunters(Begins):
    """Coupon hunters: they order only on days with a discount, and send back this part of their orders."""

    kind: Literal["coupon_hunter"]
    returns: Rate = 400_000


Part: TypeAlias = Operators | Learners | Releases | PlanCalendars | Influencers | Leaders | Hunters
ChangesPlans: TypeAlias = Operators | Learners | Releases | PlanCalendars
"""Whoever changes the plan of a run, or of part of its people."""
_KINDS = {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(Part)}


def _kind_of_actor(given: object) -> str:
    kind = given.get("kind") if isinstance(given, dict) else getattr(given, "kind", None)
    return kind if isinstance(kind, str) and kind in _KINDS else "cheats"


Actor = Annotated[
    Annotated[Cheats, Tag("cheats")]
    | Annotated[Operators, Tag("operator")]
    | Annotated[Learners, Tag("learner")]
    | Annotated[Releases, Tag("grey_release")]
    | Annotated[PlanCalendars, Tag("plan_calendar")]
    | Annotated[Influencers, Tag("influencer")]
    | Annotated[Leaders, Tag("community_leader")]
    | Annotated[Hunters, Tag("coupon_hunter")],
    Discriminator(_kind_of_actor),
]
"""Whoever stands in the `actors:` of a scenario."""
