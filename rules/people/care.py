"""An operator's programme for members 会员运营: who is looked after, by what, and what each case costs.

The commission engine does not read it: it moves no commission. The simulated market does: how people answer is theirs
and stands in the scenario, what is done and paid for stands here, so that a plan with a programme can be compared with
one without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from rules.money import PPM
from rules.plan.validate import Problem, close_to, one_of
from rules.plan.values import Id, Rate, Section, Whole, Yuan

if TYPE_CHECKING:
    from rules.plan.model import Plan

Days = Annotated[Whole, Field(ge=1, le=365)]


class Warn(Section):
    """Warning signs 流失预警 of a promoter: days without a visit, and how far the income of four weeks has fallen below
    that of the four before; nobody is a case twice within `rest_days`."""

    silent_days: Days = 7
    income_fall: Annotated[Rate, Field(gt=0)] = PPM * 3 // 10
    rest_days: Days = 28


class Push(Section):
    """High-commission goods 高佣商品 pushed to whoever shows a warning sign, at `cost` a case."""

    cost: Yuan


class Adviser(Section):
    """A personal adviser 专属顾问 instead, for whoever earned at least `income` in four weeks, at `cost` a case."""

    cost: Yuan
    income: Yuan


class Welcome(Section):
    """What newcomers get 新人礼: a coupon when they register."""

    coupon: Id


class FirstShare(Section):
    """The first task 新手任务: a coupon for who shares for the first time within `days` of registering."""

    coupon: Id
    days: Days = 7


class Training(Section):
    """Training 培训 of promoters after their first share, at `cost` each."""

    cost: Yuan


class WinBack(Section):
    """Win-back 召回: a message, with a coupon where one is named, to who has not visited for `after_days`."""

    after_days: Days = 30
    cost: Yuan
    coupon: Id | None = None


class Care(Section):
    """Looking after members; each part is off where it is left out."""

    warn: Warn = Warn()
    push: Push | None = None
    adviser: Adviser | None = None
    welcome: Welcome | None = None
    first_share: FirstShare | None = None
    training: Training | None = None
    win_back: WinBack | None = None


class Messages(Section):
    """Messages 消息推送 to members: so many a week, to whom, at `cost` each."""

    per_week: Annotated[Whole, Field(ge=1, le=7)]
    to: Literal["everybody", "promoters"] = "everybody"
    cost: Yuan = 0


def care_problems(plan: Plan) -> Iterator[Problem]:
    """Coupons that care hands out, and gifts that have a cost, exist."""
    care = plan.care or Care()
    parts = {"welcome": care.welcome, "first_share": care.first_share, "win_back": care.win_back}
    for name, part in parts.items():
        if part is not None and part.coupon is not None and part.coupon not in plan.coupons:
            message = f"there is no coupon {part.coupon!r}{close_to(part.coupon, plan.coupons)}"
            yield Problem(("care", name, "coupon"), message, one_of(plan.coupons))
    gifts = plan.points.gifts if plan.points else {}
    for gift in plan.points.costs if plan.points else {}:
        if gift not in gifts:
            yield Problem(("points", "costs", gift), f"there is no gift {gift!r}{close_to(gift, gifts)}", one_of(gifts))
