"""CRMEB (Java): rows of `eb_system_config` (name, value). Percentages are whole; a blank one counts as 1 %.

Assumed where a setting is missing: distribution on, appointed promoters (`storeBrokerageStatus` 1; 2 is everybody), no
quota, all members can be bound, no hold. Products' own amounts are not read.
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
    two_levels,
    whole_points,
)
from sim.handover.given import Given, Shape

_BLANK = 1


def _plan(given: Given) -> PlanData:
    on = given.flag("brokerage_func_status", True)
    first = given.whole("store_brokerage_ratio", _BLANK, high=100) * 10_000
    second = given.whole("store_brokerage_two", _BLANK, high=100) * 10_000
    days = given.whole("extract_time", 0, high=3650)
    given.text("user_extract_bank", "")
    return {
        "ranks": [{"id": "member"}],
        "attribution": {"who": given.choice("brokerage_bindind", {"0": "all", "1": "new"}, "all")},
        "commission": two_levels(first, second) if on else {},
        "semantics": {"promoter_by": _promoters(given)},
        "settlement": {"hold_days": days},
        "withdrawal": {"minimum": money(given.yuan("user_extract_min_price", 0))},
    }


def _promoters(given: Given) -> str:
    way = given.choice("store_brokerage_status", {"1": "appointed", "2": "all"}, "appointed")
    if given.text("store_brokerage_quota", "-1").startswith("-"):
        return way
    quota = given.yuan("store_brokerage_quota", 0)
    return way if way == "all" else f"order_at_least:{money(quota)}"


def _config(plan: Plan) -> ConfigData:
    way, amount = promoters(plan)
    return {
        "brokerageFuncStatus": int(plan.commission.base is not None),
        "storeBrokerageStatus": 2 if way == "all" else 1,
        "storeBrokerageQuota": money(amount) if way == "order_at_least" else "-1",
        "storeBrokerageRatio": whole_points(default_rate(level_of(plan, 1))),
        "storeBrokerageTwo": whole_points(default_rate(level_of(plan, 2))),
        "brokerageBindind": int(plan.attribution.who == "new"),
        "userExtractMinPrice": money(plan.withdrawal.minimum),
        "extractTime": plan.settlement.hold_days,
    }


CRMEB_JAVA = Converter("crmeb_java", Shape(("system_config",), (("name", "value"),)), _plan, _config)
