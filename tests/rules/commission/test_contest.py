"""Contests on random histories of registering, ordering and giving back: engines agree, places are in order."""

import random
from itertools import pairwise

import numpy as np
import pytest
from engines_agree import assert_same
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, Names, blank
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.records import Component
from rules.trace import ReadableEngine

MEMBERS, START = 12, 20_458  # 2026-01-05, a Monday
MEASURES = ("promoted_volume", "promoted_orders", "new_members", "direct_team_volume")


def contest(luck: random.Random, number: int) -> dict:
    every = luck.choice(["day", "week", "once"])
    pk = every != "once" and luck.random() < 0.5
    prizes = [{"places": [1, 2], "pay": 3}, {"places": 4, "goods": {"zh": "锅", "en": "a pot"}, "value": 60}]
    return {
        "id": f"c{number}",
        "days": [luck.randint(0, 3), luck.randint(4, 20)],
        "every": every,
        "measure": luck.choice(MEASURES),
        "of": luck.choice(["member", "team"]),
        "minimum": luck.choice([0, 2]),
        "pk": pk,
        "prizes": [{"places": 1, "pay": 5}] if pk else prizes,
    }


def plan_of(*contests: dict, **more: object) -> Plan:
    return parse_plan({"ranks": [{"id": "member"}], "start": "2026-01-05", "contests": list(contests), **more})


def log(luck: random.Random, many: int) -> np.ndarray:
    """People register under each other and buy about once a day, at few prices so that figures are often equal."""
    events = blank(MEMBERS + 3 * many + 1)
    events["time"] = START * DAY + np.sort([luck.randrange(20 * 24) * 3600 for _ in events])
    events["kind"] = Kind.tick
    for member in range(MEMBERS):
        events[member]["kind"], events[member]["member"] = Kind.register, member
        events[member]["other"] = luck.randrange(-1, member)
    for number in range(many):
        order, pay, back = events[MEMBERS + 3 * number :][:3]
        order["kind"], order["order"], order["line"], order["quantity"] = Kind.order, number, 1, 1
        order["member"], order["price"] = luck.randrange(MEMBERS), luck.choice([0, 100, 100, 300])
        pay["kind"], pay["order"] = Kind.pay, number
        back["order"] = luck.randint(0, number)
        if luck.random() < 0.3:
            back["kind"], back["line"], back["amount"] = Kind.refund, 1, luck.choice([0, 100])
        elif luck.random() < 0.2:
            back["kind"], back["member"] = luck.choice([Kind.freeze, Kind.unfreeze]), luck.randrange(MEMBERS)
            back["order"] = -1
    events["time"][-1] = (START + 40) * DAY
    return events


def engines(plans: list[Plan]) -> tuple[Engine, ReadableEngine]:
    world = (plans, Names(), MEMBERS, START)
    return Engine.open(*world), ReadableEngine(*world)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_both_engines_agree_on_places_pairs_and_prizes(seed: int) -> None:
    luck = random.Random(seed)
    compiled, readable = engines([plan_of(*(contest(luck, number) for number in range(3)))])
    events = log(luck, 60)
    compiled.apply(events)
    readable.apply(events)
    assert_same(compiled, readable)


@pytest.mark.many
def test_the_histories_above_reach_every_way_to_win_and_places_are_in_order() -> None:
    reached = set()
    for seed in range(60):
        luck = random.Random(seed)
        plan = plan_of(*(contest(luck, number) for number in range(3)))
        compiled, _ = engines([plan])
        compiled.apply(log(luck, 60))
        for row in compiled.book.rows("rounds"):
            terms = plan.contests[row["contest"]]
            places = compiled.book.placings[row["first"] : row["first"] + row["places"]]
            keys = list(zip(-places["figure"], places["reached"], places["member"], strict=True))
            assert keys == sorted(keys)
            assert len({key[2] for key in keys}) == len(keys)
            assert (places["figure"] >= terms.least).all()
            reached |= {(terms.measure, terms.of, terms.pk) for entry in places["entry"] if entry >= 0}
            reached |= {"odd" for place in places if terms.pk and place["rival"] < 0}
            reached |= {"tie" for one, two in pairwise(keys) if one[0] == two[0]}
            reached |= {
                "a rival without a place" for p in places if p["rival"] >= 0 and p["rival"] not in places["member"]
            }
    wanted = {(measure, of, pk) for measure in MEASURES for of in ("member", "team") for pk in (False, True)}
    assert reached >= wanted - {("new_members", of, True) for of in ("member", "team")}
    assert reached >= {"odd", "tie", "a rival without a place"}


def test_a_round_pays_each_prize_once_and_a_figure_is_never_negative() -> None:
    for seed in range(30):
        luck = random.Random(seed)
        compiled, _ = engines([plan_of(contest(luck, 0) | {"pk": False, "prizes": [{"places": [1, 3], "pay": 2}]})])
        compiled.apply(log(luck, 60))
        paid = compiled.book.rows("entries")
        rounds = compiled.book.rows("rounds")
        assert np.count_nonzero(paid["component"] == Component.contest) == rounds["places"].clip(max=3).sum()
        assert (compiled.book.standings["figure"] >= 0).all()


def test_a_prize_in_kind_is_in_no_wallet() -> None:
    trip = {"places": 1, "goods": {"zh": "三亚游", "en": "a trip"}, "value": 3000}
    compiled, _ = engines([plan_of({"id": "t", "days": [0, 19], "measure": "promoted_volume", "prizes": [trip]})])
    compiled.apply(log(random.Random(5), 60))
    (won,) = compiled.book.rows("entries")
    assert (won["component"], won["amount"], won["base"]) == (Component.prize, 0, 3000_00)
    row = compiled.book.members[won["member"]]
    assert (row["earned"], row["held"], row["available"]) == (0, 0, 0)
    assert compiled.book.member_extras["in_kind"][won["member"]] == 3000_00


def test_a_plan_without_contests_keeps_no_standings() -> None:
    compiled, _ = engines([plan_of()])
    assert compiled.book.standings.shape == (0, MEMBERS)


PRIZE = {"places": 1, "pay": 5}
MISTAKES = [
    ({"days": None}, "exactly one of days, dates"),
    ({"dates": ["2026-01-05", "2026-01-06"]}, "exactly one of days, dates"),
    ({"days": [5, 4]}, "must not be after the last"),
    ({"measure": "promoted_orders", "minimum": "2.50"}, "a whole number of promoted_orders"),
    ({"prizes": []}, "prizes"),
    ({"prizes": [{"places": [2, 3], "pay": 5}, {"places": 3, "pay": 1}]}, "place 3 comes after place 3"),
    ({"prizes": [{"places": [3, 2], "pay": 5}]}, "must not be after the last"),
    ({"prizes": [{"places": 1}]}, "either pay, or goods"),
    ({"prizes": [{"places": 1, "pay": 0}]}, "worth something"),
    ({"prizes": [{"places": 1, "pay": 5, "value": 5}]}, "goods have a value"),
    ({"prizes": [{"places": 1, "goods": {"zh": "锅", "en": "a pot"}}]}, "goods have a value"),
    ({"pk": True}, "pk pairs by the round before"),
    ({"pk": True, "every": "week", "prizes": [{"places": 2, "pay": 5}]}, "pk pairs by the round before"),
    ({"ranks": ["ghost"]}, "there is no rank 'ghost'"),
    ({"measure": "likes"}, "'likes' is not known here"),
    ({"every": "year"}, "'year' is not known here"),
]


@pytest.mark.parametrize(("wrong", "message"), MISTAKES)
def test_a_contest_that_makes_no_sense_is_refused(wrong: dict, message: str) -> None:
    good = {"id": "c", "days": [0, 6], "measure": "promoted_volume", "prizes": [PRIZE]}
    plan_of(good)
    with pytest.raises(InputError, match=message):
        plan_of({key: value for key, value in (good | wrong).items() if value is not None})


def test_an_id_is_given_once() -> None:
    one = {"id": "c", "days": [0, 6], "measure": "promoted_volume", "prizes": [PRIZE]}
    with pytest.raises(InputError, match="'c' is given twice"):
        plan_of(one, one)
