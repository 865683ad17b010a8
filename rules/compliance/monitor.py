"""What a run or a replay shows about a rulebook: the evidence against its limits.

What was seen can break a rule; it can never prove that nothing else would. So a plan that kept every rule is
`unknown` here, and only the prover can say `proved`. A measure that was not looked at is `unknown` too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rules.compliance.evidence import UNBOUNDED, Evidence, Seen
from rules.compliance.recruiting import with_coupons
from rules.compliance.rulebook import AMOUNTS, COUNTS, Measure, Rule, Rulebook, in_words
from rules.compliance.verdict import PlanVerdict, RuleVerdict, of_plan, of_rule
from rules.compliance.words import WORDS
from rules.plan.model import Plan
from rules.plan.values import Title


@dataclass(frozen=True)
class Finding:
    """One rule, held against what was seen: the worst value, the limit, and the evidence in words.

    Attributes:
        measured: the worst value in the unit of the rule's measure: a number, parts per million, or fen.
        member, order, month: what shows it; empty where the measure has none.
        first_day: the first day in breach; None = no breach was seen, though the plan may state one.
        people: how many were above the limit at their worst.
    """

    rule: Rule
    verdict: RuleVerdict
    measured: int
    worst: str
    limit: str
    evidence: Title
    member: str = ""
    order: str = ""
    month: str = ""
    first_day: dt.date | None = None
    people: int = 0


def findings(rulebook: Rulebook, plan: Plan, seen: Evidence, day: dt.date) -> list[Finding]:
    """Hold everything that was seen against every rule in force on a day."""
    return [_finding(rule, plan, seen) for rule in rulebook.rules if rule.in_force(day)]


def verdict_of(found: list[Finding]) -> PlanVerdict:
    """The plan's verdict: violated, a question for a lawyer, or unknown, since observation proves nothing."""
    verdict = of_plan(finding.verdict for finding in found)
    return "unknown" if verdict == "proved" else verdict


def _finding(rule: Rule, plan: Plan, evidence: Evidence) -> Finding:
    seen = evidence.measures.get(rule.measure)
    limit = in_words(rule.measure, rule.limit)
    if seen is None:
        nothing = Title(zh="未观察此项", en="this was not looked at")
        return Finding(rule, "unknown", 0, "–", limit, nothing)
    measured = max(seen.value, plan.reach) if rule.measure == "levels" else seen.value
    broken: bool | None = measured > _above(rule)
    first, people = seen.first_day(_above(rule)), seen.people(_above(rule))
    said = WORDS[rule.measure](seen, evidence, plan)
    if first is not None:
        said = Title(
            zh=f"{said.zh}；首次超限 {first}，涉及 {people:,} 人",
            en=f"{said.en}; first in breach on {first}, {people:,} people concerned",
        )
    if rule.measure == "recruit_pay" and not broken and (coupons := with_coupons(plan)):
        broken, named = None, ", ".join(one.id for one in coupons)
        said = Title(
            zh=f"{said.zh}（现金）；邀请送的券（{named}）不在账上，见 fenxiao check",
            en=f"{said.en}, in money; coupons for it ({named}) are no entries: see fenxiao check",
        )
    worst = _worst(rule.measure, seen, measured)
    where = (seen.member, seen.order, seen.month)
    return Finding(rule, of_rule(rule, broken), measured, worst, limit, said, *where, first_day=first, people=people)


def _above(rule: Rule) -> int:
    """The largest value that keeps a rule. A tree breaks it at the limit: 公通字〔2013〕37号, "以上包括本数"."""
    return rule.limit - 1 if rule.measure == "tree_people" else rule.limit


def _worst(measure: Measure, seen: Seen, measured: int) -> str:
    """The worst value as shown; a rate with two decimals, cut off, in whole numbers."""
    if measure in COUNTS or measure in AMOUNTS:
        return in_words(measure, measured)
    if seen.value == UNBOUNDED:
        return "∞"
    hundredths = seen.part * 10_000 // seen.whole if seen.whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
