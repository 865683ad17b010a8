"""Observed orders against a rulebook: a breach is found exactly at its limit, and observation never proves."""

import datetime as dt
from dataclasses import replace

import pytest

from rules.compliance.monitor import Observed, findings, verdict_of
from rules.compliance.rulebook import read_rulebook
from rules.people.rank import Rank
from rules.plan.model import Plan
from scenarios.find import find

HOUSE = read_rulebook(*find("rulebooks", "house"))
STRICT = read_rulebook(*find("rulebooks", "house_strict"))
PLAN = Plan(ranks=[Rank(id="member")])
CALM = Observed(
    orders=10, levels=1, order_commission=30, order_goods=100, order="7", team=0, commission=30, team_most=0
)
DAY = dt.date(2026, 11, 22)


def verdicts(book, seen: Observed) -> dict[str, str]:
    return {found.rule.measure: found.verdict for found in findings(book, PLAN, seen, DAY)}


@pytest.mark.parametrize(
    ("changed", "measure"),
    [
        ({"levels": 4}, "levels"),
        ({"order_commission": 31}, "order_ratio"),
        ({"order_commission": 1, "order_goods": 0}, "order_ratio"),
        ({"team": 16}, "team_share"),
    ],
)
def test_each_limit_of_the_house_breaks_just_above_it(changed: dict[str, int], measure: str) -> None:
    assert set(verdicts(HOUSE, CALM).values()) == {"pass"}
    broken = replace(CALM, **changed)
    assert {name for name, verdict in verdicts(HOUSE, broken).items() if verdict == "fail"} == {measure}
    assert verdict_of(findings(HOUSE, PLAN, broken, DAY)) == "violated"


def test_exactly_at_the_limit_is_within_it() -> None:
    assert verdicts(HOUSE, replace(CALM, levels=3, team=15))["team_share"] == "pass"


def test_the_strict_house_allows_no_team_pay_at_all() -> None:
    assert "fail" not in verdicts(STRICT, CALM).values()
    assert "fail" in verdicts(STRICT, replace(CALM, team=1, team_most=1)).values()


def test_keeping_every_rule_is_unknown_and_never_proved() -> None:
    assert verdict_of(findings(HOUSE, PLAN, CALM, DAY)) == "unknown"


def test_rules_bind_only_on_their_days() -> None:
    late = [rule.model_copy(update={"from_": dt.date(2027, 1, 1)}) for rule in HOUSE.rules]
    assert findings(HOUSE.model_copy(update={"rules": late}), PLAN, CALM, DAY) == []


def test_the_evidence_names_order_and_amounts() -> None:
    found = next(one for one in findings(HOUSE, PLAN, CALM, DAY) if one.rule.measure == "order_ratio")
    assert (found.measured, found.worst, found.limit) == (300_000, "30.00%", "30%")
    assert "order 7 pays 0.30 on 1.00" in found.evidence.en
    assert "订单 7" in found.evidence.zh
