"""A colony: where each member of a growing forest stands in a picture of it, so that trees form patches.

The spots are points of a sunflower: spot k lies √(k + ½) from the middle, turned by k golden angles, so that all have
equal room. Who came alone starts at the foot of an arm of her own, with room around; who was invited takes the free
spot nearest to her inviter. Nobody ever moves, and no two share a spot.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
"""Radians between neighbours of a sunflower."""
APART = 5
"""Spots for each of those who came alone: what is left is for those whom they invite."""
NOBODY = -1


class Colony:
    """Gives spots to members in the order in which they join.

    Args:
        room: how many can be placed.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.spots: list[int] = []
        self._x, self._y = places(np.arange(room * (APART + 1)))
        self._free_x = self._x.copy()
        self._alone = 0

    @property
    def is_full(self) -> bool:
        """Whether nobody more can be placed."""
        return len(self.spots) >= self.room

    def place(self, inviter: int) -> int:
        """The spot of who joins next.

        Args:
            inviter: by order of joining, from 0; NOBODY = came alone, or by somebody who has no spot.
        """
        if inviter == NOBODY:
            spot = self._nearest(*_foot(self._alone))
            self._alone += 1
        else:
            near = self.spots[inviter]
            spot = self._nearest(self._x[near], self._y[near])
        self._free_x[spot] = math.inf
        self.spots.append(spot)
        return spot

    def _nearest(self, x: float, y: float) -> int:
        """The free spot nearest to a point; the innermost of those as near."""
        return int(np.argmin((self._free_x - x) ** 2 + (self._y - y) ** 2))


def places(spots: NDArray[np.integer]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where spots lie: x and y, in units of which one spot has π square ones."""
    far, turned = np.sqrt(spots + 0.5), spots * GOLDEN_ANGLE
    return far * np.cos(turned), far * np.sin(turned)


def _foot(number: int) -> tuple[float, float]:
    """Where the tree of who came alone starts: a sunflower, too, with `APART` times the room."""
    far, turned = math.sqrt((number + 0.5) * APART), number * GOLDEN_ANGLE
    return far * math.cos(turned), far * math.sin(turned)
