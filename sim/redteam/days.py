"""Days and periods of a play; moments are seconds since 1970-01-01, as in events."""

from __future__ import annotations

from rules.calendar import moment_of, period_days, period_of
from rules.events import DAY, Period

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def days_left(now: int, period: str) -> int:
    """Days from a moment to the last day of the running day, week (to Sunday) or month."""
    day, kind = now // DAY, int(Period[period])
    return period_days(period_of(day, kind), kind)[1] - 1 - day


def written(time: int) -> str:
    """A moment as a case file has it."""
    return f"{moment_of(time):%Y-%m-%d %H:%M}"
