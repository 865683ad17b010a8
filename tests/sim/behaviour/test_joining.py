"""Joining: pressure adds up to a threshold; a contest goes to the earlier click; members buy on impulse."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.events import DAY, Kind
from sim.behaviour import joining
from sim.behaviour.clicking import Clicks
from sim.behaviour.purposes import IMPULSE
from sim.behaviour.world import NEVER
from sim.people import PRESSURE


@pytest.fixture
def world():
    made = worlds.model(1000, 30, behaviour={"join": 0.5, "impulse": 0.3}, market={"channels": []}).world
    made.crowd["trust"] = 1.0
    return made


def clicks_of(visitors, sharers=None, second=None) -> Clicks:
    count = len(visitors)
    sharers = np.full(count, 999) if sharers is None else np.array(sharers)
    second = np.arange(count) + 1000 if second is None else np.array(second)
    return Clicks(
        np.array(visitors, np.int32),
        sharers.astype(np.int32),
        np.arange(count),
        second,
        np.ones(count),
        np.arange(count),
    )


def test_pressure_reaches_the_threshold(world):
    world.crowd["resistance"][[1, 2, 3]] = [PRESSURE // 2, PRESSURE // 2 + 1, 2 * PRESSURE]
    first = joining.respond(world, clicks_of([1, 2, 3]))
    assert first.joined.tolist() == [1]
    second = joining.respond(world, clicks_of([1, 2, 3]))
    assert second.joined.tolist() == [2]
    assert world.crowd["pressure"][3] == PRESSURE
    assert world.crowd["joined"][3] == NEVER
    assert world.members.tolist() == [1, 2]


def test_a_contest_goes_to_the_earlier_click_not_to_the_lower_number(world):
    world.crowd["resistance"][7] = PRESSURE
    joining.respond(world, clicks_of([7, 7, 7], sharers=[9, 8, 5], second=[100, 200, 300]))
    registered = [group for group in world.today if len(group) and group["kind"][0] == Kind.register][-1]
    assert registered["other"].tolist() == [8]
    moment = int(registered["time"][0]) - world.midnight
    assert 200 + joining.JOIN_SOONEST <= moment <= 200 + joining.JOIN_LATEST
    assert world.crowd["joined"][7] == moment


def test_members_buy_on_impulse_with_ordinals_of_their_own(world):
    world.crowd["joined"] = 0
    world.day = 3
    answers = joining.respond(world, clicks_of([5] * 400 + [6] * 400))
    orders = answers.impulses
    assert len(answers.joined) == 0
    assert len(orders.person) == pytest.approx(240, abs=45)
    for person in (5, 6):
        ordinals = orders.ordinal[orders.person == person]
        assert ordinals.tolist() == list(range(IMPULSE, IMPULSE + len(ordinals)))
        assert world.crowd["impulses"][person] == len(ordinals)
    assert world.crowd["repeats"][5] == 1
    assert np.isfinite(world.crowd["due"][5])


def test_somebody_who_registers_later_today_does_nothing_yet(world):
    world.crowd["joined"][4] = 5 * DAY
    world.day = 4
    answers = joining.respond(world, clicks_of([4] * 50))
    assert (len(answers.joined), len(answers.impulses.person)) == (0, 0)
    assert world.crowd["pressure"][4] == 0
