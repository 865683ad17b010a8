"""The red team's page: what it finds is what the command finds, told step by step."""

from __future__ import annotations

import pytest
from pages_alone import finished, in_order, opened, said
from visiting import ONE_A_DAY

from app.pages.redteam_example import example
from app.pages.redteam_work import SEED, Asked, Attack, attack
from app.words import redteam as words
from rules.money import yuan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.cli.common import load_plan, load_scenario
from sim.redteam.closing import closing
from sim.redteam.search import red_team
from sim.redteam.world import Means, returns_of, world_of

JOB = "redteam.job"


def attacked(app, budget=200):
    app.select_slider(key="redteam.budget").set_value(budget)
    app.button(key="redteam.run").click().run()
    return finished(app, JOB)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_what_will_be_tried(lang):
    page = said(opened("redteam", lang))
    assert words.TITLE.say(lang) in page
    assert words.EMPTY.say(lang) in page
    streak = {"zh": "只打卡不带货，套取连续推广奖励", "en": "streaks of shares that sell nothing"}
    assert streak[lang] in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_what_is_found_is_what_the_command_finds(lang):
    app = opened("redteam", lang)
    found = attacked(app)
    market = load_scenario("three_tier")
    world = world_of(load_plan("three_tier"), market, Means(returns=returns_of(market)), guard=False)
    exploits, made = red_team(world, 200, SEED)
    assert [one.name for one in found.findings] == [one.template.name for one in exploits]
    assert [one.profit for one in found.findings] == [one.profit for one in exploits]
    assert found.made == made
    page = said(app)
    for one, exploit in zip(found.findings, exploits, strict=True):
        assert f"¥{yuan(exploit.profit)}" in page
        changes = closing(exploit, world, SEED)
        assert [mend.setting for mend in one.mendings] == [change.setting for change in changes]
        steps = [(step.when.zh, step.words.zh) if lang == "zh" else (step.when.en, step.words.en) for step in one.steps]
        assert all(f">{when}</span><span>{what}</span>" in page for when, what in steps)
    assert app.code[0].value.startswith("fenxiao redteam three_tier three_tier --accounts 10 --days 90 --capital 20000")


def test_the_example_is_the_streak_of_shares():
    app = opened("redteam", "en")
    app.button(key="redteam.example").click().run()
    found = finished(app, JOB)
    streak = found.findings[0]
    assert streak.name == "empty_streak"
    # ten accounts, ten full weeks of sharing, 100.00 for each week
    assert (streak.profit, streak.each, streak.outlay) == (10_000_00, 1_000_00, 0)
    # without the bonus the same steps draw out nothing
    assert [(mend.setting, mend.withdrawn) for mend in streak.mendings] == [("bonuses: without streak", 0)]
    told = ["A1 invites A2–A10 (9 accounts) to register", "share links", "withdraw 1,000.00 yuan each"]
    assert in_order(told, said(app))


def test_nothing_found_is_not_called_safe():
    bare = read_plan("plan: bare\nranks: [{id: member}]\n", "bare.yaml")
    market = load_scenario("three_tier")
    found = attack(lambda _: None, Asked(market, bare, "bare", Means(accounts=2), False, 20))
    assert found.findings == ()
    app = opened("redteam", "en")
    app.session_state["redteam.last"] = found
    app.run()
    assert words.NONE.en in said(app)
    assert words.NOT_A_PROOF.en in said(app)


def test_it_can_be_stopped_and_says_so():
    app = opened("redteam", "zh")
    app.select_slider(key="redteam.budget").set_value(10_000)
    app.toggle[0].set_value(True)
    app.button(key="redteam.run").click().run()
    app.session_state[JOB].stop()
    app.run()
    assert "已停止" in said(app)
    assert not app.button(key="redteam.run").disabled


def test_a_plan_that_is_none_is_refused_in_words():
    app = opened("redteam", "en")
    app.selectbox(key="redteam.plan-three_tier").select("*").run()
    assert app.button(key="redteam.run").disabled
    app.file_uploader[0].set_value(("mine.yaml", b"plan: [", "application/yaml")).run()
    assert not app.exception
    assert "mine.yaml" in said(app)
    assert app.button(key="redteam.run").disabled


def test_another_language_keeps_the_result():
    app = opened("redteam", "zh")
    app.session_state["redteam.last"] = Attack(example(), (), 7, {})
    app.run()
    other = opened("redteam", "en")
    assert words.NONE.zh in said(app)
    assert words.NONE.en not in said(other)  # another session


def test_names_of_a_plan_are_only_shown():
    text = find("plans", "three_tier")[0].replace('en: "Member, promoter, partner"', "en: '<script>alert(1)</script>'")
    asked = Asked(load_scenario("three_tier"), read_plan(text, "mine.yaml"), "mine.yaml", Means(accounts=2), False, 5)
    app = opened("redteam", "en")
    app.session_state["redteam.last"] = Attack(asked, (), 5, {})
    app.run()
    assert not app.exception
    assert "<script>" not in "".join(element.body for element in app.main.get("html"))
