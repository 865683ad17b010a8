from __future__ import annotations

import html
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, page, press, smallest

from app import choosing, running, words
from app.running import Failure, command_of
from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import names
from sim.cli.common import load_plan, load_rulebook, load_scenario
from sim.experiments.compare import Experiment, run_experiment
from sim.report.figures import figure
from sim.report.words import verdict

BASELINE, OTHER = "baseline-three_tier", "other-three_tier"
PLAN = (ROOT / "scenarios" / "plans" / "three_tier.yaml").read_text("utf-8")


def choose_own(app, text: str, name: str = "mine.yaml"):
    app.selectbox(key=OTHER).select(choosing._OWN).run()
    app.file_uploader[0].set_value((name, text.encode(), "application/yaml"))
    return app.run()


def test_nothing_is_shown_before_the_first_run(visit):
    app = visit("en")
    assert not app.exception
    assert words.EMPTY.en in page(app)
    assert all(name.en in page(app) for name, _ in words.STEPS)
    assert not app.button(key="run").disabled
    assert not app.main.get("plotly_chart")


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """Starting processes takes longer than so small a comparison."""
    monkeypatch.setattr(running, "WORKERS", 1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_shows_what_the_command_line_would(visit, lang):
    app = press(smallest(visit(lang)))
    assert not app.exception
    scenario, plans = load_scenario("three_tier"), [load_plan(name) for name in load_scenario("three_tier").plans[:2]]
    arms = tuple((plan.plan, plan) for plan in plans)
    results = run_experiment(Experiment(scenario, arms, 1_000, 30, running.SEED, 2))
    comparison, verdicts = results.compared(load_rulebook("house"))
    data = app.session_state["comparison"]
    said = verdict(comparison, data.names(lang), lang, verdicts)
    shown = html.unescape(page(app))
    assert said.headline in shown
    assert all(sentence in shown for sentence in said.sentences)
    for arm in comparison.arms:
        for name, value in comparison.means[arm].items():
            assert f">{figure(name, value)}</td>" in shown
    assert words.METRICS.say(lang) in shown
    assert len(app.main.get("plotly_chart")) == 7
    assert app.main.get("download_button")
    assert app.code[-1].value == data.command


def test_the_app_may_use_processes(visit, monkeypatch):
    monkeypatch.setattr(running, "WORKERS", 2)
    app = press(smallest(visit("en")))
    assert not app.exception
    assert words.METRICS.en in page(app)


def test_the_command_that_is_offered_gives_the_same_settings(visit):
    app = press(smallest(visit("en")))
    first, second = load_scenario("three_tier").plans[:2]
    assert app.session_state["comparison"].command == (
        f"fenxiao compare three_tier {first} {second} --people 1000 --days 30 --replications 2 --seed {running.SEED}"
    )


def test_a_result_stays_when_the_language_is_switched(visit):
    app = press(smallest(visit("en")))
    command = app.session_state["comparison"].command
    app.sidebar.segmented_control[0].set_value("zh").run()
    assert words.METRICS.zh in page(app)
    assert words.METRICS.en not in page(app)
    assert app.session_state["comparison"].command == command


def test_two_sessions_do_not_share_anything(visit):
    first, second = visit("en"), visit("zh")
    press(smallest(first))
    assert words.METRICS.en in page(first)
    second.run()
    assert words.EMPTY.zh in page(second)
    assert "comparison" not in second.session_state
    sources = [file.read_text("utf-8") for file in (ROOT / "app").glob("*.py")]
    assert not any("st.cache" in source or "global " in source for source in sources)


def test_a_plan_of_ones_own(visit):
    app = choose_own(smallest(visit("en")), PLAN.replace("plan: three_tier", "plan: mine").replace("8%", "9%"))
    assert not app.button(key="run").disabled
    press(app)
    assert not app.exception
    assert [arm.id for arm in app.session_state["comparison"].arms] == ["three_tier", "mine"]
    assert " mine.yaml --people" in app.session_state["comparison"].command


def test_without_a_file_nothing_can_be_run(visit):
    app = visit("en")
    app.selectbox(key=OTHER).select(choosing._OWN).run()
    assert app.button(key="run").disabled
    assert not app.exception


@pytest.mark.parametrize("text", [PLAN.replace("rate: 2%", "rate: 200%"), PLAN.replace("\nranks:", "\nrank:"), "[", ""])
def test_what_is_wrong_with_a_plan_is_said_as_it_is(visit, text):
    with pytest.raises(InputError) as refused:
        read_plan(text, "mine.yaml")
    app = choose_own(visit("en"), text)
    assert not app.exception
    assert str(refused.value) in html.unescape(page(app))
    assert app.button(key="run").disabled
    assert len(app.slider) == 2


def test_bytes_that_are_no_text_are_refused(visit):
    app = visit("en")
    app.selectbox(key=OTHER).select(choosing._OWN).run()
    app.file_uploader[0].set_value(("mine.yaml", b"plan: \xff\xfe", "application/yaml")).run()
    assert "mine.yaml: byte 6 is not UTF-8; allowed: a text file saved as UTF-8" in html.unescape(page(app))


def test_names_from_a_file_are_only_shown(visit):
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    text = PLAN.replace('en: "Member, promoter, partner"', f"en: '{evil}'").replace("plan: three_tier", "plan: mine")
    app = press(choose_own(smallest(visit("en")), text))
    assert not app.exception
    assert "<script>alert" not in page(app)
    assert "<img src=x" not in page(app)
    assert evil in html.unescape(page(app))


def test_bad_input_found_while_running_is_a_message(visit, monkeypatch):
    def refuse(*_):
        raise InputError("12 people are too few", allowed="more")

    monkeypatch.setattr(running, "run_experiment", refuse)
    app = press(smallest(visit("en")))
    assert not app.exception
    assert "12 people are too few; allowed: more" in page(app)
    assert words.UNEXPECTED.en not in page(app)


def test_a_fault_of_ours_is_said_without_a_traceback(visit, monkeypatch):
    def fail(*_):
        raise RuntimeError("replication failed: seed 7") from ZeroDivisionError("division by zero")

    monkeypatch.setattr(running, "run_experiment", fail)
    app = press(smallest(visit("zh")))
    shown = html.unescape(page(app))
    assert not app.exception
    assert words.UNEXPECTED.zh in shown
    assert "replication failed: seed 7\nZeroDivisionError('division by zero')" in shown
    assert "Traceback" not in shown


def test_a_result_survives_a_failure_of_the_settings(visit):
    app = press(smallest(visit("en")))
    choose_own(app, "plan: [")
    assert words.FAILED.en in page(app)
    assert words.METRICS.en in page(app)


def test_sizes_are_bounded(visit):
    app = visit("en")
    assert app.select_slider[0].options[0] == "1,000"
    assert app.select_slider[0].options[-1] == "100,000"
    assert [(slider.min, slider.max) for slider in app.slider] == [choosing.DAYS, choosing.REPLICATIONS]


def test_what_has_to_be_known_of_a_plan_is_said(visit):
    assert "three_tier: tax is withheld by tables that nobody compared" in page(visit("en"))


def test_every_shipped_market_and_plan_can_be_chosen(visit):
    app = visit("en")
    for key, kind in (("scenario", "markets"), (BASELINE, "plans"), (OTHER, "plans")):
        options = app.selectbox(key=key).options
        for name in names(kind):
            assert any(option.endswith(f"({name})") or option == name for option in options)


@pytest.mark.parametrize("name", names("markets"))
def test_the_plans_of_a_market_are_chosen_at_first(visit, name):
    app = visit("en")
    app.selectbox(key="scenario").select(name).run()
    assert not app.exception
    assert not app.button(key="run").disabled
    first, second = (load_scenario(name).plans * 2)[:2]
    assert [app.selectbox(key=f"{key}-{name}").value for key in ("baseline", "other")] == [first, second]


def test_plans_with_spaces_in_their_file_names_can_be_typed():
    scenario = load_scenario("three_tier")
    plan = load_plan("three_tier")
    settings = running.Settings(scenario, (plan, plan), ("three_tier", "my plan.yaml"), 10, 1, 1)
    assert "'my plan.yaml'" in command_of(settings)
    assert replace(settings, people=11).people == 11
    assert not Failure(words.FAILED).unexpected


def test_the_processes_of_a_comparison_show_no_page():
    script = (
        "import runpy, sys; runpy.run_path('app_streamlit.py', run_name='__mp_main__');"
        "sys.exit('streamlit' in sys.modules or 'app.frame' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_pages_hold_no_address_of_anybody():
    for file in [*Path(ROOT / "app").iterdir(), ROOT / "app_streamlit.py"]:
        if file.is_file():
            text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http" not in text, file
