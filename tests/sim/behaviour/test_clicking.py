"""Clicking: trust, ties, patience and channels move it; luck belongs to (sharer, day, k)."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from sim.behaviour import clicking
from sim.behaviour.sharing import Shares

ALIKE = {"fatigue": 0.5, "click": 0.4, "distant": 0.5}


@pytest.fixture
def world():
    made = worlds.model(3000, 30, behaviour=ALIKE, market={"channels": []}).world
    made.crowd["attention"] = 0.5
    return made


def shares_of(persons, reach=30) -> Shares:
    persons = np.array(persons, np.int32)
    return Shares(persons, np.full(len(persons), 1000), np.full(len(persons), reach))


def test_click_rate_by_tie(world):
    clicks = clicking.click(world, shares_of(range(3000)))
    near = clicks.tie == 1.0
    seen = 3000 * 30
    local = world.given.local
    assert near.sum() == pytest.approx(seen * local * 0.4 * 0.5, rel=0.05)
    assert (~near).sum() == pytest.approx(seen * (1 - local) * 0.4 * 0.5 * 0.5, rel=0.05)
    assert (clicks.visitor != clicks.sharer).all()


def test_patience_wears_off_with_shares_seen(world):
    world.crowd["fatigue"] = 4
    clicks = clicking.click(world, shares_of(range(3000)))
    local = world.given.local
    assert len(clicks.visitor) == pytest.approx(90_000 * (local + (1 - local) / 2) * 0.2 / 3, rel=0.06)
    assert world.crowd["fatigue"].sum() == 4 * 3000 + 90_000
    world.crowd["fatigue"] = 255
    clicking.click(world, shares_of(range(3000)))
    assert (world.crowd["fatigue"] == 255).all()


def test_who_else_shares_changes_nothing(world):
    fatigue = world.crowd["fatigue"].copy()
    many = clicking.click(world, shares_of(range(0, 3000, 2)))
    world.crowd["fatigue"] = fatigue
    few = clicking.click(world, shares_of([400, 2, 1234]))
    mine = np.isin(many.sharer, [400, 2, 1234])
    for name in ("visitor", "sharer", "k", "second", "tie"):
        assert (getattr(many, name)[mine] == getattr(few, name)).all(), name


def test_clicks_come_in_time_and_after_the_share(world):
    clicks = clicking.click(world, shares_of(range(500)))
    assert (np.diff(clicks.second) >= 0).all()
    assert (clicks.second >= 1000 + clicking.SOONEST).all()
    assert (clicks.second <= 1000 + clicking.LATEST).all()
    event = world.today[-1]
    assert (event["member"] == clicks.visitor).all()
    assert (event["other"] == clicks.sharer).all()


def test_no_shares_no_clicks(world):
    assert len(clicking.click(world, shares_of([])).visitor) == 0


def test_clicks_stand_in_the_order_of_second_and_word_even_where_words_begin_alike():
    second = np.array([5, 3, 5, 5, 3, 86_399, 0])
    words = np.array([7, 2**63, 6, 2**64 - 1, 2**63 - 1, 0, 2**64 - 1], np.uint64)  # 7 and 6: alike in their first bits
    assert clicking.by_second_and_word(second, words).tolist() == [6, 4, 1, 2, 0, 3, 5]
    apart = words * np.uint64(2**17)
    assert clicking.by_second_and_word(second, apart).tolist() == np.lexsort((apart, second)).tolist()
