"""Every planted bug is found within a number of seeds, by an invariant that is named, and made small enough to read."""

from __future__ import annotations

import pytest

from sim.stress.faults.audit import INVARIANTS
from sim.stress.faults.planted import PLANTED
from sim.stress.faults.survey import survey, told
from sim.stress.faults.world import Kit

WITHIN = 120
"""Seeds: `test_fault_worlds` shows that all of them are clean without a planted bug."""


def test_there_are_enough_of_them():
    assert len(PLANTED) >= 15
    assert {invariant for one in PLANTED.values() for invariant in one.breaks} <= set(INVARIANTS)


@pytest.mark.parametrize("name", PLANTED)
def test_it_is_found(name):
    found = survey(range(WITHIN), PLANTED[name].kit, until=1)
    assert found.failed, f"{name} is not found in {WITHIN} seeds"
    assert found.failed[0].broken[0].invariant in PLANTED[name].breaks


def test_a_failing_world_is_made_smaller_and_fails_again():
    planted = PLANTED["refund_race"]
    seed = survey(range(WITHIN), planted.kit, until=1).failed[0].seed
    small = told(seed, planted.kit)
    assert small is not None
    assert small.outcome.broken[0].invariant == "once"
    assert len(small.deliveries) <= 5, "an order, its payment, a refund, and the refund again"
    assert any("BROKEN once" in line for line in small.trace)
    assert told(seed, planted.kit) == small


def test_nothing_is_told_of_a_world_that_holds():
    assert told(0, Kit()) is None
