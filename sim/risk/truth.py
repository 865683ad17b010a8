"""The truth 真相: who cheats. The simulation knows; the desk must not.

Only what stands for somebody's eyes or hands reads it: a reviewer who looks at a case, a code sent to the owner's
phone, and whoever counts in the end how good the desk was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

HONEST = 0


@dataclass
class Truth:
    """Who cheats.

    Attributes:
        kind: by member: 0 = honest, else 1 + the place in `kinds`.
        kinds: names of ways to cheat. gang: by member, the number of the gang; -1 = none.
        care: by member, from 0 = careless to 1 = careful; of cheats.
        stolen: numbers of withdrawals that were asked for by a stranger.
        attacked: by member, the last day (of the run) on which a stranger logged in; -1 = never.
    """

    kind: NDArray[np.uint8]
    gang: NDArray[np.int32]
    care: NDArray[np.float64]
    attacked: NDArray[np.int32]
    kinds: list[str] = field(default_factory=list)
    stolen: set[int] = field(default_factory=set)

    @classmethod
    def honest(cls, people: int) -> Truth:
        """Nobody cheats."""
        nobody = np.full(people, -1, np.int32)
        return cls(np.zeros(people, np.uint8), nobody, np.zeros(people), nobody.copy())

    def took(self, members: NDArray[np.integer[Any]], withdrawals: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Which payouts went to somebody who cheats, by member and number of the withdrawal."""
        return self.cheats[members] | np.isin(withdrawals, list(self.stolen))

    @property
    def cheats(self) -> NDArray[np.bool_]:
        """Whether an account belongs to somebody who cheats, by member."""
        return self.kind > HONEST
