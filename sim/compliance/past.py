"""The monitor on a log: the same watch over a history that is walked again day by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.compliance.evidence import Evidence
from rules.events import DAY, EventLog, Records
from rules.plan.model import Plan
from rules.plan.versions import PlanBook
from sim.compliance.watch import Watch
from sim.history.replay import open_engine


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


def _days(events: Records) -> list[tuple[int, Records]]:
    """The events cut at midnight."""
    days = events["time"] // DAY
    cuts = np.flatnonzero(np.diff(days)) + 1
    return [(int(part["time"][0]) // DAY, part) for part in np.split(events, cuts) if len(part)]
