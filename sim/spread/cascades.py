"""Cascades of shares: a share, who clicked on it, who of those shared in turn, who clicked on that.

A cascade is a tree of people, each of them in it once, as in Goel, Anderson, Hofman & Watts 2016 ("The structural
virality of online diffusion", Management Science 62): a node is the sharer who began it, or a visitor who clicked. A
visitor hands it on with her first share within some days of her latest click; any other share begins a cascade of its
own. Clicks of people who are in the cascade already, or who never saw it shared, count for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY
from rules.jit import kernel
from sim.spread.forest import NOBODY, Forest, Numbers, plant
from sim.spread.trail import Trail

WINDOW = 7
"""Days within which a share in turn still belongs to the click before it."""
_SPREAD = 40_503
"""A multiplier that scatters neighbouring numbers over a table."""


@dataclass(frozen=True)
class Cascades:
    """All cascades of a trail.

    Attributes:
        forest: over nodes, in the order of time.
        person, time: by node: who, and the second of the share or the click.
        shared: by node: handed it on (of a root: always).
    """

    forest: Forest
    person: Numbers
    time: Numbers
    shared: NDArray[np.bool_]


def cascades_of(trail: Trail, window: int = WINDOW) -> Cascades:
    """The cascades of shares; `window` in days."""
    count = len(trail.time)
    parent, person, time = (np.full(count, NOBODY) for _ in range(3))
    shared = np.zeros(count, np.bool_)
    nodes = follow(
        trail.shared, trail.member, trail.other, trail.time, trail.people, window * DAY, parent, person, time, shared
    )
    return Cascades(plant(parent[:nodes]), person[:nodes], time[:nodes], shared[:nodes])


@kernel
def _enter(table: Numbers, key: int) -> bool:
    """Put a key above 0 into a table of open addresses; False if it was there."""
    slot = (key * _SPREAD >> 8) % len(table)
    while table[slot] != 0:
        if table[slot] == key:
            return False
        slot = (slot + 1) % len(table)
    table[slot] = key
    return True


@kernel
def follow(
    is_share: NDArray[np.bool_], member: Numbers, other: Numbers, times: Numbers, people: int, window: int,
    parent: Numbers, person: Numbers, time: Numbers, shared: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Follow shares and clicks in order; writes the nodes' columns and returns how many they are.

    Args:
        is_share, member, other, times: see `Trail`.
        people: size of the market.
        window: in seconds.
        parent, person, time, shared: by node, see `Cascades`; as long as there are events.
    """
    table = np.zeros(2 * len(times) + 3, np.int64)
    root = np.zeros(len(times), np.int64)
    showing = np.full(people, NOBODY)  # by person: the node that her latest share stands at
    heard = np.full(people, NOBODY)  # by person: the node of her latest click since she shared
    count = 0
    for event in range(len(times)):
        who, sharer, now = member[event], other[event], times[event]
        above = NOBODY
        if is_share[event]:
            known, heard[who] = heard[who], NOBODY
            if known >= 0 and now - time[known] <= window:
                showing[who], shared[known] = known, True
                continue
            root[count], showing[who] = count, count
        else:
            above = showing[sharer] if sharer >= 0 else NOBODY
            if above < 0:
                continue
            root[count] = root[above]
        if _enter(table, root[count] * people + who + 1):
            parent[count], person[count], time[count], shared[count] = above, who, now, above < 0
            if above >= 0:
                heard[who] = count
            count += 1
    return count
