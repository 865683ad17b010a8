"""What seeds brought, kind by kind: so that ways to choose them can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.seeding import INVITED

if TYPE_CHECKING:
    from sim.model import StoreModel

Ids = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True)
class SeedFigures:
    """What seeds of a kind brought; of those invited later, since then.

    Attributes:
        by: how they were chosen. seeds: how many. contacts: they have, on average.
        brought: members who were theirs, by the plan's attribution, when they registered.
        branch: members below them in the forest, up to the next seed.
        orders, volume: paid, that they promoted at level 1, and fen of it, net of refunds. commission: fen they earned.
    """

    by: str
    seeds: int
    contacts: float | None
    brought: int
    branch: int
    orders: int
    volume: int
    commission: int

    @property
    def k(self) -> float | None:
        """Members brought per seed."""
        return self.brought / self.seeds if self.seeds else None

    @property
    def cost(self) -> float | None:
        """Fen of commission for each member of their branches."""
        return self.commission / self.branch if self.branch else None


def seeds_brought(model: StoreModel) -> tuple[SeedFigures, ...]:
    """What each kind of seeds brought; nothing where the scenario does not say how a store begins."""
    if model.conditions.cold_start is None:
        return ()
    groups, invitation = dict(model.world.seeds), model.invitation
    if invitation:
        groups[INVITED] = invitation.members
    members = model.store.book.members
    nearest = nearest_seed(members["upline"].astype(np.int64), np.concatenate(list(groups.values())).astype(np.int64))
    return tuple(
        _figures(model, by, seeds, members["joined_at"][np.isin(nearest, seeds)]) for by, seeds in groups.items()
    )


def _figures(model: StoreModel, by: str, seeds: NDArray[np.int32], branch: Ids) -> SeedFigures:
    """What seeds of a kind brought; `branch` is when those below them joined."""
    rows = model.store.book.members[seeds]
    now = [int(rows[name].sum(dtype=np.int64)) for name in ("invited", "promoted_orders", "promoted", "earned")]
    contacts = float(model.world.crowd["degree"][seeds].mean()) if len(seeds) else None
    if (one := model.invitation) and by == INVITED:
        before = (one.brought, one.promoted, one.volume, one.earned)
        now = [value - int(earlier.sum()) for value, earlier in zip(now, before, strict=True)]
        branch = branch[branch >= one.since]
    brought, orders, volume, earned = now
    return SeedFigures(by, len(seeds), contacts, brought, len(branch), orders, volume, earned)


def nearest_seed(upline: Ids, seeds: Ids) -> Ids:
    """By person, the first seed above her, herself left out; NOBODY.

    Args:
        upline: by person; NOBODY = nobody. A forest.
    """
    is_seed = np.zeros(len(upline) + 1, np.bool_)
    is_seed[seeds] = True
    above = np.append(upline, NOBODY)
    at = upline.copy()
    while (climbing := np.flatnonzero((at != NOBODY) & ~is_seed[at])).size:
        at[climbing] = above[at[climbing]]
    return at
