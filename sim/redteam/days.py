"""Days and periods of a play; moments are seconds since 1970-01-01, as in events."""

from __future__ import annotations

import calendar
import datetime as dt

from rules.events import DAY

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def days_left(now: int, period: str) -> int:
    """Days from a moment to the last day of the running day, week (to Sunday) or month."""
    day = now // DAY
    if period == "day":
        return 0
    if period == "week":
        return 6 - (day + 3) % 7
    date = date_of(day)
    return calendar.monthrange(date.year, date.month)[1] - date.day


def date_of(day: int) -> dt.date:
    """The date of a day counted from 1970-01-01."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def written(time: int) -> str:
    """A moment as a case file has it."""
    return f"{date_of(time // DAY)} {time % DAY // 3600:02d}:{time % 3600 // 60:02d}"
