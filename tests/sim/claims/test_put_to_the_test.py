"""Which runs are made, and which verdict comes of which: with planted figures, and with small markets."""

from __future__ import annotations

import pytest
from test_claim_files import GOOD

from scenarios.find import find
from sim.behaviour.parameters import settled
from sim.claims import testing
from sim.claims.figures import FIGURES, figures_of
from sim.claims.model import read_family
from sim.claims.testing import Case, experiments_of, put_to_the_test, ready, runs_of
from sim.cli.common import load_plan, load_scenario
from sim.experiments.compare import Results
from sim.experiments.replication import inviters, replicate
from sim.model import StoreModel

MARKET = load_scenario("three_tier")


@pytest.fixture
def given() -> testing.Ready:
    return ready(read_family(GOOD, "t.yaml"), MARKET, load_plan)


def test_every_case_changes_one_thing_and_references_need_no_run(given):
    trials = experiments_of(given, 7)
    assert list(trials) == [Case(), Case("cost", 0.5), Case("cost", 3), Case("days", 30)]
    assert [trial.days for trial in trials.values()] == [20, 20, 20, 30]
    costs = [settled(trial.scenario.behaviour).cost for trial in trials.values()]
    usual = settled(MARKET.behaviour).cost
    assert costs == [usual, 0.5, 3, usual]
    assert {trial.seed for trial in trials.values()} == {7}
    assert runs_of([given], 7) == 4 * 2 * 4


def test_an_arm_without_rewards_is_the_same_plan_that_pays_nothing(given):
    before, after = given.plans
    assert before.commission.base is None
    assert not before.bonuses
    assert after == load_plan("three_tier")
    assert (before.ranks, before.attribution) == (after.ranks, after.attribution)


def test_goods_narrow_the_market():
    text = GOOD + "goods: [home]\n"
    narrow = ready(read_family(text, "t.yaml"), MARKET, load_plan)
    assert [one.id for one in narrow.market.catalogue.categories] == ["home"]


def test_verdicts_follow_from_planted_figures(given, monkeypatch):
    """K rises by 60 % as the market is, by 20 % where a share costs 3; an ad at 20 yuan makes 10 yuan a buyer dear."""

    def planted(experiments, workers, done, whole):
        return [Results(one, {"before": [one] * 4, "after": [one] * 4}) for one in experiments]

    def figures(outcome, people, days):
        arm = next(calls)
        dear = settled(outcome.scenario.behaviour).cost == 3
        k = 0.5 if arm == "before" else 0.6 if dear else 0.8
        return {"fission_k": k, "acquisition_cost": 10_00, "active_buyers": 10}

    calls = iter((["before"] * 4 + ["after"] * 4) * 4)
    monkeypatch.setattr(testing, "run_experiments", planted)
    monkeypatch.setattr(testing, "figures_of", figures)
    family = read_family(GOOD.replace("at_most: -30%", "at_most: 30%"), "t.yaml")
    (found,) = put_to_the_test([testing.Ready(family, given.market, given.plans)], 7)
    k, cost = found.tested
    assert [one.judged.verdict for one in k.findings] == ["held", "held", "not held", "held"]
    assert k.cases("not held") == [Case("cost", 3)]
    # 10 ÷ 142 = 7 %; 10 ÷ 20 = 50 %. An assumption about ads concerns the second claim alone
    assert [(one.case.vary, one.judged.verdict) for one in cost.findings] == [
        ("", "held"), ("cost", "held"), ("cost", "held"), ("ad_cost", "not held"), ("days", "held"),
    ]  # fmt: skip
    assert cost.findings[3].judged.estimate.mean == pytest.approx(0.5)
    assert found.usual == {"cost": settled(MARKET.behaviour).cost, "ad_cost": 142, "days": 20}


def test_figures_of_a_run_are_those_of_its_outcome():
    outcome = replicate(MARKET, load_plan("three_tier"), 1_000, 40, 3)
    found = figures_of(outcome, 1_000, 40)
    assert set(found) == set(FIGURES)
    assert found["promoter_share"] * 1_000 == pytest.approx(len(outcome.incomes))
    assert found["earning_share"] * 1_000 == pytest.approx(sum(fen > 0 for fen in outcome.incomes))
    assert found["top_income"] == pytest.approx(outcome.incomes[-1] * 30 / 40)
    weeks = [sum(one.active[week - one.week] for one in outcome.retention.cohorts[: week + 1]) for week in range(5)]
    assert found["weekly_active"] == pytest.approx(sum(weeks) / 5)


def test_inviters_are_those_who_came_as_far_as_the_reward_asks():
    market = load_scenario("direct_selling")
    three, five = (load_plan(name) for name in ("direct_invite_3", "direct_invite_5"))
    model = StoreModel(scenario=market, plan=three, people=2_000, days=60, seed=3).run()
    invited = model.store.book.members["invited"].tolist()
    far = {count: sum(number >= count for number in invited) for count in (3, 5)}
    assert far[3] > far[5] > 0
    assert inviters(three, model.store.book) == far[3]
    assert inviters(five, model.store.book) == far[5]
    assert inviters(load_plan("direct_single"), model.store.book) == 0


def test_a_week_closes_more_often_than_a_month():
    """Sixty days: two closes of a month, eight of a week; and nothing else of the two plans differs."""
    market = load_scenario("direct_selling")
    found = {name: replicate(market, load_plan(name), 8_000, 90, 3) for name in ("direct_team", "direct_team_weekly")}
    month, week = found.values()
    assert week.period_entries > month.period_entries > 0
    texts = [find("plans", name)[0].partition("# Ranks")[2] for name in found]
    changed = {tuple(pair) for pair in zip(*(text.splitlines() for text in texts), strict=True) if pair[0] != pair[1]}
    assert len(changed) == 3  # the line of the team, and two comments
