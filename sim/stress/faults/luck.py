"""Luck from a seed: the same draws on every machine and with every Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Luck:
    """A stream of draws.

    `random.Random.random` is the one method whose stream Python promises not to change, so all draws are made of it.

    Args:
        seed: what the stream depends on: the world's seed, and what the luck is for.
    """

    def __init__(self, *seed: object) -> None:
        self._draw = random.Random(" ".join(map(str, seed))).random

    def below(self, count: int) -> int:
        """A whole number from 0, below `count`."""
        return int(self._draw() * count)

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int(self._draw() * (most - least + 1))

    def chance(self, of: float) -> bool:
        """Whether something happens that happens in so many cases of 1."""
        return self._draw() < of

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of several."""
        return things[int(self._draw() * len(things))]
