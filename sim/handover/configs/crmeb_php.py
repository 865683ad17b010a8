"""CRMEB (PHP): rows of `eb_system_config` (menu_name, value as JSON) and agent levels of `eb_agent_level`.

Assumed where a setting is missing: distribution on, appointed promoters, all members can be bound for ever, two levels
of 0 %, commission on what was paid, no hold. A member's rank is its agent level; a level's percentages replace the
shop's. The tasks by which members rise, products' own amounts and the register reward are not read.
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
    points,
    promoters,
    rank_rate,
    rate,
)
from sim.handover.given import Given, Shape

FIRST = "member"
_DAYS = 30


def _plan(given: Given) -> PlanData:
    on = given.flag("brokerage_func_status", True)
    paid = given.choice("user_brokerage_type", {"1": True, "0": False, "2": False}, True)
    levels = given.choice("brokerage_level", {"1": 1, "2": 2}, 2)
    days = given.whole("extract_time", 0, high=3650)
    data: PlanData = {
        "ranks": [{"id": FIRST}, *({"id": row.text("name", "")} for row in given.rows("agent_level"))],
        "attribution": _binding(given),
        "commission": _commission(given, levels) if on else {},
        "semantics": {
            "promoter_by": _promoters(given),
            "self_purchase": given.choice("is_self_brokerage", {"0": "none", "1": "as_level_1"}, "none"),
            "base_on": "paid" if paid else "list",
            "freight": "include" if paid else "exclude",
        },
        "settlement": {"hold_days": days},
        "withdrawal": {
            "minimum": money(given.yuan("user_extract_min_price", 0)),
            "fee": rate(given.percent("withdrawal_fee", 0)),
        },
    }
    if given.flag("division_status", False):
        given.notes.append("division_status: write the tree of divisions, agents and staff as commission.differential")
    given.text("user_extract_bank", "")
    return data


def _binding(given: Given) -> PlanData:
    mode = given.whole("store_brokerage_binding_status", 1, low=1, high=3)
    days = given.whole("store_brokerage_binding_time", _DAYS, high=3650) or _DAYS
    return {
        "who": given.choice("brokerage_bindind", {"1": "all", "2": "new"}, "all"),
        "keep": {1: "permanent", 2: f"days:{days}", 3: "last_click"}[mode],
    }


def _promoters(given: Given) -> str:
    mode = given.choice("store_brokerage_statu", {"1": "appointed", "2": "all", "3": "spend_over"}, "appointed")
    over = given.yuan("store_brokerage_price", 0)
    return f"spend_over:{money(over)}" if mode == "spend_over" else mode


def _commission(given: Given, count: int) -> PlanData:
    names = (("store_brokerage_ratio", "one_brokerage_percent"), ("store_brokerage_two", "two_brokerage_percent"))
    rows = given.rows("agent_level")
    levels = []
    for number, (shop, own) in enumerate(names[:count], 1):
        level: PlanData = {"level": number, "rates": {"default": rate(given.percent(shop, 0))}}
        if rows:
            level["by_rank"] = {row.text("name", ""): {"default": rate(row.percent(own, 0))} for row in rows}
        levels.append(level)
    return {"base": {"levels": levels}, "group_head": rate(given.percent("head_commission", 0))}


def _config(plan: Plan) -> ConfigData:
    way, amount = promoters(plan)
    keep, days = plan.attribution.keep
    first, second = level_of(plan, 1), level_of(plan, 2)
    config: ConfigData = {
        "brokerage_func_status": int(plan.commission.base is not None),
        "store_brokerage_statu": {"all": 2, "spend_over": 3}.get(way, 1),
        "store_brokerage_price": money(amount),
        "brokerage_level": 2 if second else 1,
        "brokerage_bindind": 2 if plan.attribution.who == "new" else 1,
        "store_brokerage_binding_status": {"days": 2, "last_click": 3}.get(keep, 1),
        "store_brokerage_binding_time": days,
        "is_self_brokerage": int(plan.semantics.self_purchase == "as_level_1"),
        "store_brokerage_ratio": points(default_rate(first)),
        "store_brokerage_two": points(default_rate(second)),
        "user_brokerage_type": int(plan.semantics.base_on == "paid"),
        "head_commission": points(plan.commission.group_head),
        "extract_time": plan.settlement.hold_days,
        "user_extract_min_price": money(plan.withdrawal.minimum),
        "withdrawal_fee": points(plan.withdrawal.fee),
    }
    if len(plan.ranks) > 1:
        config["agent_level"] = [
            {
                "name": rank.id,
                "grade": grade,
                "one_brokerage_percent": points(rank_rate(first, rank.id)),
                "two_brokerage_percent": points(rank_rate(second, rank.id)),
            }
            for grade, rank in enumerate(plan.ranks[1:], 1)
        ]
    return config


CRMEB_PHP = Converter(
    "crmeb_php",
    Shape(("system_config",), (("menu_name", "value"),), json_values=True, lists={"agent_level": "agent_level"}),
    _plan,
    _config,
)
