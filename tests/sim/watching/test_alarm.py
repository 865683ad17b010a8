"""The alarm errs as rarely as it says, whatever figures are like; and says since when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.errors import InputError
from sim.watching.alarm import (
    WINDOWS,
    Calibration,
    Usual,
    began,
    calibrated,
    furthest,
    gauges,
    root,
    shares_of,
    together,
    unroot,
)

NAMES = ("gmv", "orders", "refund_rate")
KINDS = ("normal", "lognormal", "cauchy", "counts", "trend")


def drawn(kind: str, runs: int, days: int, seed: int) -> np.ndarray:
    """Exchangeable runs of some kind, (runs, metrics, days)."""
    luck, shape = np.random.default_rng(seed), (runs, len(NAMES), days)
    if kind == "counts":
        return luck.poisson(1.5, shape).astype(float)
    if kind == "cauchy":
        return np.abs(luck.standard_cauchy(shape)) * np.exp(luck.normal(0, 1, (runs, 1, 1)))
    if kind == "trend":
        return np.abs(np.cumsum(luck.normal(0, 1, shape), axis=2)) + 5
    return luck.lognormal(0, 1.5, shape) if kind == "lognormal" else np.abs(luck.normal(20, 3, shape))


@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 2**32),
    calibrating=st.integers(19, 60),
    days=st.integers(8, 40),
    alpha=st.sampled_from([0.05, 0.1, 0.2]),
)
@settings(max_examples=50)
def test_of_stores_that_are_alike_as_many_alarm_as_is_promised(kind, seed, calibrating, days, alpha):
    """Each of n + 1 in turn is the live one: just `most` alarm (fewer only where they tie), so a rank is exact."""
    runs = drawn(kind, 10 + calibrating + 1, days, seed)
    usual, others = Usual.of(NAMES, runs[:10]), runs[10:]
    reached = furthest(usual.deviations(others))[:, -1]
    without_first = calibrated(usual, others[1:], alpha)
    assert without_first.rate <= alpha
    assert np.array_equal(without_first.reached, np.sort(reached[1:])[::-1])
    alarms = 0
    for place, own in enumerate(reached):
        calibration = Calibration(np.sort(np.delete(reached, place))[::-1], without_first.most)
        assert (own > calibration.limit) == (calibration.p(own) <= calibration.rate)
        alarms += own > calibration.limit
    assert alarms <= without_first.most
    assert alarms == without_first.most or len(np.unique(reached)) < len(reached)


def test_looking_every_day_alarms_no_more_often_than_looking_once():
    runs = drawn("lognormal", 60, 40, 3)
    usual = Usual.of(NAMES, runs[:20])
    calibration = calibrated(usual, runs[20:], 0.05)
    for store in drawn("lognormal", 50, 40, 4):
        seen = usual.deviations(store[None])
        daily = [furthest(seen[..., : day + 1])[0, -1] > calibration.limit for day in range(40)]
        assert any(daily) == daily[-1] == (furthest(seen)[0, -1] > calibration.limit)


def test_few_runs_are_refused_with_the_number_that_is_enough():
    assert shares_of(60, 0.05) == 20
    with pytest.raises(InputError, match="28 replications or more") as refused:
        shares_of(12, 0.05)
    assert shares_of(28, 0.05) <= 28 - 19
    assert "0.05" in str(refused.value)


def test_a_mean_of_days_is_the_ratio_of_the_days_together_and_leaves_out_what_is_not_told():
    names = ("gmv", "refund_rate")
    figures = np.array([[[100.0, 300.0, np.nan, 50.0], [0.10, 0.02, 0.5, np.nan]]])
    assert together(names, figures, "refund_rate", None)[0].tolist() == pytest.approx([0.1, 0.04, 0.04, 0.04])
    assert together(names, figures, "gmv", 2)[0].tolist() == pytest.approx([100, 200, 300, 50])
    alone = together(("refund_rate",), figures[:, 1:], "refund_rate", None)[0]
    assert alone[1] == pytest.approx(0.06)


def test_states_are_taken_as_they_stand_and_a_first_week_is_not_judged():
    names = ("repurchase_rate", "gmv")
    seen = gauges(names, np.full((3, 2, 10), 4.0))
    assert seen.shape == (3, 2, len(WINDOWS), 10)
    assert (seen[:, 0, 0] == 2).all()
    assert np.isnan(seen[:, 0, 1:]).all()
    assert np.isnan(seen[:, 1, :, :4]).all()
    assert (seen[:, 1, :, 4:] == 2).all()


def test_a_metric_that_never_varies_is_not_judged():
    runs = drawn("normal", 30, 20, 1)
    runs[:, 1] = 7
    usual = Usual.of(NAMES, runs)
    assert usual.varies.tolist() == [True, False, True]
    assert np.isnan(usual.deviations(runs)[:, 1]).all()


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5))
def test_roots_keep_the_sign(values):
    found = unroot(root(np.array(values)))
    assert np.allclose(found, values, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(("fall", "day"), [(-2.0, 0), (-2.0, 25), (-3.0, 50), (2.5, 30)])
def test_the_day_since_which_it_is_off(fall, day):
    found = []
    for seed in range(30):
        days = np.random.default_rng(seed).normal(0, 1, 60)
        days[day:] += fall
        days[7] = np.nan
        found.append(began(days, 59, int(np.sign(fall))))
    assert abs(np.median(found) - day) <= 1
    assert np.mean(np.abs(np.array(found) - day) <= 3) >= 0.8
