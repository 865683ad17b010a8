"""A live store beside a made-up band: what is planted is found, by its name, its day and its size."""

from __future__ import annotations

from dataclasses import replace

import bands
import numpy as np
import pytest

from rules.errors import InputError
from sim.experiments.metric_names import NAMES
from sim.watching.band import BAND, Band, keep_band, read_band
from sim.watching.judging import Asked, judge

SALES = dict.fromkeys(("gmv", "orders", "active_buyers", "commission", "contribution"), 0.7)


@pytest.fixture(scope="module")
def band() -> Band:
    return bands.band()


def test_a_store_that_does_what_is_forecast_is_inside(band):
    found = judge(band, bands.live(), Asked())
    assert found.first is None
    assert found.since is None
    assert 0.05 < found.p <= 1
    assert found.names == tuple(name for name in NAMES if name in bands.TOLD)
    verdicts = [one.verdict(day) for one in found.metrics for day in range(60)]
    assert 0.8 < verdicts.count("inside") / len(verdicts) < 0.97
    assert found.calibration.rate == pytest.approx(2 / 41)


def test_a_planted_fall_is_found_with_its_day_and_its_size(band):
    found = judge(band, bands.changed(bands.live(), 30, **SALES), Asked())
    gmv = found.one("gmv")
    assert gmv.sign == -1
    assert 30 <= gmv.alarmed <= 45
    assert abs(gmv.since - 30) <= 3
    assert gmv.relative == pytest.approx(-0.3, abs=0.08)
    assert found.p <= 0.05
    assert found.one("shares").alarmed is None
    assert {one.name for one in found.metrics if one.sign} <= set(SALES)


@pytest.mark.parametrize(
    ("name", "factor", "sign"), [("refund_rate", 2, 1), ("payout_ratio", 0.5, -1), ("gmv", 1.6, 1)]
)
def test_either_direction_is_told(band, name, factor, sign):
    found = judge(band, bands.changed(bands.live(), 20, **{name: factor}), Asked())
    assert found.first.name == name
    assert found.first.sign == sign


def test_yesterdays_alarm_stands_whatever_comes(band):
    whole = bands.changed(bands.live(), 20, **SALES)
    alarmed = judge(band, whole, Asked()).first.alarmed
    for days in (alarmed, alarmed + 1, 60):
        seen = judge(band, replace(whole, figures=whole.figures[:, :days]), Asked())
        assert (seen.first is not None) == (days > alarmed)
        assert seen.first is None or seen.first.alarmed == alarmed


def test_a_store_of_another_size_is_judged_by_its_first_days(band):
    large = bands.live(size=3)
    assert judge(band, large, Asked()).first is not None
    scaled = judge(band, large, Asked(scale_days=14))
    assert scaled.first is None
    gmv = scaled.one("gmv")
    assert scaled.level[scaled.names.index("gmv")] == pytest.approx(3, rel=0.1)
    assert scaled.level[scaled.names.index("refund_rate")] == 1
    assert np.nanmean(gmv.low) < np.nanmean(gmv.live) < np.nanmean(gmv.high)
    fallen = judge(band, bands.changed(large, 30, **SALES), Asked(scale_days=14))
    assert fallen.one("gmv").sign == -1
    assert fallen.one("gmv").relative == pytest.approx(-0.3, abs=0.08)
    pay = judge(band, bands.changed(large, 0, commission=2), Asked(scale_days=14))
    assert pay.one("commission").sign == 1  # its level is that of GMV: its own would hide it


def test_days_that_are_missing_are_of_no_run_either(band):
    store = bands.live()
    figures = store.figures.copy()
    figures[:, [10, 11, 12, 25]] = np.nan
    figures[store.names.index("clicks"), 40:] = np.nan
    found = judge(band, replace(store, figures=figures, missing=(10, 11, 12, 25)), Asked())
    assert found.first is None
    gmv = found.one("gmv")
    assert gmv.verdict(10) == "unknown"
    assert np.isnan(gmv.low[10])
    assert found.one("clicks").verdict(50) == "unknown"


def test_metrics_can_be_chosen_and_what_is_not_told_is_refused(band):
    found = judge(band, bands.live(), Asked(metrics=("orders", "gmv")))
    assert found.names == ("gmv", "orders")
    with pytest.raises(InputError, match=r"live.csv does not tell new_members; allowed: gmv, orders"):
        judge(band, bands.live(), Asked(metrics=("new_members",)))


def test_what_cannot_be_judged_is_said(band):
    store = bands.live(told=("gmv", "orders"))
    still = Band(band.facts, band.plan.copy(), band.before)
    still.plan[:, NAMES.index("orders")] = 7
    assert judge(still, store, Asked()).unjudged == ("orders",)
    still.plan[:, NAMES.index("gmv")] = 7
    with pytest.raises(InputError, match="the same in every run"):
        judge(still, store, Asked())
    with pytest.raises(InputError, match=r"--scale-days 60 leaves nothing of 60 days"):
        judge(band, store, Asked(scale_days=60))
    with pytest.raises(InputError, match=r"gmv has no level above 0 in the live store"):
        judge(band, bands.changed(store, 0, gmv=0), Asked(scale_days=7))
    with pytest.raises(InputError, match="30 runs cannot say"):
        judge(Band(band.facts, band.plan[:30], band.before), store, Asked(alpha=0.04))


def test_days_after_the_forecast_are_not_judged(band):
    store = bands.live(seed=5)
    longer = replace(store, figures=np.hstack([store.figures, store.figures[:, :9] * 0]))
    found = judge(band, longer, Asked())
    assert (found.days, found.beyond) == (60, 9)
    assert (found.first is None) == (judge(band, store, Asked()).first is None)


def test_a_kept_band_gives_the_same_answer(band, tmp_path):
    keep_band(tmp_path, band)
    again = read_band(tmp_path)
    assert again.facts == band.facts
    assert np.array_equal(again.plan, band.plan, equal_nan=True)
    assert np.array_equal(again.before, band.before, equal_nan=True)
    store = bands.changed(bands.live(), 30, **SALES)
    fresh, kept = judge(band, store, Asked()), judge(again, store, Asked())
    assert (fresh.p, fresh.since) == (kept.p, kept.since)
    assert all(
        np.array_equal(a.floor, b.floor, equal_nan=True) for a, b in zip(fresh.metrics, kept.metrics, strict=True)
    )


def test_a_folder_without_a_band_or_with_a_damaged_one_is_refused(band, tmp_path):
    with pytest.raises(InputError, match="holds no band"):
        read_band(tmp_path)
    keep_band(tmp_path, band)
    facts = (tmp_path / BAND).read_text("utf-8")
    (tmp_path / BAND).write_text(facts.replace('"days": 60', '"days": 61'), "utf-8")
    with pytest.raises(InputError, match=r"60 days, where band.json says 61"):
        read_band(tmp_path)
    (tmp_path / BAND).write_text("{}", "utf-8")
    with pytest.raises(InputError, match=r"band.json: is damaged"):
        read_band(tmp_path)
    (tmp_path / BAND).write_text(facts, "utf-8")
    (tmp_path / "daily.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match="is damaged"):
        read_band(tmp_path)
