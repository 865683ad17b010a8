"""A new version of the plan every week in one run."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import worlds
from rich.console import Console

from rules.errors import InputError
from rules.events import DAY, Kind
from scenarios.find import find
from sim.actors.parts import PlanCalendars
from sim.checkpoint import resume, save
from sim.report.versions import print_versions, versions_told
from sim.scenario import read_scenario
from sim.versions import versions_of

WEEKS = [[7, "three_tier_more"], [14, "three_tier_guarded"], [21, "three_tier"]]
OPTIONS = {
    "people": 1500,
    "days": 30,
    "market": {"actors": [PlanCalendars(kind="plan_calendar", plans=WEEKS)]},
    "behaviour": {"organic": 0.02},
}


@pytest.fixture(scope="module")
def lived():
    return worlds.logged(**OPTIONS)


def test_each_version_comes_into_force_at_midnight_of_its_day(lived):
    model, events = lived
    changes = events[events["kind"] == Kind.plan]
    days = changes["time"] / DAY - model.world.start
    names = [model.plans[number].plan for number in changes["rank"]]
    assert [*zip(days.tolist(), names, strict=True)] == [tuple(one) for one in WEEKS]
    assert model.plan.plan == "three_tier"


def test_orders_go_by_the_version_of_their_day(lived):
    model, _ = lived
    orders = model.store.book.rows("orders")
    orders = orders[orders["paid_at"] >= 0]
    placed = (orders["placed_at"] // DAY - model.world.start) // 7
    expected = ["three_tier", "three_tier_more", "three_tier_guarded", "three_tier", "three_tier"]
    terms = [model.plans[number].plan for number in orders["terms"]]
    assert terms == [expected[week] for week in placed]
    assert len(set(terms)) == 3


def test_promoters_weigh_their_effort_by_the_new_version(lived):
    """Under the plan that pays half as much again for a sale effort is another than without the calendar."""
    with_it, without = (
        worlds.model(**OPTIONS | {"days": 9} | changed).run() for changed in ({}, {"market": {"actors": []}})
    )
    one, other = (model.world.crowd["effort"] for model in (with_it, without))
    assert (one != other).any()


def test_figures_of_versions_add_up_to_those_of_the_run(lived):
    model, _ = lived
    found = versions_of(model)
    assert [(one.plan, one.first, one.days) for one in found] == [
        ("three_tier", 0, 7), ("three_tier_more", 7, 7), ("three_tier_guarded", 14, 7), ("three_tier", 21, 9),
    ]  # fmt: skip
    totals = model.metrics.totals()
    for name in ("gmv", "orders", "shares", "clicks", "new_members", "commission"):
        assert sum(getattr(one, name) for one in found) == totals[name]
    daily = model.metrics.daily()
    assert found[1].gmv == daily["gmv"][7:14].sum()
    assert found[1].payout == found[1].commission / found[1].gmv
    weights = model.metrics.flows()["sharers"][14:21]
    assert found[2].k == pytest.approx(np.average(daily["fission_k"][14:21], weights=weights))


def test_what_is_told(lived):
    model, _ = lived
    found = versions_of(model)
    told = json.loads(json.dumps(versions_told(found)))["plan_versions"]
    assert [one["plan"] for one in told] == [one.plan for one in found]
    assert told[0]["gmv"] == found[0].gmv / 100
    for lang, words in (("zh", "方案版本"), ("en", "no experiment")):
        said = io.StringIO()
        print_versions(Console(file=said, width=120), found, lang)
        assert words in said.getvalue()
    assert (versions_of(worlds.model(people=300, days=1)), versions_told(())) == ((), {})


def test_a_calendar_survives_a_checkpoint(tmp_path, lived):
    model = worlds.model(**OPTIONS)
    while model.day < 15:
        model.step()
    save(model, tmp_path / "world.npz")
    assert versions_of(resume(tmp_path / "world.npz").run()) == versions_of(lived[0])


@pytest.mark.parametrize(
    ("plans", "message"),
    [
        ("[[7, three_tier], [7, three_tier_more]]", "in order of days"),
        ("[[9, three_tier], [7, three_tier_more]]", "in order of days"),
        ("[]", "plans"),
        ("[[x, three_tier]]", "plans"),
    ],
)
def test_what_does_not_fit_is_refused(plans, message):
    text, name = find("markets", "three_tier")
    with pytest.raises(InputError, match=message):
        read_scenario(f"{text}\nactors: [{{kind: plan_calendar, plans: {plans}}}]\n", name)
