"""Bonuses 奖励 on events: what a plan says of them. Each event is computed in a file of its own.

`order_bonus` (first_promoted_order, first_order_of_day, new_promoter), `streak` (promotion_streak), `invites`
(register, invites), `direct_team`, `apprentice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from rules.events import Names, Period, Records
from rules.people.coupons import coupon_ids
from rules.people.rank import mask
from rules.plan import limits
from rules.plan.compiled import BONUS, NONE
from rules.plan.limits import BONUS_EVENTS, BonusEvent
from rules.plan.values import Id, Rate, Section, Title, Whole, Yuan

if TYPE_CHECKING:
    from rules.plan.model import Plan

_NEEDS: dict[BonusEvent, tuple[str, ...]] = {
    "first_promoted_order": ("pay",),
    "promotion_streak": ("pay", "days"),
    "first_order_of_day": ("pay",),
    "direct_team": ("count",),
    "invites": ("count",),
    "register": ("to",),
    "new_promoter": ("months", "rate"),
    "apprentice": ("pay", "count", "days"),
}
_TAKES: dict[BonusEvent, tuple[str, ...]] = {
    "direct_team": ("pay", "title", "allowance", "period"),
    "invites": ("pay", "coupon", "counted"),
    "register": ("pay", "coupon", "per_day"),
}

_RECRUITING: tuple[BonusEvent, ...] = ("register", "invites", "direct_team", "apprentice")
_OF_DAYS: tuple[BonusEvent, ...] = ("promotion_streak", "apprentice")


class Bonus(Section):
    """A bonus 奖励 on an event; which keys it takes goes by the event."""

    id: Id
    event: BonusEvent
    pay: Yuan | None = None
    days: Annotated[Whole, Field(ge=2, le=366)] | None = None
    count: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    title: Title | None = None
    allowance: Yuan | None = None
    period: limits.Period | None = None
    coupon: Id | None = None
    counted: Literal["registered", "first_order"] | None = None
    to: Literal["inviter", "newcomer"] | None = None
    per_day: Yuan | None = None
    months: Annotated[Whole, Field(ge=1, le=120)] | None = None
    rate: Rate | None = None
    ranks: list[str] | None = None

    @model_validator(mode="after")
    def _keys_of_the_event(self) -> Self:
        if (self.days is not None) != (self.event in _OF_DAYS):
            raise ValueError("days is needed for promotion_streak and apprentice and for no other event")
        needs, takes = _NEEDS[self.event], _TAKES.get(self.event, ())
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if missing := [name for name in needs if name not in given]:
            raise ValueError(f"{self.event} needs {', '.join(missing)}")
        if extra := [name for name in given if name not in ("id", "event", "ranks", *needs, *takes)]:
            known = ", ".join((*needs, *takes, "ranks"))
            raise ValueError(f"{', '.join(extra)} does not belong to {self.event}, which takes {known}")
        self._what_it_gives(given)
        return self

    @property
    def money(self) -> int:
        """What it pays, in fen; 0 where it grants a coupon, or a title only."""
        return self.pay or 0

    @property
    def recruits(self) -> bool:
        """Whether it rewards bringing people, by their number; a gift to the newcomer rewards nobody for it."""
        return self.event in _RECRUITING and self.to != "newcomer"

    @property
    def run(self) -> int | None:
        """The days in a row with a promotion record that it asks for."""
        return self.days if self.event == "promotion_streak" else None

    def _what_it_gives(self, given: Sequence[str]) -> None:
        if self.event in ("invites", "register") and ("pay" in given) == ("coupon" in given):
            raise ValueError(f"{self.event} needs exactly one of pay, coupon")
        if "per_day" in given and "pay" not in given:
            raise ValueError("per_day is a cap on pay")
        if self.event == "direct_team" and not {"pay", "title", "allowance"} & set(given):
            raise ValueError("direct_team needs at least one of pay, title, allowance")
        if "period" in given and "allowance" not in given:
            raise ValueError("period is that of an allowance")


def bonus_table(plans: Sequence[Plan], names: Names) -> Records:
    """The bonuses of all plans, `BONUS`, (plans, bonuses). Equal ids of teams are one title."""
    teams = [bonus.id for plan in plans for bonus in plan.bonuses if bonus.event == "direct_team"]
    titles, coupons = list(dict.fromkeys(teams)), coupon_ids(plans, names)
    shape = (len(plans), max(1, *(len(plan.bonuses) for plan in plans)), len(BONUS.names or ()))
    table: Records = np.full(shape, NONE, np.int64).view(BONUS)[..., 0]
    for number, plan in enumerate(plans):
        for row, bonus in zip(table[number], plan.bonuses, strict=False):
            _fill(row, bonus)
            row["ranks"] = mask(plan, bonus.ranks)
            row["title"] = titles.index(bonus.id) if bonus.event == "direct_team" else NONE
            row["coupon"] = NONE if bonus.coupon is None else coupons.index(bonus.coupon)
    return table


def _fill(row: np.void, bonus: Bonus) -> None:
    row["event"], row["pay"] = BONUS_EVENTS.index(bonus.event), bonus.money
    for name in ("days", "count", "allowance", "per_day", "months", "rate"):
        stated = getattr(bonus, name)
        row[name] = NONE if stated is None else stated
    row["period"] = Period[bonus.period or "month"]
    row["counted"] = bonus.counted == "first_order"
    row["newcomer"] = bonus.to == "newcomer"
