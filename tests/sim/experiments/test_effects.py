import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.effects import holm, judged, measure, turned


def rows(numbers, name="x"):
    return [{name: number} for number in numbers]


def effect(base, other):
    return measure("x", "b", rows(base), rows(other), 0.95)


BASE = [10.0, 12.5, 9.0, 14.0, 11.0, 8.5]
OTHER = [11.0, 12.9, 10.4, 14.1, 12.6, 9.0]

money = st.integers(-(10**12), 10**12)
number = st.one_of(money, st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-6))
pair_lists = st.lists(st.tuples(number, number), min_size=2, max_size=12)


def test_paired_interval_and_p_are_those_of_scipy():
    found = effect(BASE, OTHER)
    known = stats.ttest_rel(OTHER, BASE)
    low, high = known.confidence_interval(0.95)
    assert found.p == pytest.approx(known.pvalue, rel=1e-12)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)
    assert found.difference == pytest.approx(np.mean(np.subtract(OTHER, BASE)))
    assert found.relative == pytest.approx(found.difference / np.mean(BASE))


def test_unpaired_interval_is_welch_of_scipy():
    found = effect(BASE, OTHER)
    low, high = stats.ttest_ind(OTHER, BASE, equal_var=False).confidence_interval(0.95)
    assert (found.low_unpaired, found.high_unpaired) == pytest.approx((low, high), rel=1e-12)


def test_variance_ratio_is_independent_variance_over_paired_variance():
    found = effect(BASE, OTHER)
    wanted = (np.var(BASE, ddof=1) + np.var(OTHER, ddof=1)) / np.var(np.subtract(OTHER, BASE), ddof=1)
    assert found.variance_ratio == pytest.approx(wanted)
    assert found.variance_ratio > 5


def test_confidence_widens_the_interval():
    wide = measure("x", "b", rows(BASE), rows(OTHER), 0.99)
    narrow = effect(BASE, OTHER)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_holm_by_hand():
    # m = 4: 0.01 × 4, 0.02 × 3, 0.03 × 2, 0.04 × 1, each at least the one before.
    assert holm([0.03, 0.01, None, 0.04, 0.02]) == pytest.approx([0.06, 0.04, None, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
    assert holm([None]) == [None]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_monotone_and_never_lowers_a_p_value(p_values):
    adjusted = holm(p_values)
    assert all(p <= a <= 1 for p, a in zip(p_values, adjusted, strict=True))
    in_order = sorted(zip(p_values, adjusted, strict=True))
    assert [a for _, a in in_order] == sorted(adjusted)
    assert adjusted[p_values.index(min(p_values))] == min(1.0, min(p_values) * len(p_values))


@given(st.lists(number, min_size=1, max_size=12))
def test_identical_arms_show_no_difference(numbers):
    found = judged(effect(numbers, list(numbers)), 1.0)
    assert found.verdict == "no difference"
    assert found.difference == 0
    assert found.variance_ratio is None
    if len(numbers) > 1:
        assert (found.low, found.high, found.p) == (0, 0, 1)


@given(pair_lists)
def test_swapping_the_arms_turns_every_sign(pairs):
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    there, back = effect(a, b), effect(b, a)
    assert back.difference == -there.difference
    assert (back.low, back.high) == (-there.high, -there.low)
    assert back.p == there.p
    assert (back.variance_ratio or 0) == pytest.approx(there.variance_ratio or 0, rel=1e-9)
    assert turned(there, "b").low_unpaired == pytest.approx(back.low_unpaired, rel=1e-9, abs=1e-9)


@given(pair_lists)
def test_p_and_interval_agree(pairs):
    found = effect([p[0] for p in pairs], [p[1] for p in pairs])
    assert 0 <= found.p <= 1
    assert found.low <= found.difference <= found.high
    if found.deviation and abs(found.p - 0.05) > 1e-6:
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


@given(pair_lists, st.randoms(use_true_random=False))
def test_the_order_of_replications_does_not_matter(pairs, random):
    mixed = list(pairs)
    random.shuffle(mixed)
    one = effect([p[0] for p in pairs], [p[1] for p in pairs])
    two = effect([p[0] for p in mixed], [p[1] for p in mixed])
    assert (one.difference, one.verdict, one.pairs) == (two.difference, two.verdict, two.pairs)
    assert one.p == pytest.approx(two.p, rel=1e-6, abs=1e-12)


def test_missing_values_drop_their_pair_only():
    found = effect([1.0, None, 3.0, math.nan, 5.0], [2.0, 9.0, None, 4.0, 7.0])
    assert found.pairs == 2
    assert (found.mean_baseline, found.mean, found.difference) == (3.0, 4.5, 1.5)


def test_a_metric_without_any_pair_has_no_figures():
    found = judged(effect([None, 1.0], [2.0, math.inf]), None)
    assert found.pairs == 0
    assert found.verdict == "not shown"
    assert {found.mean, found.difference, found.low, found.p, found.p_adjusted} == {None}
    assert measure("y", "b", rows([1.0]), rows([1.0]), 0.95).pairs == 0


def test_one_replication_has_a_difference_but_no_interval():
    found = judged(effect([100], [130]), None)
    assert (found.difference, found.relative) == (30.0, 0.3)
    assert {found.low, found.high, found.low_unpaired, found.p, found.variance_ratio} == {None}
    assert found.verdict == "not shown"
    assert effect([100], [100]).verdict == "no difference"


def test_a_constant_difference_in_money_is_an_exact_effect():
    found = effect([1_000_00, 1_200_37, 900_11], [1_050_00, 1_250_37, 950_11])
    assert (found.low, found.high, found.difference) == (5_000.0, 5_000.0, 5_000.0)
    assert found.p < 1e-6
    assert found.variance_ratio is None
    assert judged(found, found.p).verdict == "higher"


def test_a_constant_difference_of_floats_is_an_exact_effect():
    found = effect([0.1, 0.2, 0.3], [0.1 + 0.05, 0.2 + 0.05, 0.3 + 0.05])
    assert found.p == 0.0
    assert found.low == found.high == pytest.approx(0.05)
    assert found.variance_ratio is None


def test_two_small_counts_that_agree_prove_nothing():
    found = effect([101, 97], [102, 98])
    assert found.low == found.high == 1.0
    assert found.p > 0.05


def test_rounding_of_floats_is_not_a_difference():
    assert effect([0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]).verdict == "no difference"


def test_whole_numbers_beyond_double_precision_are_subtracted_exactly():
    big = 9_007_199_254_740_993
    assert effect([big, big], [big + 1, big + 1]).difference == 1.0


def test_a_baseline_of_zero_has_no_relative_difference():
    assert effect([0, 0, 0], [1, 2, 3]).relative is None


def test_relative_difference_of_a_negative_baseline_keeps_the_sign_of_the_change():
    assert effect([-100.0, -100.0], [-50.0, -60.0]).relative == pytest.approx(0.45)


def test_numpy_numbers_are_read_like_python_ones():
    found = measure("x", "b", rows(np.array([1, 2, 4])), rows(np.array([3, 5, 9])), 0.95)
    assert isinstance(found.difference, float)
    assert found.difference == pytest.approx(10 / 3)


def test_verdict_follows_the_adjusted_p_value():
    found = effect(BASE, OTHER)
    assert judged(found, 0.049).verdict == "higher"
    assert judged(found, 0.05).verdict == "not shown"
    assert judged(effect(OTHER, BASE), 0.049).verdict == "lower"
