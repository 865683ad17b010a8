"""How trees spread: size, depth, and structural virality, the mean distance between two people of a tree.

Structural virality tells a broadcast (one reaches all: about 2) from a chain of people (it grows with the length).
After Goel, Anderson, Hofman & Watts 2016, Management Science 62: "The structural virality of online diffusion". The sum
of all distances is exact and takes linear time: the edge above a tree of s in a tree of n lies between s (n - s) pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.spread.forest import NOBODY, Forest, Numbers


@dataclass(frozen=True)
class Trees:
    """The trees of a forest, in the order in which they lie.

    Attributes:
        root: of each.
        size: its nodes. depth: its longest way down in steps.
        distances: sum of the distances of all pairs.
    """

    root: Numbers
    size: Numbers
    depth: Numbers
    distances: Numbers

    @property
    def virality(self) -> NDArray[np.float64]:
        """Mean distance of two nodes by tree; nan of a tree of one."""
        pairs = self.size * (self.size - 1) / 2
        found: NDArray[np.float64] = np.full(len(pairs), np.nan)
        return np.divide(self.distances, pairs, out=found, where=pairs > 0)

    def only(self, chosen: NDArray[np.bool_]) -> Trees:
        """Some of the trees."""
        return Trees(self.root[chosen], self.size[chosen], self.depth[chosen], self.distances[chosen])


@dataclass(frozen=True)
class Shape:
    """What many trees look like.

    Attributes:
        trees, spread: how many, and how many of them have more than one node. nodes: of them all.
        one_step: share of all trees that end within one step. spread_one_step: the same of those that spread.
        mean_size, largest, mean_depth, deepest, virality, most_viral: means are of the trees that spread, None without.
    """

    trees: int
    spread: int
    nodes: int
    one_step: float | None
    spread_one_step: float | None
    mean_size: float | None
    largest: int
    mean_depth: float | None
    deepest: int
    virality: float | None
    most_viral: float | None


def trees_of(forest: Forest) -> Trees:
    """Size, depth and sum of distances of every tree."""
    roots = forest.roots
    if not len(roots):
        return Trees(roots, roots, roots, roots)
    starts, size = forest.place[roots], forest.size
    between = np.where(forest.parent == NOBODY, 0, size * (size[forest.root] - size))
    depth = np.maximum.reduceat(forest.depth[forest.order], starts)
    return Trees(roots, size[roots], depth, np.add.reduceat(between[forest.order], starts))


def shape_of(trees: Trees) -> Shape:
    """The trees in figures."""
    spread = trees.only(trees.size > 1)
    return Shape(
        trees=len(trees.size),
        spread=len(spread.size),
        nodes=int(trees.size.sum()),
        one_step=_mean(trees.depth <= 1),
        spread_one_step=_mean(spread.depth <= 1),
        mean_size=_mean(spread.size),
        largest=int(trees.size.max(initial=0)),
        mean_depth=_mean(spread.depth),
        deepest=int(trees.depth.max(initial=0)),
        virality=_mean(spread.virality),
        most_viral=float(spread.virality.max()) if len(spread.size) else None,
    )


def _mean(values: NDArray[np.generic]) -> float | None:
    return float(values.mean()) if len(values) else None
