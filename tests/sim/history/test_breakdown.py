"""A replay broken down by tenth and by month, by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np

from rules.calendar import day_of
from rules.events import DAY, EventLog, Kind, Names
from rules.records import ENTRY
from sim.history.breakdown import Sums, by_group, commission_by_month, sums, tenths
from sim.history.groups import Grouping, ranks_given
from sim.history.replay import Shifts
from sim.rows import events_of


def shifts(before, after):
    return Shifts("before", "after", np.array([before, after], np.int64))


def test_gains_and_losses_are_summed_apart():
    # 100 -> 150 gains 50; 80 -> 20 loses 60; 30 stays; the fourth earns nothing under either; 0 -> 5 gains 5
    assert sums(shifts([100, 80, 30, 0, 0], [150, 20, 30, 0, 5])) == Sums(2, 55, 1, 60, 1)


def test_tenths_are_of_those_who_earn_the_highest_first():
    # 21 earn: 1, 2, … 21 before and one fen more after, but the highest loses one; one earns under neither
    before = [*range(1, 22), 0]
    after = [*range(2, 22), 20, 0]
    parts = tenths(shifts(before, after))
    assert [one.members for one in parts] == [3, *[2] * 9]  # 21 in ten groups
    assert (parts[0].before, parts[0].after, parts[0].winning, parts[0].losing) == (21 + 20 + 19, 20 + 21 + 20, 2, 1)
    assert (parts[-1].before, parts[-1].after) == (2 + 1, 3 + 2)


def test_few_make_few_groups():
    assert [one.members for one in tenths(shifts([3, 2], [0, 0]))] == [1, 1]
    assert tenths(shifts([0], [0])) == []


def test_groups_are_those_of_the_data():
    found = by_group(shifts([100, 80, 30, 0], [150, 20, 30, 0]), Grouping(np.array([1, -1, 1, 0]), ["none", "partner"]))
    assert found == [
        {"group": "partner", "members": 2, "before": 1.3, "after": 1.8, "winning": 1, "losing": 0},
        {"group": "", "members": 1, "before": 0.8, "after": 0.2, "winning": 0, "losing": 1},
    ]


def test_the_rank_of_a_member_is_the_last_that_was_given():
    events = events_of(Kind.promote, np.array([1, 2, 3]), member=np.array([2, 0, 2]), rank=np.array([0, 1, 1]))
    log = EventLog(np.concatenate([events, events_of(Kind.tick, np.array([4]))]), Names(ranks=["a", "b"]))
    assert ranks_given(log, 4).of.tolist() == [1, -1, 1, -1]


def test_months_are_those_of_the_calendar():
    entries = np.zeros(4, ENTRY)
    last, first = day_of(dt.date(2026, 1, 31)), day_of(dt.date(2026, 2, 1))
    entries["time"] = [last * DAY, last * DAY + DAY - 1, first * DAY, day_of(dt.date(2026, 4, 2)) * DAY]
    entries["amount"] = [100, 20, 7, -3]
    assert commission_by_month(entries) == {"2026-01": 120, "2026-02": 7, "2026-04": -3}
    assert commission_by_month(entries[:0]) == {}
