"""The page of trials: its advice and figures are those of the command, and it goes on after a stop."""

from __future__ import annotations

import pytest
from pages_alone import finished, in_order, opened, said, stopped_when
from streamlit.testing.v1 import AppTest
from visiting import ONE_A_DAY, ROOT

from app.pages.trial_settings import DAYS, JOB
from app.pages.trial_work import Asked, done_of, tried_of, try_out
from app.words import trial as words
from rules.plan.read import read_plan
from scenarios.find import find
from sim.report.figures import part
from sim.report.trial import amount, truth_line
from sim.scenario import read_scenario
from sim.trials import readings
from sim.trials.advice import advise, way_title
from sim.trials.once import replicate
from sim.trials.settings import Trial
from sim.trials.study import study
from sim.trials.summary import summarise


def small(lang: str, replications: int = 2) -> AppTest:
    """The page with a trial of seconds."""
    app = opened("trial", lang)
    app.select_slider(key="trial.people").set_value(500)
    app.select_slider(key="trial.days").set_value(28)
    app.select_slider(key="trial.before").set_value(7)
    app.select_slider(key="trial.replications").set_value(replications)
    return app.run()


def tried(app: AppTest) -> Asked:
    app.button(key="trial.run").click().run()
    finished(app, JOB)
    return app.session_state[JOB].arguments[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_tells_the_designs(lang):
    app = opened("trial", lang)
    shown = said(app)
    assert words.TITLE.say(lang) in shown
    assert all(f"<b>{name.say(lang)}</b>" in shown for name, _ in words.DESIGNS_TOLD.values())
    assert shown.count("<h1") == 1
    assert not app.button(key="trial.run").disabled


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_the_advice_and_every_figure_are_those_of_the_command(lang):
    app = small(lang)
    asked = tried(app)
    scored = summarise(study(asked.trial))
    advice = advise(scored, "contribution")
    shown = said(app)
    headline = advice.words.say(lang).partition("：" if lang == "zh" else ": ")[0]
    assert in_order([words.RESULT.say(lang), headline, truth_line(scored[0].score("contribution"), lang)], shown)
    for one in scored:
        score = one.score("contribution")
        row = shown.partition(f'<th scope="row">{way_title(one).say(lang)}<')[2].partition("</tr>")[0]
        cells = [amount(score.metric, score.estimate, "+"), f"<b>{amount(score.metric, score.rmse)}</b>"]
        assert all(cell in row for cell in [*cells, f">{score.coverage.mean:.0%}<", part(score.false.mean)])
    assert len(app.main.get("plotly_chart")) == 2
    assert app.code[0].value == (
        "fenxiao trial three_tier three_tier three_tier_more --people 500 --days 28 --before 7 --spillover all "
        "--metric contribution --replications 2 --seed 20260105"
    )
    page = app.main.get("download_button")
    assert len(page) == 1


def test_another_metric_takes_no_new_run():
    app = small("zh")
    asked = tried(app)
    job = app.session_state[JOB]
    app.segmented_control(key="trial.metric").set_value("gmv").run()
    assert app.session_state[JOB] is job
    scored = summarise(tried_of(asked, done_of(job)))
    assert truth_line(scored[0].score("gmv"), "zh") in said(app)
    assert "--metric gmv" in app.code[0].value


@pytest.mark.slow
def test_a_trial_that_is_stopped_keeps_its_replications_and_goes_on():
    app = small("en", replications=8)
    app.button(key="trial.run").click().run()
    job = stopped_when(app, JOB, lambda job: len(done_of(job)) >= 2)
    kept = len(done_of(job))
    app.run()
    assert words.STOPPED.en in said(app)
    assert words.SO_FAR.en.format(done=kept, total=8) in said(app)
    button = app.button(key="trial.run")
    assert button.label == words.GO_ON.en.format(done=kept, total=8)
    app.select_slider(key="trial.replications").set_value(4).run()
    asked = tried(app)
    done = done_of(app.session_state[JOB])
    assert sorted(done) == [0, 1, 2, 3]
    whole = study(asked.trial)
    assert all(
        (done[number][way].value == reading.value).all()
        for number, readings in whole.done.items()
        for way, reading in readings.items()
    )


def test_stopped_before_anything_is_done():
    app = small("zh")
    app.button(key="trial.run").click().run()
    app.session_state[JOB].stop()
    app.run()
    assert words.STOPPED_EARLY.zh in said(app)
    assert words.EMPTY.zh in said(app)


def test_a_replication_that_fails_leaves_the_others(monkeypatch):
    """The job fails, and says with which; what the others said was told before."""
    plan_a, plan_b = (read_plan(*find("plans", name)) for name in ("three_tier", "three_tier_more"))
    market = read_scenario(*find("markets", "three_tier"))
    given = Trial(market, (plan_a, plan_b), 300, 7, 28, 7, 2, seed=5, replications=3, designs=("time",))
    asked = Asked(given, ("", ""), ("", ""))
    monkeypatch.setattr(readings, "replicate", lambda one, n: 1 // 0 if n == 1 else replicate(one, n))
    said_of: list[tuple] = []
    with pytest.raises(RuntimeError, match=r"1 replications failed; the first: scenario three_tier, .*, seed 6$"):
        try_out(said_of.append, asked, {})
    assert [one[1] for one in said_of if one[0] == "done"] == [0, 2]


def test_only_some_designs():
    app = small("en")
    app.button_group(key="trial.designs").set_value(["time"]).run()
    asked = tried(app)
    assert asked.trial.designs == ("time",)
    assert asked.command.endswith("--design time")
    assert "community split" not in said(app)


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_what_cannot_be_tried_is_refused_before_it_runs(lang):
    app = opened("trial", lang)
    app.selectbox(key="trial.scenario").select("three_tier_life").run()
    assert app.button(key="trial.run").disabled
    shown = said(app)
    assert "which act on everybody in one world" in shown
    assert ("无法分组试验" in shown) == (lang == "zh")


def test_two_sessions_do_not_share_a_trial():
    first, second = small("en"), small("en")
    tried(first)
    second.run()
    assert words.EMPTY.en in said(second)
    assert second.button(key="trial.run").label == words.RUN.en


def test_days_fit_blocks():
    assert all(days % 14 == 0 and days >= 28 for days in DAYS)


def test_the_words_are_used():
    used = "".join(file.read_text("utf-8") for file in (ROOT / "app").rglob("trial*.*"))
    assert all(used.count(name) >= 2 for name in vars(words) if name.isupper())
