"""After-sales: exchanges keep the money, complaints have reasons, some end in money; as often as the scenario says."""

from __future__ import annotations

import numpy as np
import pytest
import worlds
from worlds import logged

from rules.events import DAY, Kind
from rules.records import OrderStatus
from sim.behaviour import complaining
from sim.behaviour.complaining import CASE, Case, Reason
from sim.behaviour.fulfilment import MOST_EVENTS
from sim.behaviour.goods import Goods, was_sold
from sim.conditions import AfterSales, AfterSalesOf, Warehouse
from sim.draws import key
from sim.goods import figures_of, labour_of
from sim.rows import blanks
from sim.scenario import Labour

HOUR = 3600
BUSY = {"organic": 0.02, "r": 1.5, "return_factor": 2.0}


def case_of(
    rates: list[float], *, took: int = 2 * DAY, late: float = 0.0, comes_back: bool = False, fault: float = 1.0
):
    """What becomes of one order of 100.01 yuan that was paid at 0, promised within 5 days."""
    events, count = blanks(MOST_EVENTS), 0
    story = [(Kind.pay, 0), (Kind.ship, DAY), (Kind.receive, took + HOUR)]
    if comes_back:
        story += [(Kind.refund_open, 10 * DAY), (Kind.refund, 11 * DAY)]
    for count, (kind, time) in enumerate(story, 1):
        events[count - 1]["kind"], events[count - 1]["time"], events[count - 1]["order"] = kind, time, 7
    if comes_back:
        events[count - 1]["line"], events[count - 1]["quantity"] = 1, 2
    cases, refunds = np.zeros(2, CASE), blanks(1)
    one = np.zeros(1, np.int64)
    days = np.array([[1.0, 1.0, 2.0, 2.0, 1.0, 7.0]])
    made, given = complaining.settle(
        np.array([3], np.int32), one, one + 7, one.astype(np.int16), one + 100_01, np.array([fault]), one, days,
        one + took, one + took, 5 * DAY, late, np.array([2.0, 2.0]), np.array([rates]),
        *(key(1, n) for n in (240, 241, 242)), events[:count], cases, refunds,
    )  # fmt: skip
    return events[:count], cases[:made], refunds[:given]


NOTHING = [0.0, 0.0, 0.0, 0.0, 200_000.0, 200_000.0]
"""No exchange, no complaint; what ends in money ends in 20 %."""


def test_without_rates_nothing_happens():
    events, cases, refunds = case_of(NOTHING)
    assert (len(cases), len(refunds)) == (0, 0)
    assert events["kind"].tolist() == [Kind.pay, Kind.ship, Kind.receive]


def test_a_return_is_a_case():
    events, cases, _ = case_of(NOTHING, comes_back=True)
    assert events["kind"][-1] == Kind.refund
    (case,) = cases
    assert (case["kind"], case["order"]) == (Case.returned, 7)
    assert (case["opened"], case["closed"]) == (10 * DAY, 11 * DAY)


def test_an_exchange_is_closed_without_refund_and_goods_travel_again():
    events, cases, refunds = case_of([1.0, *NOTHING[1:]], comes_back=True)
    answer = events[-1]
    assert (answer["kind"], answer["line"], answer["quantity"]) == (Kind.refund_refused, 0, 0)
    (case,) = cases
    assert case["kind"] == Case.exchanged
    assert case["closed"] == 11 * DAY + 2 * HOUR + 3 * DAY  # an hour to pack each way, a day to ship, two to the door
    assert len(refunds) == 0


def test_a_complaint_ends_in_a_part_of_what_was_paid():
    """20 % of 10,001 fen are 2,000.2: 2,000. Half a day to two days after the complaint, which comes on day 2 + 2."""
    _, (case,), (refund,) = case_of([0.0, 1.0, 0.0, 1.0, 200_000.0, 200_000.0])
    assert (case["kind"], case["reason"], case["refund"]) == (Case.complaint, Reason.quality, 20_00)
    assert case["opened"] == 4 * DAY
    assert DAY // 2 <= case["closed"] - case["opened"] <= 2 * DAY
    assert (refund["kind"], refund["order"], refund["line"]) == (Kind.refund, 7, 1)
    assert (refund["amount"], refund["time"]) == (20_00, case["closed"])


def test_reasons():
    _, (case,), _ = case_of([0.0, 1.0, 1.0, *NOTHING[3:]])
    assert case["reason"] == Reason.described
    _, (case,), _ = case_of(NOTHING, took=5 * DAY + 1, late=1.0)
    assert case["reason"] == Reason.late
    assert len(case_of(NOTHING, took=5 * DAY, late=1.0)[1]) == 0


def test_faults_multiply_complaints_about_goods():
    """The draw of this person is the same; at a rate of 1 with no faults there is nothing to complain of."""
    assert len(case_of([0.0, 1.0, *NOTHING[2:]], fault=0.0)[1]) == 0
    assert len(case_of([0.0, 0.5, *NOTHING[2:]], fault=2.0)[1]) == 1


def test_who_sent_goods_back_gets_no_money_for_a_complaint_as_well():
    _, cases, refunds = case_of([0.0, 1.0, 0.0, 1.0, 200_000.0, 200_000.0], comes_back=True)
    assert cases["kind"].tolist() == [Case.returned, Case.complaint]
    assert len(refunds) == 0


RULES = AfterSales(
    late="30%",
    categories={"digital": AfterSalesOf(exchange="100%")},
    default=AfterSalesOf(exchange="50%", complaint="4%", refunded="50%"),
)
SLOW = [Warehouse(id="slow", ship=(0, 3), deliver=(1, 6))]


@pytest.fixture(scope="module")
def world():
    return logged(4000, 60, behaviour=BUSY, market={"after_sales": RULES, "warehouses": SLOW})


def told(model, goods: Goods):
    cases = goods.cases.rows
    return cases[was_sold(model.store, cases["order"])]


def test_the_money_of_an_exchanged_order_stays_and_the_rules_refuse_nothing(world):
    model, events = world
    orders, cases = model.store.book.rows("orders"), told(model, model.world.goods)
    done = cases[(cases["kind"] == Case.exchanged) & (cases["opened"] < (model.world.start + 55) * DAY)]
    assert len(done) > 20
    rows = orders[model.store.numbers[done["order"]]]
    assert (rows["refunded"] == 0).all()
    assert np.isin(rows["status"], [OrderStatus.shipped, OrderStatus.received]).all()
    assert not rows["refund_open"].any()
    refused = model.store.book.rows("refusals")["code"]
    assert not (refused < 12).any()
    assert np.count_nonzero(events["kind"] == Kind.refund_refused) >= len(done)


def test_a_category_of_exchanges_only_pays_nothing_back_after_shipping(world):
    model, _ = world
    digital = model.names.categories.index("digital")
    cases = told(model, model.world.goods)
    own = cases[cases["category"] == digital]
    assert np.count_nonzero(own["kind"] == Case.exchanged) > 5
    assert not (own["kind"] == Case.returned).any()


def test_as_many_complaints_as_the_rates_say_and_more_where_goods_were_late(world):
    model, _ = world
    goods = model.world.goods
    parcels, cases = goods.parcels.rows, goods.cases.rows
    complaint = cases[(cases["kind"] == Case.complaint)]
    about_goods = complaint[complaint["reason"] != Reason.late]
    digital = model.names.categories.index("digital")
    others = parcels["category"] != digital
    expected = 0.04 * others.sum() + 0.015 * (~others).sum()
    assert len(about_goods) == pytest.approx(expected, abs=4 * expected**0.5)
    late = goods.ways.late(parcels["took"])
    assert 0.1 < late.mean() < 0.6
    expected = 0.3 * late.sum()
    assert np.count_nonzero(complaint["reason"] == Reason.late) == pytest.approx(expected, abs=4 * expected**0.5)
    slow = parcels["order"][late]
    assert np.isin(complaint["order"][complaint["reason"] == Reason.late], slow).all()


def test_refunds_of_complaints_reach_the_book(world):
    model, events = world
    paid = events[(events["kind"] == Kind.refund) & (events["amount"] > 0)]
    cases = told(model, model.world.goods)
    end = (model.world.start + model.day) * DAY
    expected = cases["refund"][(cases["refund"] > 0) & (cases["closed"] < end)]
    assert len(expected) > 10
    assert sorted(paid["amount"].tolist()) == sorted(expected.tolist())
    orders = model.store.book.rows("orders")
    assert (orders["refunded"][paid["order"]] == paid["amount"]).all()


def test_figures_and_labour_count_the_cases(world):
    model, _ = world
    figures, cases = figures_of(model).after_sales, told(model, model.world.goods)
    seen = cases[cases["opened"] < (model.world.start + model.day) * DAY]
    assert [one.id for one in figures] == ["fmcg", "digital", "cosmetics"]
    assert sum(one.complaints for one in figures) == np.count_nonzero(seen["kind"] == Case.complaint)
    assert sum(one.refunded for one in figures) == seen["refund"].sum()
    assert all(one.complaints == one.late + one.quality + one.described for one in figures)
    labour = Labour()
    cost = {Case.complaint: labour.complaint, Case.exchanged: labour.refund}
    assert labour_of(model).sum() == sum(cost.get(Case(kind), 0) for kind in seen["kind"].tolist()) > 0


def test_a_complaint_belongs_to_person_and_ordinal():
    """Twice the seeds of the market: whoever ordered the same orders has the same cases, whatever else was ordered."""
    one, two = (
        worlds.model(3000, 40, behaviour=BUSY | {"sharing": 0, "seeds": seeds}, market={"after_sales": RULES}).run()
        for seeds in (10, 20)
    )

    def cases(model):
        orders = model.store.book.rows("orders")
        found = told(model, model.world.goods)
        buyers, times = (orders[name][model.store.numbers[found["order"]]] for name in ("buyer", "placed_at"))
        ours = orders["placed_at"].tolist(), orders["buyer"].tolist()
        return set(zip(buyers, times, found["kind"], found["closed"], strict=True)), set(zip(*ours[::-1], strict=True))

    (first, placed), (second, more) = cases(one), cases(two)
    both = placed & more
    assert len(both) > 100
    assert {row for row in first if row[:2] in both} == {row for row in second if row[:2] in both} != set()
