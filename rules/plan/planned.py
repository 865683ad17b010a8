"""What the contract of the plan format names and the engines do not compute yet, and what is only noted.

Such input is refused by name, so that it is not mistaken for a typo, and a plan that loads is a plan that is
computed. Whoever computes one of these adds it to the model and takes it out here.
"""

from __future__ import annotations

from rules.plan.model import Plan
from rules.plan.values import Title

KEYS: dict[str, frozenset[str]] = {
    "Plan": frozenset({"platform"}),
    "TargetRule": frozenset({"team_volume"}),
    "Commission": frozenset({"differential", "peer", "dividend", "area", "influence", "dynamic"}),
    "BaseLevel": frozenset({"of"}),
    "Fixed": frozenset({"of"}),
    "Campaign": frozenset({"channels"}),
    "Semantics": frozenset(
        {
            "freight_split",
            "base_round",
            "discount_order",
            "discount_weights",
            "zero_amount",
            "rank_rate",
            "entry_per",
            "clawback_unit",
            "stack",
            "duration_months",
            "defects",
        }
    ),
    "Scenario": frozenset({"risk", "actors"}),
}
"""By section: keys that are in the contract and not in the model."""

VALUES: dict[tuple[str, str], frozenset[str]] = {
    ("Ladder", "measure"): frozenset({"team_volume"}),
    ("Team", "measure"): frozenset({"team_volume"}),
    ("Caps", "over_cap"): frozenset({"defer"}),
    ("Semantics", "base_on"): frozenset({"profit"}),
    ("Semantics", "round_per"): frozenset({"order"}),
    ("Semantics", "discount_split"): frozenset({"double"}),
}
"""By section and key: values that are in the contract and not in the model."""

_TAX = Title(
    zh="个税尚未代扣:净额均为税前金额",
    en="tax is not withheld yet: net amounts are before tax",
)


def planned_key(section: str, key: str) -> bool:
    """Whether the contract names a key of a section that is not computed yet."""
    return key in KEYS.get(section, ())


def planned_value(section: str, key: str, value: str) -> bool:
    """Whether the contract names a value of a key that is not computed yet."""
    return value in VALUES.get((section, key), ())


def notes(plan: Plan) -> list[Title]:
    """What a plan states and what is accepted, but not computed yet."""
    return [_TAX] if plan.withdrawal.tax != "none" else []
