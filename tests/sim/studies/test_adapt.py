"""Learners beside fixed plans: the same bits for any number of processes, kept runs, and arithmetic on made-up runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import worlds

from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import find
from sim.actors.parts import Learners, Operators
from sim.experiments.case import Case
from sim.experiments.running import Means
from sim.experiments.runs import Runs
from sim.studies.adapt import BESIDE, Adaptation, Adapted, Lived, adapt, check
from sim.studies.regret import summarise

NAMES = ("three_tier", "three_level")


def asked(**changed) -> Adaptation:
    """A small study of two plans and one learner."""
    plans = tuple((name, worlds.plan(name)) for name in NAMES)
    learners = (("thompson", Learners(kind="learner", plans=list(NAMES))),)
    small = Adaptation(worlds.scenario(), plans, learners, people=200, days=40, seed=3, replications=2)
    return replace(small, **changed)


@pytest.fixture(scope="module")
def came() -> Adapted:
    return adapt(asked())


def test_the_same_bits_for_two_processes(came):
    again = adapt(asked(), Means(workers=2))
    assert again.lived == came.lived
    assert summarise(again) == summarise(came)
    assert came.replications == 2
    assert not came.failures


def test_runs_are_kept_and_not_repeated(tmp_path, came):
    told: list[str] = []
    with Runs(tmp_path / "runs.sqlite") as runs:
        adapt(asked(replications=1), Means(runs=runs))
        assert len(runs) == 3
        assert adapt(asked(), Means(runs=runs), told.append).lived == came.lived
        assert len(runs) == 6
    assert told == [*NAMES, "thompson"] * 2


def test_every_strategy_meets_the_same_people_with_the_same_luck(came):
    """Until the learner's first change, on day 14, her days are those of the plan that she began with."""
    study = asked()
    fixed, learner = (study.case(place, 1) for place in (0, 2))
    assert (fixed.seed, fixed.plan) == (learner.seed, learner.plan)
    assert [one.kind for one in learner.scenario.actors] == ["learner"]
    assert fixed.scenario.actors == []
    for mine, other in zip(came.lived["thompson"], came.lived["three_tier"], strict=True):
        assert mine.contribution[:2] == other.contribution[:2]
        assert mine.plans[:3] == ("three_tier", "three_tier", "three_level")
        assert set(other.plans) == {"three_tier"}
        assert sum(mine.contribution) == mine.values["contribution"]


def test_a_case_has_another_key_when_a_plan_that_an_actor_names_has_changed(tmp_path):
    text, _ = find("plans", "three_level")
    path, keys = tmp_path / "mine.yaml", []
    for title in ("One", "Two"):
        path.write_text(f"{text}\n# {title}\n", "utf-8")
        market = worlds.scenario().model_copy(update={"actors": [Learners(kind="learner", plans=[str(path)])]})
        keys.append(Case(market, worlds.plan(), 200, 40, 1).key)
    assert keys[0] != keys[1]


def made_up(**weekly: list[tuple[list[int], str]]) -> Adapted:
    """Runs with this contribution by look, and these plans by their first letters."""
    words = {"a": "three_tier", "b": "three_level"}
    lived = {
        name: [
            Lived(dict.fromkeys(BESIDE, 0) | {"contribution": sum(fen)}, tuple(fen), tuple(words[one] for one in plans))
            for fen, plans in runs
        ]
        for name, runs in weekly.items()
    }
    return Adapted(asked(days=28), lived)


def test_regret_and_weeks_of_made_up_runs():
    found = summarise(
        made_up(
            three_tier=[([100, 100, 100, 100], "aaaa"), ([100, 100, 100, 140], "aaaa")],
            three_level=[([120, 90, 80, 80], "bbbb"), ([120, 90, 80, 60], "bbbb")],
            thompson=[([100, 100, 90, 90], "aaba"), ([100, 100, 80, 60], "aabb")],
        )
    )
    assert found.best == "three_tier"
    best, other, learner = found.strategies
    assert (best.against, best.regret, best.settled) == (None, (), None)
    assert [point.mean for point in other.regret] == [-20, -10, 10, 60]
    assert [point.mean for point in learner.regret] == [0, 0, 15, 60]
    assert learner.regret[3].low == pytest.approx(60 - 12.7062 * np.std([20, 100], ddof=1) / np.sqrt(2), rel=1e-4)
    assert learner.against.difference == -60
    assert learner.looks == {"three_tier": 5 / 8, "three_level": 3 / 8}
    assert learner.changes == 1.5
    assert learner.settled == (21 + 14) / 2
    assert learner.ends == {"three_tier": 0.5, "three_level": 0.5}
    assert found.learners == (learner,)


def test_what_cannot_be_compared_is_refused():
    other = read_plan(*find("plans", "three_level"))
    operator = Operators(kind="operator", plans=["three_level"], payout="8%")
    for changed, message in (
        ({"plans": (("three_level", other), ("again", other))}, "two strategies are called three_level"),
        ({"days": 20}, "in 20 days of a look every 7"),
        ({"scenario": worlds.scenario().model_copy(update={"actors": [operator]})}, "actor operator"),
    ):
        with pytest.raises(InputError, match=message):
            check(asked(**changed))


def test_looks_are_told_as_a_learner_sees_them(came):
    daily = asked().case(0, 0).run().daily
    first, *_ = came.lived["three_tier"][0].rewards
    assert first == pytest.approx(1_000 * sum(daily["contribution"][7:14]) / sum(daily["new_members"][:7]))
    assert len(came.lived["three_tier"][0].rewards) == 40 // 7 - 1
    found = summarise(came).strategies[0]
    assert found.reward == pytest.approx(np.mean([run.rewards for run in came.lived["three_tier"]]))
    assert found.noise > 0
