"""dub: a programme as JSON: the reward of a sale, the reward for referred partners, holding period, least payout.

`reward`: type percentage or flat, amount (percent, or cents a sale), maxDuration in months (0 once, null for ever).
`referral`: a percentage of the partner's commission (`commissionEarned`), rounded down; left out, none. Amounts are
cents of the programme's one currency. Modifiers, spend limits, bounties and other events are not read.
"""

from __future__ import annotations

from rules.commission.base import Fixed
from rules.plan.model import Plan
from sim.handover.configs.convert import (
    ConfigData,
    Converter,
    PlanData,
    default_rate,
    level_of,
    money,
    points,
    rate,
)
from sim.handover.given import Given, Shape


def _plan(given: Given) -> PlanData:
    given.choice("reward.event", {"sale": "sale"}, "sale")
    flat = given.choice("reward.type", {"percentage": False, "flat": True}, False)
    first = {"fixed": money(given.whole("reward.amount", 0))} if flat else rate(given.percent("reward.amount", 0))
    levels: list[PlanData] = [{"level": 1, "rates": {"default": first}}]
    given.choice("referral.type", {"commissionearned": "", "commission_earned": ""}, "")
    second = given.percent("referral.amount", 0)
    if second:
        levels.append({"level": 2, "of": "level_1_commission", "rates": {"default": rate(second)}})
    semantics: PlanData = {}
    if given.cell("reward.max_duration") is not None:
        semantics["duration_months"] = given.whole("reward.max_duration", 0, high=1200)
    return {
        "ranks": [{"id": "member"}],
        "commission": {"base": {"levels": levels}},
        "semantics": semantics,
        "settlement": {"hold_days": given.whole("holding_period_days", 0, high=3650)},
        "withdrawal": {"minimum": money(given.whole("min_payout_amount", 0))},
    }


def _config(plan: Plan) -> ConfigData:
    first, second = level_of(plan, 1), level_of(plan, 2)
    stated = first.rates.get("default") if first else None
    flat = isinstance(stated, Fixed)
    amount: object = stated.fixed if isinstance(stated, Fixed) else points(default_rate(first))
    config: ConfigData = {
        "reward": {
            "event": "sale",
            "type": "flat" if flat else "percentage",
            "amount": amount,
            "maxDuration": plan.semantics.duration_months,
        },
        "holdingPeriodDays": plan.settlement.hold_days,
        "minPayoutAmount": plan.withdrawal.minimum,
    }
    if second and second.of == "level_1_commission":
        config["referral"] = {"type": "commissionEarned", "amount": points(default_rate(second))}
    return config


DUB = Converter("dub", Shape(("program",)), _plan, _config)
