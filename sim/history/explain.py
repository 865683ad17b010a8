"""The readable engine over a history: the way of each amount, as `fenxiao explain` and the app tell it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from rules.calendar import month_of
from rules.cases.result import Explained, explained
from rules.errors import InputError
from rules.events import DAY
from rules.journey.journey import Journeys
from rules.plan.model import Plan
from rules.readable import State
from rules.trace import ReadableEngine
from sim.history.shipped import Past

BATCH = 2_000
"""Events that are read again between two looks at the clock."""


def read_again(
    past: Past, plans: Sequence[Plan], watch: AbstractSet[int] | None, advance: Callable[[int], object]
) -> ReadableEngine:
    """Let the readable engine read a run's events again; `watch`: whose entries keep their steps (None = all).

    `advance` is told how many events have been read since it was last told.
    """
    log, opening = past.log, past.opening
    assert opening is not None, "a run has members"
    assert past.start_day is not None, "a run knows its first day"
    engine = ReadableEngine(plans, log.names, len(opening), past.start_day, range(len(plans)), watch)
    engine.open_with(opening)
    for first in range(0, len(log.events), BATCH):
        batch = log.events[first : first + BATCH]
        engine.apply(batch)
        advance(len(batch))
    return engine


def entries_of(state: State, journeys: Journeys, member: int, month: int | None = None) -> list[Explained]:
    """One member's entries with their journeys; of one month, or (None) all."""
    return [
        explained(place, journeys)
        for place, entry in enumerate(state.entries)
        if entry.member == member and month in (None, month_of(entry.time // DAY))
    ]


def month_number(month: str) -> int:
    """The number of a month such as 2026-02.

    Raises:
        InputError: it is none.
    """
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    if not found:
        raise InputError(f"{month!r} is not a month", allowed="a month such as 2026-02")
    return int(found[1]) * 12 + int(found[2]) - 1
