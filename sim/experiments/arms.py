"""What the arms of a comparison are called."""

from __future__ import annotations

from collections.abc import Sequence

from rules.plan.model import Plan


def arm_ids(plans: Sequence[Plan]) -> list[str]:
    """The plans' names; one that comes again is `name#2`, `name#3` and so on."""
    ids: list[str] = []
    for number, plan in enumerate(plans):
        again = sum(other.plan == plan.plan for other in plans[:number])
        ids.append(f"{plan.plan}#{again + 1}" if again else plan.plan)
    return ids
