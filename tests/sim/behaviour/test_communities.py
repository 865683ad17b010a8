"""Communities: the tree, how a call goes down through it, and that thousands move in step."""

from __future__ import annotations

import numpy as np
import pytest
import worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import cut, pick, word_of

from rules.events import DAY, Kind
from sim.behaviour.communities import COUNTS, Call, Communities, Headquarters, members_of, tree_of
from sim.behaviour.purposes import Decision
from sim.behaviour.world import NEVER

LIVELY = {"organic": 0.02, "zeal_a": 2, "degree_most": 60, "impulse": 0.3, "community": 50}
ONCE = {"reach": 1.0, "delay_days": (0, 0, 0)}


def rules(*calls, provinces=2, cities=3) -> Communities:
    return Communities(provinces=provinces, cities=cities, calls=[Call(**call) for call in calls])


def a_world(people=1200, days=30, calls=(), **options):
    market = {"communities": rules(*calls)} if calls else {}
    return worlds.model(people, days, behaviour=LIVELY, market=market, **options)


def test_the_tree_of_twelve_communities_in_two_provinces_of_three_cities():
    """1,200 people in communities of 100: 12 communities, two a city, six a province."""
    world = worlds.model(1200, 5, behaviour={"community": 100}).world
    tree = tree_of(rules(), world)
    assert tree.city.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert tree.province.tolist() == [0] * 6 + [1] * 6
    assert tree.hears.shape == (0, 12)


def test_a_last_community_may_be_smaller_and_a_city_may_have_none():
    """1,230 people: a 25th community of 30; four cities for three communities leave one without."""
    assert len(tree_of(rules(), worlds.model(1230, 5, behaviour=LIVELY).world).city) == 25
    few = worlds.model(300, 5, behaviour={"community": 100}).world
    assert tree_of(rules(provinces=2, cities=2), few).city.tolist() == [0, 1, 2]


def test_without_losses_and_delays_everybody_hears_on_the_day():
    tree = tree_of(rules({"day": 7, **ONCE}), a_world().world)
    assert (tree.hears == 7).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.floats(0, 1), st.tuples(*[st.integers(0, 4)] * 3)), min_size=1, max_size=3
    ),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_a_community_hears_if_all_above_it_passed_it_on(calls, provinces, cities):
    """Each community asks its province, its city and its leader, one by one."""
    world = a_world(800).world
    given_calls = [{"day": day, "reach": reach, "delay_days": delays} for day, reach, delays in calls]
    tree = tree_of(rules(*given_calls, provinces=provinces, cities=cities), world)
    luck = world.key(Decision.passed_on)
    for number, (day, reach, delays) in enumerate(calls):
        for community in range(16):
            city = community * provinces * cities // 16
            words = [
                word_of(luck, 3 * node + level, number) for level, node in enumerate((city // cities, city, community))
            ]
            heard = all(cut(word, 0, 32) < reach for word in words)
            waited = sum(pick(word, most + 1) for word, most in zip(words, delays, strict=True))
            assert tree.hears[number, community] == (day + waited if heard else NEVER)


def test_losses_multiply_and_delays_stay_within_their_bounds():
    """0.8 x 0.8 x 0.8 = 51 % of 2,000 communities hear, 0 to 1 + 2 + 3 days later."""
    world = worlds.model(20_000, 5, behaviour={"community": 10}).world
    wide = rules({"day": 4, "reach": 0.8, "delay_days": (1, 2, 3)}, provinces=100, cities=10)
    hears = tree_of(wide, world).hears[0]
    heard = hears[hears < NEVER]
    assert len(heard) / 2000 == pytest.approx(0.512, abs=0.06)
    assert (heard.min(), heard.max()) == (4, 10)


def test_ten_thousand_people_move_in_step():
    """20,000 members, hardly any of whom shares of herself: after a call that all follow all of them share that day.

    134 communities of 150, the last of 50: 67 in each province.
    """
    model = worlds.model(20_000, 9, behaviour={"zeal_a": 0.01, "zeal_b": 100, "seeds": 0}, market={"communities": rules(
        {"day": 5, "lift": 1.0, **ONCE}, {"day": 7, "lift": 0.5, **ONCE}
    )})  # fmt: skip
    persons = np.arange(20_000, dtype=np.int32)
    model.world.admit(persons)
    model.world.crowd["joined"] = 0
    shares, moved = [], []
    for _ in range(9):
        model.step()
        shares.append(int(model.metrics.daily()["shares"][-1]))
        moved.append(int(model.headquarters.counts[:, :, 1].sum()))
    assert shares[5] == 20_000
    assert shares[7] == pytest.approx(10_000, abs=300)
    assert max([*shares[:5], shares[6], shares[8]]) < 200
    assert moved == [0] * 5 + [20_000] * 2 + [40_000] * 2
    assert model.headquarters.counts[0, :, 1].tolist() == [10_050, 9_950]


def test_only_members_of_communities_that_hear_are_moved():
    world = a_world().world
    world.crowd["joined"][[0, 49, 50, 1199]] = 0
    world.crowd["joined"][51] = 3 * DAY + 5  # joins today: not a member in the morning
    world.day = 3
    assert members_of(world, np.array([0, 23])).tolist() == [0, 49, 1199]
    assert members_of(world, np.array([1])).tolist() == [50]
    assert members_of(world, np.array([], int)).tolist() == []


def test_what_a_call_brings_is_what_the_day_has_more_than_without_it():
    """Luck is common: on the day of the first call the world without it has exactly those shares and clicks less."""
    with_call = a_world(calls=[{"day": 12, "lift": 0.6, "reach": 0.7, "delay_days": (0, 0, 0)}])
    without = a_world()
    for model in (with_call, without):
        while model.day < 13:
            model.step()
    counts = dict(zip(COUNTS, with_call.headquarters.counts.sum(axis=(0, 1)).tolist(), strict=True))
    more, less = (model.metrics.daily() for model in (with_call, without))
    assert more["shares"][:12].tolist() == less["shares"][:12].tolist()
    assert counts["shares"] == more["shares"][12] - less["shares"][12] > 50
    assert counts["clicks"] == more["clicks"][12] - less["clicks"][12] > 20
    assert counts["registrations"] > 0
    tree = with_call.headquarters.tree
    assert counts["communities"] == (tree.hears == 12).sum()
    assert (
        with_call.headquarters.counts[0, :, 0] == np.bincount(tree.province[tree.hears[0] == 12], minlength=2)
    ).all()


def test_a_scenario_without_calls_is_one_without_communities():
    plain = worlds.logged(600, 20, behaviour=LIVELY)[1]
    tree = worlds.logged(600, 20, behaviour=LIVELY, market={"communities": rules()})[1]
    assert plain.tobytes() == tree.tobytes()


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("sim.behaviour.chunks.ALONE", 0)
    calls = [{"day": 4, "lift": 0.5}, {"day": 9, "lift": 0.3, "delay_days": (1, 1, 2)}]
    options = {"behaviour": LIVELY, "market": {"communities": rules(*calls)}}
    one, two = (worlds.logged(900, 20, workers=workers, **options) for workers in (1, 2))
    assert one[1].tobytes() == two[1].tobytes()
    assert (one[1]["kind"] == Kind.share).sum() > 300
    assert (one[0].headquarters.counts == two[0].headquarters.counts).all()
    assert isinstance(one[0].headquarters, Headquarters)
