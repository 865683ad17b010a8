"""Weekdays, hours and days that stand out, found in counts whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from shops import MONDAY, shop

from rules.events import DAY
from sim.calibration.seasons import seasons, weekday_traffic

WEEK = np.array([0.9, 0.9, 0.95, 1.0, 1.05, 1.15, 1.05])


def with_counts(counts: np.ndarray, discount: float = 0.0, on: int = -1):
    day = np.repeat(np.arange(len(counts)), counts)
    second = np.random.default_rng(3).integers(9 * 3600, 21 * 3600, len(day))
    paid = np.where(day == on, round(100_00 * (1 - discount)), 100_00)
    return shop(np.zeros(len(day), int), MONDAY + day * DAY + second, paid_amount=paid)


@pytest.mark.parametrize("seed", range(5))
def test_the_week_is_found_beside_growth(seed: int) -> None:
    growth = np.linspace(40, 120, 7 * 30)
    counts = np.random.default_rng(seed).poisson(growth * np.tile(WEEK, 30))
    found = seasons(with_counts(counts), 2.5)
    assert found.week == pytest.approx(WEEK, abs=0.06)
    assert sum(found.week) == pytest.approx(7)
    inside = [low <= truth <= high for low, truth, high in zip(found.low, WEEK, found.high, strict=True)]
    assert sum(inside) >= 4
    assert len(found.peaks) <= 1
    assert len(weekday_traffic(found).values["weekday_traffic"]) == 7


def test_a_promotion_is_found_with_its_discount_and_does_not_bend_the_week() -> None:
    counts = np.random.default_rng(1).poisson(60 * np.tile(WEEK, 20))
    counts[62] = round(3 * 60 * WEEK[62 % 7])
    found = seasons(with_counts(counts, 0.2, 62), 2.5)
    (peak,) = found.peaks
    assert peak.day == 62
    assert peak.discount == pytest.approx(0.2, abs=0.002)
    assert peak.low < 3 / (1 + 2.5 * 0.2) < peak.high
    assert found.week == pytest.approx(WEEK, abs=0.08)


def test_hours_are_known_only_where_times_are_more_than_dates() -> None:
    counts = np.full(60, 20)
    hourly = seasons(with_counts(counts), 2.5).hourly
    assert hourly is not None
    assert np.mean(hourly) == pytest.approx(1, abs=0.01)
    assert hourly[3] == 0.01
    days = np.repeat(np.arange(60), 20)
    assert seasons(shop(np.zeros(1200, int), MONDAY + days * DAY), 2.5).hourly is None


def test_too_little_is_said_to_be_too_little() -> None:
    found = weekday_traffic(seasons(with_counts(np.full(20, 50)), 2.5))
    assert not found.values
    assert "fewer than 6 whole weeks" in found.missing["weekday_traffic"].en
