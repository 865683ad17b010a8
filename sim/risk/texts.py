"""Texts 文案 of shares, as far as the content rules go: whether today's is one that they refuse.

Most people write nothing that is forbidden; now and then somebody does without a thought.
"""

from __future__ import annotations

import numpy as np

from rules.events import Kind, Records
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import draw_array, uniform_array
from sim.risk.gate import Mask

SLIPS = 0.002
"""Part of honest shares whose text says too much."""


def forbidden(world: World, events: Records, boasting: Ids) -> Mask:
    """Shares whose text is refused, by event.

    Args:
        world: today. events: of today. boasting: accounts that boast today.
    """
    shares = events["kind"] == Kind.share
    sharers = events["member"][shares]
    slips = uniform_array(draw_array(world.key(Decision.text, daily=True), sharers)) < SLIPS
    refused = np.zeros(len(events), np.bool_)
    refused[shares] = slips | np.isin(sharers, boasting)
    return refused
