"""What honest people leave behind: households, trips, new phones, avid readers."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from sim.risk.traces import CITY, Traces, logins, pages, traces_of

PEOPLE = 100_000


@pytest.fixture(scope="module")
def traces() -> Traces:
    return traces_of(1, PEOPLE)


def test_parts_of_people_who_share_something(traces):
    shared = {name: (np.diff(getattr(traces, name)) == 0).mean() for name in ("home", "device", "card")}
    # 30 % live with the person before; of these 15 % share a device and 20 % a card; standard deviations 0.1 %
    assert shared == {
        "home": pytest.approx(0.30, abs=0.006),
        "device": pytest.approx(0.045, abs=0.003),
        "card": pytest.approx(0.06, abs=0.003),
    }


def test_who_shares_a_device_or_a_card_lives_together(traces):
    for things in (traces.device, traces.card):
        with_before = np.flatnonzero(np.diff(things) == 0) + 1
        assert (traces.home[with_before] == traces.home[with_before - 1]).all()


def test_things_have_the_number_of_their_first_owner(traces):
    for things in (traces.device, traces.card, traces.home):
        firsts = np.unique(things)
        assert (things[firsts] == firsts).all()
        assert (things <= np.arange(PEOPLE)).all()
        assert (np.diff(things) >= 0).all()


def test_people_keep_their_traces_in_a_larger_market_and_others_have_others(traces):
    fewer, others = traces_of(1, 1000), traces_of(2, 1000)
    assert (fewer.home == traces.home[:1000]).all()
    assert (fewer.device == traces.device[:1000]).all()
    assert (fewer.home != others.home).any()
    assert set(traces.place) == set(range(-(-PEOPLE // CITY)))


def world_of(members: np.ndarray, day: int = 3):
    world = worlds.model(PEOPLE, 10).world
    world.day = day
    world.admit(members)
    return world


def test_logins_that_say_anything(traces):
    rows = logins(world_of(np.arange(PEOPLE)), traces)
    who = rows["member"]
    away, new = rows["place"] != traces.place[who], rows["device"] != traces.device[who]
    avid = rows["views"] > 12
    assert len(np.unique(who)) == len(who)
    assert 340 < away.sum() < 460  # 0.4 %, standard deviation 20
    assert 70 < new.sum() < 130  # 0.1 %
    assert 155 < avid.sum() < 245  # 0.2 %
    assert (away | new | avid).all()
    assert rows["views"][avid].min() >= 100
    assert (rows["device"][new] >= PEOPLE).all()  # nobody's so far
    assert rows["second"].min() >= 7 * 3600
    assert rows["second"].max() < 22 * 3600


def test_logins_are_a_persons_own(traces):
    everybody = logins(world_of(np.arange(PEOPLE)), traces)
    some = np.arange(0, PEOPLE, 7)
    rows = logins(world_of(some), traces)
    assert (rows == everybody[np.isin(everybody["member"], some)]).all()
    tomorrow = logins(world_of(some, 4), traces)
    assert set(tomorrow["member"]) != set(rows["member"])


def test_pages_of_the_avid_by_how_rare_they_are():
    assert pages(np.array([1.0, 0.999, 0.001])).tolist() == [100, 100, 600]
    assert pages(np.array([0.0]))[0] < 50_000  # no infinity


def test_people_apart_share_nothing():
    apart = Traces.apart(3)
    assert apart.device.tolist() == apart.card.tolist() == apart.home.tolist() == [0, 1, 2]
    apart.device[0] = 9
    assert apart.card[0] == apart.home[0] == 0
