"""The two shipped logs and the fit of the sample, computed once."""

from __future__ import annotations

import pytest

from sim.history.fit import Fit, calibrate_purchases
from sim.history.purchases import CALIBRATION_END, Purchases, Summary, epoch_day, recency_frequency, shipped


@pytest.fixture(scope="session")
def cohort() -> Purchases:
    return shipped("cdnow")


@pytest.fixture(scope="session")
def sample() -> Purchases:
    return shipped("cdnow_sample")


@pytest.fixture(scope="session")
def summary(sample: Purchases) -> Summary:
    return recency_frequency(sample, epoch_day(CALIBRATION_END))


@pytest.fixture(scope="session")
def fitted(sample: Purchases) -> Fit:
    return calibrate_purchases(sample)
