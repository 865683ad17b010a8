import numpy as np
import pytest

from sim.experiments.tipping import tipping_of

RANGES = {"click": (0.1, 0.3), "cost": (1.0, 2.0), "reach": (0.0, 1.0)}


def studied(rng, n, worth, noise=300.0, ranges=RANGES):
    """A made-up difference over values drawn from ranges."""
    drawn = [{name: rng.uniform(*ends) for name, ends in ranges.items()} for _ in range(n)]
    luck = rng.normal(1e6, 5e4, n)
    gained = [worth(row) + rng.normal(0, noise) for row in drawn]
    return tipping_of("B", "A", [(a + d, a) for a, d in zip(luck, gained, strict=True)], drawn, ranges)


def line(found, name):
    return next(one for one in found.lines if one.name == name)


def test_a_planted_tipping_point_is_found_and_covered() -> None:
    """Zero at click 18 %, wherever the others are; the middle of cost adds nothing."""
    rng, held, wide = np.random.default_rng(1), 0, []
    for _ in range(250):
        found = line(studied(rng, 40, lambda row: 2e4 * (row["click"] - 0.18) + 400 * (row["cost"] - 1.5)), "click")
        (point,) = found.points
        assert point.above
        assert found.answer == "tips"
        held, wide = held + (point.low <= 0.18 <= point.high), [*wide, point.high - point.low]
    assert held / 250 >= 0.94
    assert np.mean(wide) < 0.04


def test_what_matters_most_comes_first_and_the_rest_wins_everywhere() -> None:
    found = studied(np.random.default_rng(2), 60, lambda row: 1e5 * (row["click"] - 0.18) + 400 * (row["cost"] - 1.5))
    assert next(one.name for one in found.lines) == "click"
    assert found.lines[0].share > 0.9
    assert line(found, "reach").answer == "more"
    assert not found.everywhere
    assert 0 < found.ahead < found.replications == 60


def test_where_nothing_tips_it_wins_over_the_whole_range() -> None:
    found = studied(np.random.default_rng(3), 40, lambda row: 5_000 + 1_000 * row["reach"])
    assert found.everywhere
    assert found.ahead == 40
    assert all(not one.points for one in found.lines)
    worse = studied(np.random.default_rng(3), 40, lambda row: -5_000)
    assert {one.answer for one in worse.lines} == {"less"}


def test_without_effect_nothing_is_said() -> None:
    said = [studied(np.random.default_rng(seed), 30, lambda row: 0.0) for seed in range(60)]
    answers = [one.answer for found in said for one in found.lines]
    assert answers.count("open") / len(answers) > 0.8
    assert not any(found.everywhere for found in said)


def test_a_bend_is_seen_and_can_tip_twice() -> None:
    ranges = {"click": (0.0, 1.0)}
    worth = lambda row: 4_000 - 30_000 * (row["click"] - 0.5) ** 2  # noqa: E731
    found = studied(np.random.default_rng(4), 80, worth, ranges=ranges).lines[0]
    assert [point.above for point in found.points] == [True, False]
    assert [point.value for point in found.points] == pytest.approx([0.135, 0.865], abs=0.03)


def test_too_few_replications_fit_nothing() -> None:
    found = studied(np.random.default_rng(5), 7, lambda row: 1.0)
    assert found.lines == ()
    assert not found.everywhere
