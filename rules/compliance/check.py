"""A plan against a rulebook, for everything that the plan lets happen.

Each measure has a decider that answers for all histories: it holds, or can be broken (with a case that shows it), or
cannot be decided. A plan is `proved` only if every rule in force holds and every decider was sure. That says that it
keeps these rules, never that it is legal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.compliance.cliff import cliff
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio import order_ratio, person_ratio
from rules.compliance.purchases import self_purchase
from rules.compliance.reach import levels, paid_persons
from rules.compliance.recruiting import entry_purchase, recruit_pay
from rules.compliance.refunds import refund_ratio
from rules.compliance.rulebook import Measure, Rule, Rulebook, in_words
from rules.compliance.team import own_sales_ratio, team_pay, team_share
from rules.compliance.verdict import PlanVerdict, RuleVerdict, of_plan, of_rule
from rules.plan.model import Plan
from rules.plan.values import Title

Decider = Callable[[Plan, int, Assumptions], Decision]

_WATCHED = Title(
    zh="取决于实际发生的人和订单，只能由监测发现",
    en="it depends on the people and orders there are: only the monitor can see it",
)


def watched(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """A measure that no plan can keep by itself."""
    return Decision(None, None, why=_WATCHED)


DECIDERS: Mapping[Measure, Decider] = {
    "levels": levels,
    "paid_persons": paid_persons,
    "order_ratio": order_ratio,
    "person_ratio": person_ratio,
    "refund_ratio": refund_ratio,
    "self_purchase": self_purchase,
    "own_sales_ratio": own_sales_ratio,
    "cliff": cliff,
    "team_share": team_share,
    "team_pay": team_pay,
    "recruit_pay": recruit_pay,
    "entry_purchase": entry_purchase,
    "tree_people": watched,
    "inside_share": watched,
}
"""What decides each measure."""


@dataclass(frozen=True)
class Checked:
    """What was found of one rule."""

    rule: Rule
    verdict: RuleVerdict
    decision: Decision

    @property
    def worst(self) -> str:
        """The worst case, as shown."""
        if self.decision.worst is None:
            return "–" if self.decision.broken is None else "∞"
        return in_words(self.rule.measure, self.decision.worst)


def check_plan(plan: Plan, rulebook: Rulebook, day: dt.date, given: Assumptions = USUAL) -> list[Checked]:
    """A plan against every rule of a rulebook that is in force on a day."""
    found: dict[tuple[Measure, int], Decision] = {}
    checked = []
    for rule in rulebook.rules:
        if rule.in_force(day):
            key = rule.measure, rule.limit
            if key not in found:
                found[key] = DECIDERS[rule.measure](plan, rule.limit, given)
            checked.append(Checked(rule, of_rule(rule, found[key].broken), found[key]))
    return checked


def verdict_of(checked: list[Checked]) -> PlanVerdict:
    """The plan's verdict: proved only if there are rules and every one passes."""
    return of_plan(one.verdict for one in checked)
