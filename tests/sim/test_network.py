"""The network: a function, with the shares of local contacts it promises, and nobody knows herself."""

from __future__ import annotations

import numpy as np
import pytest

from sim.draws import key
from sim.network import BAR, contact

KEY = key(5, 14)


def pairs(people: int, community: int, share: float, persons: range, slots: int) -> list[tuple[int, int, bool]]:
    local = round(share * BAR)
    return [(p, *contact(KEY, p, slot, people, community, local)) for p in persons for slot in range(slots)]


@pytest.mark.parametrize(("people", "community"), [(2, 150), (10, 3), (151, 150), (1000, 150), (1000, 2)])
def test_contacts_are_others_of_the_market(people, community):
    found = pairs(people, community, 0.62, range(people), 20)
    assert all(0 <= other < people and other != person for person, other, _ in found)
    assert all(other // community == person // community for person, other, near in found if near)


def test_most_slots_are_local_and_all_are_reached_evenly():
    found = pairs(3000, 150, 0.62, range(300, 450), 400)
    near = np.array([one[2] for one in found])
    assert near.mean() == pytest.approx(0.62, abs=0.005)
    local = np.bincount([other - 300 for _, other, is_near in found if is_near], minlength=150)
    assert local.min() > 0.7 * local.mean()
    far = np.array([other for _, other, is_near in found if not is_near])
    assert far.mean() == pytest.approx(1500, rel=0.02)


def test_a_slot_leads_to_the_same_contact_for_life():
    assert pairs(500, 150, 0.62, range(50), 5) == pairs(500, 150, 0.62, range(50), 5)


def test_a_last_community_of_one_looks_elsewhere():
    assert not any(near for _, _, near in pairs(151, 150, 1.0, range(150, 151), 50))
