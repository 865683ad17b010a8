from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.colony import NOBODY, Colony, places


def grown(inviters: list[int], room: int | None = None) -> list[int]:
    colony = Colony(room or len(inviters))
    return [colony.place(inviter) for inviter in inviters]


@st.composite
def forests(draw) -> list[int]:
    """By whom each was invited: by nobody, or by somebody who joined before."""
    size = draw(st.integers(1, 120))
    return [draw(st.integers(NOBODY, k - 1)) for k in range(size)]


@given(forests())
def test_no_two_share_a_spot_and_the_same_forest_stands_the_same(inviters):
    spots = grown(inviters)
    assert len(set(spots)) == len(inviters)
    assert spots == grown(inviters)


@given(forests(), st.integers(0, 119))
def test_nobody_moves_when_others_join(inviters, cut):
    assert grown(inviters)[:cut] == grown(inviters[:cut] or [NOBODY], len(inviters))[: min(cut, len(inviters))]


def test_the_first_three_spots_by_hand():
    # √½ = 0.7071 to the right; √1.5 = 1.2247, turned by 137.508°: -0.9031, 0.8274; √2.5 = 1.5811 by 275.016°.
    x, y = places(np.arange(3))
    assert x == pytest.approx([0.7071, -0.9031, 0.1383], abs=1e-3)
    assert y == pytest.approx([0, 0.8272, -1.5751], abs=1e-3)


def test_who_is_invited_takes_the_nearest_free_spot():
    colony = Colony(50)
    root = colony.place(NOBODY)
    child = colony.place(0)
    x, y = places(np.arange(300))
    far = (x - x[root]) ** 2 + (y - y[root]) ** 2
    far[root] = np.inf
    assert child == int(np.argmin(far))


def test_trees_form_patches():
    """Who was invited stands nearer to her inviter than half of all members do."""
    draw = np.random.default_rng(1)
    inviters = [NOBODY if k < 20 or draw.random() < 0.3 else int(draw.integers(k)) for k in range(1_000)]
    x, y = (column[grown(inviters)] for column in places(np.arange(6_000)))
    nearer = []
    for member, inviter in enumerate(inviters):
        if inviter != NOBODY:
            apart = np.hypot(x - x[inviter], y - y[inviter])
            nearer.append(apart[member] < np.median(apart))
    assert np.mean(nearer) > 0.99


def test_four_thousand_are_placed_in_half_a_second():
    inviters = [k // 3 if k % 4 else NOBODY for k in range(4_000)]
    best = np.inf
    for _ in range(3):
        started = time.process_time()
        grown(inviters)
        best = min(best, time.process_time() - started)
    assert best < 0.5


def test_a_colony_is_full_when_all_its_room_is_taken():
    colony = Colony(2)
    assert not colony.is_full
    colony.place(NOBODY)
    colony.place(0)
    assert colony.is_full
