"""Go on, look, or roll back: what the figures suggest, and the reason in both languages."""

from __future__ import annotations

import re

import bands
import pytest

from sim.watching.advice import Advice, advise
from sim.watching.band import Band
from sim.watching.factors import factors_of
from sim.watching.judging import Asked, judge

SALES = ("gmv", "orders", "active_buyers", "commission", "contribution")
FALL = dict.fromkeys(SALES, 0.6)


def advice(band: Band, told: tuple[str, ...] = bands.TOLD, since: int = 30, **factors: float) -> Advice:
    store = bands.changed(bands.live(told=told), since, **{k: v for k, v in factors.items() if k in told})
    return advise(judge(band, store, Asked()))


def test_inside_is_go_on_with_what_would_alarm():
    found = advice(bands.band())
    assert found.kind == "go_on"
    assert "inside the forecast" in found.words.en
    assert "报警" in found.words.zh
    assert "a week of Contribution under ¥" in found.words.en


def test_a_plan_whose_promoters_do_not_share_is_rolled_back():
    found = advice(bands.band(), shares=0.5, clicks=0.55, **FALL)
    assert found.kind == "roll_back"
    assert "Roll back to “the old one”" in found.words.en
    assert "回退到“旧方案”" in found.words.zh
    assert found.beside.better == found.beside.runs == 20
    assert found.beside.before > found.beside.live > found.beside.hit
    assert "had the same thing hit the plan before" in found.words.en


def test_without_figures_of_promoters_nobody_can_say_it_was_not_the_plan():
    told = ("gmv", "orders", "contribution")
    assert advice(bands.band(), told, **FALL).kind == "roll_back"


def test_promoters_who_do_as_forecast_point_elsewhere():
    found = advice(bands.band(), **FALL)
    assert found.kind == "look"
    assert "the cause is most likely elsewhere" in found.words.en
    assert re.search(r"What moved: conversion \(buyers per click\) -[34]", found.words.en)
    assert "look at the funnel" in found.words.en
    assert "先别回退" in found.words.zh


def test_no_way_back_to_a_plan_that_is_worse_still():
    found = advice(bands.band(old=0.4), shares=0.5, clicks=0.55, **FALL)
    assert found.kind == "look"
    assert "No reason to roll back" in found.words.en
    assert found.beside.better == 0


def test_no_plan_before_is_said():
    band = bands.band()
    alone = Band(band.facts.model_copy(update={"before": None}), band.plan, band.before[:0])
    found = advice(alone, **FALL)
    assert found.kind == "look"
    assert "--before" in found.words.zh
    assert "There is no plan before" in found.words.en


def test_more_refunds_are_bad_and_more_sales_are_not():
    store = bands.changed(bands.live(), 30, refund_rate=2.5)
    found = judge(bands.band(), store, Asked())
    assert advise(found).kind == "look"
    assert "refunds (part of GMV) +1" in advise(found).words.en
    assert advise(found, ("refund_rate",)).beside is not None
    better = advice(bands.band(), gmv=1.5)
    assert better.kind == "look"
    assert "not worse than forecast" in better.words.en


def test_pay_that_is_not_the_plans_is_named():
    found = advice(bands.band(), commission=0.5, payout_ratio=0.5)
    assert "pay (part of GMV) -5" in found.words.en
    assert "fenxiao vectors" in found.words.zh


def test_a_store_of_another_size_is_told_of_levels():
    store = bands.live(size=0.3)
    assert "--scale-days 7" in advise(judge(bands.band(), store, Asked())).words.en


@pytest.mark.parametrize(
    "chain", [("gmv",), ("clicks", "gmv"), ("active_buyers", "orders", "gmv"), ("clicks", "orders", "gmv")]
)
def test_factors_multiply_to_gmv(chain):
    found = judge(bands.band(), bands.live(told=chain), Asked())
    factors = factors_of(found, 20)
    live = 1.0
    for one in factors:
        live *= one.live
    assert len(factors) == len(chain)
    assert live == pytest.approx(found.over("gmv", 20)[0])


def test_a_few_days_are_too_few():
    store = bands.live(days=4)
    found = advise(judge(bands.band(), store, Asked()))
    assert found.kind == "go_on"
    assert "too few to judge" in found.words.en


def test_promoters_who_stop_are_no_better_conversion():
    found = advice(bands.band(), shares=0.5, clicks=0.5)
    assert "What moved: traffic (clicks on shared links) -5" in found.words.en
    assert "conversion" not in found.words.en.split("What moved")[1].split(".")[0]
