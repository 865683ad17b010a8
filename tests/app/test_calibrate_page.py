"""The page of calibration: figures and files are those of `fenxiao calibrate`, and nothing assumed is hidden."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from pages_alone import finished, in_order, opened, said
from streamlit.testing.v1 import AppTest
from visiting import ONE_A_DAY, ROOT

from app.histories import IN_COMMANDS
from app.own_data import Imported, Private
from app.refusals import refusal
from app.words import calibrate as words
from app.words import common
from rules.errors import InputError
from sim.behaviour.parameters import Behaviour, settled
from sim.calibration.estimate import calibrated as estimated
from sim.calibration.folder import read_shop
from sim.calibration.market import write_market
from sim.cli import main
from sim.cli.common import load_scenario
from sim.imports.guess import ready_mapping
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.run import import_tables
from sim.imports.sources import tables_of
from sim.report.finding_words import value_of
from sim.report.parameter_words import GROUPS, PARAMETERS

JOB = "calibrate.job"


def commanded(*arguments: str) -> dict:
    """What the command says."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(["calibrate", *arguments, "--json"])
    assert ended.value.code == 0
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def sample() -> dict:
    return commanded()


@pytest.fixture(scope="module")
def imported() -> Imported:
    """A platform's export, as the page of imports keeps it."""
    place = Private()
    tables, _ = tables_of([str(ROOT / "scenarios" / "exports" / "yudao_small")])
    mapping = ready_mapping(tables)
    assert mapping
    import_tables(tables, mapping, Pseudonyms(b"0" * 32), place.path)
    return Imported(place, "yudao", 288)


def calibrated(app: AppTest):
    app.button(key="calibrate.run").click().run()
    return finished(app, JOB)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_what_will_be_known_and_what_not(lang):
    page = said(opened("calibrate", lang))
    assert in_order([words.EMPTY.say(lang), *(text.say(lang) for _, text in words.STEPS)], page)


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_figures_are_those_of_the_command(lang, sample):
    app = opened("calibrate", lang)
    made = calibrated(app)
    told = made.found.found
    assert told.values == sample["behaviour"]
    assert {name: list(ends) for name, ends in told.intervals.items()} == sample["intervals"]
    assert made.found.fit.parameters == sample["parameters"]
    assert json.loads(json.dumps(vars(made.track))) == sample["back_test"]
    page = said(app)
    assert words.HEADLINE.say(lang).format(found=10, unknown=75) in page
    for name, ends in sample["intervals"].items():
        cells = (sample["behaviour"][name], *ends, sample["parameters"][name])
        value, low, high, half = (value_of(name, one) for one in cells)
        assert f'>{value}</td><td class="right num">{low} – {high}</td><td class="right num">{half}</td>' in page
    assert len(app.main.get("plotly_chart")) == 6
    assert app.code[1].value == "fenxiao calibrate --base three_tier --out calibrated"
    for name, why in sample["warnings"].items():
        reason = why[lang][0].upper() + why[lang][1:]
        assert in_order([words.UNKNOWN.say(lang).format(count=75), reason, f'title="{name}"'], page), name
        assert f"<small>{name}</small>" not in page


def test_an_import_is_calibrated_into_the_files_that_the_command_writes(imported, tmp_path):
    app = opened("calibrate", "zh")
    app.session_state["own_data.imported"] = imported
    app.run()
    app.selectbox(key="calibrate.base").select("three_tier_unsure").run()
    made = calibrated(app)
    shop = read_shop(imported.place.path, IN_COMMANDS)
    found = estimated(shop, settled(load_scenario("three_tier_unsure").behaviour))
    assert made.market == write_market(tmp_path, found, "three_tier_unsure")
    assert made.files == {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}
    assert made.found.found.values == found.found.values
    assert made.market == load_scenario(str(tmp_path / "scenario.yaml"))
    assert app.code[1].value == f"fenxiao calibrate --data {IN_COMMANDS} --base three_tier_unsure --out calibrated"
    page = said(app)
    assert made.track is None
    assert words.HEADS["half"].zh + "</th>" not in page
    assert words.CAUTIOUS.zh in page
    assert "买过不止一次的人太少，拟合定不下来" in page
    assert all(text in page for text in ("yudao · 288 单", "cosmetics"))
    low, high = (value_of("click", float(end)) for end in made.market.behaviour["click"])
    assert f"<b>{low} – {high}</b>" in page
    app.toggle(key="calibrate.all").set_value(True).run()
    page = said(app)
    assert all(f"{PARAMETERS[name].zh}<small>{name}</small>" in page for name in Behaviour.model_fields)
    assert page.count("fx-assumed") == len(found.warnings)
    assert in_order([group.zh for group in GROUPS], page[page.index("fx-parameters") :])


def test_the_market_can_be_taken_to_compare(tmp_path):
    script = """
if __name__ == "__main__":
    import streamlit as st
    from app.choosing import shipped_scenario
    from app.pages.compare import show
    from app.pages.compare_settings import adopt_market
    if st.button("adopt", key="adopt"):
        title = {"zh": "按数据校准", "en": "Calibrated: mine"}
        market = shipped_scenario("tuike").model_copy(update={"scenario": "mine", "people": 1_396})
        adopt_market(market, "calibrated/scenario.yaml")
    show("en")
"""
    app = AppTest.from_string(script, default_timeout=240).run()
    assert "*" not in app.selectbox(key="compare.scenario").options
    app.button(key="adopt").click().run()
    assert not app.exception
    assert app.selectbox(key="compare.scenario").value == "*"
    assert app.select_slider(key="compare.people-mine").value == 1_396
    app.button(key="run").click().run()
    job = app.session_state["compare.job"]
    job.stop()
    settings = job.arguments[0]
    assert settings.scenario.scenario == "mine"
    assert settings.place == "calibrated/scenario.yaml"
    app.selectbox(key="compare.scenario").select("three_tier").run()
    app.button(key="run").click().run()
    app.session_state["compare.job"].stop()
    assert app.session_state["compare.job"].arguments[0].place == ""


def test_it_can_be_stopped():
    app = opened("calibrate", "zh")
    app.button(key="calibrate.run").click().run()
    app.session_state[JOB].stop()
    app.run()
    page = said(app)
    assert common.STOPPED.zh in page
    assert words.EMPTY.zh in page


def test_an_import_that_cannot_be_calibrated_is_refused_in_words(tmp_path):
    with pytest.raises(InputError) as nothing:
        read_shop(tmp_path, IN_COMMANDS)
    told = refusal(nothing.value, "zh")
    assert told.what == f"{IN_COMMANDS} 里没有订单"
    assert told.allowed.startswith("一份带订单的导入")
    text = "order_id,member_id,placed_at,paid_at,amount\no1,m1,2026-01-01 10:00,,3.00\n"
    (tmp_path / "orders.csv").write_text(text, "utf-8")
    with pytest.raises(InputError) as never_paid:
        read_shop(tmp_path, IN_COMMANDS)
    told = refusal(never_paid.value, "zh")
    assert (told.what, told.allowed) == (f"{IN_COMMANDS}：没有一笔订单付过款", "带付款时间 paid_at 的订单")


def test_the_words_are_used():
    used = "".join(file.read_text("utf-8") for file in (ROOT / "app").rglob("calibrate*.*"))
    assert all(used.count(name) >= 2 for name in vars(words) if name.isupper())
