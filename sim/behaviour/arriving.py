"""Arriving: who finds the store without being told.

A person has a fixed exponential threshold; the cumulative hazard of the market (traffic and price bend it) passes it
at a moment that is known beforehand, so strangers cost nothing from day to day and keep their moment under any plan,
unless a friend's link brings them earlier.
"""

from __future__ import annotations

import numpy as np

from rules.events import DAY, Kind
from rules.money import PPM
from sim.behaviour.parameters import Behaviour
from sim.behaviour.shopping import begin_clocks
from sim.behaviour.world import NEVER, Ids, Seconds, World
from sim.market import Market
from sim.people import Floats, arrivals


class Arrivals:
    """The moments at which people of a world arrive by themselves.

    Args:
        world: before its first day.
        seed_rank: number of the rank that seeds are given on day 0; 0 = they have it anyhow.
    """

    def __init__(self, world: World, seed_rank: int) -> None:
        self.seeds = np.sort(np.concatenate(list(world.seeds.values())))
        self._seed_rank = seed_rank
        self._persons, self._times = arrivals(world.seed, world.people, hazard(world.market, world.given))
        zeal = world.crowd["zeal"]
        zeal[self.seeds] = np.maximum(zeal[self.seeds], np.float32(world.given.seed_zeal))

    def arrive(self, world: World) -> Ids:
        """Register those whose moment is today, and the seeds when the store opens. Gives who came."""
        seeds = self.seeds[:0]
        if world.day == 0:
            seeds = walk_in(world, self.seeds, np.zeros(len(self.seeds), np.int64))
            if self._seed_rank > 0:
                world.emit(Kind.promote, np.zeros(len(seeds), np.int64), member=seeds, rank=self._seed_rank)
        first, last = np.searchsorted(self._times, [world.day, world.day + 1])
        seconds = ((self._times[first:last] - world.day) * DAY).astype(np.int64)
        return np.concatenate([seeds, walk_in(world, self._persons[first:last], np.minimum(seconds, DAY - 1))])


def walk_in(world: World, persons: Ids, seconds: Seconds) -> Ids:
    """Register people who come by themselves, unless they are members or never will be; gives who was new."""
    joined = world.crowd["joined"]
    new = (joined[persons] == NEVER) & (world.crowd["resistance"][persons] < NEVER)
    persons, seconds = persons[new], seconds[new]
    joined[persons] = world.day * DAY + seconds
    register(world, persons, seconds, -1, world.given.first_purchase)
    return persons


def register(world: World, persons: Ids, seconds: Seconds, inviters: Ids | int, chance: float) -> None:
    """Write registrations into the log, and decide when the new members buy first.

    Args:
        world: today.
        persons, seconds: who registers, and the second of today. inviters: by whose link; -1 = nobody's.
        chance: that somebody buys unprompted.
    """
    world.admit(persons)
    world.emit(Kind.register, seconds, member=persons, other=inviters, channel=world.crowd["channel"][persons])
    begin_clocks(world, persons, seconds, chance)


def hazard(market: Market, given: Behaviour) -> Floats:
    """Cumulative hazard of arriving at the beginning of each day, and at the end: (days + 1,)."""
    pull = market.traffic * (1 + given.price_response * (market.discount / PPM))
    return np.append(0.0, given.organic * np.cumsum(pull))
