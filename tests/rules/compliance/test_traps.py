"""Plans that look safe and are not: every row of the table in the project's notes on law, "Provers that were tried".

A row has its plan in scenarios/plans/traps, the measure and limit it is held against, and its figures: found by
enumeration, and worked again by hand in the comments. Every case that shows a breach runs through both engines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import scenarios
from rules.cases.read import parse_case
from rules.cases.result import CaseResult
from rules.cases.run import run_case
from rules.compliance.check import DECIDERS
from rules.compliance.decision import Assumptions, Decision
from rules.compliance.order_ratio import SMALLEST
from rules.compliance.order_ratio.case import goods_paid
from rules.compliance.rulebook import Measure
from rules.plan.model import Plan
from rules.plan.read import read_plan

TRAPS = Path(scenarios.__file__).parent / "plans" / "traps"
THIRTY = 300_000


def trap(name: str) -> Plan:
    """A plan of scenarios/plans/traps."""
    return read_plan((TRAPS / f"{name}.yaml").read_text(encoding="utf-8"), name)


def played(decision: Decision) -> CaseResult:
    """The case of a decision, in both engines."""
    assert decision.case is not None
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    return result


def order(decision: Decision) -> tuple[int, int]:
    """What the smallest order over the limit pays for its goods, and what is paid out on it."""
    assert decision.why == SMALLEST
    out = sum(entry.amount for entry in played(decision).entries if entry.order == "O1")
    return goods_paid(decision.case)[0], out


def on_list_price(decision: Decision) -> tuple[int, int, int]:
    """The same, after what the goods cost before discounts."""
    state = played(decision).state
    assert state is not None
    return (sum(line.price * line.quantity for line in state.orders[-1].lines), *order(decision))


def persons(decision: Decision) -> list[int]:
    """What each person is paid."""
    each: Counter[str] = Counter()
    for entry in played(decision).entries:
        each[entry.member] += entry.amount
    return list(each.values())


def after_refunds(decision: Decision) -> tuple[int, int]:
    """Goods and commission that stay."""
    result = played(decision)
    assert result.state is not None
    goods = sum(line.paid - line.refunded for line in result.state.orders[-1].lines)
    return goods, sum(entry.amount for entry in result.entries)


def by_orders(decision: Decision) -> list[tuple[int, int]]:
    """What each order pays for its goods, and what is booked after it."""
    result = played(decision)
    assert result.state is not None
    return [(one.goods, entry.amount) for one, entry in zip(result.state.orders, result.entries, strict=True)]


@dataclass(frozen=True)
class Row:
    """One row: a plan, a measure, its limit; what is shown of the breach and its figures (None = it holds), in fen."""

    name: str
    plan: str
    measure: Measure
    limit: int
    shows: Callable[[Decision], object] | None = None
    figures: object = None
    discount: int = 0
    worst: int | None = None


ROWS = [
    Row("15/10/5, floor", "thirty_floor", "order_ratio", THIRTY, worst=THIRTY),
    # of 0.05: 0.75 → 1, 0.5 → 1, 0.25 → 0
    Row("15/10/5, half_up", "thirty_half_up", "order_ratio", THIRTY, order, (5, 2), worst=400_000),
    Row("15/5/3, floor", "safe_floor", "order_ratio", THIRTY, worst=230_000),
    # 0.10 pays 1.5 → 2 and 0.5 → 1
    Row("15/5/3, half_up", "safe_half_up", "order_ratio", THIRTY, worst=300_000),
    Row("15/5/3, minimum 0.01", "minimum", "order_ratio", THIRTY, order, (1, 3), worst=3_000_000),
    Row("15/5/3, campaign × 1.3", "campaign_1_3", "order_ratio", THIRTY, worst=299_000),
    # of 0.23: 22.5 % is 5.175 → 5; 7.5 % is 1.725 → 1; 4.5 % is 1.035 → 1
    Row("15/5/3, campaign × 1.5", "campaign_1_5", "order_ratio", THIRTY, order, (23, 7), worst=345_000),
    # 23 % of 5/4 of what is paid is 28.75 %
    Row("15/5/3 of list, up to 20 % off", "on_list_price", "order_ratio", THIRTY, discount=200_000, worst=287_500),
    # 15 + 5 + 3 of a list price of 1.00
    Row("up to 25 % off", "on_list_price", "order_ratio", THIRTY, on_list_price, (100, 75, 23), 250_000, 306_666),
    Row("first-order bonus of 5.00", "first_order_bonus", "order_ratio", THIRTY, order, (1, 5_00)),
    # 8 % of the 49,999.99 before is 3,999.99, 5 % was 2,499.99 (floor); the last fen itself brings the other 0.01
    Row(
        "whole ladder, 5 → 8 % at 50,000",
        "whole_ladder",
        "cliff",
        1_499_99,
        by_orders,
        [(49_999_99, 2_499_99), (1, 1_500_01)],
        worst=1_500_00,
    ),
    Row("the same, 1,500 allowed", "whole_ladder", "cliff", 1_500_00, worst=1_500_00),
    # 20 % of 5 × 0.01 is 0.01; of that 4/5, 0.8 of a fen, are taken back in all: 0
    Row("floor paid, floor back, 20 %", "refund_floor", "refund_ratio", THIRTY, after_refunds, (1, 1), worst=1_000_000),
    Row("floor paid, ceil back, 29 %", "refund_ceil", "refund_ratio", THIRTY, worst=290_000),
    # each tops up 5 % to the own rate, of 10,000,000.00
    Row("differential over four", "differential_of_four", "paid_persons", 3, persons, [500_000_00] * 4, worst=4),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_of_the_table_at_its_figures(row: Row) -> None:
    decision = DECIDERS[row.measure](trap(row.plan), row.limit, Assumptions(discount=row.discount))
    assert decision.broken is (row.shows is not None)
    if row.worst is not None:
        assert decision.worst == row.worst
    if row.shows is not None:
        assert row.shows(decision) == row.figures
    elif row.measure != "paid_persons":
        assert decision.case is None


def test_every_trap_has_a_row() -> None:
    assert {row.plan for row in ROWS} == {path.stem for path in TRAPS.glob("*.yaml")}


def test_one_fen_or_one_millionth_less_and_a_plan_that_holds_is_broken() -> None:
    """A limit just below the worst of a row that holds: the worst is reached, and is no mere bound."""
    for row in ROWS:
        if row.shows is None and row.worst is not None and row.measure in ("order_ratio", "cliff"):
            below = DECIDERS[row.measure](trap(row.plan), row.worst - 1, Assumptions(discount=row.discount))
            assert below.broken is True, row.name
            played(below)
