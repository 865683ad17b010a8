"""Scores over replications, and the advice that follows from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from trial_markets import trial

from sim.trials.advice import advise, is_fair
from sim.trials.figures import METRICS
from sim.trials.once import WAYS, Reading
from sim.trials.study import Tried
from sim.trials.summary import Between, mean_of, part_of, people_needed, summarise

METRIC = "gmv"


def reading(truth: float, value: float, error: float, uncrossed: float) -> Reading:
    """A reading of one replication, the same at both horizons but for an error that is twice as large at the first."""
    shape = (1, len(METRICS))
    columns = [np.full(shape, one) for one in (truth, value, error, uncrossed)]
    truths, values, errors, clean = (np.concatenate([one, one]) for one in columns)
    errors[0] *= 2
    ends = values - 2 * errors, values + 2 * errors
    return Reading(truths, values, errors, *ends, clean, np.full(len(METRICS), 0.05), np.ones(len(METRICS)), 0.5)


def tried(values: dict, error: float = 1.0, truth: float = 10.0) -> Tried:
    """A trial of 20 replications: by way of trying, what it says on average; all others say 0 and are sure of it."""
    found = Tried(trial(replications=20))
    for number in range(20):
        wobble = error * (-1) ** number
        found.done[number] = {
            way: reading(truth, values.get(way, 0.0) + (wobble if way in values else 0), error, truth + wobble)
            for way in WAYS
        }
    return found


def test_a_score_by_hand():
    found = tried({("user", "promoter"): 12.0})
    score = next(one for one in summarise(found) if (one.design, one.credit) == ("user", "promoter")).score(METRIC)
    assert score.bias.mean == pytest.approx(2)
    assert score.crossing == Between(*[pytest.approx(2)] * 3)
    assert score.rmse == pytest.approx(np.sqrt((1 + 9) / 2))
    assert score.coverage.mean == 0.5  # 11 ± 2 holds 10, 13 ± 2 does not
    assert score.power
    assert score.power.mean == 1
    assert score.wrong == 0
    assert score.days == 14
    assert (score.bias.low or 0) < 2 < (score.bias.high or 0)


def test_advice_takes_the_least_error_among_those_that_can_be_trusted():
    scored = summarise(tried({("user", "buyer"): 10.5, ("community", "promoter"): 10.0}))
    advice = advise(scored, METRIC)
    assert advice.take
    assert (advice.take.design, advice.take.credit) == ("community", "promoter")
    assert "community split (by promoter)" in advice.words.en
    assert "社群聚类分流（按推广员）" in advice.words.zh


def test_a_design_that_crossing_turns_is_not_trusted_however_wide_its_intervals():
    """It would win by its small error alone: with noise this large, saying nothing errs least."""
    scored = summarise(tried(dict.fromkeys(WAYS, 3.0), error=30.0))
    assert all(one.score(METRIC).coverage.mean == 1 for one in scored)
    assert not any(is_fair(one.score(METRIC)) for one in scored)
    advice = advise(scored, METRIC)
    assert advice.take is None
    assert "No design can be trusted" in advice.words.en


def test_nothing_is_recommended_while_the_truth_is_not_known():
    found = tried({("user", "buyer"): 10.5, ("community", "promoter"): 10.0})
    for number, readings in found.done.items():
        for way, one in readings.items():
            readings[way] = replace(one, truth=one.truth + 40 * (-1) ** number)
    advice = advise(summarise(found), METRIC)
    assert advice.take is None
    assert not advice.known
    assert advice.words.en.startswith("So few replications do not tell the true effect (")
    assert "区间含 0" in advice.words.zh


def test_without_a_true_effect_there_is_no_power():
    scored = summarise(tried({}, truth=0.0))
    assert scored[0].score(METRIC).power is None
    assert "no true difference" in advise(scored, METRIC).words.en


def test_parts_have_exact_intervals():
    for hits, count in ((0, 10), (3, 20), (20, 20)):
        exact = stats.binomtest(hits, count).proportion_ci(method="exact")
        found = part_of(np.arange(count) < hits)
        assert (found.low, found.high) == pytest.approx((exact.low, exact.high))


def test_means_have_students_intervals():
    values = np.array([1.0, 4.0, 2.0])
    low, high = stats.t.interval(0.95, 2, values.mean(), stats.sem(values))
    assert mean_of(values) == Between(pytest.approx(values.mean()), pytest.approx(low), pytest.approx(high))
    assert mean_of(values[:1]) == Between(1.0)


def test_people_needed_for_a_power_of_four_in_five():
    """An effect of 2.8 errors has it; of half as many errors, four times the people."""
    assert people_needed(1000, 2.8016, 1.0, 5.0) == pytest.approx(1000, abs=1)
    assert people_needed(1000, 1.4008, 1.0, 5.0) == pytest.approx(4000, abs=2)
    assert people_needed(1000, -1.4, 1.0, 5.0) is None
