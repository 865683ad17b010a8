"""Cascades of shares, worked by hand and against a plain twin."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_histories import day, past

from sim.spread.cascades import cascades_of
from sim.spread.trail import trail_of
from sim.spread.virality import trees_of


def cascades(*told, window=7):
    """(person, person above or None) of every node, in order."""
    found = cascades_of(trail_of(past(*told)), window)
    person, parent = found.person.tolist(), found.forest.parent.tolist()
    return [(who, person[above] if above >= 0 else None) for who, above in zip(person, parent, strict=True)]


def test_a_click_and_a_share_in_turn():
    told = [(10, "share", 0), (20, "click", 1, 0), (30, "click", 2, 0), (40, "share", 1), (50, "click", 3, 1)]
    assert cascades(*told) == [(0, None), (1, 0), (2, 0), (3, 1)]
    trees = trees_of(cascades_of(trail_of(past(*told))).forest)
    assert (trees.size.tolist(), trees.depth.tolist()) == ([4], [2])


def test_a_share_after_the_window_begins_a_cascade():
    told = [(10, "share", 0), (20, "click", 1, 0), (20 + day(7), "share", 1), (30 + day(7), "click", 2, 1)]
    assert cascades(*told) == [(0, None), (1, 0), (2, 1)]
    late = [*told[:2], (21 + day(7), "share", 1), (30 + day(7), "click", 2, 1)]
    assert cascades(*late) == [(0, None), (1, 0), (1, None), (2, 1)]
    assert cascades(*late, window=8) == [(0, None), (1, 0), (2, 1)]


def test_only_the_first_share_after_a_click_hands_it_on():
    told = [(10, "share", 0), (20, "click", 1, 0), (30, "share", 1), (40, "share", 1), (50, "click", 2, 1)]
    assert cascades(*told) == [(0, None), (1, 0), (1, None), (2, 1)]


def test_nobody_is_twice_in_a_cascade():
    """Two who click on each other's shares do not make a chain, and nobody clicks on her own."""
    told = [
        (10, "share", 0), (20, "click", 1, 0), (25, "click", 1, 0), (30, "share", 1), (40, "click", 0, 1),
        (45, "click", 1, 1), (50, "share", 0), (60, "click", 1, 0),
    ]  # fmt: skip
    assert cascades(*told) == [(0, None), (1, 0), (0, None), (1, 0)]


def test_clicks_without_a_share_are_in_no_cascade():
    assert cascades((10, "click", 1, 0), (20, "share", 0), (30, "click", 2, 0)) == [(0, None), (2, 0)]


def plain(told, window):
    """The same, by searching backwards for each event."""
    nodes, at_share, since = [], {}, {}  # nodes: (who, above, time, root)
    for second, word, who, *rest in told:
        if word == "share":
            click = since.pop(who, None)
            if click is not None and second - nodes[click][2] <= window:
                at_share[who] = click
            else:
                at_share[who] = len(nodes)
                nodes.append((who, None, second, len(nodes)))
        elif rest[0] in at_share:
            above = at_share[rest[0]]
            root = nodes[above][3]
            if all((one[0], one[3]) != (who, root) for one in nodes):
                since[who] = len(nodes)
                nodes.append((who, above, second, root))
    return [(who, None if above is None else nodes[above][0]) for who, above, _, _ in nodes]


ACTS = st.lists(st.tuples(st.integers(0, 3 * 86_400), st.integers(0, 5), st.integers(-1, 5)), min_size=1, max_size=60)


@given(ACTS)
def test_cascades_are_those_of_the_plain_twin(acts):
    seconds = np.cumsum([gap for gap, _, _ in acts]).tolist()
    told = [
        (at, "share", who) if of < 0 else (at, "click", who, of) for at, (_, who, of) in zip(seconds, acts, strict=True)
    ]
    assert cascades(*told) == plain(told, 7 * 86_400)
