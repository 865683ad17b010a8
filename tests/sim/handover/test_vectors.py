"""Vectors: valid, the same for the same seed, and sharp enough to tell a wrong system from the right one."""

import json
from collections import Counter

import pytest

from rules.cases.read import parse_case, read_cases
from rules.cases.run import run_case
from rules.plan.read import parse_plan, read_plan
from rules.plan.write import plan_data
from scenarios.find import find
from sim.handover.vectors import make_vectors

PLAN = read_plan(*find("plans", "three_tier"))


@pytest.fixture(scope="module")
def vectors():
    return make_vectors(PLAN, 3000, seed=1)


def test_the_file_is_a_file_of_cases_that_pass(vectors):
    cases = read_cases(vectors.text(), "vectors.json")
    assert len(cases) == len(vectors.cases)
    assert all(run_case(case).passed for case in cases)
    assert sum(len(case.events) for case in cases) == vectors.events >= 3000


def test_the_same_seed_gives_the_same_file(vectors):
    assert make_vectors(PLAN, 3000, seed=1).text() == vectors.text()
    assert make_vectors(PLAN, 200, seed=2).text() != make_vectors(PLAN, 200, seed=3).text()


def test_every_mechanism_of_the_plan_is_shown(vectors):
    shown = Counter(feature.split(",")[0].split(":")[0] for feature in vectors.features)
    assert {"base", "ladder", "team", "newcomer", "streak", "refused"} <= shown.keys()


WRONG = {
    "rounds half up": lambda plan: plan.setdefault("semantics", {}).update(rounding="half_up"),
    "claws back too little": lambda plan: plan.setdefault("semantics", {}).update(clawback_rounding="floor"),
    "never claws back": lambda plan: plan.setdefault("semantics", {}).update(partial_refund="none"),
    "cap a percent too high": lambda plan: plan["caps"].update(order_ratio="31%"),
    "trims bonuses first": lambda plan: plan["caps"].update(trim="bonuses_first"),
    "daily cap a fen too high": lambda plan: plan["caps"].update(member_day="500.01"),
    "ladder begins late": lambda plan: plan["commission"]["ladder"]["brackets"][1].update({"from": "50001"}),
    "whole ladder": lambda plan: plan["commission"]["ladder"].update(mode="whole"),
    "streak of six days": lambda plan: plan["bonuses"][1].update(days=6),
    "campaign a day longer": lambda plan: plan["campaigns"][0].update(days=[0, 14]),
    "pays members too": lambda plan: plan["commission"]["base"]["levels"][0].pop("ranks"),
    "hold of six days": lambda plan: plan["settlement"].update(hold_days=6),
    "withdrawals a fen below the minimum": lambda plan: plan["withdrawal"].update(minimum="99.99"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_system_that_computes_otherwise_is_found_out(vectors, wrong):
    plan = json.loads(json.dumps(plan_data(PLAN)))
    wrong(plan)
    other = parse_plan(plan)
    cases = [parse_case(case).model_copy(update={"plan": other}) for case in vectors.cases]
    assert not all(run_case(case).passed for case in cases)
