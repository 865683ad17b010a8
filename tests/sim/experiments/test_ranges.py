"""Behaviour from ranges: drawn per replication, common to all arms, and part of the verdict."""

from decimal import Decimal

import numpy as np
import pytest

from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import find
from sim.behaviour.parameters import settled
from sim.experiments.compare import Experiment, run_experiment
from sim.experiments.findings import findings_of
from sim.experiments.ranges import check_ranges, drawn, in_the_middle, ranges_of, values_of
from sim.experiments.running import Means
from sim.scenario import read_scenario

UNSURE = read_scenario(*find("markets", "three_tier_unsure"))
PLAN, LEVEL = (read_plan(*find("plans", name)) for name in ("three_tier", "three_level"))


def with_ranges(**behaviour):
    return UNSURE.model_copy(update={"behaviour": behaviour})


def test_only_ranges_are_drawn_and_only_from_within() -> None:
    assert ranges_of(UNSURE) == {"click": (0.1, 0.5), "joy": (0.02, 4.0), "cost": (0.4, 3.0)}
    rows = [values_of(UNSURE, seed) for seed in range(4_000)]
    for name, (low, high) in ranges_of(UNSURE).items():
        column = np.array([row[name] for row in rows])
        assert low <= column.min() < column.max() < high
        assert column.mean() == pytest.approx((low + high) / 2, rel=0.03)
    assert abs(np.corrcoef([list(row.values()) for row in rows], rowvar=False)[0, 1]) < 0.05
    assert drawn(UNSURE, 5).behaviour["r"] == UNSURE.behaviour["r"]
    assert settled(drawn(UNSURE, 5).behaviour).click == rows[5]["click"]


def test_a_draw_is_a_function_of_seed_and_name_alone() -> None:
    alone = with_ranges(click=[Decimal("0.1"), Decimal("0.5")])
    assert drawn(alone, 9).behaviour["click"] == drawn(UNSURE, 9).behaviour["click"]
    assert drawn(alone, 9).behaviour["click"] != drawn(alone, 10).behaviour["click"]


def test_whole_numbers_stay_whole_and_lists_stay_lists() -> None:
    market = with_ranges(seeds=[10, 12], weekday_traffic=[1, 1, 1, 1, 1, 2, 2], cost=[1, 1])
    assert ranges_of(market) == {"seeds": (10.0, 12.0)}
    assert {values_of(market, seed)["seeds"] for seed in range(60)} == {10, 11, 12}
    assert drawn(PLAIN := with_ranges(click=Decimal("0.3")), 4) is PLAIN


def test_the_middle_is_what_a_run_takes() -> None:
    assert settled(in_the_middle(UNSURE).behaviour) == settled(UNSURE.behaviour)
    assert ranges_of(in_the_middle(UNSURE)) == {}


def test_ranges_whose_numbers_do_not_go_together_are_refused_before_anything_runs() -> None:
    with pytest.raises(InputError, match="degree_least <= degree_most"):
        check_ranges(with_ranges(degree_least=[10, 100], degree_most=[50, 200]), range(200))
    check_ranges(UNSURE, range(200))


def test_all_arms_meet_the_same_people_and_the_tipping_point_is_told() -> None:
    """Who does not share for joy shares for pay: the plan that pays earns more there, and less elsewhere."""
    market = UNSURE.model_copy(update={"behaviour": UNSURE.behaviour | {"click": 0.3, "cost": 1.5, "organic": 0.006}})
    experiment = Experiment(market, (("pays", PLAN), ("less", LEVEL)), 1_500, 45, 7, 24)
    results = run_experiment(experiment, Means(2))
    again = run_experiment(Experiment(market, (("pays", PLAN), ("again", PLAN)), 200, 10, 7, 2))
    assert {effect.difference for effect in again.compared(None)[0].effects} <= {0, None}
    comparison, _ = results.compared(None)
    found = findings_of(results, comparison)
    assert set(found.ranges) == {"joy"}
    (tipping,) = found.tipping
    (line,) = tipping.lines
    assert line.answer == "tips"
    (point,) = line.points
    assert 0.02 < point.low < point.value < point.high < 4
    assert point.above == (tipping.arm == "less")


def test_independent_luck_still_meets_the_same_behaviour() -> None:
    experiment = Experiment(UNSURE, (("a", PLAN), ("b", PLAN)), 200, 5, 7, 2, luck="independent")
    assert experiment.seed_of(0, 1) != experiment.seed_of(1, 1)
    assert experiment.scenario_of(1).behaviour["click"] == drawn(UNSURE, 8).behaviour["click"]
