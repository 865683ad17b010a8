"""A forest in arrays: who stands under whom, how deep, in which tree, and how many below; time and space linear.

Trees lie one after the other in preorder, and everybody's own tree is one run of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError
from rules.jit import kernel

Numbers = NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True)
class Forest:
    """Trees over nodes 0 to n - 1.

    Attributes:
        parent: whom a node stands under; NOBODY = it is a root.
        order: the nodes in preorder: parents before children, every tree in one run.
        place: where a node stands in `order`.
        depth: steps from the root, whose own is 0.
        root: of the tree a node is in.
        size: nodes of the tree below a node, itself included.
    """

    parent: Numbers
    order: Numbers
    place: Numbers
    depth: Numbers
    root: Numbers
    size: Numbers

    def __len__(self) -> int:
        return len(self.parent)

    @property
    def roots(self) -> Numbers:
        """The roots, in the order in which their trees lie."""
        found: Numbers = self.order[self.parent[self.order] == NOBODY]
        return found

    @property
    def children(self) -> Numbers:
        """How many stand directly under each node."""
        return np.bincount(self.parent[self.parent >= 0], minlength=len(self))


def plant(parent: NDArray[np.integer]) -> Forest:
    """The forest of these parents.

    Raises:
        InputError: somebody stands under herself, over however many others.
    """
    above = np.ascontiguousarray(parent, np.int64)
    order, place, depth, root = (np.zeros(len(above), np.int64) for _ in range(4))
    size = np.ones(len(above), np.int64)
    found = walk(above, order, place, depth, root, size)
    if found < len(above):
        raise InputError(
            f"{len(above) - found} of {len(above)} members stand in a circle of inviters", allowed="a forest"
        )
    return Forest(above, order, place, depth, root, size)


@kernel
def _link(parent: Numbers, first: Numbers, following: Numbers) -> int:
    """Write every node's first child and every child's next sibling; returns the first root, roots being siblings."""
    start = NOBODY
    for node in range(len(parent) - 1, -1, -1):
        above = parent[node]
        if above < 0:
            following[node] = start
            start = node
        else:
            following[node] = first[above]
            first[above] = node
    return start


@kernel
def walk(parent: Numbers, order: Numbers, place: Numbers, depth: Numbers, root: Numbers, size: Numbers) -> int:
    """Write a forest's columns; returns how many nodes are under a root."""
    first, following = np.full(len(parent), NOBODY), np.full(len(parent), NOBODY)
    node, count = _link(parent, first, following), 0
    while node >= 0:
        above = parent[node]
        order[count], place[node] = node, count
        depth[node] = depth[above] + 1 if above >= 0 else 0
        root[node] = root[above] if above >= 0 else node
        count += 1
        if first[node] >= 0:
            node = first[node]
            continue
        while following[node] < 0 and parent[node] >= 0:
            node = parent[node]
        node = following[node]
    for number in range(count - 1, -1, -1):
        node = order[number]
        if parent[node] >= 0:
            size[parent[node]] += size[node]
    return count
