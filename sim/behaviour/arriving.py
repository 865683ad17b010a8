"""Arriving: who finds the store without being told.

A person has a fixed exponential threshold; the cumulative hazard of the market (traffic and price bend it) passes it
at a moment that is known beforehand, so strangers cost nothing from day to day and keep their moment under any plan,
unless a friend's link brings them earlier.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind
from rules.money import PPM
from sim.behaviour.parameters import Behaviour
from sim.behaviour.shopping import begin_clocks
from sim.behaviour.world import NEVER, World
from sim.market import Market
from sim.people import Floats, arrivals, seeds_of


class Arrivals:
    """The moments at which people of a world arrive by themselves.

    Args:
        world: before its first day.
        seed_rank: number of the rank that seeds are given on day 0; -1 = none.
    """

    def __init__(self, world: World, seed_rank: int) -> None:
        self.seeds = seeds_of(world.seed, world.people, world.given.seeds)
        self._seed_rank = seed_rank
        self._persons, self._times = arrivals(world.seed, world.people, hazard(world.market, world.given))
        zeal = world.crowd["zeal"]
        zeal[self.seeds] = np.maximum(zeal[self.seeds], np.float32(world.given.seed_zeal))

    def arrive(self, world: World) -> NDArray[np.int32]:
        """Register those whose moment is today; the seeds when the store opens. Gives who came."""
        first, last = np.searchsorted(self._times, [world.day, world.day + 1])
        persons = self._persons[first:last]
        seconds = ((self._times[first:last] - world.day) * DAY).astype(np.int64)
        if world.day == 0:
            persons = np.concatenate([self.seeds, persons])
            seconds = np.concatenate([np.zeros(len(self.seeds), np.int64), seconds])
        joined = world.crowd["joined"]
        new = joined[persons] == NEVER
        new[len(self.seeds) :] &= ~np.isin(persons[len(self.seeds) :], self.seeds) if world.day == 0 else True
        persons, seconds = persons[new], np.minimum(seconds[new], DAY - 1)
        joined[persons] = world.day * DAY + seconds
        world.admit(persons)
        world.emit(Kind.register, seconds, member=persons, channel=world.crowd["channel"][persons])
        if world.day == 0 and self._seed_rank > 0:
            world.emit(Kind.promote, np.zeros(len(self.seeds), np.int64), member=self.seeds, rank=self._seed_rank)
        begin_clocks(world, persons, seconds, world.given.first_purchase)
        return persons


def hazard(market: Market, given: Behaviour) -> Floats:
    """Cumulative hazard of arriving at the beginning of each day, and at the end: (days + 1,)."""
    pull = market.traffic * (1 + given.price_response * (market.discount / PPM))
    return np.append(0.0, given.organic * np.cumsum(pull))
