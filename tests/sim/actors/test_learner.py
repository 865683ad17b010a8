"""An operator who learns: what she sees, what she counts, what she does, and that she comes off a bad plan."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import worlds
from rich.console import Console

from rules.errors import InputError
from rules.events import DAY, Kind
from rules.plan.read import read_plan
from scenarios.find import find
from sim.actors.learner import Learner
from sim.actors.parts import Learners
from sim.checkpoint import resume, save
from sim.learned import learned_of
from sim.report.learned import learned_told, print_learned
from sim.scenario import read_scenario
from sim.versions import versions_of

BUSY = {"organic": 0.01, "seeds": 20, "zeal_a": 2, "click": 0.8, "impulse": 0.3, "r": 1, "alpha": 2}
PLANS = ["three_tier", "three_tier_more", "three_level"]


def wasteful():
    """The plan three_tier, which throws 900 yuan after everybody's first promoted order."""
    text, name = find("plans", "three_tier")
    text = text.replace("event: first_promoted_order, pay: 50", "event: first_promoted_order, pay: 900")
    return read_plan(text.replace("order_ratio: 30%, member_day: 500", "order_ratio: 100%"), name)


def actor(**changed) -> dict:
    """A market in which somebody learns."""
    return {"actors": [Learners(kind="learner", plans=PLANS, **changed)]}


@pytest.fixture(scope="module")
def lived():
    return worlds.logged(600, 49, behaviour=BUSY, market=actor(ahead=3))


def test_she_tries_each_plan_once_before_she_chooses(lived):
    (learner,) = lived[0].parts
    assert isinstance(learner, Learner)
    assert learner.tried[:4] == [0, 1, 2, learner.tried[3]]
    assert len(learner.rewards) == len(learner.tried) == 49 // 7 - 2  # nobody was a member when the first week began


def test_her_plan_is_in_force_from_the_midnight_of_her_look(lived):
    model, events = lived
    (learner,) = model.parts
    changes = events[events["kind"] == Kind.plan]
    days = (changes["time"] - model.world.start * DAY) / DAY
    assert dict(zip(days.tolist(), changes["rank"].tolist(), strict=True)) == learner.versions
    assert all(day % 7 == 0 for day in learner.versions)
    by_day = {one.first: one.plan for one in versions_of(model)}
    assert by_day == {0: "three_tier"} | {day: model.plans[n].plan for day, n in learner.versions.items()}


def test_a_reward_is_contribution_for_every_thousand_members(lived):
    """And new members count for three looks of what a member has brought a look until then."""
    model, _ = lived
    daily, (learner,) = model.metrics.daily(), model.parts
    brought = member_looks = 0
    for look, reward in enumerate(learner.rewards):
        first = 7 * (look + 1)
        week, members = slice(first, first + 7), int(daily["new_members"][:first].sum())
        contribution, new = int(daily["contribution"][week].sum()), int(daily["new_members"][week].sum())
        brought, member_looks = brought + contribution, member_looks + members
        assert reward == (contribution + 3 * new * max(brought, 0) // member_looks) * 1_000 // members
    assert any(one != learner.rewards[0] for one in learner.rewards)


def test_one_plan_leaves_nothing_to_learn():
    alone = worlds.model(400, 30, behaviour=BUSY)
    Learner(alone, [0])
    one, other = (model.run().metrics.flows() for model in (alone, worlds.model(400, 30, behaviour=BUSY)))
    assert all((one[name] == other[name]).all() for name in one)


@pytest.mark.parametrize("learn", ["thompson", "ucb", "greedy"])
def test_she_comes_off_a_plan_that_costs_at_once(learn):
    """Both plans bring people alike; one throws money away in the week of the sale."""
    model = worlds.model(400, 112, behaviour=BUSY, plans=[wasteful()])
    learner = Learner(model, [1, 0], learn=learn)
    model.run()
    wasted = np.array(learner.tried) == 0
    assert wasted.any()
    assert wasted.sum() <= 5
    assert wasted[-8:].sum() <= (learn == "greedy")  # who looks around now and then, whatever she knows
    worth = learner.beliefs().mean
    assert worth[1] > worth[0]


def test_who_chooses_at_random_does_not_come_off_it():
    model = worlds.model(200, 112, behaviour=BUSY, plans=[wasteful()])
    learner = Learner(model, [1, 0], learn="random")
    model.run()
    assert 3 <= learner.tried.count(0) <= 11


def test_plans_that_break_the_rulebook_are_never_put_in_force():
    """three_tier pays for the sales of a team, which house_strict forbids; she leaves it at the first look."""
    model = worlds.model(300, 15, market=actor(rulebook="house_strict"))
    (learner,) = model.parts
    assert [model.plans[number].plan for number in learner.plans] == ["three_level"]
    model.run()
    assert [one.plan for one in versions_of(model)] == ["three_tier", "three_level"]
    assert learner.tried == [0]
    with pytest.raises(InputError, match="house_strict is violated by every plan of the learner"):
        worlds.model(300, 15, market={"actors": [Learners(kind="learner", plans=PLANS[:2], rulebook="house_strict")]})


def test_she_survives_a_checkpoint(tmp_path, lived):
    model = worlds.model(600, 49, behaviour=BUSY, market=actor(ahead=3))
    while model.day < 26:
        model.step()
    save(model, tmp_path / "world.npz")
    again = resume(tmp_path / "world.npz").run()
    assert again.parts[0].rewards == lived[0].parts[0].rewards
    assert versions_of(again) == versions_of(lived[0])


def test_what_is_told_of_her(lived):
    found = learned_of(lived[0])
    assert [one.plan for one in found] == PLANS
    assert sum(one.looks for one in found) == len(lived[0].parts[0].rewards)
    told = json.loads(json.dumps(learned_told(found)))["learned"]
    assert told[0]["belief"] == found[0].belief / 100
    for lang, words in (("zh", "运营者学到了什么"), ("en", "What the operator learned")):
        said = io.StringIO()
        print_learned(Console(file=said, width=120), found, lang)
        assert words in said.getvalue()
        assert "three_tier_more" in said.getvalue()
    assert (learned_of(worlds.model(300, 1)), learned_told(())) == ((), {})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("plans: []", "plans"),
        ("plans: [three_tier, three_tier]", "twice"),
        ("plans: [three_tier], learn: guess", "thompson"),
        ("plans: [three_tier], every: 0", "every"),
        ("plans: [three_tier], forget: 100%", "forget"),
        ("plans: [three_tier], explore: 120%", "explore"),
        ("plans: [three_tier], ahead: -1", "ahead"),
        ("plans: [three_tier], payout: 8%", "payout"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    text, name = find("markets", "three_tier")
    with pytest.raises(InputError, match=message):
        read_scenario(f"{text}\nactors: [{{kind: learner, {settings}}}]\n", name)


def test_plans_and_rulebooks_that_are_not_there_are_refused():
    with pytest.raises(InputError, match="nowhere"):
        worlds.model(300, 5, market={"actors": [Learners(kind="learner", plans=["nowhere"])]})
    with pytest.raises(InputError, match="nowhere"):
        worlds.model(300, 5, market=actor(rulebook="nowhere"))
