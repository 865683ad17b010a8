"""Dials: the plan with one setting changed at a time, each a possible cause of differences.

Settings that have no meaning together are left out, as a plan file would be refused for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from rules.errors import InputError
from rules.plan.defects import DEFECTS, Defect
from rules.plan.limits import MOMENTS, RoundingName
from rules.plan.model import Plan
from rules.plan.read import check_plan
from rules.plan.semantics import Semantics
from rules.plan.wording.knobs import KNOBS
from sim.experiments.metric_names import Text
from sim.matching.words import caps_off, fault, level_cap, no_campaigns, setting, told

Change = Callable[[Plan], Plan]

_UNSEEN = (
    "freight_split", "discount_split", "discount_order", "discount_weights", "fee_rounding", "hold_boundary",
    "settle_while_refund_open", "frozen_at_settlement",
)  # fmt: skip
"""Knobs that no record of commission shows: an imported line has its freight and discount already."""

_FAULTS = "defects:"
_MOMENTS = ("rate_snapshot", "upline_snapshot", "eligible_at")


@dataclass(frozen=True)
class Dial:
    """One setting at another value.

    Attributes:
        key: such as `semantics.round_per=unit`. name: of the setting; dials of one name exclude each other.
        change: of a plan. title: in a few words. said: what the value means, where there are words for it.
    """

    key: str
    name: str
    change: Change
    title: Text
    said: Text | None = None


def dials_of(plans: Sequence[Plan]) -> list[Dial]:
    """Every dial of plans: settings of their semantics, their caps and campaigns, and known faults of platforms."""
    found = {dial.key: dial for plan in reversed(plans) for dial in _all(plan)}
    return [dial for dial in found.values() if fits(plans, [dial])]


def changed(plan: Plan, dials: Sequence[Dial]) -> Plan:
    """The plan with some dials turned."""
    for dial in dials:
        plan = dial.change(plan)
    return plan


def fits(plans: Sequence[Plan], dials: Sequence[Dial]) -> bool:
    """Whether the dials mean something together, and together make another plan of one at least."""
    if len({dial.name for dial in dials}) < len(dials):
        return False
    turned = [changed(plan, dials) for plan in plans]
    try:
        for plan in turned:
            check_plan(plan)
    except InputError:
        return False
    return turned != list(plans)


def is_fault(dials: Sequence[Dial]) -> bool:
    """Whether one of the dials is a fault of a platform, which is told after settings."""
    return any(dial.name.startswith(_FAULTS) for dial in dials)


def semantic(plans: Sequence[Plan], values: Mapping[str, object]) -> list[Dial]:
    """The dials that turn the semantics of plans to these values."""
    seen = {name: value for name, value in values.items() if name not in _UNSEEN}
    found = {
        name: _dial(plan, name, value)
        for plan in reversed(plans)
        for name, value in seen.items()
        if getattr(plan.semantics, name) != value
    }
    return list(found.values())


def _all(plan: Plan) -> Iterator[Dial]:
    given = plan.semantics
    for name, values in _values(plan).items():
        yield from (_dial(plan, name, value) for value in values if value != getattr(given, name))
    for defect in DEFECTS:
        title, said = fault(defect, defect in given.defects)
        yield Dial(f"semantics.defects:{defect}", f"{_FAULTS}{defect}", _toggled(defect), title, said)
    yield from _limits(plan)


def _values(plan: Plan) -> dict[str, list[object]]:
    """The values that are tried, by name of the setting."""
    values: dict[str, list[object]] = {
        name: list(words) for name, words in KNOBS.items() if name not in _UNSEEN and name in Semantics.model_fields
    }
    modes = get_args(RoundingName)
    values["rounding"] = list(modes)
    if plan.depth > 1 and isinstance(plan.semantics.rounding, str):
        own = plan.semantics.rounding
        for level in range(1, plan.depth + 1):
            others = dict.fromkeys(range(1, plan.depth + 1), own)
            values["rounding"] += [others | {level: mode} for mode in modes if mode != own]
    for name in _MOMENTS:
        values[name] = list(MOMENTS)
    values["eligible_at"].append(["create", "receipt"])
    values["hold_from"] = ["create", "pay", "receipt"]
    values["promoter_by"] = [(way, 0) for way in ("rank", "all", "appointed")]
    values["duration_months"] = [None, 0]
    return values


def _dial(plan: Plan, name: str, value: object) -> Dial:
    title, said = setting(name, value, getattr(plan.semantics, name))
    return Dial(f"semantics.{name}={told(value)}", name, _turned(name, value), title, said)


def _turned(name: str, value: object) -> Change:
    def change(plan: Plan) -> Plan:
        return plan.model_copy(update={"semantics": plan.semantics.model_copy(update={name: value})})

    return change


def _toggled(defect: Defect) -> Change:
    """A fault switched on, or off where the plan has it."""

    def change(plan: Plan) -> Plan:
        there = plan.semantics.defects
        defects = [one for one in there if one != defect] if defect in there else [*there, defect]
        return plan.model_copy(update={"semantics": plan.semantics.model_copy(update={"defects": defects})})

    return change


def _limits(plan: Plan) -> Iterator[Dial]:
    """Without each cap, with fewer or more levels, without campaigns."""
    caps = plan.caps
    for name in ("order_ratio", "member_day", "member_month"):
        if getattr(caps, name) is not None:
            yield Dial(f"caps.{name}=none", f"caps.{name}", _capped(name, None), caps_off(name))
    stated = len(plan.commission.base.levels) if plan.commission.base else 0
    for levels in range(1, stated + 1):
        if levels != min(caps.levels, stated):
            yield Dial(f"caps.levels={levels}", "caps.levels", _capped("levels", levels), level_cap(levels))
    if plan.campaigns:
        yield Dial(
            "campaigns=none", "campaigns", lambda given: given.model_copy(update={"campaigns": []}), no_campaigns()
        )


def _capped(name: str, value: int | None) -> Change:
    def change(plan: Plan) -> Plan:
        return plan.model_copy(update={"caps": plan.caps.model_copy(update={name: value})})

    return change
