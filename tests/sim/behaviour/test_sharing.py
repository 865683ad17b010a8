"""Sharing: as often as zeal and effort say, to some of the sharer's contacts, by luck that belongs to (person, day)."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from sim.behaviour import sharing
from sim.behaviour.chunks import CHUNKS, Crew, bounds, pack


@pytest.fixture
def world():
    made = worlds.model(5000, 30).world
    made.admit(np.arange(5000, dtype=np.int32))
    return made


def shared_on(world, days: int) -> np.ndarray:
    counts = np.zeros(world.people, int)
    for world.day in range(days):
        np.add.at(counts, sharing.share(world).sharer, 1)
    return counts


def test_share_probability(world):
    chance = np.linspace(0, 1, 5000)
    world.crowd["bar"] = (chance * (2**32 - 1)).astype(np.uint32)
    counts = shared_on(world, 200)
    assert counts[0] == 0
    spread = np.sqrt(200 * chance * (1 - chance)) + 1e-9
    assert np.abs((counts - 200 * chance)[1:] / spread[1:]).max() < 5
    assert counts.sum() == pytest.approx(200 * chance.sum(), rel=0.01)


def test_more_effort_keeps_the_shares_that_were(world):
    world.crowd["bar"] = 2**30
    few = {int(person) for person in sharing.share(world).sharer}
    world.crowd["bar"] = 2**31
    assert few < {int(person) for person in sharing.share(world).sharer}


def test_more_effort_shows_a_share_to_more_people_and_to_all_it_reached_before(world):
    world.crowd["bar"] = 2**30
    seen = []
    for effort in (0.0, 0.3, 0.9):
        world.crowd["effort"] = effort
        seen.append(sharing.share(world).reach)
    assert (seen[0] == 1).all()
    assert (seen[1] <= seen[2]).all()
    # 1 + floor(u x most) is most / 2 + 1 / 2 in the mean
    assert (seen[2] - 0.5).sum() == pytest.approx(3 * (seen[1] - 0.5).sum(), rel=0.03)


def test_the_order_of_members_does_not_matter(world):
    world.crowd["bar"], world.crowd["effort"] = 2**30, 0.5
    first = sharing.share(world)
    world._members[:5000] = world.members[::-1].copy()
    second = sharing.share(world)
    forwards, backwards = np.argsort(first.sharer), np.argsort(second.sharer)
    for name in ("sharer", "second", "reach"):
        assert (getattr(first, name)[forwards] == getattr(second, name)[backwards]).all()


def test_reach_and_time(world):
    world.crowd["bar"], world.crowd["effort"] = 2**32 - 1, np.linspace(0, 1, 5000)
    shares = sharing.share(world)
    most = 1 + world.given.reach * world.crowd["effort"][shares.sharer] * world.crowd["degree"][shares.sharer]
    assert (shares.reach >= 1).all()
    assert (shares.reach <= most).all()
    assert shares.reach.mean() == pytest.approx(most.mean() / 2, rel=0.05)
    assert (shares.second >= 0).all()
    assert (shares.second < 84_000).all()
    assert len(world.today[-1]) == len(shares.sharer)


def test_chunks_cover_everything_once():
    for count in (0, 1, 63, 64, 65, 100_000):
        edges = bounds(count)
        assert (edges[0], edges[-1], len(edges)) == (0, count, CHUNKS + 1)
        assert (np.diff(edges) >= 0).all()
    for workers in (1, 2, 3, 7):
        crew, done = Crew(workers), []
        crew.share(lambda first, last, done=done: done.extend(range(first, last)), 10_000)
        crew.close()
        assert sorted(done) == list(range(CHUNKS))
    with pytest.raises(ValueError, match="workers=0"):
        Crew(0)


def test_pack_keeps_the_order_of_chunks():
    values, edges = np.arange(640), bounds(640)
    counts = np.arange(CHUNKS) % 3
    packed = pack(values, edges[:-1], counts)
    assert packed.tolist() == [edges[c] + i for c in range(CHUNKS) for i in range(counts[c])]
    assert len(pack(values, edges[:-1], counts * 0)) == 0
