"""What the contract of the plan format names and the engines do not compute yet, and what has to be said of a plan.

Such input is refused by name, so that it is not mistaken for a typo, and a plan that loads is a plan that is
computed. Whoever computes one of these adds it to the model and takes it out here.
"""

from __future__ import annotations

from rules.payout.tax import RULES
from rules.plan.model import Plan
from rules.plan.values import Title

KEYS: dict[str, frozenset[str]] = {
    "Semantics": frozenset({}),
    "Scenario": frozenset({"risk", "actors"}),
}
"""By section: keys that are in the contract and not in the model."""

VALUES: dict[tuple[str, str], frozenset[str]] = {}
"""By section and key: values that are in the contract and not in the model."""

_TAX = Title(
    zh="代扣所用税表未与官方文本核对，正式使用前请税务顾问确认",
    en="tax is withheld by tables that nobody compared with the official text: have an adviser confirm them",
)


def planned_key(section: str, key: str) -> bool:
    """Whether the contract names a key of a section that is not computed yet."""
    return key in KEYS.get(section, ())


def planned_value(section: str, key: str, value: str) -> bool:
    """Whether the contract names a value of a key that is not computed yet."""
    return value in VALUES.get((section, key), ())


def notes(plan: Plan) -> list[Title]:
    """What a reader of results has to know of a plan: that its tax tables are not verified."""
    return [_TAX] if any(not table.verified for table in RULES[plan.withdrawal.tax]) else []
