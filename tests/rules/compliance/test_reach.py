"""How far up an order pays, and how many people, with cases that show it."""

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.reach import levels, paid_persons
from rules.plan.read import parse_plan

RANKS = [{"id": "member"}, {"id": "partner"}, {"id": "head"}]


def plan(commission, **more):
    return parse_plan({"ranks": RANKS, "commission": commission, **more})


def base(*settings):
    levels = [{"level": number, "rates": {"default": "5%"}} | one for number, one in enumerate(settings, 1)]
    return {"base": {"levels": levels}}


def shown(decision):
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    return [entry for entry in result.entries if entry.order == "O1"]


@pytest.mark.parametrize(
    ("commission", "more", "deepest"),
    [
        (base({}, {}, {}), {}, 3),
        (base({}, {}, {}, {}), {}, 3),  # caps.levels is 3
        (base({}, {}, {}, {}), {"caps": {"levels": 4}}, 4),
        (base({}, {}, {"rates": {"default": 0}}), {}, 2),
        (base({}, {"ranks": []}, {}), {}, 3),  # nobody at level 2: skipped
        (base({}, {"ranks": []}, {}), {"semantics": {"ineligible_level": "stop"}}, 1),
        ({"differential": {"rates": {"partner": "5%"}, "depth": 5}}, {}, 5),
        ({"differential": {"rates": {"partner": "5%"}}, "peer": {"rate": "10%"}}, {}, 8),
        ({"margin": {"prices": {"partner": "60%"}}}, {}, 8),
        (base({}) | {"influence": {"path": 5, "node": 3, "pay": 1}}, {}, 3),
        (base({"rates": {"default": {"fixed": "0.01"}}}), {}, 1),
        ({}, {}, 0),
    ],
)
def test_the_deepest_level(commission, more, deepest):
    decision = levels(plan(commission, **more), 2)
    assert (decision.worst, decision.broken) == (deepest, deepest > 2)
    if decision.case:
        assert max(entry.level for entry in shown(decision)) == deepest


def test_a_level_that_only_a_campaign_pays_counts():
    paid = base({}, {"rates": {"default": "0%"}}, {"skus": {"milk": "1%"}, "rates": {}})
    assert levels(plan(paid), 2).worst == 3


@pytest.mark.parametrize(
    ("commission", "persons"),
    [
        (base({}, {}, {}), 3),
        (base({}, {"rates": {"default": 0}}, {}), 2),
        ({"differential": {"rates": {"partner": "5%", "head": "9%"}}} | base({}, {}), 4),  # 2 by level, 2 above them
        (base({}) | {"influence": {"path": 3, "node": 2, "pay": 1}}, 2),
        ({}, 0),
    ],
)
def test_persons_that_one_order_pays(commission, persons):
    commission = commission | ({"base": _small(commission["base"])} if "differential" in commission else {})
    decision = paid_persons(plan(commission), 3)
    assert decision.worst == persons
    if decision.case and persons:
        assert len({entry.member for entry in shown(decision)}) == persons


def _small(levels_of):
    """Base rates that leave the differential something."""
    return {"levels": [one | {"rates": {"default": "1%"}} for one in levels_of["levels"]]}


def test_an_area_can_have_any_number_of_agents():
    decision = paid_persons(plan({"area": {"rates": "1%"}}), 3)
    assert (decision.worst, decision.broken) == (None, True)
    assert len(shown(decision)) == 4
