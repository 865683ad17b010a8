"""yudao: the one row of `trade_config`. Percentages are whole, amounts are fen; SKU amounts are not read.

Assumed where a setting is missing: distribution on, everybody promotes, first click binds, 0 %, no hold.
"""

from __future__ import annotations

from rules.plan.model import Plan
from sim.handover.configs.convert import (
    ConfigData,
    Converter,
    PlanData,
    default_rate,
    level_of,
    money,
    promoters,
    rate,
    two_levels,
    whole_points,
)
from sim.handover.given import Given, Shape

_BINDING = {
    "1": {"bind_on": "first_click", "on_conflict": "keep"},
    "2": {"bind_on": "register", "on_conflict": "keep"},
    "3": {"bind_on": "first_click", "on_conflict": "override"},
}


def _plan(given: Given) -> PlanData:
    on = given.flag("brokerage_enabled", True)
    who = given.choice("brokerage_enabled_condition", {"1": "all", "2": "appointed"}, "all")
    binding = given.choice("brokerage_bind_mode", _BINDING, _BINDING["1"])
    first = given.whole("brokerage_first_percent", 0, high=100) * 10_000
    second = given.whole("brokerage_second_percent", 0, high=100) * 10_000
    minimum = given.whole("brokerage_withdraw_min_price", 0)
    fee = given.percent("brokerage_withdraw_fee_percent", 0)
    days = given.whole("brokerage_frozen_days", 0, high=3650)
    given.text("brokerage_withdraw_types", "")
    return {
        "ranks": [{"id": "member"}],
        "attribution": binding,
        "commission": two_levels(first, second) if on else {},
        "semantics": {"promoter_by": who},
        "settlement": {"hold_days": days},
        "withdrawal": {"minimum": money(minimum), "fee": rate(fee)},
    }


def _config(plan: Plan) -> ConfigData:
    bound = plan.attribution
    override = bound.on_conflict[0] == "override"
    return {
        "brokerageEnabled": plan.commission.base is not None,
        "brokerageEnabledCondition": 1 if promoters(plan)[0] == "all" else 2,
        "brokerageBindMode": 3 if override else 2 if bound.bind_on == "register" else 1,
        "brokerageFirstPercent": whole_points(default_rate(level_of(plan, 1))),
        "brokerageSecondPercent": whole_points(default_rate(level_of(plan, 2))),
        "brokerageWithdrawMinPrice": plan.withdrawal.minimum,
        "brokerageWithdrawFeePercent": whole_points(plan.withdrawal.fee),
        "brokerageFrozenDays": plan.settlement.hold_days,
    }


YUDAO = Converter("yudao", Shape(("trade_config",)), _plan, _config)
