from __future__ import annotations

import json
from itertools import accumulate

import numpy as np
import pytest

from scenarios.find import names
from sim import story
from sim.cli import main
from sim.cli.common import load_plan, load_scenario
from sim.experiments.replication import replicate
from sim.report.colony import NOBODY
from sim.report.story import Ending, Frame, occasions, story_sentences
from sim.story import tell_story

SEED = 7


def told(market: str = "three_tier", people: int = 400, days: int = 40, plan: str | None = None):
    scenario, frames = load_scenario(market), []
    ending = tell_story(scenario, load_plan(plan or scenario.plans[0]), people, days, SEED, frames.append)
    return frames, ending


@pytest.fixture(scope="module")
def tale() -> tuple[list[Frame], Ending]:
    return told()


def test_the_last_evening_has_the_figures_of_fenxiao_run(tale, capsys):
    frames, ending = tale
    command = ["run", "three_tier", "--plan", load_scenario("three_tier").plans[0]]
    with pytest.raises(SystemExit) as left:
        main([*command, "--people", "400", "--days", "40", "--seed", str(SEED), "--json"])
    assert not left.value.code
    metrics, last = json.loads(capsys.readouterr().out)["metrics"], frames[-1]
    assert last.gmv == round(metrics["gmv"] * 100)
    assert last.commission == round(metrics["commission"] * 100)
    assert (last.orders, last.payout_ratio, last.k) == tuple(
        metrics[name] for name in ("orders", "payout_ratio", "fission_k")
    )
    assert ending.metrics["gmv"] == last.gmv


@pytest.mark.parametrize("market", names("markets"))
def test_every_market_is_told_as_it_is_run(market):
    frames, ending = told(market, 600, 20)
    scenario = load_scenario(market)
    outcome = replicate(scenario, load_plan(scenario.plans[0]), 600, 20, SEED)
    assert [frame.day for frame in frames] == list(range(20))
    assert {name: ending.metrics[name] for name in outcome.metrics} == outcome.metrics
    assert [frame.sold for frame in frames] == outcome.daily["gmv"]
    assert [frame.paid for frame in frames] == outcome.daily["commission"]
    assert list(accumulate(frame.sold for frame in frames)) == [frame.gmv for frame in frames]
    assert [frame.members for frame in frames] == list(accumulate(len(frame.inviters) for frame in frames))
    assert frames[-1].members == ending.members


def test_an_inviter_joined_before_whom_she_invited(tale):
    frames, ending = tale
    inviters = [one for frame in frames for one in frame.inviters]
    assert all(NOBODY <= inviter < member for member, inviter in enumerate(inviters))
    assert sum(inviter != NOBODY for inviter in inviters) == ending.invited


def test_ranks_and_commission_end_as_the_book_has_them(tale):
    frames, _ = tale
    from sim.model import StoreModel

    scenario = load_scenario("three_tier")
    model = StoreModel(scenario=scenario, plan=load_plan(scenario.plans[0]), people=400, days=40, seed=SEED).run()
    persons = [person for frame in frames for person in frame.people]
    for field, changes in (("rank", "ranks"), ("earned", "earned")):
        last = np.zeros(len(persons), np.int64)
        for frame in frames:
            for place, value in getattr(frame, changes):
                assert last[place] != value
                last[place] = value
        assert last.tolist() == model.store.book.members[field][persons].tolist()


def test_who_joins_when_the_picture_is_full_is_counted_only(tale, monkeypatch):
    monkeypatch.setattr(story, "DRAWN", 30)
    frames, ending = told()
    whole, _ = tale
    assert sum(len(frame.spots) for frame in frames) == sum(len(frame.people) for frame in frames) == 30
    assert [frame.inviters for frame in frames] == [frame.inviters for frame in whole]
    assert ending.undrawn == ending.members - 30
    assert all(place < 30 for frame in frames for place, _ in [*frame.ranks, *frame.earned])


def ending_of(**changed) -> Ending:
    metrics = {"gmv": 10_000_00, "commission": 730_00, "payout_ratio": 0.073, "distribution_share": 0.5}
    facts = {"member": 12, "team": 30, "invited": 45, "members": 60, "peak": 62, "sold": 900_00, "undrawn": 0}
    return Ending(**({"metrics": metrics} | facts | changed))


def test_the_sentences_say_what_happened():
    scenario, plan = load_scenario("three_tier"), load_plan("three_tier")
    zh, en = (story_sentences(ending_of(), scenario, plan, lang) for lang in ("zh", "en"))
    # 45 of 60 is 75 %; three_tier pays at most 30 % of an order; day 62 from 5 January 2026 is 8 March.
    assert len(zh) == len(en) == 4
    assert "person 12: a team of 30. Of 60 members, 75.0% came" in en[0]
    assert en[1].startswith("50.00% of GMV")
    assert en[2] == "Commission is ¥730.00, 7.30% of GMV; the plan allows at most 30% of any one order."
    assert en[3] == "The best day was day 63 (2026-03-08, Women's Day sale): ¥900.00."
    assert "第 63 天（2026-03-08，三八节）：¥900.00" in zh[3]


def test_a_market_in_which_nothing_happened_has_a_sentence_too():
    scenario, plan = load_scenario("three_tier"), load_plan("three_tier")
    nothing = dict.fromkeys(("gmv", "commission", "payout_ratio", "distribution_share"))
    ending = ending_of(metrics=nothing, member=NOBODY, team=0, invited=0, members=3)
    assert story_sentences(ending, scenario, plan, "en") == [
        "All 3 members came by themselves; nobody brought anybody."
    ]


def test_what_is_not_drawn_is_said():
    said = story_sentences(ending_of(undrawn=10), load_scenario("three_tier"), load_plan("three_tier"), "en")
    assert said[-1] == "The picture shows the 50 who joined first; 10 more are only counted."


def test_the_days_that_have_a_name():
    assert occasions(load_scenario("three_tier"), "zh")[163] == "618 大促"
