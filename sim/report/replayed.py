"""A replay under one plan or more, with what pages show of it: winners and losers, months, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rules.compliance.rulebook import Rulebook
from rules.events import Records
from rules.plan.model import Plan
from rules.records import ENTRY
from sim.compliance.past import held_on
from sim.experiments.arms import arm_ids
from sim.experiments.verdicts import RulebookVerdict
from sim.history.breakdown import commission_by_month, sales_by_month
from sim.history.groups import Grouping
from sim.history.replay import ReplayResult, Shift, Shifts, compare_members, replay
from sim.history.shipped import Past

Step = Callable[[str, str], object]
"""Takes what is begun (`replay`, `months`, `rules`), and of how many events or of which plan."""


@dataclass(frozen=True)
class Replayed:
    """Orders replayed under plans.

    Attributes:
        data: what was replayed. ids: of the plans, one for each result. events, members: how many there are.
        shifts: of each plan after the first, against the first. names: of the members who gain or lose most.
        groups: that the data put members into, see `Past.groups`.
        months: commission by month of each plan. sales: by month, the same under all.
        rulebook: verdicts, one for each plan; none where no rulebook was given.
    """

    data: str
    ids: tuple[str, ...]
    plans: tuple[Plan, ...]
    events: int
    members: int
    results: tuple[ReplayResult, ...]
    shifts: tuple[Shifts, ...]
    names: dict[int, str]
    groups: dict[str, Grouping]
    months: tuple[dict[str, int], ...]
    sales: dict[str, int]
    rulebook: tuple[RulebookVerdict, ...]


def replayed(past: Past, plans: Sequence[Plan], rulebook: Rulebook | None, step: Step) -> Replayed:
    """Replay a history under plans, and look at what comes of it from all sides; can be pickled."""
    step("replay", f"{len(past.log.events):,}")
    results = replay(past.log, list(plans), past.start_day, past.opening)
    shifts = [compare_members(results[0], other) for other in results[1:]]
    step("months", "")
    months = tuple(commission_by_month(one.entries) for one in results)
    sales = sales_by_month(past.log, plans[0], past.start_day)
    ids = arm_ids(plans)
    held = _held(rulebook, past, dict(zip(ids, plans, strict=True)), step) if rulebook else []
    told = {shift.member for one in shifts for shift in _most(one)}
    return Replayed(
        past.name,
        tuple(ids),
        tuple(plans),
        len(past.log.events),
        len(results[0].earned),
        tuple(replace(one, walk=_without) for one in results),
        tuple(shifts),
        {member: past.log.names.member(member) for member in told},
        past.groups(len(results[0].earned)),
        months,
        sales,
        tuple(held),
    )


def _held(rulebook: Rulebook, past: Past, plans: Mapping[str, Plan], step: Step) -> list[RulebookVerdict]:
    """What the rulebook says of each plan."""
    found = []
    for name, plan in plans.items():
        step("rules", name)
        found.append(replace(held_on(rulebook, past, plan)[0], arm=name))
    return found


def _most(shifts: Shifts) -> list[Shift]:
    return [*shifts.winners(), *shifts.losers()]


def _without() -> tuple[Records, int]:
    """Entries are left behind: they would be sent from process to process for nothing."""
    return np.zeros(0, ENTRY), 0
