"""Who is a promoter, as it is written and as it is read."""

import pytest

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.read import parse_plan, read_plan
from rules.plan.write import write_plan

WRITTEN = {
    "rank": ("rank", 0),
    "all": ("all", 0),
    "appointed": ("appointed", 0),
    "spend_over:200": ("spend_over", 200_00),
    "spend_over:0": ("spend_over", 0),
    "order_at_least:199.99": ("order_at_least", 199_99),
}


def plan_with(**semantics: object) -> Plan:
    return parse_plan({"plan": "p", "ranks": [{"id": "member"}], "semantics": semantics})


@pytest.mark.parametrize(("text", "way"), WRITTEN.items())
def test_ways_are_read_and_written_back(text: str, way: tuple[str, int]) -> None:
    plan = plan_with(promoter_by=text)
    assert plan.semantics.promoter_by == way
    assert read_plan(write_plan(plan), "p") == plan


@pytest.mark.parametrize(
    "text", ["spend_over", "spend_over:", "spend_over:-1", "rank:3", "order_at_least:1e3", 7, None]
)
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(InputError, match=r"semantics\.promoter_by: .*spend_over:N"):
        plan_with(promoter_by=text)


def test_moments_are_read_and_written_back() -> None:
    plan = plan_with(upline_snapshot={1: "create", 2: "settle"}, eligible_at=["create", "receipt"])
    assert (plan.semantics.upline_at(1), plan.semantics.upline_at(2), plan.semantics.upline_at(8)) == (
        "create",
        "settle",
        "settle",
    )
    assert plan.semantics.checks == ["create", "receipt"]
    assert plan.semantics.entries_at == "settle"
    assert read_plan(write_plan(plan), "p") == plan
    assert plan_with().semantics.entries_at == "pay"
    assert plan_with(rate_snapshot="create", upline_snapshot="create").semantics.entries_at == "pay"
    assert plan_with(rate_snapshot="receipt").semantics.entries_at == "receipt"
    assert plan_with(upline_snapshot={2: "receipt"}).semantics.upline_at(1) == "pay"
