from __future__ import annotations

import html
import json
import re
import time

import pytest
from visiting import ONE_A_DAY, ROOT, page, press

from app.choosing import OWN
from app.pages.story_work import packed, tell_days
from app.warming import COLD
from app.words import common
from app.words import story as words
from sim.cli.common import load_plan, load_scenario
from sim.defaults import SEED
from sim.report.story import story_sentences
from sim.story import tell_story

PLAY = "story.play"
PLAN = "story.plan-three_tier"


@pytest.fixture
def small(visit):
    """The page with a market that is told in a moment."""

    def small(lang: str = "en"):
        app = visit(lang)
        app.select_slider(key="story.people").set_value(1_000)
        app.slider(key="story.days").set_value(30)
        return app

    return small


def to_its_end(app, seconds: float = 120):
    """Look until the story is told."""
    until = time.monotonic() + seconds
    while not app.session_state["story.job"].is_over:
        assert time.monotonic() < until
        time.sleep(0.05)
        app.run()
    return app.run()


def stage(app) -> dict:
    """What the browser is given."""
    (element,) = app.main.get("bidi_component")
    return json.loads(element.proto.json)[0]


def told(lang: str = "en", people: int = 1_000, days: int = 30):
    scenario, plan, frames = load_scenario("three_tier"), load_plan(load_scenario("three_tier").plans[0]), []
    ending = tell_story(scenario, plan, people, days, SEED, frames.append)
    return frames, story_sentences(ending, scenario, plan, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_invitation_stands_there_before_the_first_story(visit, lang):
    app = visit(lang)
    assert not app.exception
    assert words.TITLE.say(lang) in page(app)
    assert not app.button(key=PLAY).disabled
    assert stage(app)["state"] == "idle"
    assert stage(app)["words"]["invite"] == words.STAGE["invite"].say(lang)
    assert app.select_slider(key="story.people").value == 2_000
    assert app.slider(key="story.days").value == 120


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_a_story_is_told_as_the_command_line_runs_it(small, lang):
    app = to_its_end(press(small(lang), PLAY))
    assert not app.exception
    frames, sentences = told(lang)
    assert stage(app)["frames"] == [packed(frame) for frame in frames]
    assert stage(app)["state"] == "done"
    assert all(f"<li>{sentence}</li>" in html.unescape(page(app)) for sentence in sentences)
    assert app.code[-1].value == f"fenxiao run three_tier --plan three_tier --people 1000 --days 30 --seed {SEED}"
    assert words.NEXT.say(lang) in [link.proto.label for link in app.main.get("page_link")]


def test_the_button_in_the_picture_begins_a_story_too(small):
    app = small().run()
    app.session_state["story.asked"] = True  # what its callback does
    to_its_end(app.run())
    assert len(stage(app)["frames"]) == 30


def test_the_story_stays_when_the_language_is_switched(small):
    app = to_its_end(press(small("en"), PLAY))
    before = stage(app)
    app.sidebar.segmented_control[0].set_value("zh").run()
    after = stage(app)
    assert (after["run"], after["frames"]) == (before["run"], before["frames"])
    assert after["words"]["play"] == "播放"
    assert after["ranks"] != before["ranks"]
    assert words.WHAT_HAPPENED.zh in page(app)


def test_another_story_has_another_number(small):
    app = to_its_end(press(small(), PLAY))
    first = stage(app)["run"]
    app.number_input(key="story.seed").set_value(1)
    app = to_its_end(press(app, PLAY))
    assert stage(app)["run"] != first
    assert app.code[-1].value.endswith("--seed 1")


def test_two_sessions_do_not_share_a_story(small, visit):
    to_its_end(press(small("en"), PLAY))
    other = visit("en")
    assert stage(other)["frames"] == []
    assert "story.job" not in other.session_state


def test_a_story_can_be_stopped(visit):
    app = visit("en")
    app.select_slider(key="story.people").set_value(100_000)
    app.slider(key="story.days").set_value(365)
    app = press(app, PLAY)
    job = app.session_state["story.job"]
    until = time.monotonic() + 60
    while "story.stop" not in [button.key for button in app.button]:
        assert not job.is_over
        assert time.monotonic() < until
        time.sleep(0.1)
        app.run()
    app = press(app, "story.stop").run()
    assert job.state == "stopped"
    assert common.STOPPED.en in page(app)
    assert not app.exception


def test_a_plan_of_ones_own_is_told(small):
    text = (ROOT / "scenarios" / "plans" / "three_tier.yaml").read_text("utf-8")
    app = small()
    app.selectbox(key=PLAN).select(OWN).run()
    assert app.button(key=PLAY).disabled
    app.file_uploader[0].set_value(("mine.yaml", text.encode(), "application/yaml")).run()
    app = to_its_end(press(app, PLAY))
    assert "--plan mine.yaml" in app.code[-1].value
    assert stage(app)["frames"][-1][2] == told()[0][-1].gmv


def test_a_file_that_is_no_plan_is_refused(small):
    app = small()
    app.selectbox(key=PLAN).select(OWN).run()
    app.file_uploader[0].set_value(("bad.yaml", b"ranks: <b>none</b>", "application/yaml")).run()
    assert not app.exception
    assert app.button(key=PLAY).disabled
    assert "bad.yaml" in page(app)
    assert "<b>none" not in page(app)


def test_a_market_too_small_for_its_plot_says_so(small):
    """The drill's cheats need more people than some markets have: the page says what is allowed."""
    app = small()
    app.selectbox(key="story.scenario").select("risk_drill").run()
    app.session_state["story.people"] = 1_000
    app = to_its_end(press(app, PLAY))
    assert not app.exception
    job = app.session_state["story.job"]
    assert job.state == "done" or str(job.refused) in html.unescape(page(app))


def test_a_new_machine_is_told_that_it_compiles(monkeypatch):
    said, compiled = [], []
    monkeypatch.setattr("rules.jit.is_cold", lambda: not compiled)
    monkeypatch.setattr("sim.warm.compile_everything", lambda: compiled.append(True))
    tell_days(said.append, load_scenario("three_tier"), load_plan("three_tier"), 200, 3, SEED)
    assert compiled
    assert said[0] == COLD
    assert len(said[1]) == 1
    assert sum(len(bundle) for bundle in said[1:]) == 3


def test_the_picture_names_every_text_that_it_shows():
    script = "".join((ROOT / "app" / "components" / name).read_text("utf-8") for name in ("forest.js", "story.js"))
    used = set(re.findall(r"words\.(\w+)", script)) | set(re.findall(r'\["(\w+)", "(\w+)"', script)[0])
    assert used <= set(words.STAGE)
    assert "http" not in script
