"""Traits: pure functions of (seed, person), with the moments of the distributions they are drawn from."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.behaviour.parameters import Behaviour
from sim.market import Channels
from sim.people import PRESSURE, TRAITS, arrivals, one_of, seeds_of, traits

GIVEN = Behaviour()
WEIGHTS = np.array([0.5, 0.2, 0.3])
FRONT = Channels(["a", "b"], np.array([3.0, 1.0]), np.array([1.0, 0.5]), np.ones(2))
EVERYBODY = np.arange(200_000)


@pytest.fixture(scope="module")
def crowd() -> dict:
    return traits(1, EVERYBODY, GIVEN, WEIGHTS, FRONT)


def test_a_trait_belongs_to_a_person_alone(crowd):
    some = traits(1, np.array([199_999, 7, 3]), GIVEN, WEIGHTS, FRONT)
    assert list(some) == list(TRAITS)
    for name, values in some.items():
        assert values.dtype == TRAITS[name].dtype
        assert (values == crowd[name][[199_999, 7, 3]]).all(), name
    other = traits(2, EVERYBODY[:1000], GIVEN, WEIGHTS, FRONT)
    assert (other["zeal"] != crowd["zeal"][:1000]).mean() > 0.99


def test_traits_have_the_moments_of_their_distributions(crowd):
    mean = {name: float(values.mean()) for name, values in crowd.items()}
    assert mean["rate"] * 7 == pytest.approx(GIVEN.r / GIVEN.alpha, rel=0.02)
    assert mean["dropout"] == pytest.approx(GIVEN.a / (GIVEN.a + GIVEN.b), rel=0.01)
    assert mean["spend"] == pytest.approx(GIVEN.v * 100 / (GIVEN.q - 1), rel=0.01)
    assert mean["zeal"] == pytest.approx(GIVEN.zeal_a / (GIVEN.zeal_a + GIVEN.zeal_b), rel=0.01)
    assert mean["trust"] == pytest.approx(GIVEN.trust_a / (GIVEN.trust_a + GIVEN.trust_b), rel=0.01)
    assert mean["cost"] == pytest.approx(GIVEN.cost * 100, rel=0.01)
    assert mean["sensitivity"] == pytest.approx(GIVEN.price_response, rel=0.01)
    assert mean["resistance"] == pytest.approx(PRESSURE, rel=0.01)
    assert np.bincount(crowd["taste"]) / len(EVERYBODY) == pytest.approx(WEIGHTS, abs=0.005)
    assert np.bincount(crowd["channel"]) / len(EVERYBODY) == pytest.approx([0.75, 0.25], abs=0.005)


def test_degrees_have_a_pareto_tail(crowd):
    degree = crowd["degree"]
    assert (degree.min(), degree.max()) == (GIVEN.degree_least, GIVEN.degree_most)
    for times in (2, 4, 8):
        tail = (degree >= times * GIVEN.degree_least).mean()
        assert tail == pytest.approx(times**-GIVEN.degree_shape, rel=0.05)


def test_attention_is_trust_by_channel(crowd):
    expected = crowd["trust"] * np.where(crowd["channel"] == 1, 0.5, 1.0)
    assert np.allclose(crowd["attention"], expected, rtol=1e-6)


def test_traits_are_not_related(crowd):
    names = [name for name in TRAITS if name != "attention"]
    ranks = np.array([stats.rankdata(crowd[name]) for name in names])
    related = np.corrcoef(ranks) - np.eye(len(names))
    assert np.abs(related).max() < 0.012


def test_a_person_keeps_her_place_when_a_parameter_moves():
    keen = GIVEN.model_copy(update={"zeal_a": 1.2})
    before, after = (traits(1, EVERYBODY[:5000], given, WEIGHTS, FRONT)["zeal"] for given in (GIVEN, keen))
    assert (np.diff(after[np.argsort(before, kind="stable")]) >= -1e-7).all()


def test_one_of_follows_the_weights():
    u = np.array([0.0, 0.49, 0.5, 0.69, 0.7, 0.999999])
    assert one_of(WEIGHTS, u).tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(("people", "count", "expected"), [(10_000, 50, 50), (1000, 50, 10), (99, 5, 0), (500, 0, 0)])
def test_seeds(people, count, expected):
    found = seeds_of(3, people, count)
    assert len(set(found.tolist())) == len(found) == expected
    assert (np.diff(found) > 0).all()


def test_arrivals_follow_the_hazard():
    daily = np.array([0.001, 0.002, 0.0, 0.004])
    persons, times = arrivals(1, 300_000, np.append(0, np.cumsum(daily)))
    assert (np.diff(times) >= 0).all()
    assert len(set(persons.tolist())) == len(persons)
    expected = 300_000 * -np.diff(np.exp(-np.append(0, np.cumsum(daily))))
    by_day = np.bincount(times.astype(int), minlength=4)
    assert by_day[2] == 0
    assert by_day == pytest.approx(expected, abs=4 * np.sqrt(expected.max()))


def test_more_hazard_brings_the_same_people_earlier():
    slow, fast = (arrivals(1, 20_000, np.arange(31) * rate) for rate in (0.001, 0.002))
    when = dict(zip(fast[0].tolist(), fast[1].tolist(), strict=True))
    assert len(fast[0]) > len(slow[0])
    assert all(when[person] <= time for person, time in zip(slow[0].tolist(), slow[1].tolist(), strict=True))
