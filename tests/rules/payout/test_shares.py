"""Pieces taken back one refund after the other, held against the recurrence as the platform runs it; fees; faults."""

from decimal import ROUND_DOWN, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.engine import Engine
from rules.events import DAY, Kind, Names, blank
from rules.plan.model import Plan
from rules.trace import ReadableEngine

START = 20_458 * DAY


def reversals(semantics, line, refunds, rate="10%"):
    """What each refund of an order with one line takes back, by both engines: fen, in the order of the refunds."""
    plan = Plan.model_validate(
        {
            "ranks": [{"id": "m"}],
            "commission": {"base": {"levels": [{"level": 1, "rates": {"default": rate}}]}},
            "semantics": semantics,
        }
    )
    log = blank(3 + len(refunds))
    log["time"], log["order"], log["line"] = START + np.arange(len(log)), 0, 1
    log["kind"][:3], log["kind"][3:] = [Kind.rebind, Kind.order, Kind.pay], Kind.refund
    log["member"], log["other"][0] = 1, 0
    for name, value in line.items():
        log[name][1] = value
    for row, (name, value) in zip(log[3:], refunds, strict=True):
        row[name] = value
    found = []
    engines = Engine.open([plan], Names(), 2, 20_458), ReadableEngine([plan], Names(), 2, 20_458)
    register = blank(2)
    register["kind"], register["member"], register["time"] = Kind.register, [0, 1], START
    for engine in engines:
        engine.apply(register)
        made = [engine.apply(log[place : place + 1])["amount"].tolist() for place in range(len(log))]
        found.append((sum(made[2]), [-sum(one) for one in made[3:]]))
    assert found[0] == found[1]
    return found[0]


@st.composite
def pieces(draw):
    quantity = draw(st.integers(1, 40))
    left, back = quantity, []
    while left and draw(st.booleans() if back else st.just(True)):
        back.append(draw(st.integers(1, left)))
        left -= back[-1]
    return draw(st.integers(1, 5_000)), quantity, back


@settings(max_examples=60, deadline=None)
@given(pieces(), st.sampled_from(["line", "order"]))
def test_pieces_are_reckoned_as_the_platform_splits_its_orders(goods, entry_per):
    price, quantity, back = goods
    commission, taken = reversals(
        {"clawback_unit": "trunc4", "entry_per": entry_per},
        {"price": price, "quantity": quantity},
        [("quantity", one) for one in back],
    )
    left, rest, expected = quantity, Decimal(commission) / 100, []
    for one in back:  # each refund splits off an order with so many pieces; the other keeps what remains
        each = (rest / left).quantize(Decimal("0.0001"), ROUND_DOWN)
        share = rest if one == left else (one * each).quantize(Decimal("0.01"), ROUND_DOWN)
        expected.append(int(share * 100))
        left, rest = left - one, rest - share
    assert taken == expected
    assert sum(taken) <= commission
    assert left or sum(taken) == commission


def test_money_without_goods_goes_by_its_share():
    # 10.00 on four at 25.00: money 30.00 is 3.00; a piece is then money of the order again: 55.00 in all, 5.50
    line, back = {"price": 25_00, "quantity": 4}, [("amount", 30_00), ("quantity", 1), ("amount", 45_00)]
    assert reversals({"clawback_unit": "trunc4"}, line, back) == (10_00, [3_00, 2_50, 4_50])


def test_a_fee_is_given_back_with_the_money():
    # 50 % of 10.00 less 2.09: 3.95. 4.00 back: ceil(2.00) - floor(0.5 x 0.83) = 1.59; the rest is what is left.
    line = {"price": 10_00, "quantity": 1, "fee": 2_09}
    refunds = [("amount", 4_00), ("amount", 6_00)]
    assert reversals({"fee_share": True}, line, refunds, "50%") == (3_95, [1_59, 2_36])
    alone = {"fee_share": True, "defects": ["refund_rounded_each"]}
    assert reversals(alone, line, refunds, "50%") == (3_95, [1_59, 2_37])


@pytest.mark.parametrize(
    ("defects", "taken"),
    [
        ([], [34, 33, 33]),  # 1.00 on 10.00, thirds rounded up: 0.34, 0.67, 1.00 in all
        (["refund_rounded_each"], [34, 34, 34]),  # 0.333 three times rounded up
        (["no_clawback"], [0, 0, 0]),
        (["refund_adds"], [-34, -33, -33]),
        (["no_clawback", "refund_rounded_each"], [0, 0, 0]),
    ],
)
def test_what_faults_take_back_of_three_thirds(defects, taken):
    line = {"price": 10_00, "quantity": 1}
    refunds = [("amount", 3_33), ("amount", 3_33), ("amount", 3_34)]
    # 3.33 of 10.00 is 0.333, up 0.34; 6.66 is 0.666, up 0.67
    assert reversals({"defects": defects}, line, refunds) == (1_00, taken)
