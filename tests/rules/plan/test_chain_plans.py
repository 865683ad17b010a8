"""Plans with components along the chain: what does not fit together is refused, and how far up anybody is paid."""

import datetime as dt

import pytest

from rules.compliance.evidence import Evidence, Seen
from rules.compliance.monitor import findings
from rules.compliance.rulebook import read_rulebook
from rules.errors import InputError
from rules.plan.read import parse_plan
from rules.plan.write import write_plan
from rules.plan.yaml import read_yaml
from scenarios.find import find

RANKS = [{"id": "customer"}, {"id": "agent"}]


def read(**commission):
    return parse_plan({"ranks": RANKS, "commission": commission})


@pytest.mark.parametrize(
    ("commission", "message"),
    [
        ({"differential": {"rates": {"agnt": "1%"}}}, r"rates\.agnt: there is no rank 'agnt' \(did you mean agent\?\)"),
        ({"differential": {"rates": {}}}, r"differential\.rates: \{\} has too few items"),
        ({"differential": {"rates": {"agent": "1%"}, "depth": {"x": 1}}}, r"depth\.x: there is no rank 'x'"),
        ({"differential": {"rates": {"agent": "1%"}, "depth": 9}}, r"depth: 9 is too large.* from 1 to 8"),
        ({"peer": {"rate": "1%"}}, r"commission\.peer: a peer bonus goes by the differential below, and there is none"),
        (
            {"differential": {"rates": {"agent": "1%"}}, "peer": {"rate": "1%", "ranks": ["x"]}},
            r"peer\.ranks\[0\]: there is no rank 'x'",
        ),
        ({"area": {"rates": {"x": "1%"}}}, r"area\.rates\.x: there is no rank 'x'"),
        ({"area": {"rates": "1%", "within": {"a": "b", "b": "a"}}}, r"area 'a' lies within itself"),
        ({"area": {"rates": "1%", "within": {"a": "a"}}}, r"area 'a' lies within itself"),
        ({"margin": {"prices": {"x": "80%"}}}, r"margin\.prices\.x: there is no rank 'x'"),
        ({"margin": {"prices": {"agent": "180%"}}}, r"'180%' is more than 100%"),
        ({"margin": {"skus": {"milk": {"x": 1}}}}, r"margin\.skus\.milk\.x: there is no rank 'x'"),
        (
            {"base": {"levels": [{"level": 1, "of": "level_1_commission"}]}},
            r"levels\[0\]\.of: level 1 cannot be a rate of itself",
        ),
    ],
)
def test_what_does_not_fit_is_refused(commission, message):
    with pytest.raises(InputError, match=message):
        read(**commission)


def test_an_area_may_lie_in_one_that_lies_in_another():
    plan = read(area={"rates": {"default": "2%", "agent": "5%"}, "within": {"jinan": "shandong", "shandong": "east"}})
    assert list(plan.commission.area.around("jinan")) == ["shandong", "east"]
    assert [plan.commission.area.rate_of(rank) for rank in ("customer", "agent")] == [20_000, 50_000]


def test_a_plan_that_is_written_is_read_as_the_same():
    plan = read(
        differential={"rates": {"agent": "12.5%"}, "depth": {"agent": 2}, "difference": "amounts"},
        peer={"rate": "10%", "of": "sale"},
        area={"rates": "5%", "within": {"jinan": "shandong"}},
        margin={"prices": {"agent": "80%"}, "skus": {"milk": {"agent": "6.50"}}},
        base={"levels": [{"level": 1}, {"level": 2, "rates": {"default": "10%"}, "of": "level_1_commission"}]},
    )
    assert parse_plan(read_yaml(write_plan(plan), "p").data) == plan


@pytest.mark.parametrize(
    ("commission", "people"),
    [
        ({}, 0),
        ({"base": {"levels": [{"level": 1}, {"level": 2}]}}, 2),
        ({"area": {"rates": "1%"}}, 0),
        ({"margin": {"prices": {"agent": "80%"}}}, 8),
        ({"differential": {"rates": {"agent": "1%"}}}, 8),
        ({"differential": {"rates": {"agent": "1%"}, "depth": 2}, "base": {"levels": [{"level": 1}]}}, 2),
        ({"differential": {"rates": {"agent": "1%"}, "depth": 2}, "peer": {"rate": "1%"}}, 8),
    ],
)
def test_how_far_up_anybody_is_paid(commission, people):
    plan = read(**commission)
    assert plan.reach == people
    calm = Evidence(measures={"levels": Seen()})
    house = read_rulebook(*find("rulebooks", "house"))
    (levels,) = [one for one in findings(house, plan, calm, dt.date(2026, 11, 22)) if one.rule.measure == "levels"]
    assert levels.measured == people
    assert levels.verdict == ("fail" if people > 3 else "pass")
