"""Traces 痕迹: what accounts leave behind beside their events: a device, a card, an address, logins from somewhere.

Honest people leave misleading ones: households share an address, often a device, sometimes a card; people travel and
buy new phones; a few look at very many pages. All of it is a function of (seed, person, day), like everything that
people do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.events import Records
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import draw_array, uniform_array
from sim.people import luck

LIVE_TOGETHER = 0.30
"""Part of people who live with the person before them; so households are geometric, 1.4 people in the mean."""
SHARE_DEVICE, SHARE_CARD = 0.15, 0.20
"""Of those who live together: who use one device, and who use one card."""
TRIPS, NEW_PHONES, BORROWED = 0.004, 0.001, 0.05
"""Part of members who log in from elsewhere on a day, and from a device they have never used; part of trips on which
they do both, as a phone was lost or left at home."""
READERS, LONGEST_READ = 0.002, 600.0
"""Part of members who look at more than a hundred pages on a day, and the most pages of one in a thousand of them."""
CITY = 3_000
"""People of one place."""

LOGIN = np.dtype([("second", "i4"), ("member", "i4"), ("device", "i4"), ("place", "i4"), ("views", "i4")])
"""A login: second of the day, whose account, from which device and place, pages viewed until the next."""


@dataclass
class Traces:
    """What accounts leave behind: numbers of things, by member.

    Attributes:
        device: that the account was registered from. card: that pays, and is paid. home: where goods go.
        place: where the owner usually is.
    """

    device: Ids
    card: Ids
    home: Ids
    place: Ids

    @classmethod
    def apart(cls, people: int) -> Traces:
        """People who share nothing, all in one place."""
        own = np.arange(people, dtype=np.int32)
        return cls(own, own.copy(), own.copy(), np.zeros(people, np.int32))


def traces_of(seed: int, people: int) -> Traces:
    """What honest people leave behind."""
    everybody = np.arange(people)
    together = luck(seed, Decision.household, everybody) < LIVE_TOGETHER
    together[:1] = False
    one_device = together & (luck(seed, Decision.same_device, everybody) < SHARE_DEVICE)
    one_card = together & (luck(seed, Decision.same_card, everybody) < SHARE_CARD)
    place = (everybody // CITY).astype(np.int32)
    return Traces(_first(one_device), _first(one_card), _first(together), place)


def _first(with_before: NDArray[np.bool_]) -> Ids:
    """By person, the first of the people in a row who share something."""
    own = np.where(with_before, 0, np.arange(len(with_before)))
    return np.maximum.accumulate(own).astype(np.int32)


def logins(world: World, traces: Traces) -> Records:
    """Today's logins of honest people that say anything: from elsewhere, from a new phone, or with very many pages.

    An ordinary login (own device, own place, a few pages) tells the desk nothing, and is left out.
    """
    members = world.members
    trip = draw_array(world.key(Decision.trip, daily=True), members)
    chance = uniform_array(trip)
    read = uniform_array(draw_array(world.key(Decision.reading, daily=True), members))
    noted = (chance < TRIPS + NEW_PHONES) | (read < READERS)
    who, chance, read, word = members[noted], chance[noted], read[noted], trip[noted]
    found = np.zeros(len(who), LOGIN)
    found["member"], found["second"] = who, 7 * 3600 + (word % np.uint64(15 * 3600)).astype(np.int64)
    away = chance < TRIPS
    new_phone = (~away & (chance < TRIPS + NEW_PHONES)) | (chance < BORROWED * TRIPS)
    found["device"] = np.where(new_phone, world.people + who, traces.device[who])
    found["place"] = np.where(away, -1 - (word % np.uint64(300)).astype(np.int64), traces.place[who])
    found["views"] = np.where(read < READERS, pages(read / READERS), 12)
    return found


def pages(part: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Pages of an avid reader, by how rare that is: 100 at a part of 1, `LONGEST_READ` at one in a thousand."""
    power = np.log(LONGEST_READ / 100) / np.log(1000)
    return (100 * np.maximum(part, 1e-9) ** -power).astype(np.int64)
