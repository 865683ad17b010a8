"""Channels with one identity 多渠道一个身份: who uses which front door, and orders that two of them report.

Most shoppers use more than one channel: 73 % of 46,000 (Sopadjieva, Dholakia & Benjamin 2017). Whoever uses a second
door comes through one or the other, by the order; it is the same member, and the volume is one. An order that a second
channel reports again names the order it repeats, and the rules turn it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.events import Records
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import LAST_SECOND, Orders
from sim.behaviour.world import World
from sim.draws import bits_array, draw_array, field_array, uniform_array
from sim.market import Channels, others_of
from sim.people import Floats
from sim.rows import arranged

if TYPE_CHECKING:
    from sim.scenario import Scenario

SECOND = 0.5
"""Part of the orders of somebody with two doors that come through the second: an assumption."""
REPORT_SOONEST, REPORT_LATEST = 60, 3600
"""Seconds after an order at which the other channel reports it."""
_TWENTY = 2.0**-20


@dataclass(frozen=True)
class Doors:
    """The front doors of a market in which people use several.

    Attributes:
        also: part of a channel's people who use another, too. others: see `sim.market.others_of`.
        duplicates: part of orders that are reported twice.
    """

    also: Floats
    others: Floats
    duplicates: float

    def other(self, channel: NDArray[np.uint8], part: Floats) -> NDArray[np.int64]:
        """Another channel than the one given, by weight."""
        return (self.others[channel] <= part[:, None]).sum(axis=1)

    def through(self, world: World, orders: Orders) -> NDArray[np.uint8]:
        """The channel through which each order comes."""
        channel = world.crowd["channel"][orders.person]
        key = world.key(Decision.second_door)
        two = np.flatnonzero(uniform_array(draw_array(key, orders.person)) < self.also[channel])
        luck = bits_array(world.key(Decision.door), orders.person[two], orders.ordinal[two])
        second = two[uniform_array(luck) < SECOND]
        which = uniform_array(bits_array(key, orders.person[second], 0))
        channel[second] = self.other(channel[second], which)
        return channel

    def again(self, world: World, orders: Orders, lines: Records) -> Records:
        """The lines of today's orders that another channel reports, under numbers of their own.

        Args:
            world: today. orders: of today. lines: their events, by order.
        """
        words = bits_array(world.key(Decision.duplicate), orders.person, 2 * orders.ordinal)
        chosen = np.flatnonzero(uniform_array(words) < self.duplicates)
        number = np.zeros(len(orders.person), np.int64)
        number[chosen] = world.next_order + np.arange(len(chosen))
        first = world.next_order - len(orders.person)
        world.next_order += len(chosen)
        place = lines["order"] - first
        rows = np.flatnonzero(number[place])
        place, lines = place[rows], arranged(lines, rows)
        words = bits_array(world.key(Decision.duplicate), orders.person[place], 2 * orders.ordinal[place] + 1)
        delay = REPORT_SOONEST + field_array(words, 0, 32) * (REPORT_LATEST - REPORT_SOONEST) // 2**32
        lines["time"] = np.minimum(lines["time"] + delay, world.midnight + LAST_SECOND)
        lines["channel"] = self.other(lines["channel"], field_array(words, 32, 20) * _TWENTY)
        lines["other"], lines["order"] = lines["order"], number[place]
        return lines


def doors_of(scenario: Scenario, channels: Channels) -> Doors | None:
    """The doors of a scenario in which people use several, or orders are reported twice."""
    also = np.array([one.also for one in scenario.channels] or [0.0])
    if not also.any() and not scenario.channel_duplicates:
        return None
    return Doors(also, others_of(channels.weight), scenario.channel_duplicates)
