from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from compare_visits import BASELINE, FMCG, OTHER, PLAN, draft, editing, shown, type_in, visit_compare
from daily import some
from streamlit.testing.v1 import AppTest
from visiting import ONE_A_DAY, ROOT, page, press

from app import choosing
from app.pages import compare_settings, comparing
from app.pages.compare import RESULT
from app.pages.compare_settings import DAYS, JOB, REPLICATIONS
from app.pages.comparing import Settings, command_of
from app.words import common
from app.words import compare as words
from rules.errors import InputError
from rules.plan.difference import difference
from rules.plan.read import read_plan
from scenarios.find import names
from sim.cli.common import load_plan, load_scenario
from sim.cli.rulesheet import glossary_of
from sim.defaults import SEED
from sim.experiments.compare import Experiment, run_experiment
from sim.experiments.findings import findings_of
from sim.report.figures import figure
from sim.report.finding_tables import finding_tables
from sim.report.words import verdict
from sim.rulebooks import load_rulebook

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture
def visit():
    """Opens the page in a session of its own."""
    return visit_compare


def smallest(app: AppTest) -> AppTest:
    """The settings with which a comparison takes a second or two."""
    app.select_slider[0].set_value(1_000)
    days, replications = app.slider
    days.set_value(30)
    replications.set_value(2)
    return app


def finished(app: AppTest) -> AppTest:
    """Run until its job is over, and once more."""
    until = time.monotonic() + 240
    job = app.session_state[JOB]
    while not job.is_over:
        assert time.monotonic() < until
        time.sleep(0.05)
        job.look()
    return app.run()


def compared(app: AppTest) -> AppTest:
    return finished(press(smallest(app)))


def result(app: AppTest):
    return app.session_state[RESULT][0]


def choose_own(app: AppTest, data: str | bytes, name: str = "mine.yaml") -> AppTest:
    app.selectbox(key=f"{OTHER}.plan").select(choosing.OWN).run()
    given = data.encode() if isinstance(data, str) else data
    app.file_uploader[0].set_value((name, given, "application/yaml"))
    return app.run()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_shown_before_the_first_run(visit, lang):
    app = visit(lang)
    assert not app.exception
    assert words.EMPTY.say(lang) in shown(app)
    assert all(name.say(lang) in shown(app) for name, _ in words.STEPS)
    assert not app.button(key="run").disabled
    assert not app.main.get("plotly_chart")
    assert page(app).count("<h1>") == 1


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_a_run_shows_what_the_command_line_would(visit, lang):
    app = compared(visit(lang))
    assert not app.exception
    scenario, plans = load_scenario("three_tier"), [load_plan(name) for name in load_scenario("three_tier").plans[:2]]
    arms = tuple((plan.plan, plan) for plan in plans)
    results = run_experiment(Experiment(scenario, arms, 1_000, 30, SEED, 2))
    comparison, verdicts = results.compared(load_rulebook("house"))
    data = result(app)
    said = verdict(comparison, data.names(lang), lang, verdicts)
    assert said.headline in shown(app)
    assert all(sentence in shown(app) for sentence in said.sentences)
    for arm in comparison.arms:
        for name, value in comparison.means[arm].items():
            assert f"<b>{figure(name, value)}</b>" in shown(app)
    found = findings_of(results, comparison)
    tables = finding_tables(found, comparison, {one: data.names(one) for one in ("zh", "en")})
    assert len(tables) >= 3
    for one in tables:
        assert one.title.say(lang) in shown(app)
        assert all(f">{cell}</t" in shown(app) for row in one.cells[lang] for cell in row if cell.isascii())
    assert words.METRICS.say(lang) in shown(app)
    assert words.INCOMES.say(lang) in shown(app)
    assert len(app.main.get("plotly_chart")) == 8
    assert len(app.main.get("download_button")) == 3
    assert app.code[-1].value == data.command


def test_the_command_that_is_offered_gives_the_same_settings(visit):
    app = compared(visit("en"))
    first, second = load_scenario("three_tier").plans[:2]
    assert result(app).command == (
        f"fenxiao compare three_tier {first} {second} --people 1000 --days 30 --replications 2 --seed {SEED}"
    )


def test_a_result_stays_when_the_language_is_switched(visit):
    app = compared(visit("en"))
    command = result(app).command
    app.sidebar.segmented_control[0].set_value("zh").run()
    assert words.METRICS.zh in page(app)
    assert words.METRICS.en not in page(app)
    assert result(app).command == command


def test_two_sessions_do_not_share_anything(visit):
    first, second = visit("en"), visit("zh")
    compared(editing(first))
    assert words.METRICS.en in page(first)
    second.run()
    assert words.EMPTY.zh in page(second)
    assert RESULT not in second.session_state
    assert f"{OTHER}.draft" not in second.session_state
    sources = [file.read_text("utf-8") for file in (ROOT / "app").rglob("*.py")]
    assert not any("st.cache" in source or "global " in source for source in sources)


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_the_form_changes_the_yaml_and_the_result(visit, lang):
    """The second plan of the market pays 12% on fast-moving goods; 30% of it must cost more commission."""
    plain = compared(visit(lang))
    app = editing(visit(lang))
    before = draft(app)
    app.number_input(key=FMCG).set_value(30.0).run()
    changed = [new for old, new in zip(before.splitlines(), draft(app).splitlines(), strict=True) if old != new]
    assert [line.split("#")[0].strip() for line in changed] == ["fmcg: 30%"]
    compared(app)
    _, edited = result(app).comparison.arms
    assert edited == "three_tier_more_edited"
    means = result(app).comparison.means[edited], result(plain).comparison.means["three_tier_more"]
    assert means[0]["commission"] > means[1]["commission"]
    assert " three_tier_more_edited.yaml --people" in app.code[-1].value
    assert app.session_state[RESULT][1].texts[1] == draft(app)
    assert words.FILES_FIRST.say(lang) in shown(app)


def test_an_edited_plan_gives_what_its_file_gives_on_the_command_line(visit):
    app = editing(visit("en"))
    app.number_input(key=FMCG).set_value(1.5).run()
    compared(app)
    plans = [load_plan("three_tier"), read_plan(draft(app), "three_tier_more_edited.yaml")]
    arms = tuple((plan.plan, plan) for plan in plans)
    results = run_experiment(Experiment(load_scenario("three_tier"), arms, 1_000, 30, SEED, 2))
    assert result(app).comparison == results.compared(load_rulebook("house"))[0]


def test_what_is_typed_in_the_yaml_is_shown_in_the_form(visit):
    app = editing(visit("en"))
    type_in(app, draft(app).replace("fmcg: 12%", "fmcg: 7.25%"))
    assert app.number_input(key=FMCG).value == 7.25
    assert Decimal(str(app.number_input(key=FMCG).value)) == Decimal("7.25")
    app.number_input(key=FMCG).set_value(7.5).run()
    assert "fmcg: 7.5%" in draft(app)


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_a_mistake_in_the_yaml_is_shown_with_its_line_and_blocks_the_run(visit, lang):
    app = editing(visit(lang))
    good = draft(app)
    type_in(app, good.replace("hold_days: 7", "hold_days: seven"))
    line = 1 + next(i for i, text in enumerate(good.splitlines()) if text.startswith("settlement:"))
    column = 1 + good.splitlines()[line - 1].index("7,")
    assert words.INVALID.say(lang).format(line=line, column=column) in shown(app)
    assert "settlement.hold_days: 'seven' is not a whole number" in shown(app)
    assert "a whole number from 0 to 3650" in shown(app)
    assert app.button(key="run").disabled
    assert not app.number_input(key=FMCG).disabled
    type_in(app, good)
    assert words.VALID.say(lang) in shown(app)
    assert not app.button(key="run").disabled


def test_a_text_that_is_no_yaml_shows_the_form_as_it_was(visit):
    app = editing(visit("en"))
    type_in(app, "plan: [")
    assert not app.exception
    assert app.number_input(key=FMCG).disabled
    assert app.number_input(key=FMCG).value == 12.0
    assert app.button(key="run").disabled


def test_a_mistake_made_in_the_form_can_be_mended_in_it(visit):
    app = editing(visit("en"))
    app.number_input(key=FMCG).set_value(200.0).run()
    assert app.button(key="run").disabled
    assert words.PROBLEM.en in shown(app)
    app.number_input(key=FMCG).set_value(20.0).run()
    assert not app.button(key="run").disabled


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_what_differs_is_said_in_words(visit, lang):
    app = editing(visit(lang))
    app.number_input(key=FMCG).set_value(9.5).run()
    glossary = glossary_of(load_scenario("three_tier"))
    changes = difference(load_plan("three_tier"), read_plan(draft(app), ""), glossary)
    expected = [one.words.zh if lang == "zh" else one.words.en for one in changes if one.kind == "rule"]
    assert any("9.5" in one for one in expected)
    assert all(one in shown(app) for one in expected)


def test_another_plan_is_edited_anew(visit):
    app = editing(visit("en"))
    app.number_input(key=FMCG).set_value(9.5).run()
    app.selectbox(key=f"{OTHER}.plan").select("three_tier_5x").run()
    assert "three_tier_5x_edited" in draft(app)
    assert "9.5%" not in draft(app)


def test_three_plans_and_four(visit):
    app = press(visit("en"), "compare.add")
    assert app.selectbox(key="compare.three_tier.2.plan").value.startswith("three_tier")
    compared(app)
    assert not app.exception
    assert len(result(app).arms) == 3
    assert len(result(app).findings.gains) == 2
    assert page(app).count('class="fx-delta') == 2 * 6
    press(app, "compare.add")
    assert "compare.add" not in [button.key for button in app.button]
    press(app, "compare.three_tier.2.remove")
    assert [box.key for box in app.selectbox if box.key.endswith(".plan")] == [
        f"compare.three_tier.{number}.plan" for number in (0, 1, 3)
    ]


def test_stopping_leaves_the_old_result(visit):
    app = compared(visit("en"))
    old = result(app)
    app.select_slider[0].set_value(100_000)
    app.slider[1].set_value(32)
    press(app)
    press(app, "compare-stop")
    assert app.session_state[JOB].state == "stopped"
    app.run()
    assert result(app) is old
    assert words.METRICS.en in shown(app)
    assert common.STOPPED.en in shown(app)
    assert not app.button(key="run").disabled


def test_a_plan_of_ones_own(visit):
    app = choose_own(visit("en"), PLAN.replace("plan: three_tier", "plan: mine").replace("8%", "9%"))
    assert not app.button(key="run").disabled
    compared(app)
    assert not app.exception
    assert [arm.id for arm in result(app).arms] == ["three_tier", "mine"]
    assert " mine.yaml --people" in result(app).command


def test_without_a_file_nothing_can_be_run(visit):
    app = visit("en")
    app.selectbox(key=f"{OTHER}.plan").select(choosing.OWN).run()
    assert app.button(key="run").disabled
    assert app.toggle(key=f"{OTHER}.edit").disabled
    assert not app.exception


@pytest.mark.parametrize("text", [PLAN.replace("rate: 2%", "rate: 200%"), PLAN.replace("\nranks:", "\nrank:"), "[", ""])
def test_what_is_wrong_with_a_plan_is_said_as_it_is(visit, text):
    with pytest.raises(InputError) as refused:
        read_plan(text, "mine.yaml")
    app = choose_own(visit("en"), text)
    assert not app.exception
    assert str(refused.value) in shown(app)
    assert app.button(key="run").disabled
    assert len(app.slider) == 2


def test_bytes_that_are_no_text_are_refused(visit):
    app = choose_own(visit("en"), b"plan: \xff\xfe")
    assert "mine.yaml: byte 6 is not UTF-8; allowed: a text file saved as UTF-8" in shown(app)


def test_a_file_that_is_too_large_is_refused_with_the_limit(visit):
    app = choose_own(visit("en"), PLAN + "#" * 256 * 1024)
    assert f"a plan file has {choosing.MOST_KB} KB at most" in shown(app)
    assert app.button(key="run").disabled
    app = editing(visit("en"))
    type_in(app, draft(app) + "#" * 256 * 1024)
    assert f"a plan file has {choosing.MOST_KB} KB at most" in shown(app)
    assert app.button(key="run").disabled


def test_names_from_a_file_are_only_shown(visit):
    text = PLAN.replace('en: "Member, promoter, partner"', f"en: '{EVIL}'").replace("plan: three_tier", "plan: mine")
    app = editing(choose_own(visit("en"), text))
    compared(app)
    assert not app.exception
    assert "<script>alert" not in page(app)
    assert "<img src=x" not in page(app)
    assert f"{EVIL} (edited)" in shown(app)


def test_bad_input_found_while_running_is_a_message(visit, monkeypatch):
    monkeypatch.setattr(compare_settings, "compare", refuse)
    app = compared(visit("en"))
    assert not app.exception
    assert "12 people are too few; allowed: more" in page(app)
    assert common.UNEXPECTED.en not in page(app)


def refuse(*_):
    raise InputError("12 people are too few", allowed="more")


def test_a_fault_of_ours_is_said_without_a_traceback(visit, monkeypatch):
    monkeypatch.setattr(compare_settings, "compare", fail)
    app = compared(visit("zh"))
    assert not app.exception
    assert common.UNEXPECTED.zh in shown(app)
    assert "replication failed: seed 7" in shown(app)
    assert "Traceback" not in shown(app)


def fail(*_):
    raise RuntimeError("replication failed: seed 7") from ZeroDivisionError("division by zero")


def test_a_result_survives_a_failure_of_the_settings(visit):
    app = compared(visit("en"))
    choose_own(app, "plan: [")
    assert common.FAILED.en in page(app)
    assert words.METRICS.en in page(app)


def test_sizes_are_bounded(visit):
    app = visit("en")
    assert app.select_slider[0].options[0] == "1,000"
    assert app.select_slider[0].options[-1] == "100,000"
    assert [(slider.min, slider.max) for slider in app.slider] == [DAYS, REPLICATIONS]


def test_what_has_to_be_known_of_a_plan_is_said(visit):
    assert "three_tier: tax is withheld by tables that nobody compared" in page(visit("en"))


def test_every_shipped_market_and_plan_can_be_chosen(visit):
    app = visit("en")
    for key, kind in (("compare.scenario", "markets"), (f"{BASELINE}.plan", "plans"), (f"{OTHER}.plan", "plans")):
        options = app.selectbox(key=key).options
        for name in names(kind):
            assert any(option.endswith(f"({name})") or option == name for option in options)


@pytest.mark.parametrize("name", names("markets"))
def test_the_plans_of_a_market_are_chosen_at_first(visit, name):
    app = visit("en")
    app.selectbox(key="compare.scenario").select(name).run()
    assert not app.exception
    assert not app.button(key="run").disabled
    chosen = [app.selectbox(key=f"compare.{name}.{number}.plan").value for number in (0, 1)]
    wanted = load_scenario(name).plans[:2]
    assert chosen[: len(wanted)] == wanted
    assert chosen[0] != chosen[1]


@pytest.mark.parametrize("name", some(names("plans"), 4))
def test_every_shipped_plan_can_be_edited(visit, name):
    app = visit("zh")
    app.selectbox(key=f"{OTHER}.plan").select(name).run()
    editing(app)
    assert not app.exception
    assert len(app.number_input) >= 8
    assert words.VALID.zh in shown(app)


def test_plans_with_spaces_in_their_file_names_can_be_typed():
    plan = load_plan("three_tier")
    settings = Settings(load_scenario("three_tier"), (plan, plan), ("three_tier", "my plan.yaml"), ("", ""), 10, 1, 1)
    assert "'my plan.yaml'" in command_of(settings)
    assert replace(settings, replications=3).runs == 6


def test_the_bar_counts_runs_and_says_when_it_compiles():
    plan = load_plan("three_tier")
    settings = Settings(load_scenario("three_tier"), (plan, plan), ("a", "b"), ("", ""), 10, 1, 2)

    job = SimpleNamespace(told=[comparing.COLD])
    assert comparing.how_far(job, settings, "en") == (0.0, common.COLD.en)
    job.told += ["a", "b", "a"]
    assert comparing.how_far(job, settings, "zh") == (0.75, words.RUNNING.zh.format(done=3, total=4))


def test_the_processes_of_a_comparison_show_no_page():
    script = (
        "import runpy, sys; runpy.run_path('app_streamlit.py', run_name='__mp_main__');"
        "sys.exit('streamlit' in sys.modules or 'app.frame' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_pages_hold_no_address_of_anybody():
    for file in [*(ROOT / "app").rglob("*"), ROOT / "app_streamlit.py"]:
        if file.is_file() and file.suffix != ".pyc":
            text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http" not in text, file
