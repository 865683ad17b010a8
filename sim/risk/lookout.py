"""The lookout 瞭望: takes what the risk desk has to know of a running world to it, and its decisions back.

Beside the events these are the logins and the share texts of everybody, honest or not.
"""

from __future__ import annotations

import numpy as np

from rules.book import Book
from rules.events import Records
from sim.behaviour.world import World
from sim.risk.desk import Desk
from sim.risk.service import Seen
from sim.risk.texts import Texts
from sim.risk.traces import LOGIN, logins
from sim.rows import arranged


class Lookout:
    """What stands between a world and its desk.

    Args:
        world: that is watched. desk: that judges.
    """

    def __init__(self, world: World, desk: Desk) -> None:
        self._world, self._desk, self._texts = world, desk, Texts(desk.rules.content)
        self._logins: list[Records] = []
        self._boasting: list[int] = []
        self._seen: Seen | None = None

    def log_in(self, logins: Records) -> None:
        """Add a character's logins of today."""
        self._logins.append(logins)

    def boast(self, account: int) -> None:
        """Let a character's share of today say what it must not."""
        self._boasting.append(account)

    def screen(self, events: Records, book: Book) -> Records:
        """What comes in of today's events."""
        world, desk = self._world, self._desk
        seen = np.concatenate([np.zeros(0, LOGIN), logins(world, desk.traces), *self._logins])
        bad = self._texts.forbidden(world, events, np.array(self._boasting, np.int32))
        kept = desk.screen(world.day, events, seen, bad)
        accepted = arranged(events, np.flatnonzero(kept))
        self._seen = Seen(
            world.day, world.midnight, accepted, events[~kept], seen, events["member"][bad], desk.gate.capped,
            book, desk.traces,
        )  # fmt: skip
        self._logins, self._boasting = [], []
        return accepted

    def close_day(self) -> None:
        """Have today judged, and put what is decided on tomorrow's agenda."""
        assert self._seen is not None
        self._world.agenda.put(self._desk.close_day(self._seen))
        self._seen = None
