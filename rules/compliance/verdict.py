"""Verdicts 结论: of one rule, and of a plan from those of all its rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rules.compliance.rulebook import Rule

RuleVerdict = Literal["pass", "unknown", "lawyer", "fail"]
PlanVerdict = Literal["proved", "unknown", "lawyer", "violated"]
GRAVITY: tuple[RuleVerdict, ...] = ("pass", "unknown", "lawyer", "fail")
"""From the mildest to the worst."""
_OF_PLAN: dict[RuleVerdict, PlanVerdict] = {
    "pass": "proved", "unknown": "unknown", "lawyer": "lawyer", "fail": "violated",
}  # fmt: skip


def of_rule(rule: Rule, broken: bool | None) -> RuleVerdict:
    """What a breach of a rule means, or that there is none; None = nobody knows whether it can be broken."""
    if broken is None:
        return "unknown"
    return rule.on_breach if broken else "pass"


def of_plan(verdicts: Iterable[RuleVerdict]) -> PlanVerdict:
    """The worst verdict of a rule is the plan's: proved only if there are rules, and every one passes."""
    return _OF_PLAN[max(verdicts, key=GRAVITY.index, default="unknown")]
