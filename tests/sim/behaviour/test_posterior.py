"""Posteriors of behaviour: draws have the moments they should, stay possible, and depend on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.behaviour.posterior import Joint, Rate, can_be, intervals_of, still_open, values_of

PAIR = Joint(normal=["a", "b"], at=[0.8, 2.4], covariance=[[0.05, 0.04], [0.04, 0.07]])
RATE = Rate.of("first_purchase", 59, 99)


def test_draws_have_the_covariance_and_the_quantiles_of_the_block() -> None:
    rows = [values_of([PAIR, RATE], seed) for seed in range(4_000)]
    logs = np.log([[row["a"], row["b"]] for row in rows])
    assert np.cov(logs.T) == pytest.approx(np.array(PAIR.covariance), rel=0.1)
    assert np.exp(logs.mean(axis=0)) == pytest.approx([0.8, 2.4], rel=0.02)
    for name, (low, high) in intervals_of([PAIR, RATE]).items():
        inside = np.mean([low <= row[name] <= high for row in rows])
        assert 0.88 <= inside <= 0.92


def test_a_rate_is_beta_with_jeffreys_prior() -> None:
    assert (RATE.yes, RATE.no) == (59.5, 40.5)
    assert RATE.centre()["first_purchase"] == pytest.approx(0.595)
    assert Rate.of("click", 0, 50).interval()["click"][0] < 1e-4


@given(st.integers(0, 2**62), st.floats(0.0, 30.0))
def test_whatever_is_drawn_is_possible(seed: int, variance: float) -> None:
    """q must stay above 1.05, however little the data say."""
    block = Joint(normal=["q"], at=[1.2], covariance=[[variance]])
    value = values_of([block], seed)
    assert can_be("q", value["q"])
    assert values_of([RATE, block], seed)["q"] == value["q"]


def test_who_knows_better_is_not_drawn() -> None:
    centre = {"a": 0.80000001, "b": 2.4, "first_purchase": [0.4, 0.6]}
    assert still_open([PAIR, RATE], centre) == ["a", "b"]
    assert still_open([PAIR, RATE], centre | {"b": 2.5}) == ["a"]
    assert still_open([PAIR, RATE], {}) == []


@pytest.mark.parametrize(
    "covariance", [[[1.0]], [[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.5], [0.0, 1.0]], [[float("nan"), 0.0], [0.0, 1.0]]]
)
def test_what_is_no_covariance_is_refused(covariance: list[list[float]]) -> None:
    with pytest.raises(ValidationError):
        Joint(normal=["a", "b"], at=[1.0, 1.0], covariance=covariance)


def test_a_parameter_that_is_known_exactly_has_its_value() -> None:
    exact = Joint(normal=["a", "b"], at=[0.8, 2.4], covariance=[[0.0, 0.0], [0.0, 0.0]])
    assert values_of([exact], 3) == pytest.approx({"a": 0.8, "b": 2.4})
