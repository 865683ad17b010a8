"""Months, weeks and settlement ticks against Python's own calendar."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import first_day_of, month_of, next_tick, week_of
from rules.events import DAY

EPOCH = dt.date(1970, 1, 1)
days = st.integers(-100_000, 300_000)


@given(days)
def test_months_and_weeks(day: int) -> None:
    date = EPOCH + dt.timedelta(days=day)
    assert month_of(day) == date.year * 12 + date.month - 1
    assert first_day_of(month_of(day)) == (date.replace(day=1) - EPOCH).days
    monday = date - dt.timedelta(days=date.weekday())
    assert week_of(day) == week_of((monday - EPOCH).days)
    assert week_of(day) != week_of((monday - EPOCH).days - 1)


@given(st.integers(0, 40_000 * DAY), st.integers(0, 2), st.integers(0, 6), st.integers(0, DAY - 1))
def test_the_next_tick_is_the_first_that_is_not_before(time: int, every: int, weekday: int, at: int) -> None:
    tick = next_tick(time, every, weekday, at)

    def is_tick(moment: int) -> bool:
        date = EPOCH + dt.timedelta(days=moment // DAY)
        on_day = every == 0 or (every == 1 and date.weekday() == weekday) or (every == 2 and date.day == 1)
        return on_day and moment % DAY == at

    assert tick >= time
    assert is_tick(tick)
    first = time // DAY * DAY + at
    for moment in range(first, tick, DAY):
        assert moment < time or not is_tick(moment)
