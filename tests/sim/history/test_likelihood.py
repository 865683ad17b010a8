from __future__ import annotations

import numpy as np
import pytest

from sim.history.likelihood import maximise


def exponential(n, total):
    """Log-likelihood of n exponential waiting times that add up to `total`, by their rate."""

    def objective(rate):
        return n * np.log(rate[0]) - rate[0] * total, np.array([n / rate[0] - total])

    return objective


def test_closed_form_maximum_and_standard_error():
    got = maximise(exponential(400, 100.0), [(1.0,), (50.0,)], lambda rate: rate)
    assert got.model == pytest.approx(4.0, rel=1e-9)
    assert got.standard_errors[0] == pytest.approx(4.0 / np.sqrt(400), rel=1e-5)
    assert got.log_likelihood == pytest.approx(400 * np.log(4) - 400, rel=1e-12)
    assert (got.agreeing, got.converged, got.is_clear) == (2, True, True)


def test_a_parameter_that_runs_away_is_reported():
    def flat(parameters):
        return -1.0 / parameters[0], np.array([1.0 / parameters[0] ** 2])

    got = maximise(flat, [(1.0,)], lambda value: value)
    assert np.isfinite(got.log_likelihood)
    assert not (got.converged and got.standard_errors[0] < got.model)
    assert not got.is_clear
