"""Kinds of people: staff are the first promoters, fans trust and share more, and figures add up."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from sim.behaviour.nodes import Node, nodes_of
from sim.conditions import Nodes
from sim.goods import figures_of

NODES = Nodes(staff=12, fans="20%", trust="1.5", zeal=3)


@pytest.fixture(scope="module")
def model():
    return worlds.model(3000, 40, market={"nodes": NODES}).run()


def test_staff_are_the_seeds_and_a_part_of_the_others_are_fans(model):
    kinds = nodes_of(1, 3000, NODES)
    staff = np.flatnonzero(kinds == Node.staff)
    assert staff.tolist() == model._arrivals.seeds.tolist()
    assert len(staff) == 12
    assert (kinds == Node.fan).mean() == pytest.approx(0.2, abs=0.02)


def test_fans_trust_and_share_more_and_nobody_else_changes():
    plain, fans = worlds.model(3000, 5, behaviour={"seeds": 12}), worlds.model(3000, 5, market={"nodes": NODES})
    kinds = nodes_of(1, 3000, NODES)
    others = kinds == Node.customer
    before, after = plain.world.crowd, fans.world.crowd
    for name in ("trust", "attention", "zeal", "spend"):
        assert (before[name][others] == after[name][others]).all()
    own = kinds == Node.fan
    assert after["trust"][own] == pytest.approx(np.minimum(1.5 * before["trust"][own], 1), rel=1e-6)
    assert after["zeal"][own] == pytest.approx(np.minimum(3 * before["zeal"][own], 1), rel=1e-6)
    ratio = after["trust"][own] / before["trust"][own]
    assert after["attention"][own] == pytest.approx(before["attention"][own] * ratio, rel=1e-5)


def test_figures_by_kind_are_those_of_everybody(model):
    nodes, members = figures_of(model).nodes, model.store.book.members
    assert [one.id for one in nodes] == ["customer", "staff", "fan"]
    assert sum(one.people for one in nodes) == 3000
    assert sum(one.members for one in nodes) == np.count_nonzero(members["joined_at"] >= 0)
    assert sum(one.shares for one in nodes) == model.metrics.totals()["shares"]
    for name in ("spent", "promoted", "earned"):
        assert sum(getattr(one, name) for one in nodes) == members[name].sum()
    assert nodes[1].members == nodes[1].people == 12
