"""Names and offers: why a segment is called what it is, and what its offer is worth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.segments.features import _OF_MEMBERS, Features
from sim.segments.naming import PORTRAITS, call_segments, fit
from sim.segments.offers import OFFERS, Worth

NAMES = [one.name for one in _OF_MEMBERS]


def portrait(name: str):
    return next(one for one in PORTRAITS if one.name == name)


def profile(**known: float) -> dict[str, float]:
    return dict.fromkeys(NAMES, 0.0) | known


def named(*profiles: dict[str, float]):
    """Segments of 2 members each with these profiles."""
    table = np.repeat([[one[name] for name in NAMES] for one in profiles], 2, axis=0)
    features = Features(np.arange(len(table)), _OF_MEMBERS, table)
    cluster = np.repeat(np.arange(len(profiles)), 2)
    return call_segments(features, table[::2], cluster)


def test_a_fit_is_the_weighted_mean_of_its_marks():
    """(2 x 1 + 2 x 0.5 + 2 x 1.5 + 1 x 0) / 7. 2.5 is the most a mark counts."""
    known = profile(frequency=1, orders=0.5, recency=-1.5)
    assert fit(portrait("loyal_regular"), known) == pytest.approx(6 / 7)
    assert fit(portrait("returner"), profile(refund=9)) == 2.5


def test_the_first_mark_is_a_condition():
    assert fit(portrait("loyal_regular"), profile(frequency=0.1, orders=9, recency=-9)) < 0


def test_names_by_what_members_do():
    pusher = profile(income=2.5, shares=2, promoted=2.5, streak=2)
    silent = profile(orders=1, shares=-1.2, clicks_made=-0.5)
    hunter = profile(discount=1.5, promo=1.5)
    found = named(pusher, silent, hunter)
    assert [one.name for one in found] == ["professional_pusher", "silent_buyer", "bargain_hunter"]
    assert [one.title.zh for one in found] == ["职业推手", "沉默买家", "羊毛党"]
    why = found[0].reasons[0]
    assert (why.feature.name, why.own, why.all) == ("income", 2.5, pytest.approx(2.5 / 3))
    assert found[0].offer is OFFERS["dear_goods"]


def test_never_two_the_same_and_the_better_fit_has_the_name():
    strong, weak = profile(refund=2), profile(refund=1, weekend=0.9)
    found = named(weak, strong)
    assert [one.name for one in found] == ["weekend_buyer", "returner"]
    assert len({one.name for one in named(*[profile()] * 12)}) == 12


def test_what_no_portrait_fits_is_called_by_what_sets_it_apart():
    """A rank that stands out alone: no portrait looks at it."""
    (found,) = named(profile(rank=-1.5))
    assert (found.name, found.title.zh, found.title.en) == ("low_rank", "等级偏低", "few or little: rank")


def test_portraits_speak_of_features_and_offers_that_exist():
    for one in PORTRAITS:
        assert set(one.marks) <= set(NAMES)
        assert one.offer in OFFERS
    assert len({one.offer for one in PORTRAITS}) == len(PORTRAITS)
    for text in ("zh", "en"):
        assert len({getattr(one.title, text) for one in PORTRAITS}) == len(PORTRAITS)


def test_worth_by_hand():
    """1,000 members, 20 % act anyhow, 5 % of the others do because of it; an act leaves 50 yuan and costs 10.
    Won: 1000 x 0.05 x 0.8 x 40 = 1,600 yuan; given away: 1000 x 0.2 x 10 = 2,000."""
    worth = Worth(members=1000, anyhow=0.2, amount=100_00, gain=50_00, cost=10_00, response=0.05)
    assert worth.expected == pytest.approx(-400_00)
    assert worth.needed == pytest.approx(2000 / 32000)
    even = dataclasses.replace(worth, response=worth.needed)
    assert even.expected == pytest.approx(0)


@pytest.mark.parametrize("changed", [{"gain": 10_00.0}, {"gain": -5_00.0}, {"anyhow": 1.0}, {"anyhow": 0.9}])
def test_some_offers_never_pay(changed):
    """With nine of ten acting anyhow: 0.9 x 10 / (0.1 x 40) = 2.25, more than everybody."""
    worth = Worth(members=10, anyhow=0.2, amount=100_00, gain=50_00, cost=10_00, response=0.05)
    assert dataclasses.replace(worth, **changed).needed is None
