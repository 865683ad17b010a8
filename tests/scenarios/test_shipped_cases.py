"""Every shipped case comes out as it was worked out by hand, in both engines."""

import pytest

from rules.cases.model import Case
from rules.cases.read import read_cases
from rules.cases.run import run_case
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find, names

CASES = [(file, case) for file in names("cases") for case in read_cases(*find("cases", file))]


def plan_named(name: str) -> Plan:
    return read_plan(*find("plans", name))


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{file}: {case.name}" for file, case in CASES])
def test_a_shipped_case_comes_out_as_worked_by_hand(case: Case) -> None:
    assert run_case(case, plan_named).problems == []
