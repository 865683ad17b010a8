"""A shipped plan with a known hole, to see what a find looks like."""

from __future__ import annotations

from app.choosing import shipped_plan, shipped_scenario
from app.pages.redteam_work import Asked
from sim.redteam.world import Means, returns_of

_NAME = "three_tier"
"""Of the plan and its market; docs/REDTEAM.md tells what is found in it."""


def example() -> Asked:
    """The attack on it, of some seconds."""
    market, plan = shipped_scenario(_NAME), shipped_plan(_NAME).plan
    return Asked(market, plan, _NAME, Means(returns=returns_of(market)), False, 1_000)
