import math

import numpy as np
import pytest

from sim.experiments.effects import measure, turned
from sim.experiments.relative import relative_of


def pairs(rng, n, lift=1.05, common=0.2, own=0.05):
    shared = rng.normal(0, common, n)
    return 100 * np.exp(shared + rng.normal(0, own, n)), 100 * lift * np.exp(shared + rng.normal(0, own, n))


def test_the_interval_is_of_the_ratio_and_covers_it() -> None:
    rng, held = np.random.default_rng(1), 0
    for _ in range(2_000):
        found = relative_of(*pairs(rng, 12), 0.05)
        held += found.low <= 0.05 <= found.high
    assert held / 2_000 == pytest.approx(0.95, abs=0.015)


def test_where_an_effect_is_proportional_it_is_narrower_than_the_difference_over_the_mean() -> None:
    base, other = pairs(np.random.default_rng(2), 30, lift=1.5)
    found = relative_of(base, other, 0.05)
    effect = measure("x", "b", [{"x": v} for v in base], [{"x": v} for v in other], 0.95)
    assert (found.high - found.value) / (1 + found.value) < 0.7 * (effect.high - effect.low) / 2 / base.mean()
    assert found.variance_ratio > 1.2 * effect.variance_ratio
    assert (effect.relative_low, effect.relative_high) == (found.low, found.high)


def test_exactly_proportional_figures_have_no_doubt() -> None:
    found = relative_of([100.0, 120.0, 90.0], [110.0, 132.0, 99.0], 0.05)
    assert (found.low, found.high) == pytest.approx((0.1, 0.1))
    assert found.low == pytest.approx(found.value, abs=1e-12) == found.high


def test_turned_round_it_is_the_same_interval() -> None:
    base, other = pairs(np.random.default_rng(3), 10)
    rows = [[{"x": v} for v in column] for column in (base, other)]
    there, back = measure("x", "b", *rows, 0.95), measure("x", "a", *rows[::-1], 0.95)
    assert turned(there, "a").relative_low == pytest.approx(back.relative_low)
    assert turned(there, "a").relative_high == pytest.approx(back.relative_high)


@pytest.mark.parametrize(
    ("base", "other"),
    [([-3.0, 2.0, 1.5], [1.0, 2.0, 3.0]), ([1.0], [2.0])],
    ids=["a baseline that may be 0", "one pair"],
)
def test_without_a_safe_baseline_there_is_a_value_and_no_interval(base, other) -> None:
    found = relative_of(base, other, 0.05)
    assert found.value == pytest.approx((np.mean(other) - np.mean(base)) / abs(np.mean(base)))
    assert found.low is None
    assert found.high is None


def test_losses_have_parts_of_their_size() -> None:
    found = relative_of([-100.0, -104.0, -98.0, -99.0], [-90.0, -95.0, -88.0, -89.0], 0.05)
    assert found.value > 0  # a smaller loss is more
    assert 0 < found.low < found.value < found.high
    assert relative_of([0.0, 0.0], [1.0, 2.0], 0.05) is None
    assert not math.isnan(found.variance_ratio)
