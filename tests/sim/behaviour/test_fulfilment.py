"""Fulfilment: every order takes a path that exists, as often as the parameters say."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import worlds

from rules.events import DAY, Kind
from sim.behaviour import basket, fulfilment
from sim.behaviour.shopping import Orders

COUNT = 20_000
PATHS = {
    ("cancel",),
    ("pay", "refund"),
    ("pay", "ship"),
    ("pay", "ship", "receive"),
    ("pay", "ship", "refund_open", "refund"),
    ("pay", "ship", "refund_open", "refund_refused"),
    ("pay", "ship", "receive", "refund_open", "refund"),
    ("pay", "ship", "receive", "refund_open", "refund_refused"),
}  # fmt: skip


@pytest.fixture(scope="module")
def fates():
    world = worlds.model(COUNT, 400).world
    orders = Orders(np.arange(COUNT, dtype=np.int32), np.zeros(COUNT, np.int64), np.arange(COUNT) * 4)
    lines, numbers = basket.place(world, orders, basket.fill_baskets(world, orders))
    fulfilment.fulfil(world, orders, lines, numbers)
    events = [event for day in range(400) for group in world.agenda.take(day) for event in group]
    by_order: dict[int, list] = {}
    for event in sorted(events, key=lambda one: one["time"]):
        by_order.setdefault(int(event["order"]), []).append(event)
    return world, lines, by_order


def test_every_order_takes_a_path_that_exists(fates):
    _, _, by_order = fates
    assert len(by_order) == COUNT
    assert {tuple(Kind(event["kind"]).name for event in path) for path in by_order.values()} == PATHS


def test_as_often_as_the_parameters_say(fates):
    world, lines, by_order = fates
    kinds = Counter(Kind(event["kind"]).name for path in by_order.values() for event in path)
    given = world.given
    assert kinds["cancel"] / COUNT == pytest.approx(given.payment_failure, rel=0.1)
    first = lines[lines["line"] == 1]["category"]
    returned = kinds["pay"] * world.market.return_rate[first].mean()
    early = sum(len(path) == 2 and path[1]["kind"] == Kind.refund for path in by_order.values())
    assert early + kinds["refund_open"] == pytest.approx(returned, rel=0.06)
    assert early == pytest.approx(returned * given.return_unshipped, rel=0.15)
    assert kinds["receive"] / kinds["ship"] == pytest.approx(1 - given.unconfirmed, abs=0.01)
    partial = sum(event["line"] > 0 for path in by_order.values() for event in path)
    late = kinds["refund_open"] - kinds["refund_refused"]
    assert partial == pytest.approx(late * given.return_partial, rel=0.15)


def test_times(fates):
    world, _, by_order = fates
    for number, path in by_order.items():
        when = {Kind(event["kind"]).name: int(event["time"]) for event in path}
        placed = world.midnight + number * 4
        assert placed < path[0]["time"] <= placed + fulfilment.CANCEL_AFTER
        if "ship" in when:
            days = (when["ship"] - when["pay"]) / DAY
            assert world.times.ship[0] <= days <= world.times.ship[1] + 0.05
        if "receive" in when:
            days = (when["receive"] - when["ship"]) / DAY
            assert world.times.deliver[0] <= days <= world.times.deliver[1] + fulfilment.CONFIRM_DAYS + 0.05
        if "refund_open" in when and "receive" in when:
            days = (when["refund_open"] - when["receive"]) / DAY
            assert world.times.regret[0] <= days <= world.times.regret[1]


def test_partial_returns_name_goods_of_the_order(fates):
    _, lines, by_order = fates
    bought = {(int(line["order"]), int(line["line"])): int(line["quantity"]) for line in lines}
    partial = [event for path in by_order.values() for event in path if event["line"] > 0]
    assert partial
    for event in partial:
        assert 0 <= event["quantity"] <= bought[int(event["order"]), int(event["line"])]
