"""The worst verdict of a rule is the plan's, and nothing is proved of no rules."""

import datetime as dt

import pytest

from rules.compliance.rulebook import OnBreach, Rule
from rules.compliance.verdict import PlanVerdict, RuleVerdict, of_plan, of_rule
from rules.plan.values import Title


def rule(on_breach: OnBreach) -> Rule:
    title = Title(zh="层级", en="levels")
    return Rule(
        id="levels", title=title, measure="levels", limit=2, source="x", to=dt.date(2030, 1, 1), on_breach=on_breach
    )


@pytest.mark.parametrize("on_breach", ["fail", "lawyer"])
def test_a_breach_is_what_its_rule_says(on_breach: OnBreach) -> None:
    found = [of_rule(rule(on_breach), broken) for broken in (True, False, None)]
    assert found == [on_breach, "pass", "unknown"]


@pytest.mark.parametrize(
    ("rules", "plan"),
    [
        ([], "unknown"),
        (["pass", "pass"], "proved"),
        (["pass", "unknown", "pass"], "unknown"),
        (["lawyer", "unknown"], "lawyer"),
        (["pass", "fail", "lawyer", "unknown"], "violated"),
    ],
)
def test_the_plan_has_the_worst_verdict_of_its_rules(rules: list[RuleVerdict], plan: PlanVerdict) -> None:
    assert of_plan(rules) == plan
    assert of_plan(reversed(rules)) == plan
