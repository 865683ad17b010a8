from __future__ import annotations

import json

import numpy as np
import pytest

from rules.errors import InputError
from sim.history.fit import calibrate_purchases
from sim.history.purchases import Purchases, epoch_day


def test_what_the_command_prints(fitted):
    printed = json.loads(json.dumps(fitted.as_dict(), allow_nan=False))
    assert set(printed["parameters"]) == {"r", "alpha", "a", "b", "p", "q", "v"}
    assert printed["fit"]["calibration"] == ["1997-01-01", "1997-09-30"]
    assert printed["fit"]["holdout"] == ["1997-10-01", "1998-06-30"]
    assert printed["fit"]["converged"] is True


def test_week_78(fitted):
    curve = fitted.statistics["cumulative"]
    assert curve["last_actual"] == 4_339
    assert curve["last_model"] == pytest.approx(4165.7, abs=0.5)
    assert curve["last_error"] == pytest.approx(-0.0399, abs=0.0002)


def test_weekly_error_of_weeks_40_to_78(fitted):
    curve = fitted.statistics["cumulative"]
    assert curve["weeks"] == list(range(40, 79))
    assert curve["mape"] == pytest.approx(0.0252, abs=0.0001)


def test_customers_in_the_holdout(fitted):
    got = fitted.statistics
    assert got["customer_correlation"] == pytest.approx(0.626, abs=0.0005)
    assert got["customer_mae"] == pytest.approx(0.785, abs=0.0006)
    assert got["customer_mse"] == pytest.approx(2.586, abs=0.0006)
    assert got["holdout_error"] == pytest.approx(-0.122, abs=0.001)


def test_holdout_by_calibration_frequency(fitted):
    rows = fitted.statistics["by_frequency"]
    actual = [0.237, 0.697, 1.393, 1.56, 2.532, 2.947, 3.862, 6.359]
    model = [0.225, 0.523, 1.044, 1.52, 2.164, 2.654, 3.504, 6.157]
    assert [row["customers"] for row in rows] == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert [row["actual"] for row in rows] == pytest.approx(actual, abs=0.0006)
    assert [row["model"] for row in rows] == pytest.approx(model, abs=0.0006)


def test_the_whole_cohort(cohort):
    got = calibrate_purchases(cohort)
    assert got.statistics["customers"] == 23_570
    assert got.statistics["repeaters_without_payment"] == 1
    assert abs(got.statistics["cumulative"]["last_error"]) < 0.07
    assert got.parameters["r"] == pytest.approx(0.2516, abs=0.001)


def test_the_calibration_end_may_be_given(sample):
    end = epoch_day("1998-06-30")
    got = calibrate_purchases(sample, end).statistics
    assert got["holdout"] is None
    assert got["cumulative"] is None
    assert got["calibration_repeats"] == 4_339
    with pytest.raises(InputError, match="outside the log; allowed: 1997-01-01 to 1998-06-30"):
        calibrate_purchases(sample, end + 1)


def test_customers_of_the_second_half_do_not_count_as_repeats(sample):
    late = Purchases.of(
        [*(sample.ids[c] for c in sample.customer), "late", "late"],
        [*sample.day, epoch_day("1998-06-01"), epoch_day("1998-06-02")],
        [*sample.items, 1, 1],
        [*sample.cents, 100, 100],
    )
    assert calibrate_purchases(late).statistics["cumulative"]["last_actual"] == 4_339


def test_a_span_that_is_not_whole_weeks_ends_on_its_last_day(sample):
    keep = sample.day <= epoch_day("1998-06-24")
    log = Purchases.of(
        np.array(sample.ids)[sample.customer[keep]], sample.day[keep], sample.items[keep], sample.cents[keep]
    )
    weeks = calibrate_purchases(log).statistics["cumulative"]["weeks"]
    assert weeks[-1] == 540 / 7
    assert weeks[-1] - weeks[-2] < 1


def test_a_log_that_says_too_little_is_refused():
    with pytest.raises(InputError, match="empty"):
        calibrate_purchases(Purchases.of([], [], [], []))
    with pytest.raises(InputError, match=r"only 1 customers came back .* allowed: at least 10"):
        calibrate_purchases(Purchases.of(["a", "a", "b"], [1, 2, 9], [1, 1, 1], [5, 5, 5]))
