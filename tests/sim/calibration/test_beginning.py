"""Who ever buys, in people whose truth is known; a click before an order censors it."""

from __future__ import annotations

import numpy as np
import pytest
from shops import MONDAY, shop

from rules.events import DAY
from sim.calibration.beginning import NAMES, first_orders
from sim.calibration.shop import Clicks, People

TRUTH = {"first_purchase": 0.6, "first_purchase_invited": 0.4, "same_visit": 0.5, "first_delay": 9.0}


def people(count: int, seed: int) -> tuple[People, np.ndarray]:
    """Members of half a year, and when each first orders; the largest number = never."""
    luck = np.random.default_rng(seed)
    joined = MONDAY + luck.integers(0, 180 * DAY, count)
    invited = luck.random(count) < 0.5
    ever = luck.random(count) < np.where(invited, TRUTH["first_purchase_invited"], TRUTH["first_purchase"])
    at_once = luck.random(count) < TRUTH["same_visit"]
    soon = joined + 60 + luck.integers(0, 2_400, count)
    day = joined // DAY + 1 + (luck.exponential(TRUTH["first_delay"], count)).astype(int)
    first = np.where(at_once, soon, day * DAY + luck.integers(0, DAY, count))
    first = np.where(ever & (first < MONDAY + 200 * DAY), first, np.iinfo(np.int64).max)
    return People(joined, np.where(invited, 0, -1), np.ones(count, bool)), first


def test_the_truth_is_inside_most_intervals() -> None:
    held = dict.fromkeys(NAMES, 0)
    for seed in range(20):
        members, first = people(1_500, seed)
        bought = np.flatnonzero(first < np.iinfo(np.int64).max)
        found = first_orders(shop(bought, first[bought], people=members))
        assert list(found.values) == list(NAMES)
        for name in NAMES:
            low, high = found.intervals[name]
            held[name] += low <= TRUTH[name] <= high
    assert all(count >= 15 for count in held.values()), held


def test_what_followed_a_click_censors() -> None:
    """Whoever had not bought by then and ordered from a click says nothing of what she would have done later."""
    members, first = people(6_000, 4)
    luck = np.random.default_rng(5)
    clicked = np.flatnonzero(luck.random(6_000) < 0.4)
    at = members.joined[clicked] + luck.integers(3 * DAY, 20 * DAY, len(clicked))
    bought = np.flatnonzero(first < np.iinfo(np.int64).max)
    member, placed = np.append(bought, clicked), np.append(first[bought], at + 300)
    clicks = Clicks(at, np.zeros(len(at), np.int64), clicked)
    with_clicks = first_orders(shop(member, placed, people=members, clicks=clicks))
    blind = first_orders(shop(member, placed, people=members))
    assert with_clicks.values["first_purchase"] == pytest.approx(0.6, abs=0.03)
    assert with_clicks.values["first_delay"] == pytest.approx(9.0, rel=0.12)
    assert blind.values["first_purchase"] > 0.7


def test_without_a_list_of_members_it_says_so() -> None:
    found = first_orders(shop([0, 1], [MONDAY, MONDAY + DAY]))
    assert not found.values
    assert set(found.missing) == set(NAMES)
    everybody = People(np.full(2, MONDAY + 1), np.full(2, -1), np.ones(2, bool))
    bought = first_orders(shop([0, 1], [MONDAY + 9, MONDAY + DAY + 5], people=everybody))
    assert "the others are not in the data" in bought.missing["first_purchase"].en
