"""Intervals of ratios and verdicts, worked by hand."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special

from rules.plan.values import Title
from sim.claims.judging import decided, judged, ratio
from sim.claims.model import Arm, Claim, Family
from sim.validation.claim import Estimate

WORDS = Title(zh="说", en="said")


def claim(figure: str, **more) -> Claim:
    exact = {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in more.items()}
    return Claim(id="it", title=WORDS, reading=WORDS, figure=figure, **exact)


def family(*claims: Claim) -> Family:
    arms = [Arm(id=name, title=WORDS, plan="three_tier") for name in ("before", "after")]
    return Family(
        family="T", title=WORDS, source=WORDS, market="three_tier", people=100, days=10, arms=arms, claims=list(claims)
    )


def verdict(one: Claim, before: list, after: list, **references):
    """Rows of one figure, or of several as dicts."""
    rows = {
        name: [row if isinstance(row, dict) else {one.figure: row} for row in values]
        for name, values in (("before", before), ("after", after))
    }
    return judged(one, family(one), rows, references)


def test_against_a_fixed_number_it_is_the_interval_of_the_mean():
    # mean 2, deviation 1, standard error 1/√3; t of 2 degrees at 97.5 % is 4.302653: half 2.484138
    found = ratio([(1, 1), (2, 1), (3, 1)])
    assert (found.mean, found.low, found.high) == pytest.approx((2, -0.484138, 4.484138), abs=1e-5)


def test_a_ratio_that_is_always_the_same_has_no_width():
    found = ratio([(20, 10), (22, 11), (24, 12)])
    assert (found.mean, found.low, found.high) == pytest.approx((2, 2, 2))


def test_a_lower_mean_that_may_be_nothing_gives_no_ends():
    found = ratio([(1, 0.1), (2, -0.1), (3, 0.2)])
    assert found.low == -math.inf
    assert found.high == math.inf


def test_one_replication_tells_a_mean_and_no_interval_and_none_tells_nothing():
    assert ratio([(3, 2)]) == Estimate(1.5, -math.inf, math.inf)
    assert ratio([]) is None
    assert ratio([(3, 0), (2, 0)]) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(5, 6)), min_size=3, max_size=8))
def test_at_its_ends_the_paired_test_is_just_at_its_limit(pairs):
    """Fieller's own definition: c is an end where the mean of x − c·y is t standard errors from 0."""
    x, y = np.array(pairs).T
    assume(np.std(x) > 0.1)
    found = ratio(pairs)
    t = float(special.stdtrit(len(pairs) - 1, 0.975))
    for end in (found.low, found.high):
        rest = x - end * y
        assert abs(rest.mean()) == pytest.approx(t * rest.std(ddof=1) / math.sqrt(len(pairs)), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("low", "high", "bound", "upward", "said"),
    [
        (0.5, 0.9, 0.5, True, "held"),
        (0.49, 0.9, 0.5, True, "undecided"),
        (0.1, 0.49, 0.5, True, "not held"),
        (0.1, 0.5, 0.5, True, "undecided"),
        (-0.5, -0.3, -0.3, False, "held"),
        (-0.5, -0.2, -0.3, False, "undecided"),
        (-0.2, 0.1, -0.3, False, "not held"),
        (-math.inf, math.inf, 0.5, True, "undecided"),
    ],
)
def test_the_interval_decides(low, high, bound, upward, said):
    assert decided(Estimate((low + high) / 2, low, high), bound, upward) == said


def test_a_change_is_against_the_other_arm():
    # K of 0.5 becomes 0.8 in every replication: +60 %, without any spread
    for bound, said in ((0.5, "held"), (0.7, "not held")):
        found = verdict(claim("fission_k", at_least=bound), [0.5, 0.5, 0.5], [0.8, 0.8, 0.8])
        assert (found.estimate.mean, found.verdict) == (pytest.approx(0.6), said)
    # 0.6 and 0.9: mean +50 %, t of 1 degree is 12.7: anything is possible
    assert verdict(claim("fission_k", at_least=0.4), [0.5, 0.5], [0.6, 0.9]).verdict == "undecided"


def test_money_is_in_yuan_and_over_a_reference():
    one = claim("acquisition_cost", **{"as": "level"}, over="ad", at_most=0.5)
    found = verdict(one, [0, 0], [50_00, 50_00], ad=142)
    assert found.estimate.mean == pytest.approx(50 / 142)  # 0.352
    assert found.verdict == "held"
    assert verdict(one, [0, 0], [50_00, 50_00], ad=60).verdict == "not held"  # 0.833


def test_a_part_of_the_market_times_the_people_within_reach():
    one = claim("promoter_share", **{"as": "level"}, times="reach", at_least=1_000_000)
    found = verdict(one, [0, 0], [0.2, 0.2], reach=10_000_000)
    assert (found.estimate.mean, found.verdict) == (pytest.approx(2_000_000), "held")


def test_what_an_additional_buyer_costs_counts_only_those_who_would_not_have_come():
    # 300 yuan more of commission, 30 buyers instead of 20: 30 yuan for each of the ten; not 10 for each of the thirty
    one = claim("commission", **{"as": "per_extra_buyer"}, at_most=25)
    before = [{"commission": 0, "active_buyers": 20}] * 2
    found = verdict(one, before, [{"commission": 300_00, "active_buyers": 30}] * 2)
    assert (found.estimate.mean, found.verdict) == (pytest.approx(30), "not held")


def test_replications_without_a_figure_are_left_out():
    found = verdict(claim("retention_30", at_least=0.4), [0.2, None, 0.2], [0.3, 0.3, None])
    assert (found.pairs, found.verdict) == (1, "undecided")
    assert verdict(claim("retention_30", at_least=0.4), [None], [0.3]).estimate is None
