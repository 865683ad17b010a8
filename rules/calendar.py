"""Days, weeks (from Monday) and months of the local clock, in whole numbers; the next tick of a settlement cycle."""

from __future__ import annotations

import calendar
import datetime as dt

from rules.events import DAY
from rules.jit import kernel

_EPOCH = dt.date(1970, 1, 1).toordinal()


def day_of(date: dt.date) -> int:
    """A date as days since 1970-01-01."""
    return date.toordinal() - _EPOCH


def date_of(time: int) -> dt.date:
    """The local date of a moment."""
    return dt.date.fromordinal(time // DAY + _EPOCH)


def moment_of(time: int) -> dt.datetime:
    """The local date and time of a moment."""
    return dt.datetime.fromordinal(_EPOCH) + dt.timedelta(seconds=time)


def months_on(date: dt.date, months: int) -> dt.date:
    """The same date some months later, or that month's last day where it is shorter, by Python's own calendar."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


@kernel
def month_of(day: int) -> int:
    """Months since year 0 of a day counted from 1970-01-01 (Howard Hinnant's civil-from-days, in integers)."""
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted_month = (5 * of_year + 2) // 153
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return (year + era * 400 + (1 if month <= 2 else 0)) * 12 + month - 1


@kernel
def first_day_of(month: int) -> int:
    """The first day of a month numbered as by `month_of`, in days since 1970-01-01."""
    year, index = month // 12, month % 12 + 1
    shifted_year = year - 1 if index <= 2 else year
    era = shifted_year // 400
    of_era_year = shifted_year - era * 400
    of_year = (153 * (index - 3 if index > 2 else index + 9) + 2) // 5
    return era * 146_097 + of_era_year * 365 + of_era_year // 4 - of_era_year // 100 + of_year - 719_468


@kernel
def months_later(day: int, months: int) -> int:
    """The same day so many calendar months later, or that month's last day if it has no such day."""
    month = month_of(day)
    later = first_day_of(month + months)
    last = first_day_of(month + months + 1) - 1
    return min(later + day - first_day_of(month), last)


@kernel
def week_of(day: int) -> int:
    """Weeks since the one of 1970-01-01, from Monday."""
    return (day + 3) // 7


@kernel
def period_of(day: int, period: int) -> int:
    """The number of the day, week or month (a `Period`) that a day lies in."""
    if period == 0:
        return day
    return week_of(day) if period == 1 else month_of(day)


def period_days(number: int, period: int) -> tuple[int, int]:
    """The first day of a day, week or month (a `Period`) by its number, and the first day after it."""
    if period == 0:
        return number, number + 1
    if period == 1:
        return 7 * number - 3, 7 * number + 4
    return first_day_of(number), first_day_of(number + 1)


@kernel
def next_tick(time: int, every: int, weekday: int, at: int) -> int:
    """The first moment of a settlement cycle that is not before `time`.

    Args:
        time: seconds, local clock.
        every: a `Period`; months tick on the 1st.
        weekday: 0 = Monday, for weekly cycles.
        at: second of the day.
    """
    day = time // DAY
    if every == 1:
        day += (weekday - (day + 3)) % 7
    elif every == 2:
        month = month_of(day)
        if day > first_day_of(month):
            month += 1
        day = first_day_of(month)
    tick = day * DAY + at
    if tick >= time:
        return tick
    if every == 0:
        return tick + DAY
    if every == 1:
        return tick + 7 * DAY
    return first_day_of(month_of(day) + 1) * DAY + at


def calendar_numbers(day: int) -> dict[str, int]:
    """The numbers of a day, its week and its month, by Python's own calendar."""
    date = date_of(day * DAY)
    monday = day - date.weekday()
    return {"day": day, "week": (monday + 3) // 7, "month": date.year * 12 + date.month - 1}
