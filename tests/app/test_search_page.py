"""The page that looks for a better plan: what it finds is what the command finds, and it goes on after a stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages_alone import finished, opened, said, stopped_when
from streamlit.testing.v1 import AppTest
from visiting import ROOT

from app.pages import search as page
from app.pages.search_settings import JOB, span
from app.pages.search_work import BESIDE, FRESH, Asked, found_of, tried_of
from app.words import search as words
from rules.plan.dials import dials
from rules.plan.read import read_plan
from rules.plan.yaml import read_yaml
from scenarios.find import find, names
from sim.experiments.running import Means
from sim.report.figures import figure
from sim.report.front import held_words
from sim.studies.optimise import held_out, search_for

FMCG, BONUS = "plan.commission.base.levels.1.rates.fmcg", "plan.bonuses.newcomer.pay"
CHECK = "search.check"
TEXT = find("plans", "three_tier")[0]


def small(lang: str, tries: int = 8) -> AppTest:
    """The page with a question that is answered in seconds."""
    app = opened("search", lang)
    app.multiselect(key="search.three_tier.levers").set_value([FMCG, BONUS])
    app.select_slider(key="search.tries").set_value(tries)
    app.select_slider(key="search.people").set_value(500)
    app.slider(key="search.days-three_tier").set_value(20)
    app.slider(key="search.replications").set_value(1)
    return app.run()


def searched(app: AppTest) -> Asked:
    """Search to the end, and check the best plan."""
    app.button(key="search.run").click().run()
    finished(app, JOB)
    finished(app, CHECK)
    return app.session_state[JOB].arguments[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_what_to_do(lang):
    app = opened("search", lang)
    shown = said(app)
    assert words.TITLE.say(lang) in shown
    assert all(name.say(lang) in shown for name, _ in words.STEPS)
    assert shown.count("<h1") == 1
    assert not app.button(key="search.run").disabled
    assert len(app.multiselect(key="search.three_tier.levers").value) == 8
    assert not app.main.get("plotly_chart")


def test_what_is_found_is_what_the_command_finds(tmp_path):
    app = small("zh")
    asked = searched(app)
    whole = search_for(asked.search, tmp_path)
    found = found_of(asked, tried_of(app.session_state[JOB]))
    assert [one.setting for one in found.tried] == [one.setting for one in whole.tried]
    assert [one.rows for one in found.tried] == [one.rows for one in whole.tried]
    assert found.front == whole.front
    number = next(one for one in whole.front if one)
    effects = app.session_state[CHECK].result
    assert effects == held_out(asked.search, whole, number, FRESH, Means(), BESIDE)
    assert app.code[-1].value == asked.command
    assert asked.command.startswith(f"fenxiao optimise three_tier --plan three_tier --lever {FMCG}=4%:12% --lever ")
    assert asked.command.endswith("--people 500 --days 20 --replications 1 --seed 20260105 --trials 8")
    assert read_plan(app.code[0].value, "plan.yaml").plan == f"three_tier_{number}"
    other = opened("search", "en")
    for key in (JOB, CHECK):  # the same session in the other language
        other.session_state[key] = app.session_state[key]
    other.run()
    for lang, visited in (("zh", app), ("en", other)):
        shown = said(visited)
        assert held_words(number, effects, lang) in shown
        assert all(figure(one.name, one.mean) in shown for one in effects)
        assert len(visited.main.get("plotly_chart")) == 1
    third = next(one for one in range(1, 9) if one not in found.front)
    app.session_state["search.picked"] = asked.key, third  # what a click on its point does
    app.run()
    app.session_state[CHECK].stop()
    assert f"<code>three_tier_{third}</code>" in said(app)
    assert app.selectbox(key=f"search.pick-{asked.key}").value == third
    app.selectbox(key=f"search.pick-{asked.key}").select(number).run()
    assert f"<code>three_tier_{number}</code>" in said(app)
    assert held_words(number, effects, "zh") in said(app)


@pytest.mark.slow
def test_a_search_that_is_stopped_keeps_what_it_found_and_goes_on(tmp_path):
    app = small("zh", tries=16)
    app.button(key="search.run").click().run()
    stopped_when(app, JOB, lambda job: len(tried_of(job)) >= 9)
    app.run()
    assert words.STOPPED.zh in said(app)
    assert words.RESULT.zh in said(app)
    button = app.button(key="search.run")
    assert button.label == words.GO_ON.zh.format(tried=8, tries=16)
    button.click().run()
    finished(app, JOB)
    asked = app.session_state[JOB].arguments[0]
    whole = search_for(asked.search, tmp_path)
    assert [one.setting for one in tried_of(app.session_state[JOB])] == [one.setting for one in whole.tried]
    assert app.button(key="search.run").label == words.GO_ON.zh.format(tried=16, tries=32)


def test_two_sessions_share_neither_result_nor_folder():
    first, second = small("en"), small("en")
    first.button(key="search.run").click().run()
    finished(first, JOB)
    second.run()
    assert words.EMPTY.en in said(second)
    assert second.button(key="search.run").label == words.RUN.en
    second.button(key="search.run").click().run()
    second.session_state[JOB].stop()
    folders = [Path(app.session_state["search.folder"].name) for app in (first, second)]
    assert folders[0] != folders[1]
    assert all(folder.is_dir() for folder in folders)


def test_a_plan_can_be_taken_to_compare():
    script = """
if __name__ == "__main__":
    import streamlit as st
    from app.choosing import shipped_plan, shipped_scenario
    from app.pages.compare import show
    from app.pages.compare_settings import adopt
    text = shipped_plan("three_tier").text.replace("fmcg: 8%", "fmcg: 6.5%").replace("n: three_tier", "n: three_tier_7")
    if st.button("adopt", key="adopt"):
        adopt(shipped_scenario("three_tier"), shipped_plan("three_tier"), text)
    show("en")
"""
    app = AppTest.from_string(script, default_timeout=240).run()
    app.button(key="adopt").click().run()
    assert not app.exception
    assert app.session_state["compare.three_tier.1.draft"].text.count("three_tier_7") == 1
    assert app.toggle(key="compare.three_tier.1.edit").value
    assert not app.toggle(key="compare.three_tier.0.edit").value
    fmcg = [one.value for one in app.number_input if one.key and one.key.endswith("rates.fmcg")]
    assert fmcg == [6.5]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_optuna_the_command_that_installs_it_is_shown(monkeypatch, lang):
    monkeypatch.setattr(page, "find_spec", lambda _: None)
    shown = said(opened("search", lang))
    assert words.MISSING.say(lang) in shown
    assert words.INSTALL in shown


def test_nothing_to_move_or_no_goal_cannot_be_run_and_a_wrong_lever_is_refused():
    app = opened("search", "zh")
    app.multiselect(key="search.goals").set_value([]).run()
    assert app.button(key="search.run").disabled
    app.multiselect(key="search.goals").set_value(["gmv"])
    app.text_area[0].set_value("plan.caps.order_ratio=30%:20%").run()
    assert app.button(key="search.run").disabled
    assert "不是从小到大" in said(app)
    app.text_area[0].set_value("plan.caps.order_ratio=20%:30%").run()
    assert not app.button(key="search.run").disabled


def test_a_plan_of_ones_own_is_searched_from():
    app = opened("search", "en")
    app.selectbox(key="search.plan-three_tier").select("*").run()
    assert not [button for button in app.button if button.key == "search.run"]
    app.file_uploader[0].set_value(("mine.yaml", TEXT.encode(), "application/yaml")).run()
    app.select_slider(key="search.people").set_value(500)
    app.button(key="search.run").click().run()
    app.session_state[JOB].stop()
    assert "--plan mine.yaml" in app.session_state[JOB].arguments[0].command


@pytest.mark.parametrize("name", names("plans"))
def test_sliders_begin_inside_their_ends(name):
    for dial in dials(read_yaml(*find("plans", name))):
        step, most, low, high = span(dial)
        assert 0 <= low < high <= most, dial
        assert step > 0
        assert dial.unit != "percent" or most <= 100


def test_the_words_are_used():
    used = "".join(file.read_text("utf-8") for file in (ROOT / "app").rglob("search*.*"))
    assert all(used.count(name) >= 2 for name in vars(words) if name.isupper())
