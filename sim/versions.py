"""How a store did under each version of its plan, where somebody changes it in one run: a calendar, an operator.

One version after the other is no experiment: seasons, and how large the store has grown, differ too. `compare` gives
each plan the same days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.actors.announcing import Announcer

if TYPE_CHECKING:
    from sim.model import StoreModel

_SUMS = ("gmv", "orders", "shares", "clicks", "new_members", "commission", "refunds", "attributed", "sharers")


@dataclass(frozen=True)
class VersionFigures:
    """The days of a version; money in fen.

    Attributes:
        plan: its name. first, days: from which day on, and how many.
        sharers: members who shared, day by day, added up. attributed: registrations that belong to a sharer.
    """

    plan: str
    first: int
    days: int
    gmv: int
    orders: int
    shares: int
    clicks: int
    new_members: int
    commission: int
    refunds: int
    attributed: int
    sharers: int

    @property
    def payout(self) -> float | None:
        """Commission as a part of GMV."""
        return self.commission / self.gmv if self.gmv else None

    @property
    def clicks_per_share(self) -> float | None:
        """How readily links are opened."""
        return self.clicks / self.shares if self.shares else None

    @property
    def k(self) -> float | None:
        """Registrations per member who shared on a day."""
        return self.attributed / self.sharers if self.sharers else None


def versions_of(model: StoreModel) -> tuple[VersionFigures, ...]:
    """Version by version in the order of days; nothing where nobody may change the plan."""
    announcers = [one for one in model.parts if isinstance(one, Announcer)]
    if not announcers:
        return ()
    changes = {0: 0} | {day: number for one in announcers for day, number in one.versions.items()}
    flows = model.metrics.flows()
    begins = sorted(day for day in changes if day < model.day)
    ends = [*begins[1:], model.day]
    return tuple(
        VersionFigures(
            model.plans[changes[first]].plan, first, end - first,
            **{name: int(np.sum(flows[name][first:end])) for name in _SUMS},
        )
        for first, end in zip(begins, ends, strict=True)
    )  # fmt: skip
