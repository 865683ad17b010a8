"""Claim files: what is shipped is whole and runs; what is wrong is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from daily import some

from rules.errors import InputError
from scenarios.find import find, names
from sim.claims.model import Family, read_family
from sim.claims.testing import cases_of, put_to_the_test, ready, runs_of
from sim.cli.common import load_plan, load_scenario
from sim.report.claims import claimed

GOOD = """
family: T1
title: {zh: 甲, en: A}
source: {zh: 某人, en: somebody}
market: three_tier
people: 500
days: 20
arms:
  - {id: before, title: {zh: 前, en: Before}, plan: three_tier, rewards: false}
  - {id: after, title: {zh: 后, en: After}, plan: three_tier}
references:
  - {id: ad_cost, title: {zh: 广告, en: ad}, value: 142, source: a test}
claims:
  - {id: k, title: {zh: 裂变, en: K}, reading: {zh: 裂变, en: K}, figure: fission_k, at_least: 50%}
  - {id: cost, title: {zh: 成本, en: cost}, reading: {zh: 成本, en: cost}, figure: acquisition_cost, as: level, over: ad_cost, at_most: -30%}
assumptions:
  - {vary: cost, title: {zh: 甲, en: a}, values: [0.5, 3], why: {zh: 因, en: because}}
  - {vary: ad_cost, title: {zh: 乙, en: b}, values: [20], why: {zh: 因, en: because}}
  - {vary: days, title: {zh: 丙, en: c}, values: [30], why: {zh: 因, en: because}}
"""  # noqa: E501


def shipped(name: str) -> Family:
    return read_family(*find("claims", name))


def test_the_claims_of_the_source_descriptions_are_shipped():
    assert {"A11", "C8", "C18", "E13", "E13_knowledge"} <= set(names("claims"))


@pytest.mark.parametrize("name", names("claims"))
def test_a_shipped_file_is_whole_in_both_languages(name):
    family = shipped(name)
    assert family.family == name
    texts = [family.title, family.source, *(one.title for one in [*family.arms, *family.references])]
    texts += [text for one in family.claims for text in (one.title, one.reading)]
    texts += [text for one in family.assumptions for text in (one.title, one.why)]
    texts += [t for one in family.untestable for t in (one.title, one.why)]
    for text in texts:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), text
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.en), text
    used = {one.over for one in family.claims} | {one.times for one in family.claims}
    assert {one.id for one in family.references} <= used
    assert len(family.assumptions) >= 4


@pytest.mark.parametrize("name", some(names("claims"), 2))
def test_a_shipped_file_runs(name):
    family = shipped(name)
    few = [one.model_copy(update={"values": one.values[:1]}) for one in family.assumptions if one.vary != "people"]
    sizes = {"people": 1_000, "days": 35, "replications": 2, "assumptions": few}
    one = ready(family.model_copy(update=sizes), load_scenario(family.market), load_plan)
    done: list[str] = []
    (found,) = put_to_the_test([one], 5, done=done.append)
    assert len(done) == runs_of([one], 5)
    assert found.replications == 2
    assert [tested.claim.id for tested in found.tested] == [claim.id for claim in family.claims]
    assert any(tested.findings[0].judged.estimate for tested in found.tested)
    for tested in found.tested:
        assert tested.findings[0].case.vary == ""
        assert 1 < len(tested.findings) <= len(cases_of(one.family))


def test_the_table_of_the_docs_has_every_claim_that_is_shipped():
    page = (Path(__file__).parents[3] / "docs" / "CLAIMS.md").read_text("utf-8")
    for name in names("claims"):
        for claim in shipped(name).claims:
            assert f"| `{name}` {claim.title.en} | {claimed(claim)} |" in page


def test_a_good_file_is_read():
    family = read_family(GOOD, "t.yaml")
    k, cost = family.claims
    assert (k.bound, k.upward, k.as_, family.arm_of(k), family.against_of(k)) == (
        0.5,
        True,
        "change",
        "after",
        "before",
    )
    assert (cost.bound, cost.upward, cost.as_) == (-0.3, False, "level")
    assert [(case.vary, case.value) for case in cases_of(family)] == [
        ("", 0), ("cost", 0.5), ("cost", 3), ("ad_cost", 20), ("days", 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "figure: fission_k",
            "figure: fision_k",
            "t.yaml:14:71: claims[0].figure: 'fision_k' is not known here (did you",
        ),
        ("at_least: 50%", "at_least: 50%, at_most: 60%", "a claim has one bound"),
        ("at_least: 50%", "at_least: much", "'much' is not a number"),
        ("over: ad_cost", "over: ad_price", "'ad_price' is not known here; allowed: ad_cost"),
        ("figure: fission_k", "figure: fission_k, arm: befor", "'befor' is not known here (did you mean before?)"),
        ("figure: fission_k", "figure: fission_k, arm: before", "'before' is compared with itself; allowed: two arms"),
        (
            "vary: cost",
            "vary: costs",
            "t.yaml:17:12: assumptions[0].vary: 'costs' is not known here (did you mean cost?)",
        ),
        ("[0.5, 3]", "[0.5, -3]", "t.yaml:17:55: assumptions[0].values[1]: "),
        ("[20]", "[0]", "ad_cost is above 0"),
        ("[30]", "[30.5]", "sizes are whole"),
        ("id: ad_cost", "id: joy", "'joy' is what behaviour has already"),
        ("id: cost,", "id: k,", "'k' is given twice"),
        ("days: 20", "days: 20\nweeks: 3", "the key 'weeks' is not known here"),
        ("source: a test", "source: ''", "too short"),
    ],
)
def test_a_bad_file_is_refused_where_it_is_wrong(old, new, said):
    assert GOOD.count(old) == 1
    with pytest.raises(InputError) as caught:
        read_family(GOOD.replace(old, new), "t.yaml")
    assert str(caught.value).startswith("t.yaml:")
    assert said in str(caught.value)


def test_goods_that_the_market_does_not_sell_are_refused():
    family = read_family(GOOD + "goods: [courses]\n", "t.yaml")
    with pytest.raises(InputError, match="sells no 'courses'; allowed: fmcg, digital, home"):
        ready(family, load_scenario("three_tier"), load_plan)
