"""Service times and shops as they are given: read, written, refused."""

from __future__ import annotations

import json

import pytest

from rules.errors import InputError
from sim.stress.capacity.service import ASSUMED, KINDS, ServiceTimes, Work
from sim.stress.capacity.shop import Channel, Review, Shop, Staff


def test_written_and_read_they_are_the_same():
    assert ServiceTimes.from_json(ASSUMED.to_json()) == ASSUMED


def test_what_was_not_measured_is_assumed_and_said_so():
    given = {"source": "here, today", "works": {"place": {"client_ms": 1, "server_ms": 2, "locks": ["stock"]}}}
    found = ServiceTimes.from_json(json.dumps(given))
    assert found["place"] == Work(1, 2, 0, ("stock",))
    assert found["pay"] == ASSUMED["pay"]
    assert set(found.assumed) == set(KINDS) - {"place"}
    assert found.source == "here, today"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "works"),
        ('{"works": {"dance": {"client_ms": 1, "server_ms": 1}}}', "dance"),
        ('{"works": {"place": 3}}', "works.place"),
        ('{"works": {"place": {"client_ms": 1}}}', "server_ms"),
        ('{"works": {"place": {"client_ms": -1, "server_ms": 1}}}', "client_ms: -1"),
        ('{"works": {"place": {"client_ms": true, "server_ms": 1}}}', "client_ms: True"),
        ('{"works": {"place": {"client_ms": NaN, "server_ms": 1}}}', "client_ms: nan"),
        ('{"works": {"place": {"client_ms": 1, "server_ms": 1, "speed": 2}}}', "speed"),
        ('{"works": {"place": {"client_ms": 1, "server_ms": 1, "locks": "stock"}}}', "locks"),
        ('{"works": {"place": {"client_ms": 1, "server_ms": 1, "locks": ["door"]}}}', "door"),
        ('{"works": {"place": {"client_ms": 1, "server_ms": 1, "locks": [[1]]}}}', "lock"),
    ],
)
def test_bad_files_are_refused_with_what_is_wrong(text, said):
    with pytest.raises(InputError) as told:
        ServiceTimes.from_json(text, "times.json")
    assert said in str(told.value)
    assert "times.json" in str(told.value) or "kind" in str(told.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Staff(0),
        lambda: Staff(4, most=3),
        lambda: Shop(pool=0),
        lambda: Shop(hit=1.2),
        lambda: Shop(hot_promoters=(0.7, 0.7)),
        lambda: Review(people=1, opens=18, closes=9),
        lambda: Channel(late=0.5, unknown=0.5),
        lambda: Channel(calls_per_second=0),
    ],
)
def test_shops_that_make_no_sense_are_refused(make):
    with pytest.raises(InputError):
        make()
