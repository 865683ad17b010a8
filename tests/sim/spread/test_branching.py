"""Branching processes: what is known in closed form, and a plain recursion."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.spread.branching import Branching, distribution


def process(first, later):
    return Branching(np.array(first), np.array(later))


def test_one_child_or_none():
    """Every carrier has a child with probability 1/2: sizes are geometric, 1/2, 1/4, 1/8... with mean 2."""
    found = process([0.5, 0.5], [0.5, 0.5])
    assert found.sizes()[:5] == pytest.approx([0, 1 / 2, 1 / 4, 1 / 8, 1 / 16], abs=1e-9)
    assert found.expected_size() == 2
    assert found.expected_size(1) == 1.5
    assert found.expected_size(2) == 1.75
    assert found.dying_out() == 1
    assert found.quantiles([0.5, 0.75, 0.76, 0.9]) == [1, 2, 3, 4]


def test_none_or_two_children_above_one():
    """f(q) = 1/4 + 3/4 q²: q = 1/3. The first has two children for certain: dies out with 1/9."""
    found = process([0, 0, 1], [0.25, 0, 0.75])
    assert found.dying_out() == pytest.approx(1 / 9)
    assert found.expected_size() == np.inf
    assert found.sizes().sum() == pytest.approx(1 / 9, abs=1e-6)
    assert found.quantiles([0.1, 0.2]) == [9, None]
    # One child's whole tree has 1, 3, 5, 7 with 1/4, 3/4 (1/4)² = 0.0469, 3/4 × 2 × 1/4 × 0.0469 = 0.0176, 0.0082.
    # Two of them and the first: 3 with 0.0625, 5 with 0.0234, 7 with 0.0110, 9 with 0.0058: 0.0969 at 7, 0.1027 at 9.


def test_two_kinds_of_carriers():
    # The first has 3 children; each of those has none or one, by halves, and so on: 1 + 3 × 2 on average.
    found = process([0, 0, 0, 1], [0.5, 0.5])
    assert found.expected_size() == 7
    assert found.expected_size(1) == 4
    assert found.sizes(1)[4] == pytest.approx(1)
    assert found.sizes()[4] == pytest.approx(1 / 8)  # none of the three has a child
    assert found.sizes()[5] == pytest.approx(3 / 16)  # one of them has one, which has none: 3 (1/2)^4


def test_a_carrier_that_always_has_one_child_never_ends():
    found = process([0, 1], [0, 1])
    assert found.dying_out() == 0
    assert found.expected_size() == np.inf


def test_no_children_at_all():
    found = process([1], [1])
    assert (found.expected_size(), found.dying_out(), found.quantiles([0.5, 0.999])) == (1, 1, [1, 1])


def test_a_finite_market():
    """Far from its bound it is the geometric sum; near it nobody is reached twice."""
    found = process([0, 1], [0.5, 0.5])
    assert found.final_size(1, 1e9) == pytest.approx(2, rel=1e-6)
    doubling = process([0, 0, 1], [0, 0, 1])
    reached = doubling.final_size(1, 1000)
    assert reached == pytest.approx(1000 * (1 - np.exp(-(2 + 2 * reached) / 1000)))
    assert 790 < reached < 800  # 1 - z = exp(-2 z) at z = 0.797
    assert doubling.final_size(1, 0) == 0
    assert process([1], [1]).final_size(5, 100) == 0


def test_distributions_as_seen():
    assert distribution(np.array([0, 0, 2, 0])).tolist() == [0.75, 0, 0.25]
    assert distribution(np.zeros(0, np.int64)).tolist() == [1]


def convolved(one, other):
    found = [Fraction(0)] * (len(one) + len(other) - 1)
    for a, p in enumerate(one):
        for b, q in enumerate(other):
            found[a + b] += p * q
    return found


def composed(outer, inner):
    """Distribution of a sum of as many `inner` as `outer` says."""
    total, power = [Fraction(0)], [Fraction(1)]
    for chance in outer:
        grown = [chance * p for p in power]
        width = max(len(total), len(grown))
        total = [sum(x[k] for x in (total, grown) if k < len(x)) for k in range(width)]
        power = convolved(power, inner)
    return total


WEIGHTS = st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(sum)


@given(WEIGHTS, WEIGHTS, st.integers(0, 3))
def test_sizes_up_to_a_generation_are_those_of_the_recursion(first, later, generations):
    f0, f = ([Fraction(weight, sum(weights)) for weight in weights] for weights in (first, later))
    one = [Fraction(0), Fraction(1)]
    below = one
    for _ in range(generations - 1):
        below = [Fraction(0), *composed(f, below)]
    total = [Fraction(0), *composed(f0, below)] if generations else one
    found = process([float(p) for p in f0], [float(p) for p in f])
    sizes = found.sizes(generations)
    assert sizes[: len(total)] == pytest.approx([float(p) for p in total], abs=1e-6)
    mean = sum(k * p for k, p in enumerate(total))
    assert found.expected_size(generations) == pytest.approx(float(mean))
