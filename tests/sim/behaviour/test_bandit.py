"""Survival of the fittest: how often each script is published by what is known of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import u, word_of
from scipy import stats

from sim.behaviour.bandit import DRAWS, probability_best
from sim.behaviour.purposes import Decision
from sim.draws import key


def weights(clicks, exposures, week=1, scripts=None):
    scripts = np.arange(len(clicks)) if scripts is None else np.array(scripts)
    luck = key(3, Decision.bandit, week)
    return probability_best(np.array(clicks), np.array(exposures), luck, scripts)


def mean_weights(clicks, exposures):
    """Over many weeks: the probability itself."""
    return np.mean([weights(clicks, exposures, week) for week in range(300)], axis=0)


def test_what_is_known_equally_well_is_published_equally():
    """Four scripts without a single exposure: a quarter each."""
    assert mean_weights([0] * 4, [0] * 4) == pytest.approx([0.25] * 4, abs=0.02)


def test_a_single_click_is_worth_two_thirds():
    """Beta(2, 1) against Beta(1, 1), the uniform: the probability of being above it is its mean, 2 / 3."""
    assert mean_weights([1, 0], [1, 0]) == pytest.approx([2 / 3, 1 / 3], abs=0.02)


def test_what_is_clearly_worse_is_not_published_and_what_is_unknown_is_tried():
    known = weights([300, 100, 100], [1000, 1000, 1000])
    assert known.tolist() == [1.0, 0.0, 0.0]
    # a new script's rate is uniform: it lies above 0.3 in seven cases of ten
    assert mean_weights([300, 0], [1000, 0]) == pytest.approx([0.3, 0.7], abs=0.03)


def test_luck_belongs_to_week_and_script():
    clicks, exposures = [5, 6, 4], [50, 50, 50]
    assert weights(clicks, exposures).tolist() == weights(clicks, exposures).tolist()
    assert weights(clicks, exposures).tolist() != weights(clicks, exposures, week=2).tolist()
    turned = weights(clicks[::-1], exposures, scripts=[2, 1, 0])
    assert turned[::-1].tolist() == weights(clicks, exposures).tolist()


counts = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=40, deadline=None)
@given(st.lists(counts, min_size=1, max_size=6), st.integers(1, 50))
def test_drawing_from_all_gives_the_same(pairs, week):
    """Scripts that cannot win are left out of the drawing; a plain Thompson sampler that draws from all agrees."""
    clicks, exposures = zip(*pairs, strict=True)
    luck, wins = key(3, Decision.bandit, week), np.zeros(len(pairs))
    for k in range(DRAWS):
        drawn = [stats.beta.ppf(u(word_of(luck, at, k)), 1 + c, 1 + n - c) for at, (c, n) in enumerate(pairs)]
        wins[int(np.argmax(drawn))] += 1 / DRAWS
    found = weights(clicks, exposures, week)
    assert found.sum() == pytest.approx(1)
    assert found == pytest.approx(wins, abs=1e-9)
