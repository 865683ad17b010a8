"""Warehouses: where people live, how long goods take from there, and what comes from the supplier directly."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.events import DAY
from sim.behaviour.warehousing import ways_of
from sim.conditions import Direct, Warehouse
from sim.goods import figures_of
from sim.scenario import Logistics

HOUSES = [
    Warehouse(id="near", share=3, ship=(0, 1), deliver=(1, 2)),
    Warehouse(id="far", share=1, ship=(1, 2), deliver=(4, 6)),
]


def categories(*direct: str):
    catalogue = worlds.scenario().catalogue
    changed = [one.model_copy(update={"direct": one.id in direct}) for one in catalogue.categories]
    return catalogue.model_copy(update={"categories": changed})


@pytest.fixture(scope="module")
def model():
    market = {
        "warehouses": HOUSES, "catalogue": categories("digital"), "direct": Direct(ship=(2, 3), deliver=(3, 4)),
        "logistics": Logistics(promise=4),
    }  # fmt: skip
    return worlds.model(3000, 40, behaviour={"organic": 0.02, "r": 1.5}, market=market).run()


def test_people_live_by_share_and_always_in_the_same_region():
    ways = ways_of(worlds.scenario().model_copy(update={"warehouses": HOUSES}))
    region = ways.region(1, np.arange(20_000))
    assert (region == 0).mean() == pytest.approx(0.75, abs=0.01)
    assert ways.region(1, np.array([17, 4])).tolist() == region[[17, 4]].tolist()
    assert (ways.region(2, np.arange(100)) != region[:100]).any()


def test_each_way_has_its_own_times(model):
    parcels = model.world.goods.parcels.rows
    days = parcels["took"] / DAY
    for way, (least, most) in enumerate([(1, 3), (5, 8), (5, 7)]):  # shipping and delivery; two hours to pack
        own = days[parcels["way"] == way]
        assert len(own) > 30
        assert least < own.min() < own.max() < most + 0.1
        assert own.mean() == pytest.approx((least + most) / 2 + 2 / 24, abs=0.15)


def test_what_is_direct_goes_its_own_way_whoever_buys_it(model):
    parcels = model.world.goods.parcels.rows
    assert ((parcels["way"] == 2) == (parcels["category"] == 1)).all()


def test_figures_say_how_many_how_long_and_how_late(model):
    near, far, direct = figures_of(model).warehouses
    assert [one.id for one in (near, far, direct)] == ["near", "far", "direct"]
    assert near.days == pytest.approx(2.1, abs=0.15)
    assert near.late == 0  # at most 3 days and two hours; 4 were promised
    assert far.late == far.deliveries  # at least 5
    assert near.deliveries / far.deliveries == pytest.approx(3, rel=0.25)
