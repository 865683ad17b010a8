"""Paths of orders and hot nodes, worked by hand and against a plain twin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_histories import PEOPLE, past

from sim.spread.nodes import middle_of, nodes_of
from sim.spread.paths import Origin, paths_of
from sim.spread.trail import trail_of


def told(*story):
    trail = trail_of(past(*story))
    paths = paths_of(trail)
    return trail, paths, [paths.of(order)[0].tolist() for order in range(len(trail.orders))]


# 0 is a seed; 1 and 2 come by clicks on 0 and 1; 3 clicks on 2 and buys; 4 came alone and buys; 5 was invited.
STORY = [
    (0, "join", 0, -1), (10, "share", 0), (20, "click", 1, 0), (30, "join", 1, 0), (40, "share", 1),
    (50, "click", 2, 1), (60, "join", 2, 1), (70, "share", 2), (80, "click", 3, 2), (90, "join", 3, 2),
    (100, "buy", 3, 1000), (110, "join", 4, -1), (120, "buy", 4, 500), (130, "join", 5, 4), (140, "buy", 5, 300),
]  # fmt: skip


def test_paths_go_back_to_a_seed_or_to_who_came_alone():
    _, paths, found = told(*STORY)
    assert found == [[0, 1, 2, 3], [4], [4, 5]]
    assert paths.origin.tolist() == [Origin.seed, Origin.alone, Origin.alone]
    assert paths.links.clicked[paths.of(2)[1][1:]].tolist() == [False]


def test_a_path_looks_at_the_share_that_was_clicked_on_not_at_what_came_after_it():
    # 2 clicks on 1 after sending the share that 3 clicks on: 1 had no part in it. 3's own later click has none either.
    _, _, found = told(
        (10, "share", 1), (20, "share", 2), (30, "click", 2, 1), (40, "click", 3, 2), (50, "buy", 3, 100),
        (60, "click", 3, 1), (70, "share", 2), (80, "click", 4, 2), (90, "buy", 4, 100),
    )  # fmt: skip
    assert found == [[2, 3], [1, 2, 4]]


def test_nobody_is_twice_in_a_path():
    _, paths, found = told(
        (10, "share", 1), (20, "click", 2, 1), (30, "share", 2), (40, "click", 1, 2), (50, "share", 1),
        (60, "click", 2, 1), (70, "buy", 2, 100), (80, "click", 1, 1), (90, "buy", 1, 100),
    )  # fmt: skip
    assert found == [[1, 2], [2, 1]]
    assert paths.origin.tolist() == [Origin.circle, Origin.circle]


def test_what_went_through_everybodys_hands():
    trail, paths, _ = told(*STORY)
    nodes = nodes_of(trail, paths)
    assert nodes.orders[:6].tolist() == [1, 1, 1, 0, 1, 0]
    assert nodes.gmv[:6].tolist() == [1000, 1000, 1000, 0, 300, 0]
    assert nodes.sales[:6].tolist() == [0, 0, 1, 0, 1, 0]
    assert nodes.sold[:6].tolist() == [0, 0, 1000, 0, 300, 0]
    assert nodes.members[:6].tolist() == [3, 2, 1, 0, 1, 0]
    assert nodes.invited[:6].tolist() == [1, 1, 1, 0, 1, 0]
    assert nodes.clicks[:6].tolist() == [1, 1, 1, 0, 0, 0]
    assert nodes.bought[:6].tolist() == [0, 0, 0, 1000, 500, 300]
    assert nodes.hottest(3).tolist() == [0, 1, 2]
    assert nodes.most_valuable(9).tolist() == [2, 3, 4, 5]  # 1000 sold; 1000; 500 + 300 sold; 300
    assert nodes.most_valuable(9)[2] == 4


def test_the_middle_of_a_path_of_five_with_47_clicks_and_no_sale():
    """MISSION C16, by the letter: people 0 to 4 click on each other's shares in a row, 46 strangers on node 3's."""
    chain = [(10 * k + 10, "click", k + 1, k) for k in range(4)]
    crowd = [(100 + k, "click", 10 + k, 2) for k in range(46)]
    trail = trail_of(past(*chain, *crowd, (200, "buy", 4, 9900), people=60))
    paths = paths_of(trail)
    nodes = nodes_of(trail, paths)
    assert paths.of(0)[0].tolist() == [0, 1, 2, 3, 4]
    found = middle_of(trail, paths, nodes)
    assert (found.orders, found.silent, found.order, found.member, found.clicks) == (1, 1, 0, 2, 47)
    assert nodes.sales[2] == 0
    assert nodes.orders[2] == 1


def test_who_sold_something_is_not_silent():
    chain = [(10 * k + 10, "click", k + 1, k) for k in range(4)]
    trail = trail_of(past(*chain, (60, "click", 9, 2), (70, "buy", 9, 100), (80, "buy", 4, 9900)))
    paths = paths_of(trail)
    found = middle_of(trail, paths, nodes_of(trail, paths))
    assert (found.orders, found.silent, found.member) == (1, 0, -1)


def plain(story):
    """Paths by searching the story backwards."""
    found = []
    for place, (_, word, *_rest) in enumerate(story):
        if word != "buy":
            continue
        path, who, before = [story[place][2]], story[place][2], place
        while True:
            led = [k for k in range(before) if is_link(story, k, who)]
            if not led or story[led[-1]][3] in path:
                break
            link = story[led[-1]]
            who = link[3]
            shares = [k for k in range(led[-1]) if story[k][1] == "share" and story[k][2] == who]
            before = shares[-1] if link[1] == "click" and shares else led[-1]
            path.insert(0, who)
        found.append(path)
    return found


def is_link(story, place, who):
    _, word, visitor, *rest = story[place]
    if word == "click":
        return visitor == who and rest[0] != who
    if word != "join" or visitor != who or rest[0] in (-1, who):
        return False
    return all(one[1] != "click" or one[2:] != (who, rest[0]) for one in story)


ACTS = st.lists(
    st.tuples(st.sampled_from(["share", "click", "click", "buy"]), st.integers(0, 6), st.integers(0, 6)), max_size=50
)
JOINED = st.lists(st.integers(-1, 6), min_size=7, max_size=7)


@given(ACTS, JOINED, st.permutations(range(7)), st.integers(0, 50))
def test_paths_are_those_of_the_plain_twin(acts, inviters, order, at):
    story = [{"buy": (word, who, 100), "share": (word, who), "click": (word, who, of)}[word] for word, who, of in acts]
    joins = [("join", who, inviters[who]) for who in order]
    story = [(10 * k, *one) for k, one in enumerate([*story[:at], *joins, *story[at:]])]
    _, _, found = told(*story)
    assert found == plain(story)


@pytest.mark.parametrize("who", range(PEOPLE))
def test_seeds_are_there_when_the_store_opens(who):
    trail = trail_of(past((0, "join", who, -1), (1, "join", (who + 1) % PEOPLE, -1)))
    assert trail.seeds.tolist() == [person == who for person in range(PEOPLE)]
