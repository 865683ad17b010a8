"""Who gains in typical situations, on the page that compares plans: worked out beside it, as the command says it."""

from __future__ import annotations

import re
import time

import pytest
from compare_visits import FMCG, OTHER, draft, editing, shown, type_in, visit_compare
from streamlit.testing.v1 import AppTest
from visiting import ONE_A_DAY, page

from app.pages import compare_situations
from app.warming import COLD
from app.words import common
from app.words import compare as words
from rules.gains import effects, summaries
from sim.cli.common import load_plan, load_scenario
from sim.cli.rulesheet import glossary_of
from sim.experiments.metric_names import spoken
from sim.report import situations


def opened(app: AppTest) -> AppTest:
    """With the differences unfolded, and who gains worked out."""
    app.session_state[f"{OTHER}.read"] = True
    return settled(app.run())


def settled(app: AppTest) -> AppTest:
    until = time.monotonic() + 240
    while app.session_state[f"{OTHER}.situations"].look() in ("waiting", "running"):
        assert time.monotonic() < until
        time.sleep(0.05)
    return app.run()


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_who_gains_is_what_the_command_says(lang):
    app = opened(visit_compare(lang))
    assert not app.exception
    old, new = load_plan("three_tier"), load_plan("three_tier_more")
    told = effects(old, new, glossary_of(load_scenario("three_tier")))
    assert words.SITUATIONS.say(lang) in shown(app)
    assert words.WORKING_OUT.say(lang) not in shown(app)
    differing = [one for one in told if one.difference]
    assert len(differing) == page(app).count("<tr>") - page(app).count("<thead>") > 10
    for one in differing:
        cells = [situations.figure(value, one.unit, lang) for value in (one.before, one.after)]
        row = (spoken(one.words, lang), *cells, situations.change(one, lang))
        assert re.search(".*?".join(re.escape(cell) for cell in row), shown(app)), row
    assert situations.ALIKE.say(lang).format(n=len(told) - len(differing)) in shown(app)
    assert all(spoken(one.title, lang) in shown(app) for one in summaries(told))


def test_nobody_looks_and_nothing_is_worked_out():
    app = visit_compare("en")
    assert f"{OTHER}.situations" not in app.session_state
    assert words.SITUATIONS.en not in shown(app)


def test_while_a_change_is_worked_out_the_page_goes_on_with_what_was_known():
    app = settled(editing(visit_compare("en")))
    assert 'aria-busy="false"' in page(app)
    first = app.session_state[f"{OTHER}.situations"]
    begun = time.monotonic()
    app.number_input(key=FMCG).set_value(30.0).run()
    assert time.monotonic() - begun < 20
    job = app.session_state[f"{OTHER}.situations"]
    assert job is not first
    if not job.is_over:
        assert 'aria-busy="true"' in page(app)
        assert words.WORKING_OUT.en in shown(app)
    settled(app)
    assert 'aria-busy="false"' in page(app)
    assert ">30.00</td>" in page(app)
    type_in(app, draft(app) + "# nothing but a remark\n")
    assert app.session_state[f"{OTHER}.situations"] is job


def test_plans_with_the_same_rules_have_no_situations():
    app = editing(visit_compare("en"))
    app.selectbox(key=f"{OTHER}.plan").select("three_tier").run()
    assert words.NO_CHANGES.en in shown(app)
    assert words.SITUATIONS.en not in shown(app)


def test_what_a_job_compiles_is_not_begun_anew(monkeypatch):
    monkeypatch.setattr(compare_situations, "situations_of", compile_for_long)
    app = editing(visit_compare("en"))
    job = app.session_state[f"{OTHER}.situations"]
    until = time.monotonic() + 60
    while not job.told:
        assert time.monotonic() < until
        time.sleep(0.05)
        job.look()
    app.number_input(key=FMCG).set_value(30.0).run()
    assert app.session_state[f"{OTHER}.situations"] is job
    assert common.COLD.en in shown(app)
    job.stop()
    app.run()
    assert app.session_state[f"{OTHER}.situations"] is not job


def compile_for_long(tell, *_):
    tell(COLD)
    time.sleep(600)


def test_engines_that_disagree_are_a_message(monkeypatch):
    monkeypatch.setattr(compare_situations, "situations_of", disagree)
    app = settled(editing(visit_compare("zh")))
    assert not app.exception
    assert "the engines disagree on entry 7" in shown(app)
    assert not app.button(key="run").disabled


def disagree(*_):
    raise RuntimeError("the engines disagree on entry 7")
