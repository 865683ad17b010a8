"""The drill: its marks counted again by hand, and what it is accepted by."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
import worlds

from rules.errors import InputError
from rules.plan.read import read_plan
from rules.records import WithdrawalStatus
from scenarios.find import find
from sim.experiments.drill import Drill, drill
from sim.model import StoreModel
from sim.report.drill import record_of
from sim.risk.marks import Point
from sim.scenario import Scenario, read_scenario


@cache
def market() -> Scenario:
    return read_scenario(*find("markets", "risk_drill"))


def run(seed: int, people: int | None = None, days: int | None = None, progress=None) -> Drill:
    given = market()
    return drill(
        given, read_plan(*find("plans", given.plans[0])), people or given.people, days or given.days, seed, progress
    )


PEOPLE, DAYS = 4000, 60


@pytest.fixture(scope="module")
def small() -> Drill:
    return run(3, PEOPLE, DAYS)


def model_of(act: bool) -> StoreModel:
    rules = market().risk.model_copy(update={"act": act})
    given = market().model_copy(update={"risk": rules})
    plan = read_plan(*find("plans", given.plans[0]))
    return StoreModel(scenario=given, plan=plan, people=PEOPLE, days=DAYS, seed=3).run()


@pytest.fixture(scope="module", params=[False, True], ids=["watching", "acting"])
def side(request, small):
    return (small.acting if request.param else small.watching), model_of(request.param)


def test_marks_are_those_of_plain_sets(side):
    told, model = side
    desk, truth, members = model.desk, model.truth, model.store.book.members
    everybody = range(PEOPLE)
    out = {one for one in everybody if desk.rules.act and desk.gate.shut_out[one]}
    accounts = {one for one in everybody if members["joined_at"][one] >= 0} | out
    cheats = {one for one in accounts if truth.kind[one] > 0}
    attacked = {one for one in everybody if truth.attacked[one] >= 0}
    for point in (told.marks.at, *told.marks.curve):
        caught = {one for one in accounts if desk.credit.lowest[one] < point.below} | out
        waits = [desk.credit.lowest[one] < point.below for one in cheats]
        assert (point.days is not None) == any(waits)
        counted = replace(point, days=None)
        assert counted == Point(point.below, len(caught & cheats), len(caught - cheats - attacked), len(cheats))
    assert len(cheats) > 100
    assert len(out) == 0 or desk.rules.act
    frozen = {one for one in accounts - cheats if desk.frozen_days[one]}
    assert (told.marks.frozen, told.marks.turned_away) == (len(frozen), len(out - cheats))
    for group in told.marks.kinds:
        kind = 1 + truth.kinds.index(group.name)
        assert group.accounts == sum(truth.kind[one] == kind for one in cheats)


def test_the_loss_is_what_was_paid_to_cheats_and_thieves(side):
    told, model = side
    truth, rows = model.truth, model.store.book.rows("withdrawals")
    lost = sum(
        int(row["amount"])
        for number, row in enumerate(rows)
        if row["status"] == WithdrawalStatus.paid and row["known"]
        and (truth.kind[row["member"]] > 0 or number in truth.stolen)
    )  # fmt: skip
    assert told.marks.loss == told.metrics["fraud_loss"] == model.metrics.totals()["fraud_loss"] == lost
    assert lost > 0 or told.marks.thefts_paid == 0


def test_both_worlds_have_the_same_cheats_and_the_desk_saves_what_the_second_lost_less(small):
    assert small.watching.marks.loss - small.acting.marks.loss == small.saved
    assert small.watching.marks.thefts_paid <= small.watching.marks.loss
    assert [one.name for one in small.watching.marks.kinds] == [one.name for one in small.acting.marks.kinds]
    assert small.watching.marks.reviews == 0 < small.acting.marks.reviews
    assert small.rules == market().risk


def test_a_drill_is_the_same_every_time(small):
    again = run(3, PEOPLE, DAYS)
    assert record_of(again) == record_of(small)
    assert again.acting.findings.tobytes() == small.acting.findings.tobytes()


def test_progress_is_that_of_both_worlds():
    told = []
    run(1, 1000, 3, lambda done, total: told.append((done, total)))
    assert told == [(day, 6) for day in range(1, 7)]


def test_a_market_without_cheats_is_no_drill():
    with pytest.raises(InputError, match="nobody cheats in the scenario 'small'; allowed: one with `actors:`"):
        drill(worlds.scenario(), worlds.plan(), 1000, 10, 1)


def test_a_market_too_small_for_them_is_refused():
    with pytest.raises(InputError, match="197 accounts of cheats do not fit into a market of 300 people"):
        run(1, 300, 10)


def test_rules_that_are_left_out_are_the_defaults():
    given = market().model_copy(update={"risk": None})
    found = drill(given, worlds.plan(), 1000, 3, 1)
    assert found.rules == market().risk  # which writes the defaults out


# What the drill is accepted by. The rules were chosen on the seeds 1, 2 and 7; these are others.


def accepted(point: Point, recall: float, precision: float) -> None:
    assert point.recall is not None
    assert point.precision is not None
    assert point.recall >= recall
    assert point.precision >= precision


def rising(told: Drill) -> None:
    for side in (told.watching, told.acting):
        caught = [point.caught for point in side.marks.curve]
        wrong = [point.wrong for point in side.marks.curve]
        assert (caught, wrong) == (sorted(caught), sorted(wrong))
        assert wrong[0] < wrong[-1]


def test_the_shipped_drill_finds_nine_cheats_in_ten_and_is_right_about_four_in_five():
    told = run(11)
    for side in (told.watching, told.acting):
        accepted(side.marks.at, 0.90, 0.80)
    rising(told)
    assert told.acting.marks.loss < told.watching.marks.loss / 4
    assert told.saved > told.acting.marks.cost


@pytest.mark.slow
def test_the_shipped_drill_on_ten_other_seeds():
    points = []
    for seed in range(101, 111):
        told = run(seed)
        rising(told)
        accepted(told.watching.marks.at, 0.85, 0.80)
        points.append(told.watching.marks.at)
    pooled = Point(60, *(sum(getattr(one, name) for one in points) for name in ("caught", "wrong", "cheats")))
    accepted(pooled, 0.90, 0.80)
