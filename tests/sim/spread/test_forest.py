"""The forest against its plain twin, worked by hand, and fast."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.jit import PLAIN
from sim.spread.forest import NOBODY, plant
from sim.spread.virality import shape_of, trees_of


@st.composite
def parents(draw):
    """A forest whose numbers say nothing of who stands above whom."""
    count = draw(st.integers(0, 25))
    above = [draw(st.integers(-1, node - 1)) for node in range(count)]
    names = draw(st.permutations(range(count)))
    shuffled = [NOBODY] * count
    for node, parent in enumerate(above):
        shuffled[names[node]] = NOBODY if parent < 0 else names[parent]
    return np.array(shuffled, np.int64)


def way_up(parent, node):
    """The node and all above it, up to the root."""
    way = [node]
    while parent[way[-1]] >= 0:
        way.append(int(parent[way[-1]]))
    return way


def distance(parent, one, other):
    up, others = way_up(parent, one), way_up(parent, other)
    return next(k + others.index(node) for k, node in enumerate(up) if node in others)


@given(parents())
def test_columns_are_those_of_the_plain_twin(parent):
    forest = plant(parent)
    ways = [way_up(parent, node) for node in range(len(parent))]
    assert forest.depth.tolist() == [len(way) - 1 for way in ways]
    assert forest.root.tolist() == [way[-1] for way in ways]
    assert forest.size.tolist() == [sum(node in way for way in ways) for node in range(len(parent))]
    assert forest.children.tolist() == [int((parent == node).sum()) for node in range(len(parent))]


@given(parents())
def test_every_tree_is_one_run_of_the_preorder(parent):
    forest = plant(parent)
    assert sorted(forest.order.tolist()) == list(range(len(parent)))
    for node in range(len(parent)):
        run = forest.order[forest.place[node] : forest.place[node] + forest.size[node]]
        assert set(run.tolist()) == {other for other in range(len(parent)) if node in way_up(parent, other)}


@given(parents())
def test_distances_are_those_of_all_pairs(parent):
    trees = trees_of(plant(parent))
    for root, size, depth, total in zip(trees.root, trees.size, trees.depth, trees.distances, strict=True):
        nodes = [node for node in range(len(parent)) if way_up(parent, node)[-1] == root]
        assert size == len(nodes)
        assert depth == max(len(way_up(parent, node)) - 1 for node in nodes)
        assert total == sum(distance(parent, a, b) for a in nodes for b in nodes if a < b)


def test_a_star_is_a_broadcast_and_a_chain_is_not():
    # Star of 4: 3 pairs at 1, 3 at 2: 9 / 6. Chain of 4: 3 at 1, 2 at 2, 1 at 3: 10 / 6. One alone: no pair.
    star, chain, alone = [-1, 0, 0, 0], [-1, 4, 5, 6], [-1]
    trees = trees_of(plant(np.array(star + chain + alone)))
    assert trees.distances.tolist() == [9, 10, 0]
    assert trees.virality[:2].tolist() == [1.5, 10 / 6]
    shape = shape_of(trees)
    assert (shape.trees, shape.spread, shape.nodes, shape.largest, shape.deepest) == (3, 2, 9, 4, 3)
    assert shape.one_step == 2 / 3  # star and alone
    assert shape.spread_one_step == 1 / 2
    assert (shape.mean_size, shape.mean_depth) == (4, 2)
    assert shape.virality == pytest.approx((9 + 10) / 12)


def test_a_forest_of_nobody():
    shape = shape_of(trees_of(plant(np.zeros(0, np.int64))))
    assert (shape.trees, shape.one_step, shape.virality, shape.most_viral) == (0, None, None, None)


def test_a_circle_is_refused():
    with pytest.raises(InputError, match="2 of 3 members stand in a circle"):
        plant(np.array([-1, 2, 1]))


@pytest.mark.skipif(PLAIN, reason="speed of compiled kernels")
def test_a_million_members_take_less_than_a_second():
    count = 1_000_000
    parent = (np.arange(count) * np.linspace(0.2, 0.999, count)).astype(np.int64)
    parent[:1000] = NOBODY
    chain = np.arange(-1, count - 1)
    plant(parent[:10])
    for shape in (parent, chain):
        started = time.perf_counter()
        trees = trees_of(plant(shape))
        assert time.perf_counter() - started < 1
        assert trees.size.sum() == count
    # A chain of n: sum of d (n - d) over d = (n - 1) n (n + 1) / 6.
    assert trees.distances.tolist() == [(count - 1) * count * (count + 1) // 6]
