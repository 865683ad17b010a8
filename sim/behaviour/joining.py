"""Joining and giving in: what a click leads to.

A stranger's click adds to the pressure on her to register; at a threshold of her own (exponential, fixed for life:
Sellke 1983) she does, and whoever sent the last link is her inviter. Pressure is a whole number, so what it adds up to
does not depend on order; who of several sharers wins is decided by the time of the click, which is a hash, not by
anybody's number. A member's click may end in an impulse order, of what was shared where the share carried a product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY
from rules.jit import kernel
from sim.behaviour.arriving import register
from sim.behaviour.clicking import Clicks
from sim.behaviour.materials import Posts
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders, impulse_orders
from sim.behaviour.world import NEVER, Ids, Seconds, World
from sim.draws import bits, draw, uniform
from sim.people import PRESSURE, Floats

JOIN_SOONEST, JOIN_LATEST = 20, 200
"""Seconds from the click to the registration."""


@dataclass(frozen=True)
class Answers:
    """What today's clicks led to.

    Attributes:
        joined: who registered. impulses: orders.
        outcome: by click: 0 nothing, 1 an order, more: a registration.
    """

    joined: Ids
    impulses: Orders
    outcome: Seconds


@kernel
def answer(
    now: int, visitor: Ids, sharer: Ids, k: NDArray[np.int64], second: Seconds, tie: Floats, pull: Floats,
    impulse_key: int, delay_key: int, impulse: float, push: float, convert: Floats, channel: NDArray[np.uint8],
    trust: NDArray[np.float32], resistance: Ids, pressure: Ids, joined: Ids, outcome: Seconds,
) -> None:  # fmt: skip
    """Go through clicks in order; writes the `outcome`: 0 nothing, 1 orders, more: registers after so many seconds.

    Args:
        now: second since opening at which the day began.
        visitor, sharer, k, second, tie: see `Clicks`. pull: factor of what was shared, by click.
        impulse_key: of the day. delay_key: of `Decision.join_delay`.
        impulse: see `Behaviour`. push: pressure of a click at full trust and a close tie. convert: by channel.
        channel, trust, resistance: by person. pressure, joined: by person, written.
    """
    for place in range(len(visitor)):
        person = np.int64(visitor[place])
        outcome[place] = 0
        if joined[person] == NEVER:
            added = np.int64(push * pull[place] * trust[person] * tie[place])
            pressure[person] = min(np.int64(pressure[person]) + added, NEVER)
            if pressure[person] >= resistance[person]:
                wait = uniform(draw(delay_key, person)) * (JOIN_LATEST - JOIN_SOONEST)
                outcome[place] = JOIN_SOONEST + np.int64(wait)
                joined[person] = now + second[place] + outcome[place]
        elif joined[person] <= now + second[place]:
            luck = uniform(bits(impulse_key, np.int64(sharer[place]), k[place]))
            outcome[place] = 1 if luck < impulse * pull[place] * convert[channel[person]] else 0


def respond(world: World, clicks: Clicks, posts: Posts | None = None) -> Answers:
    """Let today's clicks, on shares that carry `posts`, have their effect."""
    crowd, given, visitor = world.crowd, world.given, clicks.visitor
    outcome = np.empty(len(visitor), np.int64)
    pull = posts.pull[clicks.share] if posts else np.ones(len(visitor))
    columns = [crowd[name] for name in ("channel", "trust", "resistance", "pressure", "joined")]
    answer(
        world.day * DAY, visitor, clicks.sharer, clicks.k, clicks.second, clicks.tie, pull,
        world.key(Decision.impulse, daily=True), world.key(Decision.join_delay), given.impulse, given.join * PRESSURE,
        world.channels.convert, *columns, outcome,
    )  # fmt: skip
    new, bought = outcome > 1, outcome == 1
    register(world, visitor[new], (clicks.second + outcome)[new], clicks.sharer[new], given.first_purchase_invited)
    wanted = posts.sku[clicks.share[bought]] if posts else None
    return Answers(visitor[new], impulse_orders(world, visitor[bought], clicks.second[bought], wanted), outcome)
