"""Rulebooks by name, and what one says of a plan for everything that the plan lets happen."""

from __future__ import annotations

from rules.compliance.check import check_plan, verdict_of
from rules.compliance.decision import Assumptions
from rules.compliance.rulebook import Rulebook, read_rulebook, with_included
from rules.compliance.verdict import PlanVerdict
from rules.plan.model import Plan
from scenarios.find import find


def load_rulebook(name: str) -> Rulebook:
    """A rulebook by its shipped name or its path, with those that it includes.

    Raises:
        InputError: there is no such file, or it is none.
    """
    return with_included(read_rulebook(*find("rulebooks", name)), load_rulebook)


def proved(plan: Plan, rulebook: Rulebook) -> PlanVerdict:
    """What a rulebook says of a plan, for everything that it lets happen."""
    return verdict_of(check_plan(plan, rulebook, rulebook.checked, Assumptions()))
