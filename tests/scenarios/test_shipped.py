"""What is shipped: every market and plan loads, its names resolve, it runs, and its default run is plausible."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from rules.compliance.monitor import findings
from rules.compliance.rulebook import Rulebook, read_rulebook
from rules.plan.model import Plan
from rules.plan.notes import notes
from rules.plan.read import read_plan
from rules.records import Component
from scenarios.find import find, names
from sim.experiments.compare import Experiment, Results, run_experiment
from sim.experiments.replication import Outcome, outcome_of
from sim.model import StoreModel
from sim.risk.truth import HONEST
from sim.scenario import Scenario, read_scenario

SEED = 20260105
UNLISTED = {
    "direct_selling": ["direct_invite_3", "direct_invite_5", "direct_team_weekly"],
    "distribution_mall": ["mall_daily", "mall_monthly"],
    "three_tier": ["three_tier_5x", "three_tier_phases", "three_level"],
    "tuike": ["tuike_season", "tuike_invited"],
}
"""Plans that are shipped for a market beside those that it compares by default."""
KNOWN_NOTES = {
    "tax is withheld by tables that nobody compared with the official text: have an adviser confirm them",
}
UNREACHED = {(name, "team") for name in ("three_tier", "three_tier_life", "risk_drill")}
"""Components that nobody earns at the default size: a partner needs 50,000 yuan in three months in a row."""
WORLDS = 4
"""Worlds whose mean is called the figure of a market: K of one world lies up to 0.1 beside it."""
PLAUSIBLE = ("distribution_share", "payout_ratio", "fission_k", "contribution")
POCKETS = ("pending", "held", "available", "withdrawing", "withdrawn")


@cache
def market(name: str) -> Scenario:
    return read_scenario(*find("markets", name))


@cache
def plan(name: str) -> Plan:
    return read_plan(*find("plans", name))


@cache
def rulebook(name: str) -> Rulebook:
    return read_rulebook(*find("rulebooks", name))


PAIRS = [(name, one) for name in names("markets") for one in [*market(name).plans, *UNLISTED.get(name, [])]]
COMPARED = [(name, one) for name in names("markets") for one in market(name).plans]


def model_of(scenario: str, name: str, people: int, days: int, seed: int = SEED) -> StoreModel:
    return StoreModel(scenario=market(scenario), plan=plan(name), people=people, days=days, seed=seed).run()


def components(outcome: Outcome) -> dict[str, int]:
    """Fen by component, over the levels."""
    sums: dict[str, int] = {}
    for (component, _), fen in outcome.components.items():
        sums[component] = sums.get(component, 0) + fen
    return sums


def test_the_five_systems_of_the_source_descriptions_are_shipped():
    shipped = {"distribution_mall", "direct_selling", "three_tier", "mini_program", "tuike"}
    assert shipped <= set(names("markets"))


def test_every_shipped_plan_is_run_here():
    assert {one for _, one in PAIRS} == set(names("plans"))


@pytest.mark.parametrize("name", names("markets"))
def test_everything_in_a_market_has_a_title_in_both_languages(name):
    scenario = market(name)
    assert scenario.scenario == name
    things = [scenario, *scenario.catalogue.categories, *scenario.channels]
    titles = [one.title for one in things] + [day.name for day in scenario.calendar]
    assert len(titles) > 5
    for title in titles:
        assert title.zh.strip()
        assert title.en.strip()


@pytest.mark.parametrize("name", names("markets"))
def test_the_names_in_a_market_resolve_to_plans_and_a_rulebook_that_are_shipped(name):
    scenario = market(name)
    assert len(set(scenario.plans)) == len(scenario.plans) >= 2
    assert set(scenario.plans) <= set(names("plans"))
    assert scenario.rulebook in names("rulebooks")
    assert rulebook(scenario.rulebook).rulebook == scenario.rulebook


@pytest.mark.parametrize("name", names("plans"))
def test_a_plan_has_its_file_name_and_titles_and_states_nothing_that_is_not_computed(name):
    ours = plan(name)
    assert ours.plan == name
    assert {note.en for note in notes(ours)} <= KNOWN_NOTES
    for title in [ours.title, *(rank.title for rank in ours.ranks)]:
        assert title.zh.strip()
        assert title.en.strip()


@pytest.mark.parametrize(("scenario", "name"), COMPARED)
def test_goods_that_a_plan_names_are_in_the_market(scenario, name):
    goods = {one.id: one.skus for one in market(scenario).catalogue.categories}
    skus = {f"{category}-{number}" for category, count in goods.items() for number in range(1, count + 1)}
    ours = plan(name)
    for level in ours.commission.base.levels:
        for rates in [level.rates, *level.by_rank.values()]:
            assert set(rates) <= {*goods, "default"}
        assert set(level.skus) <= skus
    for campaign in ours.campaigns:
        assert set(campaign.categories or []) <= set(goods)
        assert set(campaign.skus or []) <= skus


@pytest.mark.parametrize(("scenario", "name"), PAIRS)
def test_a_small_run_pays_commission_and_every_wallet_is_the_sum_of_its_entries(scenario, name):
    model = model_of(scenario, name, people=3_000, days=40)
    book = model.store.book
    entries = book.rows("entries")
    assert np.count_nonzero(entries["component"] == Component.base) > 10
    earned = np.zeros(len(book.members), np.int64)
    np.add.at(earned, entries["member"], entries["amount"])
    wallets = sum(book.members[pocket] for pocket in POCKETS)
    assert wallets.tolist() == earned.tolist() == book.members["earned"].tolist()
    assert model.metrics.totals()["commission"] == entries["amount"].sum() > 0


@pytest.mark.many
def test_how_often_the_mall_settles_moves_when_money_is_paid_and_nothing_else():
    daily, weekly, monthly = (
        model_of("distribution_mall", name, people=5_000, days=90).store.book
        for name in ("mall_daily", "mall_two_level", "mall_monthly")
    )
    for field in ("member", "order", "line", "level", "amount"):
        assert daily.rows("entries")[field].tolist() == weekly.rows("entries")[field].tolist()
        assert daily.rows("entries")[field].tolist() == monthly.rows("entries")[field].tolist()
    paid = [int(book.members["withdrawn"].sum()) for book in (daily, weekly, monthly)]
    assert paid[0] >= paid[1] > paid[2]


def compared(scenario: str, *arms: str, days: int) -> Results:
    plans = tuple((name, plan(name)) for name in arms)
    return run_experiment(Experiment(market(scenario), plans, people=4_000, days=days, seed=SEED, replications=2))


@pytest.mark.many
def test_a_launch_at_five_times_pays_40_percent_of_an_order_and_cannot_win():
    results = compared("three_tier", "three_tier", "three_tier_5x", days=40)
    comparison, (lawful, caught) = results.compared(rulebook("house"))
    assert lawful.verdict == "unknown"  # nothing was seen; that is no proof
    assert caught.verdict == "violated"
    ratio = next(rule for rule in caught.rules if rule.id == "house_order_ratio")
    assert (ratio.verdict, ratio.worst, ratio.limit) == ("fail", "40.00%", "30%")
    assert comparison.breaches == {"three_tier_5x"}
    assert comparison.winner.arm != "three_tier_5x"
    assert comparison.winner.best_allowed != "three_tier_5x"
    assert "three_tier_5x" not in market("three_tier").plans


@pytest.mark.many
def test_team_pay_in_direct_selling_passes_the_house_rules_and_fails_the_strict_ones():
    results = compared("direct_selling", "direct_single", "direct_team", days=120)
    verdicts = {
        book: [found.verdict for found in results.compared(rulebook(book))[1]] for book in ("house", "house_strict")
    }
    assert verdicts == {"house": ["unknown", "unknown"], "house_strict": ["unknown", "violated"]}


def refunded_by_the_honest(model: StoreModel) -> float:
    """Part of goods paid that was given back, of buyers who do not cheat: fake orders are there to be sent back."""
    orders = model.store.book.rows("orders")
    counted = orders[(orders["paid_at"] >= 0) & (model.truth.kind[orders["buyer"]] == HONEST)]
    return float(counted["refunded"].sum() / counted["goods"].sum())


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "name"), COMPARED)
def test_a_run_at_the_default_size_is_plausible(scenario, name):
    conditions = market(scenario)
    models = [model_of(scenario, name, conditions.people, conditions.days, SEED + k) for k in range(WORLDS)]
    outcomes = [outcome_of(model, SEED + k, 0.0) for k, model in enumerate(models)]
    seen = {key: np.mean([one.metrics[key] for one in outcomes]) for key in PLAUSIBLE}
    members = np.mean([np.count_nonzero(one.store.book.members["joined_at"] >= 0) for one in models])
    assert 0.20 <= members / conditions.people <= 0.45
    assert 0.3 <= seen["distribution_share"] <= 0.9
    assert 0.08 <= seen["payout_ratio"] / seen["distribution_share"] <= 0.20  # of what promoters brought
    assert 0.03 <= np.mean([refunded_by_the_honest(model) for model in models]) <= 0.12
    assert 0.3 <= seen["fission_k"] < 1
    assert seen["contribution"] > 0
    outcome, stated = outcomes[0], plan(name).commission
    if not conditions.actors:
        assert refunded_by_the_honest(models[0]) == pytest.approx(outcome.metrics["refund_rate"], rel=1e-12)
    earned = components(outcome)
    for component in ("base", "ladder", "team"):
        if getattr(stated, component):
            assert (earned.get(component, 0) > 0) == ((scenario, component) not in UNREACHED), component
    levels = {level for component, level in outcome.components if component == "base"}
    assert levels == set(range(1, plan(name).depth + 1))
    found = findings(rulebook(conditions.rulebook), plan(name), outcome.observed, conditions.start)
    assert {finding.verdict for finding in found} == {"pass"}
