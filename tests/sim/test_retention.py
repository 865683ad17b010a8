"""Who stays, and what new promoters get beside old ones: by hand, and against a log read the slow way."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
import worlds
from rich.console import Console

from rules.book import open_book
from rules.events import DAY, Kind
from sim.report.retention import print_retention, retention_told
from sim.retention import Activity, Band, Cohort, Retention, bands_of, retention_of


def test_a_week_counts_who_ordered_or_shared_by_week_of_joining():
    """Members 1 and 2 joined in week 0, member 3 in week 1. Week 0: 1 orders. Week 1: 1 shares, 2 orders, 3 both."""
    activity = Activity(5, days=20)
    crowd = {"shared": np.zeros(5, np.uint16), "joined": np.array([0, 3, 6 * DAY, 8 * DAY, 0])}
    world = SimpleNamespace(members=np.array([1, 2]), crowd=crowd, day=6)
    activity.note_orders(np.array([1]))
    activity.end_week(world)
    world.day, world.members = 13, np.array([1, 2, 3])
    crowd["shared"][[1, 3]] = 1
    activity.note_orders(np.array([2]))
    activity.note_orders(np.array([2, 3]))
    activity.end_week(world)
    assert activity.active.tolist() == [[1, 2], [0, 1]]
    assert activity.last_share.tolist() == [-1, 1, -1, 1, -1]


def test_parts_are_of_those_who_got_so_far():
    found = Retention((Cohort(0, 10, (9, 5, 2)), Cohort(1, 30, (20, 15)), Cohort(2, 5, (5,))))
    assert found.after(1) == 20 / 40
    assert (found.after(2), found.after(3)) == (2 / 10, None)
    assert (found.after(1, 1), found.after(1, 0, 1), found.after(1, 2)) == (0.5, 0.5, None)


def a_book():
    """Now is day 200. Joined: 0 on day 195, 1 on day 170 (30 days), 2 on day 110 (90 days), 3 on day 0, 4 never.
    Since day 172: 0 earned 10 yuan and 2 lost 3; 3 earned 8, but before. 2 promoted two orders, 3 one before."""
    book = open_book(5, 0)
    book.members["joined_at"] = [195 * DAY, 170 * DAY, 110 * DAY, 0, -1]
    entries = book.entries
    for row, (member, amount, day) in enumerate([(0, 10_00, 199), (2, -3_00, 180), (3, 8_00, 171), (0, 5_00, 200)]):
        entries[row]["member"], entries[row]["amount"], entries[row]["time"] = member, amount, day * DAY
    orders = book.orders
    orders["chain"] = -1
    for row, (promoter, day) in enumerate([(2, 172), (2, 199), (3, 171), (-1, 190)]):
        orders[row]["chain"][0], orders[row]["paid_at"] = promoter, day * DAY
    book.clock["entries"], book.clock["orders"] = 4, 4
    return book


def test_bands_by_hand():
    """1 shared: a promoter without income. 3 neither shared nor earned in time, so she is none."""
    sharers = np.array([False, True, False, False, False])
    new, between, old = bands_of(a_book(), sharers, 172 * DAY, 200 * DAY)
    assert new == Band(promoters=1, income=10_00, orders=0, without=0)
    assert between == Band(promoters=1, income=0, orders=0, without=1)
    assert old == Band(promoters=1, income=-3_00, orders=2, without=1)


def test_balance_is_what_a_new_promoter_earns_beside_another():
    """2 yuan each against 24 / 6 = 4."""
    found = Retention(bands=(Band(5, 10_00, 1, 2), Band(4, 4_00, 1, 2), Band(2, 20_00, 1, 0)))
    assert found.balance == 0.5
    assert Retention(bands=(Band(5, 10_00, 1, 2), Band(4, 0, 0, 4), Band(0, 0, 0, 0))).balance is None
    assert Retention(bands=(Band(0, 0, 0, 0), Band(4, 4_00, 0, 4), Band(0, 0, 0, 0))).balance is None


@pytest.fixture(scope="module")
def lived():
    return worlds.logged(people=2000, days=59, behaviour={"organic": 0.01})


def test_cohorts_are_those_of_the_log(lived):
    """Sets of members, week by week: whoever joined, whoever shared or placed an order. 59 days are 8 whole weeks."""
    model, events = lived
    found = retention_of(model).cohorts
    week = (events["time"] // DAY - model.world.start) // 7
    kinds = events["kind"]
    joins = kinds == Kind.register
    cohort = dict(zip(events["member"][joins].tolist(), week[joins].tolist(), strict=True))
    active = (kinds == Kind.share) | (kinds == Kind.order)
    pairs = set(zip(events["member"][active].tolist(), week[active].tolist(), strict=True))
    assert len(found) == 8
    for one in found:
        mine = {member for member, joined in cohort.items() if joined == one.week}
        assert one.members == len(mine)
        assert list(one.active) == [sum((who, week) in pairs for who in mine) for week in range(one.week, 8)]


def test_months_are_those_of_the_book(lived):
    """Two months of four weeks; what comes after the last whole week is not in them."""
    model, _ = lived
    first, second = retention_of(model).months
    book = model.store.book
    end = (model.world.start + 56) * DAY
    entries = book.rows("entries")
    entries = entries[entries["time"] < end]
    assert sum(first.income) + sum(second.income) == entries["amount"].sum()
    assert first.orders[1:] == (0, 0)
    assert sum(first.orders) > 0
    orders = book.rows("orders")
    orders = orders[(orders["paid_at"] >= 0) & (orders["paid_at"] < end) & (orders["chain"][:, 0] >= 0)]
    assert sum(first.orders) + sum(second.orders) == len(orders)


def test_what_is_told_of_a_run(lived):
    model, _ = lived
    told = json.loads(json.dumps(retention_told(retention_of(model))))
    assert [len(one["active"]) for one in told["retention"]] == list(range(8, 0, -1))
    assert set(told["newcomers"]["bands"]) == {"new", "between", "old"}
    assert len(told["newcomers"]["months"]) == 2
    for lang, words in (("zh", ["留存", "1–4", "无收入占比"]), ("en", ["Retention", "without income", "after 4"])):
        said = io.StringIO()
        print_retention(Console(file=said, width=120), retention_of(model), lang)
        assert all(word in said.getvalue() for word in words)


@pytest.mark.parametrize(("days", "cohorts", "months"), [(3, 0, 0), (7, 1, 0), (28, 4, 1)])
def test_short_runs(days, cohorts, months):
    found = retention_of(worlds.model(people=300, days=days).run())
    assert (len(found.cohorts), len(found.months), len(found.bands)) == (cohorts, months, 3 * bool(months))
    print_retention(Console(file=io.StringIO()), found, "zh")
    assert retention_told(found)["newcomers"]["bands"].keys() == ({"new", "between", "old"} if months else set())
