"""What a learner believes of plans: against sums by hand, another solution of the same equations, and many draws."""

from __future__ import annotations

import numpy as np
import pytest

from sim.actors.beliefs import Beliefs, believe, choose, draw


def test_two_plans_by_hand():
    """Tried as ABBA, plans and trend do not touch: A has a mean of 1000, B of 900, and both fall by 380 a look."""
    found = believe([0, 1, 1, 0], [1_600, 1_000, 800, 400], 2, 0.0)
    trend = -1_900 / 5.01  # sum of products 1900, of squares 5, and the prior's 0.01
    edge = 50 * 2 / 3  # half of what lies between them, over two looks and the prior's one
    assert found.mean == pytest.approx([950 + 2.5 * trend + edge, 950 + 2.5 * trend - edge])
    assert found.freedom == 3
    explained = 1_900**2 / 5.01 + 2 * 2 * 50 * edge
    assert found.noise == pytest.approx((650**2 + 50**2 + 150**2 + 550**2 - explained) / 3)
    assert found.spread == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)


def test_the_same_by_least_squares():
    """A conjugate prior is one more look at each unknown: ordinary least squares with these added says the same."""
    luck = np.random.default_rng(5)
    tried, rewards = luck.integers(0, 3, 20), luck.integers(-4_000, 9_000, 20)
    found = believe(tried.tolist(), rewards.tolist(), 3, 0.2)
    weight = 0.8 ** np.arange(19, -1, -1.0)
    rows = np.column_stack([tried == 0, tried == 1, tried == 2, np.ones(20), np.arange(-20.0, 0)])
    prior = np.diag([1, 1, 1, 0, 0.1])[[0, 1, 2, 4]]
    design = np.vstack([rows * np.sqrt(weight)[:, None], prior])
    target = np.concatenate([rewards * np.sqrt(weight), np.zeros(4)])
    solution, left, _, _ = np.linalg.lstsq(design, target, rcond=None)
    assert found.mean == pytest.approx(solution[3] + solution[:3])
    assert found.noise == pytest.approx(left[0] / (weight.sum() - 1))
    assert found.spread == pytest.approx(np.linalg.inv(design.T @ design)[:3, :3])


def test_a_trend_that_all_plans_share_is_no_merit_of_the_one_that_came_first():
    """The figures fall by 100 a look whatever the plan; plan 1 is worth 50 more."""
    tried = [0] * 10 + [1] * 10 + [0, 1] * 5
    rewards = [5_000 - 100 * look + 50 * plan for look, plan in enumerate(tried)]
    found = believe(tried, rewards, 2, 0.0)
    assert found.mean == pytest.approx([2_000, 2_050], abs=5)
    assert found.mean[1] - found.mean[0] == pytest.approx(50, abs=5)


def test_what_was_left_for_long_becomes_uncertain_again():
    sure = believe([0, 1] * 6, [100, 90] * 6, 2, 0.1).spread
    later = believe([0, 1] * 6 + [0] * 20, [100, 90] * 6 + [100] * 20, 2, 0.1).spread
    apart = np.array([1, -1])
    assert apart @ later @ apart > 2 * apart @ sure @ apart
    assert apart @ later @ apart < 2  # what the prior says of two edges


def test_draws_are_those_of_a_multivariate_t():
    beliefs = Beliefs(np.array([10.0, 30.0]), np.array([[0.5, 0.2], [0.2, 1.0]]), 4.0, 9.0)
    luck = np.random.default_rng(1).random((10_000, 3))
    drawn = np.array([draw(beliefs, lambda k, row=row: float(row[k])) for row in luck])
    assert drawn.mean(axis=0) == pytest.approx(beliefs.mean, abs=0.1)
    assert np.cov(drawn.T) == pytest.approx(beliefs.noise * beliefs.spread * 9 / 7, rel=0.08)


def test_ways_to_choose():
    beliefs = Beliefs(np.array([10.0, 12.0, 8.0]), np.diag([0.1, 0.1, 4.0]), 9.0, 12.0)
    luck = np.random.default_rng(2)
    count = {
        learn: np.bincount([choose(beliefs, learn, 0.1, lambda k: luck.random()) for _ in range(2_000)], minlength=3)
        for learn in ("thompson", "ucb", "greedy", "random")
    }
    assert count["ucb"].tolist() == [0, 0, 2_000]  # what is least known reaches highest
    assert count["greedy"] / 2_000 == pytest.approx([0.1 / 3, 1 - 0.2 / 3, 0.1 / 3], abs=0.02)
    assert count["random"] / 2_000 == pytest.approx([1 / 3] * 3, abs=0.04)
    assert count["thompson"][1] > count["thompson"][2] > count["thompson"][0] > 0


def test_figures_that_never_differ_leave_nothing_to_choose_by():
    found = believe([0, 1, 0], [7, 7, 7], 2, 0.1)
    assert found.noise == 0
    assert choose(found, "thompson", 0.1, lambda k: 0.0) == 0
