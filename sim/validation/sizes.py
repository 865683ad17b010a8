"""How much is simulated for a validation: the whole, or a small one that shows that the machinery works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Worlds:
    """Worlds of one size: people, days, and the seed of each world."""

    people: int
    days: int
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Size:
    """The worlds behind each claim.

    Attributes:
        crowd: people who only buy. spread: cascades and recruitment trees. saturation: until most have joined.
        worth: referred customers and others. reward: one for every part of `rewards`, the reward as a multiple of the
            plan's.
    """

    crowd: Worlds
    spread: Worlds
    saturation: Worlds
    worth: Worlds
    reward: Worlds
    rewards: tuple[float, ...]


def _seeds(count: int) -> tuple[int, ...]:
    return tuple(range(1, count + 1))


WHOLE = Size(
    crowd=Worlds(20_000, 600, (1,)),
    spread=Worlds(20_000, 365, _seeds(4)),
    saturation=Worlds(20_000, 1_100, _seeds(5)),
    worth=Worlds(60_000, 365, _seeds(16)),
    reward=Worlds(20_000, 180, _seeds(8)),
    rewards=(0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0),
)
"""What the published page shows."""

QUICK = Size(
    crowd=Worlds(6_000, 600, (1,)),
    spread=Worlds(5_000, 365, _seeds(1)),
    saturation=Worlds(4_000, 1_100, _seeds(1)),
    worth=Worlds(40_000, 365, _seeds(8)),
    reward=Worlds(5_000, 120, _seeds(3)),
    rewards=(0.0, 0.5, 1.0, 3.0),
)
"""A minute's worth, in which luck weighs more."""
