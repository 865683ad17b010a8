"""Plans that load: the contract's example, the shipped plan, plans without a file."""

import datetime as dt

import pytest

from rules.commission.base import Fixed, Percentage
from rules.errors import InputError
from rules.plan.notes import notes
from rules.plan.read import parse_plan, read_plan
from rules.plan.yaml import read_yaml
from scenarios.find import find


@pytest.fixture
def plan(contract):
    return read_plan(contract, "contract.yaml")


def test_the_plan_of_the_contract_loads_as_it_stands(plan):
    assert plan.plan == "three_tier"
    assert [rank.id for rank in plan.ranks] == ["member", "promoter", "partner"]
    assert plan.ranks[1].join.orders == 1
    assert plan.ranks[2].promote.targets == [("promoted_volume", 50_000_00)]
    (level,) = plan.commission.base.levels
    assert {name: one.rate for name, one in level.rates.items()} == {
        "fmcg": 80_000,
        "digital": 30_000,
        "default": 50_000,
    }
    assert [(step.from_, step.rate) for step in plan.commission.ladder.brackets] == [
        (0, 50_000),
        (5_000_000, 80_000),
    ]
    assert (plan.commission.team.rate, plan.commission.team.ranks) == (20_000, ["partner"])
    assert [(bonus.id, bonus.pay, bonus.days) for bonus in plan.bonuses] == [
        ("newcomer", 50_00, None),
        ("streak", 100_00, 7),
    ]
    assert (plan.campaigns[0].days, plan.campaigns[0].multiply.base) == ((0, 13), 1_500_000)
    assert (plan.caps.order_ratio, plan.caps.member_day) == (300_000, 500_00)
    assert (plan.settlement.cycle.every, plan.settlement.cycle.at) == ("week", 7_200)
    assert (plan.withdrawal.minimum, plan.withdrawal.maximum, plan.withdrawal.fee) == (100_00, 20_000_00, 0)
    assert plan.depth == 1


def test_the_shipped_plan_says_what_the_contract_says(plan):
    shipped = read_plan(*find("plans", "three_tier"))
    untitled = [rank.model_copy(update={"title": None}) for rank in shipped.ranks]
    assert shipped.model_copy(update={"ranks": untitled}) == plan


def test_tax_tables_that_nobody_verified_are_noted(plan):
    (note,) = notes(plan)
    assert "tables that nobody compared with the official text" in note.en
    assert "税表" in note.zh
    assert notes(parse_plan({"ranks": [{"id": "a"}]})) == []


def test_a_plan_without_a_file_needs_no_name_and_has_the_contract_defaults():
    plan = parse_plan({"ranks": [{"id": "member"}]})
    assert plan.attribution.bind_on == "register"
    assert (plan.attribution.keep, plan.attribution.on_conflict) == (("permanent", 0), ("keep", 0))
    assert (plan.commission.base, plan.commission.ladder, plan.commission.team) == (None, None, None)


def test_a_plan_without_a_file_is_refused_without_a_line():
    with pytest.raises(InputError, match=r"^caps\.levels: 9 is too large; allowed: a whole number from 1 to 8$"):
        parse_plan({"ranks": [{"id": "member"}], "caps": {"levels": 9}})


def test_a_plan_inside_a_document_keeps_its_place():
    document = read_yaml("- name: x\n  plan:\n    ranks: [{id: a}, {id: a}]\n", "c.yaml")
    with pytest.raises(InputError, match=r"^c\.yaml:3:27: \[0\]\.plan\.ranks\[1\]\.id: 'a' is given twice"):
        parse_plan(document.data[0]["plan"], document, (0, "plan"))


def test_what_was_read_can_be_given_to_the_model_again(plan):
    assert plan.model_copy() == plan
    assert type(plan)(**dict(plan)) == plan


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("permanent", ("permanent", 0)),
        ("last_click", ("last_click", 0)),
        ("days:30", ("days", 30)),
    ],
)
def test_how_long_a_binding_is_kept(contract, written, held):
    plan = read_plan(contract.replace("keep: permanent", f"keep: {written}"), "p")
    assert plan.attribution.keep == held


def test_rates_fixed_amounts_products_and_ranks(contract):
    text = contract.replace(
        "default: 5%}",
        "default: {fixed: 0.88}}, skus: {milk: 0.1, '1001': {fixed: 0}},"
        " by_rank: {partner: {default: 9%}}, minimum: 0.01",
    )
    (level,) = read_plan(text, "p").commission.base.levels
    assert level.rates["default"] == Fixed(fixed="0.88")
    assert level.skus == {"milk": Percentage(rate="10%"), "1001": Fixed(fixed=0)}
    assert level.by_rank["partner"]["default"] == Percentage(rate="9%")
    assert level.minimum == 1


def test_rounding_for_all_levels_or_for_each(contract):
    plan = read_plan(contract.replace("rounding: floor", "rounding: {1: half_up, 3: ceil}"), "p")
    assert [plan.semantics.rounding_of(level) for level in (1, 2, 3)] == ["half_up", "floor", "ceil"]
    assert read_plan(contract, "p").semantics.rounding_of(2) == "floor"


def test_dates_of_a_campaign_and_the_start_of_a_plan(contract):
    text = contract.replace("days: [0, 13]", "dates: [2026-03-01, 2026-03-14]") + "start: 2026-01-01\n"
    plan = read_plan(text, "p")
    assert plan.campaigns[0].dates == (dt.date(2026, 3, 1), dt.date(2026, 3, 14))
    assert plan.start == dt.date(2026, 1, 1)


def test_anchors_and_merges_work_in_plans(contract):
    text = contract.replace(
        "{level: 1, rates: {fmcg: 8%, digital: 3%, default: 5%}, ranks: [promoter, partner]}",
        "&one {level: 1, rates: {default: 5%}, ranks: [promoter]}\n      - {<<: *one, level: 2}",
    )
    levels = read_plan(text, "p").commission.base.levels
    assert [(level.level, level.ranks) for level in levels] == [(1, ["promoter"]), (2, ["promoter"])]
