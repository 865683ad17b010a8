"""Estimators: what they say by hand, over all assignments, and how often their intervals hold."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from sim.trials.estimators import alternation, split

NOTHING = np.zeros((1, 6))


def arm_of(units, count=6):
    chosen = np.zeros(count, np.bool_)
    chosen[list(units)] = True
    return chosen


def test_without_a_past_it_is_the_difference_of_means_with_the_error_of_welch():
    brought, under_b = np.array([[3.0, 5.0, 7.0, 1.0, 1.5, 4.0]]), arm_of((0, 1, 2))
    found = split([(brought, under_b)], NOTHING, 1.0)
    welch = stats.ttest_ind(brought[0, under_b], brought[0, ~under_b], equal_var=False)
    assert found.value[0] == pytest.approx(brought[0, :3].mean() - brought[0, 3:].mean())
    assert found.value[0] / found.error[0] == pytest.approx(welch.statistic)
    assert found.freedom[0] == pytest.approx(welch.df - 1)


def test_over_all_assignments_its_mean_is_the_effect_on_these_units():
    a = np.array([[3.0, 5.0, 7.0, 1.0, 1.5, 4.0]])
    b = a + np.array([[0.0, 2.0, -1.0, 3.0, 0.5, 1.0]])
    arms = [arm_of(units) for units in combinations(range(6), 3)]
    values = [split([(np.where(arm, b, a), arm)], NOTHING, 1.0).value[0] for arm in arms]
    assert np.mean(values) == pytest.approx((b - a).mean())


def test_a_past_that_foretells_everything_leaves_no_error():
    before = np.arange(6.0)[None]
    under_b = arm_of((0, 3, 4))
    found = split([(2 * before + 5 + 3 * under_b, under_b)], before, 2.0)
    assert found.value[0] == pytest.approx(2 * 3)
    assert found.error[0] == pytest.approx(0, abs=1e-9)


def test_intervals_of_a_split_hold_as_often_as_they_say():
    """Heavy tails, 400 units, 1,500 assignments, the same effect on all."""
    luck = np.random.default_rng(1)
    brought = luck.lognormal(0, 1, (1, 400))
    before = brought + luck.lognormal(0, 1, (1, 400))
    held = 0
    for _ in range(1500):
        arm = luck.permutation(400) < 200
        low, high = split([(brought + 0.3 * arm, arm)], before, 1.0).interval()
        held += low[0] <= 0.3 <= high[0]
    assert held / 1500 == pytest.approx(0.95, abs=0.02)


def test_stages_of_a_release_add_up_and_a_person_is_one_unit_in_all_of_them():
    """The same figures twice make twice the effect, and twice the error: not √2 of it."""
    luck = np.random.default_rng(2)
    brought, arm = luck.normal(0, 1, (1, 200)), luck.permutation(200) < 50
    once = split([(brought, arm)], np.zeros((1, 200)), 1.0)
    twice = split([(brought, arm), (brought, arm)], np.zeros((1, 200)), 1.0)
    assert twice.value[0] == pytest.approx(2 * once.value[0])
    assert twice.error[0] == pytest.approx(2 * once.error[0])


def test_a_time_split_pairs_blocks_and_leaves_out_their_first_days():
    level, effect = np.repeat([10.0, 40.0], 8), 2.0
    b_first = np.array([True, False])
    under_b = np.repeat([True, False, False, True], 4)
    daily = level + effect * under_b
    daily[[0, 4, 8, 12]] = 1e6  # what is carried over
    found = alternation(daily[None], b_first, block=4, washout=1, people=8)
    assert found.value[0] == pytest.approx(effect * 16 / 8)
    assert found.error[0] == pytest.approx(0, abs=1e-9)
    assert found.freedom[0] == 1


def test_one_pair_of_blocks_has_no_error():
    found = alternation(np.ones((1, 8)), np.array([True]), block=4, washout=0, people=1)
    assert np.isnan(found.error[0])
    assert np.isnan(found.interval()[0][0])
