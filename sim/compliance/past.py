"""The monitor on a log: the same watch over a history that is walked again day by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from rules.calendar import date_of
from rules.compliance.evidence import Evidence
from rules.compliance.rulebook import Rulebook
from rules.events import DAY, EventLog, Records
from rules.plan.model import Plan
from rules.plan.versions import PlanBook
from sim.compliance.watch import Watch
from sim.experiments.verdicts import RulebookVerdict, held_against
from sim.history.replay import open_engine
from sim.history.shipped import Past

World: TypeAlias = Plan | list[Plan] | PlanBook
"""Under what orders are replayed."""


def evidence_of(
    log: EventLog,
    plans: Plan | Sequence[Plan] | PlanBook,
    start_day: int | None = None,
    opening: Records | None = None,
) -> Evidence:
    """What a log shows under a plan, or under plans that follow each other; arguments as of `replay`."""
    engine, events, chosen = open_engine(log, plans, start_day, opening)
    watch = Watch(engine.book)
    for day, batch in _days(events):
        engine.apply(batch)
        watch.observe(day, batch, engine.book)
    return watch.evidence(engine.book, chosen, log.names)


def held_on(rulebook: Rulebook, past: Past, world: World) -> tuple[RulebookVerdict, Evidence]:
    """What a rulebook says of a plan on this history, and what was seen.

    The rules are those of a run's own first day; of a history, which may be older than any rule, those of the day on
    which the rulebook was checked.
    """
    seen = evidence_of(past.log, world, past.start_day, past.opening)
    plans = [world] if isinstance(world, Plan) else world.plans if isinstance(world, PlanBook) else world
    furthest = max(plans, key=lambda plan: plan.reach)
    name = " + ".join(plan.plan for plan in plans)
    day = rulebook.checked if past.folder is None else date_of((past.start_day or 0) * DAY)
    return held_against(rulebook, name, furthest, [seen], day), seen


def _days(events: Records) -> list[tuple[int, Records]]:
    """The events cut at midnight."""
    days = events["time"] // DAY
    cuts = np.flatnonzero(np.diff(days)) + 1
    return [(int(part["time"][0]) // DAY, part) for part in np.split(events, cuts) if len(part)]
