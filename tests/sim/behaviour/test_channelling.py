"""Several channels, one identity: people use two doors, volume counts once, duplicates are turned away."""

from __future__ import annotations

import numpy as np
import pytest
import worlds
from worlds import logged

from rules.events import Kind
from rules.lifecycle import Refusal
from sim.goods import figures_of
from sim.market import others_of

BUSY = {"organic": 0.02, "r": 1.5}


def channels(**also: float):
    return [one.model_copy(update={"also": also.get(one.id, 0.0)}) for one in worlds.scenario().channels]


def test_others_of():
    """Weights 2, 3, 5. Without the first: 3/8, then 1. Without the second: 2/7. Without the third: 2/5."""
    rows = others_of(np.array([2.0, 3.0, 5.0]))
    assert rows == pytest.approx(np.array([[0, 3 / 8, 1], [2 / 7, 2 / 7, 1], [2 / 5, 1, 1]]))
    picked = (rows[1] <= np.array([[0.1], [0.5]])).sum(axis=1)
    assert picked.tolist() == [0, 2]


def test_who_has_two_doors_uses_both_and_nobody_else_does():
    model = worlds.model(3000, 40, behaviour=BUSY, market={"channels": channels(wechat=0.4)}).run()
    orders = model.store.book.rows("orders")
    home = model.world.crowd["channel"][orders["buyer"]]
    assert (orders["channel"][home == 1] == 1).all()  # of h5 nobody
    ours = home == 0
    assert (orders["channel"][ours] == 1).mean() == pytest.approx(0.4 * 0.5, abs=0.04)
    assert figures_of(model).two_channels > 10


def test_everything_else_is_as_with_one_door():
    """The member and the volume are one: the same people order the same, and the same commission is paid."""
    one, two = (worlds.model(2000, 40, market={"channels": channels(wechat=also)}).run() for also in (0.0, 0.9))
    assert one.world.doors is None
    for name in ("gmv", "orders", "commission", "active_buyers"):
        assert one.metrics.totals()[name] == two.metrics.totals()[name]


def test_an_order_that_is_reported_twice_counts_once():
    log, once = worlds.Log(), worlds.model(3000, 40, behaviour=BUSY).run()
    twice = worlds.model(3000, 40, behaviour=BUSY, market={"channel_duplicates": 0.1}, sink=log).run()
    for name, value in once.metrics.totals().items():
        assert twice.metrics.totals()[name] == value, name
    placed = log.events[log.events["kind"] == Kind.order]
    again = placed[placed["other"] >= 0]
    reported = len(np.unique(again["order"]))
    assert reported / len(np.unique(placed["order"])) == pytest.approx(0.1 / 1.1, abs=0.015)
    figures = figures_of(twice)
    assert figures.duplicates == reported > 20
    refused = twice.store.book.rows("refusals")["code"]
    assert np.count_nonzero(refused == Refusal.same_order) == len(again)
    for row in again:
        (original,) = placed[(placed["order"] == row["other"]) & (placed["line"] == row["line"])]
        assert original["member"] == row["member"]
        assert original["sku"] == row["sku"]
        assert original["channel"] != row["channel"]
        assert 60 <= row["time"] - original["time"] <= 3600 or row["time"] % 86_400 == 86_399
    assert once.store.stock.tolist() == twice.store.stock.tolist()


def test_neutral_settings_change_no_bit():
    _, plain = logged(1500, 40)
    _, doors = logged(1500, 40, market={"channels": channels(wechat=1e-12)})
    assert plain.tobytes() == doors.tobytes()
