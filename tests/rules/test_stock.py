"""What is in stock while a case runs: taken by orders, put back by cancellations and goods that come back."""

import pytest

from rules.plan.model import Plan
from rules.readable import Line, Order, State
from rules.records import OrderStatus
from rules.stock import Shelf


def shelf_and_state(stock, *quantities, defects=()):
    plan = Plan.model_validate({"ranks": [{"id": "m"}], "semantics": {"defects": list(defects)}})
    lines = [Line("a", None, quantity, 100, None, 100 * quantity, 0) for quantity in quantities]
    state = State([plan], 0, [], [Order(0, 0, 0, 0, 0, lines=lines)])
    shelf = Shelf({"a": stock})
    shelf.observe(state)
    return shelf, state


def test_lines_of_an_order_take_one_after_the_other_and_more_than_there_is():
    shelf, state = shelf_and_state(3, 2, 2)
    assert shelf.pieces == {"a": -1}
    shelf.observe(state)
    assert shelf.pieces == {"a": -1}


@pytest.mark.parametrize(("defects", "left"), [([], 1), (["stock_not_restored"], 0)])
def test_a_sold_out_product_comes_back_unless_the_platform_forgets_it(defects, left):
    shelf, state = shelf_and_state(1, 1, defects=defects)
    state.orders[0].status = OrderStatus.cancelled
    shelf.observe(state)
    shelf.observe(state)
    assert shelf.pieces == {"a": left}


def test_the_fault_restores_what_is_there_in_sufficient_number():
    # 5 less 2: 3 are there, 2 come back; 2 more orders would need 2 there
    shelf, state = shelf_and_state(5, 2, defects=["stock_not_restored"])
    state.orders[0].lines[0].refunded_quantity = 1
    shelf.observe(state)
    assert shelf.pieces == {"a": 4}
    state.orders[0].lines[0].refunded_quantity = 2
    shelf.observe(state)
    assert shelf.pieces == {"a": 5}


def test_a_product_that_was_never_in_stock():
    shelf, _ = shelf_and_state(0, 1)
    assert Shelf({}).pieces == {}
    assert shelf.pieces == {"a": -1}
