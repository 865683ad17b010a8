"""Points: collectors sign in, savers ask for gifts, others pay with points; nobody spends what she does not have."""

from __future__ import annotations

import numpy as np
import worlds

from rules.events import DAY, Kind
from rules.lifecycle import Refusal
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.behaviour.shopping import Orders

TERMS = """
points:
  earn: {sign_in: 5, share: 2, share_per_day: 3, per_yuan: 1}
  value: 0.01
  max_share_of_order: 20%
  gifts: {mug: 300, towel: 500}
  costs: {mug: 6.50}
"""
EAGER = {"collectors": 0.5, "points_use": 1.0, "organic": 0.01}


def plan_with(text: str = TERMS) -> Plan:
    plan, file = find("plans", "three_tier")
    return read_plan(plan + text, file)


def lived(people: int = 1500, days: int = 60, **behaviour):
    return worlds.logged(people, days, plan=plan_with(), behaviour=EAGER | behaviour)


def test_only_members_who_collect_sign_in_and_once_a_day():
    model, events = lived()
    rows = events[events["kind"] == Kind.sign_in]
    collectors = model.programmes.habits._collectors
    assert len(rows) > 1000
    assert np.isin(rows["member"], collectors).all()
    joined = model.world.crowd["joined"][rows["member"]] + model.world.start * DAY
    assert (rows["time"] > joined).all()
    days = rows["member"].astype(np.int64) * 100_000 + rows["time"] // DAY
    assert len(np.unique(days)) == len(rows)
    assert abs(len(collectors) - 750) < 90  # half of 1,500, and five standard deviations of a coin


def test_nothing_is_spent_that_is_not_there():
    model, events = lived()
    refused = np.unique(model.store.book.rows("refusals")["code"])
    # only a return can take points back that somebody has meant to spend
    assert set(refused.tolist()) <= {int(Refusal.points)}
    assert len(model.store.book.rows("refusals")) < 0.01 * len(events)
    orders = model.store.book.rows("order_extras")
    spent = orders[orders["points"] > 0]  # others paid with none, or were cancelled and gave them back
    assert len(spent) > 20
    assert (spent["points_off"] == spent["points"]).all()  # a point is a fen


def test_gifts_cost_points_and_the_store_money():
    """A mug costs 6.50 yuan, nobody has said what a towel costs."""
    model, events = lived(gift_lover=1.0)
    habits, rows = model.programmes.habits, events[events["kind"] == Kind.redeem]
    assert habits.redeemed.tolist() == np.bincount(rows["rank"], minlength=2).tolist()
    assert habits.redeemed.min() > 0
    assert model.metrics.flows()["programme_cost"].sum() == 650 * habits.redeemed[0]
    assert (model.store.book.rows("order_extras")["points"] == 0).all()  # all of them save


def test_what_points_take_off_is_within_the_balance_the_share_of_the_order_and_what_is_left():
    """A point is a fen. 500 points: of goods of 1,000 fen 20 % are 200, of goods of 9,000 all 500; where 300 are left,
    300. 60 points are less than anybody bothers for (100 fen); a second order has nothing left."""
    model = worlds.model(300, 30, plan=plan_with(), behaviour=EAGER | {"gift_lover": 0.0})
    habits = model.programmes.habits
    habits._balance[[1, 2, 3, 4]] = [500, 500, 500, 60]
    orders = Orders(np.array([1, 2, 2, 3, 4], np.int32), np.arange(5), np.arange(5))
    goods = np.array([1000, 9000, 9000, 9000, 9000])
    off = habits.pay(model.world, orders, goods, np.array([1000, 9000, 9000, 300, 9000]))
    assert off.tolist() == [200, 500, 0, 300, 0]
    assert habits._balance[[1, 2, 3, 4]].tolist() == [300, 0, 200, 60]


def test_a_plan_without_points_has_no_habits_and_no_sign_ins():
    model, events = worlds.logged(500, 20, behaviour=EAGER)
    assert model.programmes.habits is None
    assert model.programmes.coupons is None
    assert not (events["kind"] == Kind.sign_in).any()
    assert model.names.gifts == model.names.coupons == []
