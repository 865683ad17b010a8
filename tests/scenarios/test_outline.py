"""Titles are read without the rest of a file: they are those of the whole one."""

import pytest

from rules.plan.read import read_plan
from scenarios.find import find, names
from scenarios.outline import outline
from sim.scenario import read_scenario


@pytest.mark.parametrize("name", names("plans"))
def test_the_outline_of_a_plan_has_its_title(name):
    title = read_plan(*find("plans", name)).title
    assert outline("plans", name) == (name, title.zh, title.en, ())


@pytest.mark.parametrize("name", names("markets"))
def test_the_outline_of_a_market_has_its_title_and_plans(name):
    market = read_scenario(*find("markets", name))
    assert outline("markets", name) == (name, market.title.zh, market.title.en, tuple(market.plans))
