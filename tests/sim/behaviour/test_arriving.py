"""Arriving: seeds when the store opens, others at their own moment, nobody twice."""

from __future__ import annotations

import numpy as np
import worlds

from rules.events import DAY, Kind
from sim.behaviour.arriving import hazard


def registrations(**behaviour):
    model, events = worlds.logged(1500, 30, behaviour={"sharing": 0, "organic": 0.02, **behaviour})
    return model, events, events[events["kind"] == Kind.register]


def test_everybody_registers_once_and_at_her_moment():
    model, _, registered = registrations(seeds=0)
    assert len(set(registered["member"].tolist())) == len(registered)
    expected = 1500 * (1 - np.exp(-hazard(model.world.market, model.world.given)[-1]))
    assert abs(len(registered) - expected) < 4 * np.sqrt(expected)
    joined = model.world.crowd["joined"][registered["member"]]
    assert (joined + model.world.start * DAY == registered["time"]).all()
    assert sorted(model.world.members.tolist()) == sorted(registered["member"].tolist())


def test_seeds_register_first_with_the_lowest_paid_rank():
    model, events, registered = registrations(seeds=12)
    seeds = model.world.crowd["joined"] == 0
    assert np.count_nonzero(seeds) == 12
    assert set(registered["member"][:12].tolist()) == set(np.flatnonzero(seeds).tolist())
    promoted = events[events["kind"] == Kind.promote]
    assert set(promoted["member"].tolist()) == set(np.flatnonzero(seeds).tolist())
    assert {model.names.ranks[rank] for rank in promoted["rank"]} == {"promoter"}
    assert (model.world.crowd["zeal"][seeds] >= np.float32(model.world.given.seed_zeal)).all()


def test_a_link_brings_people_earlier_but_nobody_later():
    alone, _, _ = registrations(seeds=15)
    together, _, _ = registrations(seeds=15, sharing=3.0)
    before, after = alone.world.crowd["joined"], together.world.crowd["joined"]
    assert (after <= before).all()
    assert (after < before).any()


def test_traffic_and_discounts_bring_more():
    model, _, _ = registrations()
    daily = np.diff(hazard(model.world.market, model.world.given))
    assert daily[13] > 1.5 * daily[6]
