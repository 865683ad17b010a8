"""Sharing: which members put a link before their friends today, and how many of them see it.

A member shares with probability zeal x effort, at most once a day. A share reaches some of the sharer's fixed contact
slots, the more the more effort she gives: who is not paid tells a few close friends, who is paid tells weak ties, too
(Ryu & Feick 2007, "A Penny for Your Thoughts", Journal of Marketing 71(1)). Whom the k-th look falls on does not depend
on effort, so luck stays common when a plan moves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind
from rules.jit import kernel
from sim.behaviour.chunks import CHUNKS
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import bits_array, draw, draw_array, uniform_array
from sim.people import Floats

if TYPE_CHECKING:
    from sim.behaviour.materials import Kit, Posts

EVENING_ENDS = 84_000 / DAY
"""Shares of a day are sent before this part of it, so that clicks, registrations and impulse orders still fit in."""
_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class Shares:
    """The shares of a day, by the order of the members list.

    Attributes:
        sharer: person by share. second: of the day. reach: contacts that see it.
        posts: what the shares carry; None where there is no share kit.
    """

    sharer: Ids
    second: NDArray[np.int64]
    reach: NDArray[np.int64]
    posts: Posts | None = None


@kernel
def scan(
    first: int, last: int, key: int, members: Ids, bar: NDArray[np.uint32], out: Ids, counts: NDArray[np.int64]
) -> None:
    """Find who shares today in chunks `first` to `last` of the members; writes `out` and how many by chunk.

    Args:
        key: of the day.
        members: person numbers.
        bar: by person: share if the upper half of the draw is below.
    """
    count = len(members)
    for chunk in range(first, last):
        begin = chunk * count // CHUNKS
        found = begin
        for place in range(begin, (chunk + 1) * count // CHUNKS):
            person = members[place]
            out[found] = person
            found += np.int64(draw(key, person) >> np.uint64(32)) < np.int64(bar[person])
        counts[chunk] = found - begin


def share(world: World, kit: Kit | None = None) -> Shares:
    """Send today's shares, with posts of the share kit where there is one."""
    members, key = world.members, world.key(Decision.share, daily=True)
    bar = world.bars()
    sharer = world.crew.gather(lambda first, last, *found: scan(first, last, key, members, bar, *found), len(members))
    second = second_of_day(world.market.hours, (draw_array(key, sharer) & _LOW) * 2.0**-32)
    second = (second * EVENING_ENDS).astype(np.int64)
    world.crowd["shared"][sharer] += 1
    posts = kit.post(world, sharer) if kit else None
    world.emit(Kind.share, second, member=sharer, sku=posts.sku if posts else -1)
    return Shares(sharer, second, audience(world, key, sharer), posts)


def audience(world: World, key: np.uint64, sharer: Ids) -> NDArray[np.int64]:
    """How many contacts see each share: from 1 to a part of the sharer's contacts that rises with her effort."""
    crowd = world.crowd
    most = world.given.reach * crowd["effort"][sharer].astype(np.float64) * crowd["degree"][sharer]
    return 1 + (uniform_array(bits_array(key, sharer, 0)) * most).astype(np.int64)


def second_of_day(hours: Floats, part: Floats) -> Floats:
    """The second at which a part of the day's traffic has passed."""
    return np.interp(part, hours, np.arange(25) * 3600.0)
