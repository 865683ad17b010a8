"""The page of capacity and load: the model's figures are the command's; a load on PostgreSQL loses nothing."""

from __future__ import annotations

import time

import psutil
import pytest
from pages_alone import finished, opened, said
from visiting import ONE_A_DAY

from app.pages.settlement_answer import figures
from app.pages.settlement_work import DAYS, SEED, TRANSACTIONS
from app.words import settlement as words
from rules.errors import InputError
from sim.cli.common import load_plan, load_scenario
from sim.report.capacity import capacity_told, verdict
from sim.stress.capacity.demand import demand_of
from sim.stress.capacity.service import ASSUMED
from sim.stress.capacity.shop import Shop
from sim.stress.capacity.steady import Target
from sim.stress.capacity.study import study

MODEL, LOAD = "settlement.capacity", "settlement.load"


def modelled(app, **sizes: int):
    app.select_slider(key="settlement.orders").set_value(1_000)
    for name, value in sizes.items():
        app.number_input(key=f"settlement.{name}").set_value(value)
    app.button(key="settlement.run").click().run()
    return finished(app, MODEL)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_what_will_be_seen(lang):
    page = said(opened("settlement", lang))
    assert words.TITLE.say(lang) in page
    assert all(text.say(lang) in page for _, text in words.STEPS)


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_figures_are_those_of_the_command(lang):
    app = opened("settlement", lang)
    found = modelled(app)
    market = load_scenario("three_tier")
    demand = demand_of(market, load_plan("three_tier").settlement, people=market.people, orders_per_day=1_000)
    same = study(demand, Shop(), ASSUMED, target=Target(200), seed=SEED, days=DAYS, transactions=TRANSACTIONS)
    assert capacity_told(found) == capacity_told(same)
    page = said(app)
    assert all(line in page for line in verdict(same, lang))
    for shown, _ in figures(same, lang).values():
        assert f"<b>{shown}</b>" in page
    assert len(app.main.get("plotly_chart")) == 3
    command = app.code[0].value
    assert command.startswith("fenxiao capacity three_tier --plan three_tier --order-workers 4")
    assert f"--orders-per-day 1000 --latency-target 200 --transactions {TRANSACTIONS} --seed {SEED}" in command


def test_a_what_if_stands_beside_the_last():
    app = opened("settlement", "en")
    before = modelled(app)
    assert words.LAST.en.split("{")[0] not in said(app)
    after = modelled(app, cores=8)
    page = said(app)
    assert f"{words.CORES.en} 2 → 8" in page
    assert words.LAST.en.format(value=figures(before, "en")["orders"][0]) in page
    assert figures(after, "en")["orders"][1] > figures(before, "en")["orders"][1]
    app.run()
    assert len(app.session_state["settlement.results"]) == 2


def test_it_can_be_stopped():
    app = opened("settlement", "zh")
    app.button(key="settlement.run").click().run()
    app.session_state[MODEL].stop()
    app.run()
    assert "已停止" in said(app)


def test_too_many_orders_are_refused_in_words():
    app = opened("settlement", "en")
    app.selectbox(key="settlement.scenario").select("three_tier").run()
    app.select_slider(key="settlement.orders").set_value(2_000_000)
    app.button(key="settlement.run").click().run()
    finished(app, MODEL)
    assert "orders on the busiest day" in said(app)
    assert "Traceback" not in said(app)


def loading(app, seconds: int, kill: bool = False):
    app.segmented_control(key="settlement.way").set_value("load").run()
    app.slider(key="settlement.seconds").set_value(seconds)
    app.slider(key="settlement.clients").set_value(2)
    app.toggle(key="settlement.kill").set_value(kill)
    app.button(key="settlement.run-load").click().run()
    return app


def test_a_load_on_postgresql_loses_nothing():
    app = loading(opened("settlement", "en"), 3)
    result = finished(app, LOAD, 180)
    assert result.sound
    assert len(result.done) > 50
    page = said(app)
    assert words.LOAD_SOUND.en in page
    assert f"<b>{result.events_per_second:,.0f}</b>" in page
    assert "<b>0 / 0 / 0</b>" in page
    assert len(app.main.get("plotly_chart")) == 2
    assert app.code[0].value == "fenxiao load three_tier --plan three_tier --seconds 3 --clients 2 --seed 1"


def servers() -> set[int]:
    return {one.pid for one in psutil.process_iter(["name"]) if one.info["name"] == "postgres"}


def test_a_load_that_is_stopped_leaves_no_server():
    before = servers()
    app = loading(opened("settlement", "zh"), 30)
    job = app.session_state[LOAD]
    until = time.monotonic() + 120
    while not any(kind == "second" for kind, *_ in job.told):
        assert time.monotonic() < until, job.told
        assert not job.is_over, job.error
        time.sleep(0.1)
        job.look()
    assert servers() - before
    job.stop()
    until = time.monotonic() + 10
    while servers() - before:
        assert time.monotonic() < until
        time.sleep(0.1)
    app.run()
    assert "已停止" in said(app)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    def missing():
        raise InputError("a store on a database needs alembic", allowed="pip install 'fenxiao[store]'")

    monkeypatch.setattr("app.pages.settlement_load.require_store", missing)
    app = opened("settlement", "en")
    app.segmented_control(key="settlement.way").set_value("load").run()
    assert "pip install 'fenxiao[store]'" in said(app)
    assert not app.button
