"""What counts false positives counts them: the stated level where all is luck, far more where it is not."""

import numpy as np
import pytest

from benchmarks.aa import LOOKS, PAIRS, aa, planted, sequential


def rows(count, shift=0.0, seed=1):
    """Made-up runs; every second batch of pairs is shifted."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(100, 10, count) + shift * (np.arange(count) // PAIRS % 2)
    return [{"gmv": float(value), "income_gini": float(rng.normal(0.5, 0.1))} for value in drawn]


def test_runs_of_one_plan_are_told_apart_at_the_stated_level() -> None:
    found = aa(rows(2 * PAIRS * 400))
    assert set(found["levels"]) == {"gmv", "income_gini"}
    assert found["levels"]["gmv"]["tests"] == 400
    assert all(one["p"] > 0.001 for one in [*found["levels"].values(), found["family"]])


def test_a_difference_that_is_there_is_found_and_only_in_its_metric() -> None:
    found = aa(rows(2 * PAIRS * 200, shift=20.0))
    assert found["levels"]["gmv"]["rate"] > 0.4
    assert found["levels"]["gmv"]["p"] < 1e-6 < found["levels"]["income_gini"]["p"]


def test_looks_by_boundaries_err_less_than_looks_without() -> None:
    found = sequential(rows(2 * LOOKS[-1] * 500))
    assert found["none"]["rate"] > 0.08
    assert all(found[way]["rate"] < 0.08 for way in ("obrien_fleming", "pocock"))


def test_power_is_that_of_the_noncentral_t() -> None:
    for one in planted(rows(2 * PAIRS * 2_000)).values():
        assert one["found"] == pytest.approx(one["promised"], abs=0.04)
