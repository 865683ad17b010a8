"""Joining and giving in: what a click leads to.

A stranger's click adds to the pressure on her to register; at a threshold of her own (exponential, fixed for life:
Sellke 1983) she does, and whoever sent the last link is her inviter. Pressure is a whole number, so what it adds up to
does not depend on order; who of several sharers wins is decided by the time of the click, which is a hash, not by
anybody's number. A member's click may end in an impulse order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind
from rules.jit import kernel
from sim.behaviour.clicking import Clicks
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders, begin_clocks, impulse_orders
from sim.behaviour.world import NEVER, Ids, World
from sim.draws import bits_array, draw_array, uniform_array
from sim.people import PRESSURE

JOIN_SOONEST, JOIN_LATEST = 20, 200
"""Seconds from the click to the registration."""


@dataclass(frozen=True)
class Answers:
    """What today's clicks led to.

    Attributes:
        joined: who registered. impulses: orders.
    """

    joined: Ids
    impulses: Orders


@kernel
def answer(
    now: int, visitor: Ids, second: NDArray[np.int64], push: NDArray[np.int64], tempted: NDArray[np.bool_],
    delay: NDArray[np.int64], resistance: Ids, pressure: Ids, joined: Ids, outcome: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Go through clicks in order; writes the `outcome`: 0 nothing, 1 registers, 2 orders.

    Args:
        now: second since opening at which the day began.
        visitor, second, push, tempted, delay: by click; `push` is the pressure it adds if she is a stranger,
            `tempted` whether she orders if she is a member, `delay` the seconds to her registration.
        resistance, pressure, joined: by person; the latter two are written.
    """
    for place in range(len(visitor)):
        person = visitor[place]
        outcome[place] = 0
        if joined[person] == NEVER:
            pressure[person] = min(np.int64(pressure[person]) + push[place], NEVER)
            if pressure[person] >= resistance[person]:
                joined[person] = now + second[place] + delay[place]
                outcome[place] = 1
        elif tempted[place] and joined[person] <= now + second[place]:
            outcome[place] = 2


def respond(world: World, clicks: Clicks) -> Answers:
    """Let today's clicks have their effect."""
    crowd, given, visitor = world.crowd, world.given, clicks.visitor
    push = (given.join * PRESSURE * crowd["trust"][visitor] * clicks.tie).astype(np.int64)
    luck = uniform_array(bits_array(world.key(Decision.impulse, daily=True), clicks.sharer, clicks.k))
    wait = uniform_array(draw_array(world.key(Decision.join_delay), visitor)) * (JOIN_LATEST - JOIN_SOONEST)
    delay = JOIN_SOONEST + wait.astype(np.int64)
    tempted = luck < given.impulse * world.channels.convert[crowd["channel"][visitor]]
    outcome = np.empty(len(visitor), np.uint8)
    answer(
        world.day * DAY, visitor, clicks.second, push, tempted, delay,
        crowd["resistance"], crowd["pressure"], crowd["joined"], outcome,
    )  # fmt: skip
    new = outcome == 1
    register(world, visitor[new], (clicks.second + delay)[new], clicks.sharer[new])
    bought = outcome == 2
    return Answers(visitor[new], impulse_orders(world, visitor[bought], clicks.second[bought]))


def register(world: World, persons: Ids, seconds: NDArray[np.int64], inviters: Ids) -> None:
    """Register people who came by a link."""
    world.admit(persons)
    channel = world.crowd["channel"][persons]
    world.emit(Kind.register, seconds, member=persons, other=inviters, channel=channel)
    begin_clocks(world, persons, seconds, world.given.first_purchase_invited)
