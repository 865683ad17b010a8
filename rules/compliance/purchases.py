"""Own purchases that pay for themselves 自购套利."""

from __future__ import annotations

from rules.compliance.contests import with_prizes
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio import order_ratio
from rules.compliance.recruiting import recruit_money
from rules.money import percent
from rules.plan.model import Plan
from rules.plan.values import Title


def self_purchase(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What comes back of a purchase to the buyer and to accounts of theirs above, in parts per million of what is paid.

    Somebody can hold every account of a chain, so it is all that an order pays, and what its volume earns in the
    components of a period at their highest rates. Pay for bringing people needs no purchase at all.
    """
    recruited = recruit_money(plan)
    if recruited.broken:
        evidence = Title(zh="开新账号即可得奖励，无需购买", en="an account more is paid, without any purchase")
        return Decision(None, True, evidence, case=recruited.case)
    on_top = _of_periods(plan)
    if on_top is None or on_top > limit:
        evidence = Title(zh="期末部分本身已超出", en="the components of a period alone are more")
        return Decision(on_top, True, evidence)
    why = Title(
        zh=f"单笔加期末部分 {percent(on_top)}", en=f"the order's, and {percent(on_top)} of components of a period"
    )
    return with_prizes(plan, limit, order_ratio(plan, limit - on_top, given).beside(on_top, why))


def _of_periods(plan: Plan) -> int | None:
    """What a volume earns in the components of a period at their highest, in parts per million; None = no bound."""
    parts, total = plan.commission, 0
    ladder, team = parts.ladder, parts.team
    rates = [(ladder.measure, max(one.rate for one in ladder.brackets))] if ladder else []
    rates += [(team.measure, team.rate)] if team else []
    for measure, rate in rates:
        if measure == "team_volume" and rate:
            return None  # everybody further up is paid on it
        total += rate
    return total + (parts.dividend.pool if parts.dividend else 0)
