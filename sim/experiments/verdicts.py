"""What a rulebook says of a plan, gathered over all replications of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rules.compliance.evidence import Evidence
from rules.compliance.monitor import Finding, findings, verdict_of
from rules.compliance.rulebook import Rulebook
from rules.compliance.verdict import GRAVITY, PlanVerdict, RuleVerdict
from rules.plan.model import Plan
from sim.experiments.metric_names import NO_TEXT, Text


@dataclass(frozen=True)
class Rule:
    """What one rule of a rulebook says about one arm."""

    id: str
    title: Text
    verdict: RuleVerdict
    worst: str = ""
    """The worst value found, as shown."""
    limit: str = ""
    evidence: Text = NO_TEXT
    """The offending order, chain, person or month, in words."""
    source: str = ""
    first_day: str = ""
    """The first day in breach, as 2026-03-31; empty = no breach was seen."""
    people: int = 0
    """How many people were above the limit."""
    member: str = ""
    order: str = ""
    month: str = ""


@dataclass(frozen=True)
class RulebookVerdict:
    """What a rulebook says about one arm.

    `procedure` tells how it was looked at: `observed` in these runs, or searched by the prover. Only the
    prover can say `proved`; nothing here ever says that a plan is legal.
    """

    arm: str
    rulebook: str
    verdict: PlanVerdict
    rules: tuple[Rule, ...] = ()
    procedure: Literal["observed", "prover"] = "observed"
    title: Text = NO_TEXT


def held_against(rulebook: Rulebook, arm: str, plan: Plan, seen: Sequence[Evidence], day: dt.date) -> RulebookVerdict:
    """The worst of what was seen, rule by rule: `seen` is one for each replication."""
    all_found = [findings(rulebook, plan, one, day) for one in seen]
    worst = [max(column, key=_gravity) for column in zip(*all_found, strict=True)]
    title = Text(rulebook.title.zh, rulebook.title.en)
    rules = tuple(_rule(finding) for finding in worst)
    return RulebookVerdict(arm, rulebook.rulebook, verdict_of(worst), rules, "observed", title)


def _gravity(finding: Finding) -> tuple[int, int]:
    return GRAVITY.index(finding.verdict), finding.measured


def _rule(finding: Finding) -> Rule:
    title, evidence = finding.rule.title, finding.evidence
    return Rule(
        id=finding.rule.id,
        title=Text(title.zh, title.en),
        verdict=finding.verdict,
        worst=finding.worst,
        limit=finding.limit,
        evidence=Text(evidence.zh, evidence.en),
        source=finding.rule.source,
        first_day=finding.first_day.isoformat() if finding.first_day else "",
        people=finding.people,
        member=finding.member,
        order=finding.order,
        month=finding.month,
    )
