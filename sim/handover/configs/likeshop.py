"""likeshop: `distribution_config` (key, value), settings of withdrawal beside it, and `distribution_level`.

Assumed where a setting is missing: distribution on, anybody can join (`apply_condition` 1), two levels, 7 days after
receipt, no limits of withdrawal. The level marked `is_default`, else the first, is what members begin with; ratios are
percentages. likeshop refuses every request where `max_withdraw` is 0: so does the plan. Products are not read.
"""

from __future__ import annotations

from rules.money import MAX_AMOUNT
from rules.plan.model import Plan
from sim.handover.configs.convert import (
    ConfigData,
    Converter,
    PlanData,
    level_of,
    money,
    points,
    promoters,
    rank_rate,
    rate,
)
from sim.handover.given import Given, Shape

_RATIOS = ("first_ratio", "second_ratio")


def _plan(given: Given) -> PlanData:
    on = given.flag("is_open", True)
    count = given.choice("level", {"1": 1, "2": 2}, 2)
    who = given.choice("apply_condition", {"1": "all", "2": "appointed"}, "all")
    days = given.whole("settlement_days", 7, high=3650)
    given.choice("cale_method", {"1": "paid"}, "paid")
    rows = sorted(given.rows("levels"), key=lambda row: not row.flag("is_default", False))
    return {
        "ranks": [{"id": row.text("name", "")} for row in rows] or [{"id": "member"}],
        "commission": _commission(rows, count) if on else {},
        "semantics": {"promoter_by": who},
        "settlement": {"hold_days": days},
        "withdrawal": _withdrawal(given),
    }


def _commission(rows: list[Given], count: int) -> PlanData:
    levels = []
    for number, ratio in enumerate(_RATIOS[:count], 1):
        first = rate(rows[0].percent(ratio, 0)) if rows else "0%"
        level: PlanData = {"level": number, "rates": {"default": first}}
        if len(rows) > 1:
            level["by_rank"] = {row.text("name", ""): {"default": rate(row.percent(ratio, 0))} for row in rows[1:]}
        levels.append(level)
    return {"base": {"levels": levels}}


def _withdrawal(given: Given) -> PlanData:
    minimum, most = given.yuan("min_withdraw", 0), given.yuan("max_withdraw", MAX_AMOUNT)
    if most == 0:
        given.notes.append("max_withdraw is 0: every withdrawal is refused, as likeshop does")
    limits: PlanData = {"minimum": money(min(minimum, most)), "fee": rate(given.percent("poundage", 0))}
    return limits if most >= MAX_AMOUNT else limits | {"maximum": money(most)}


def _config(plan: Plan) -> ConfigData:
    first, second = level_of(plan, 1), level_of(plan, 2)
    most = plan.withdrawal.maximum
    return {
        "is_open": int(plan.commission.base is not None),
        "level": 2 if second else 1,
        "apply_condition": 1 if promoters(plan)[0] == "all" else 2,
        "cale_method": 1,
        "settlement_days": plan.settlement.hold_days,
        "min_withdraw": money(plan.withdrawal.minimum),
        "max_withdraw": money(MAX_AMOUNT if most is None else most),
        "poundage": points(plan.withdrawal.fee),
        "distribution_level": [
            {
                "name": rank.id,
                "weights": place,
                "is_default": int(place == 1),
                "first_ratio": points(rank_rate(first, rank.id)),
                "second_ratio": points(rank_rate(second, rank.id)),
            }
            for place, rank in enumerate(plan.ranks, 1)
        ],
    }


LIKESHOP = Converter(
    "likeshop",
    Shape(
        ("config",),
        (("key", "value"), ("name", "value")),
        lists={"levels": "distribution_level"},
    ),
    _plan,
    _config,
)
