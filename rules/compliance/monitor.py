"""What a run or a replay shows about a rulebook: observed orders against its limits.

Orders that were seen can break a rule; they can never prove that no order does. So a plan that kept every rule is
`unknown` here, and only the prover will be able to say `proved`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from rules.compliance.rulebook import Rule, Rulebook
from rules.money import MAX_AMOUNT, PPM, percent, yuan
from rules.plan.model import Plan
from rules.plan.values import Title

RuleVerdict = Literal["pass", "fail", "lawyer", "unknown"]
PlanVerdict = Literal["violated", "lawyer", "unknown"]


@dataclass(frozen=True)
class Observed:
    """The worst that was seen.

    Attributes:
        orders: how many paid orders were looked at.
        levels: the deepest level that was paid.
        order_commission, order_goods: fen of the order with the largest share; 0 goods = none seen.
        order: its name or number.
        team: fen of team components, commission: fen of all of it, net of reversals.
        team_most: fen, the most that anybody earned from team components.
    """

    orders: int
    levels: int
    order_commission: int
    order_goods: int
    order: str
    team: int
    commission: int
    team_most: int


@dataclass(frozen=True)
class Finding:
    """One rule, held against what was seen: the worst value, the limit, and the evidence in words.

    `measured` is the worst value in the unit of the rule's measure: levels, parts per million, or fen.
    """

    rule: Rule
    verdict: RuleVerdict
    measured: int
    worst: str
    limit: str
    evidence: Title


def findings(rulebook: Rulebook, plan: Plan, seen: Observed, day: dt.date) -> list[Finding]:
    """Hold everything that was seen against every rule in force on a day."""
    return [_finding(rule, plan, seen) for rule in rulebook.rules if rule.in_force(day)]


def verdict_of(found: list[Finding]) -> PlanVerdict:
    """The plan's verdict: violated, a question for a lawyer, or unknown, since observation proves nothing."""
    verdicts = {finding.verdict for finding in found}
    if "fail" in verdicts:
        return "violated"
    return "lawyer" if "lawyer" in verdicts else "unknown"


def _finding(rule: Rule, plan: Plan, seen: Observed) -> Finding:
    if rule.measure == "levels":
        worst = max(seen.levels, plan.reach)
        broken = worst > rule.limit
        evidence = Title(zh=f"方案计佣 {plan.reach} 级", en=f"the plan pays {plan.reach} levels")
        return _said(rule, broken, worst, str(worst), str(rule.limit), evidence)
    if rule.measure == "order_ratio":
        return _order_ratio(rule, seen)
    if rule.measure == "team_share":
        limit, broken = percent(rule.limit), seen.team * PPM > rule.limit * seen.commission and seen.team > 0
        evidence = Title(
            zh=f"团队 {yuan(seen.team)} / 全部 {yuan(seen.commission)}",
            en=f"team {yuan(seen.team)} of {yuan(seen.commission)}",
        )
        return _said(
            rule, broken, _ppm(seen.team, seen.commission), _percent(seen.team, seen.commission), limit, evidence
        )
    most = seen.team_most
    evidence = Title(
        zh=f"一人团队所得最多 {yuan(most)}", en=f"one person earned at most {yuan(most)} from team components"
    )
    return _said(rule, most > rule.limit, most, yuan(most), yuan(rule.limit), evidence)


def _order_ratio(rule: Rule, seen: Observed) -> Finding:
    broken = seen.order_commission * PPM > rule.limit * seen.order_goods
    pays, goods = yuan(seen.order_commission), yuan(seen.order_goods)
    evidence = Title(
        zh=f"{seen.orders:,} 单中占比最高：订单 {seen.order}，佣金 {pays} / 实付 {goods}",
        en=f"highest of {seen.orders:,} orders: order {seen.order} pays {pays} on {goods}",
    )
    measured = _ppm(seen.order_commission, seen.order_goods)
    worst = _percent(seen.order_commission, seen.order_goods)
    return _said(rule, broken, measured, worst, percent(rule.limit), evidence)


def _ppm(part: int, whole: int) -> int:
    """A share in parts per million, cut off; of nothing, more than any share where there is a part."""
    if whole > 0:
        return part * PPM // whole
    return MAX_AMOUNT if part > 0 else 0


def _percent(part: int, whole: int) -> str:
    """A share as a percentage with two decimals, cut off, in whole numbers."""
    if whole <= 0:
        return "–"
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _said(rule: Rule, broken: bool, measured: int, worst: str, limit: str, evidence: Title) -> Finding:
    verdict: RuleVerdict = "pass"
    if broken:
        verdict = "fail" if rule.on_breach == "fail" else "lawyer"
    return Finding(rule, verdict, measured, worst, limit, evidence)
