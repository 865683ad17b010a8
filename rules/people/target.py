"""Monthly targets 考核 of ranks: months in a row on target promote into a rank, months in a row under it demote.

Judged at the close of each month, after its ladder and team were booked: a new rank never rewrites what is past. A
volume is that of the month, net of refunds; orders and days are counted in it; the direct team is as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.book import Rows
from rules.events import Records
from rules.jit import kernel
from rules.plan.compiled import NONE, Tables
from rules.plan.limits import MAX_TARGETS
from rules.plan.values import Section, Whole, Yuan
from rules.readable import State

Count = Annotated[Whole, Field(ge=0, le=1_000_000)]

VOLUMES = ("personal_volume", "promoted_volume", "direct_team_volume", "team_volume")
COUNTS = {"orders": 16, "promoted_orders": 17, "active_days": 18}
"""What is counted in a month, and the numbers of these measures among the meters."""

FIRST_COUNT = min(COUNTS.values())
"""Measures from this number on are counts and not volumes of orders."""

ORDERS, PROMOTED_ORDERS, ACTIVE_DAYS = COUNTS.values()
_MEASURES = (*VOLUMES, *COUNTS, "direct_team")
PROMOTE, DEMOTE = 0, 1


class TargetRule(Section):
    """Months in a row on (or under) a target: all of its measures, or any."""

    months: Annotated[Whole, Field(ge=1, le=120)]
    promoted_volume: Yuan | None = None
    personal_volume: Yuan | None = None
    direct_team_volume: Yuan | None = None
    team_volume: Yuan | None = None
    direct_team: Count | None = None
    orders: Count | None = None
    promoted_orders: Count | None = None
    active_days: Annotated[Whole, Field(ge=0, le=31)] | None = None
    need: Literal["all", "any"] = "all"

    @model_validator(mode="after")
    def _some_measure(self) -> TargetRule:
        if not self.targets:
            raise ValueError(f"at least one of {', '.join(_MEASURES)} is needed")
        return self

    @property
    def targets(self) -> list[tuple[str, int]]:
        """The measures and their thresholds, in fen, people, orders or days."""
        given = [(name, getattr(self, name)) for name in _MEASURES]
        return [(name, threshold) for name, threshold in given if threshold is not None]


def meters_of(rule: TargetRule) -> list[str]:
    """The measures of a target that add up over a month."""
    return [name for name, _ in rule.targets if name != "direct_team"]


def fill_target(row: Records, which: int, rule: TargetRule | None, meter_of: Callable[[str], int]) -> None:
    """Compile a target; a measure without a meter is the direct team."""
    row["target_months"][0, which] = rule.months if rule else NONE
    row["target_any"][0, which] = rule is not None and rule.need == "any"
    for place, (name, threshold) in enumerate(rule.targets if rule else []):
        row["target_over"][0, which, place] = threshold
        if name != "direct_team":
            row["target_meter"][0, which, place] = meter_of(name)


@kernel
def count_in_month(book: Rows, plan: Tables, member: int, measure: int) -> None:
    """Count one more order or day of a member in the running month, where some plan asks for it."""
    for meter in range(len(plan.meters)):
        if plan.meters[meter].measure == measure:
            book.volumes[meter, member] += 1


@kernel
def on_target(book: Rows, plan: Tables, number: int, rank: int, which: int, member: int) -> bool:
    """Whether a member's month meets a target of a rank of plan `number`."""
    rule = plan.ranks[number, rank]
    met = True
    for place in range(MAX_TARGETS):
        wanted = rule.target_over[which, place]
        if wanted < 0:
            break
        meter = rule.target_meter[which, place]
        have = book.volumes[meter, member] if meter >= 0 else book.members[member].team
        met = have >= wanted
        if met == (rule.target_any[which] == 1):
            break
    return met


def is_on_target(state: State, rule: TargetRule, member: int) -> bool:
    """Whether a member's month meets a target: the readable rule."""
    reached = []
    for measure, threshold in rule.targets:
        volume = state.volumes.get((measure, "month", member), 0)
        reached.append((len(state.members[member].team) if measure == "direct_team" else volume) >= threshold)
    return any(reached) if rule.need == "any" else all(reached)


def note_in_month(state: State, member: int, measure: str) -> None:
    """Count one more order or day of a member in the running month: the readable rule."""
    key = (measure, "month", member)
    state.volumes[key] = state.volumes.get(key, 0) + 1
