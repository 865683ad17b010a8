"""A shipped plan with a known hole, to see what a find looks like."""

from __future__ import annotations

from app.pages.redteam_work import Asked
from rules.plan.read import read_plan
from scenarios.find import find
from sim.redteam.world import Means, returns_of
from sim.scenario import read_scenario

_NAME = "three_tier"
"""Of the plan and its market; docs/REDTEAM.md tells what is found in it."""


def example() -> Asked:
    """The attack on it, of some seconds."""
    market, plan = read_scenario(*find("markets", _NAME)), read_plan(*find("plans", _NAME))
    return Asked(market, plan, _NAME, Means(returns=returns_of(market)), False, 1_000)
