"""The page of forecasts: its figures are those of `fenxiao forecast`."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from own_imports import NAME, given, yudao
from pages_alone import finished, opened, said
from visiting import ONE_A_DAY

from app.choosing import shipped_plan
from app.histories import Data
from app.pages.forecast_work import Asked, how_far, work
from app.refusals import refusal
from app.words import forecast as words
from rules.errors import InputError
from sim.cli import main
from sim.history.large import replay as large
from sim.report.figures import money
from sim.report.forecast import told

JOB = "forecast.job"
SIZE = ("--weeks", "2", "--futures", "10")


@pytest.fixture(scope="module")
def own():
    return yudao()


@pytest.fixture(scope="module")
def commanded(own):
    """What the command says of the plans chosen at first."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(["forecast", "three_tier", "three_level", "--data", str(own.place.path), *SIZE, "--json"])
    assert ended.value.code == 0
    return json.loads(out.getvalue())


def ready(lang, own, weeks=2):
    """The page with the import chosen, and as few futures as there may be."""
    app = given(opened("forecast", lang), own)
    app.select_slider(key="forecast.weeks").set_value(weeks)
    app.select_slider(key="forecast.futures").set_value(10).run()
    return app


def forecast(app):
    app.button(key="forecast.run").click().run()
    return finished(app, JOB)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_how_it_is_made(lang):
    app = opened("forecast", lang)
    assert all(text.say(lang) in said(app) for _, text in words.STEPS)
    assert app.select_slider(key="forecast.weeks").value == 26
    assert app.select_slider(key="forecast.futures").value == 60  # as the command takes them


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_figures_are_those_of_the_command(lang, own, commanded):
    app = ready(lang, own)
    found = forecast(app)
    record = json.loads(json.dumps(told(found.outlook, found.tested)))
    assert record == {name: commanded[name] for name in record}
    page = said(app)
    for fan in (commanded["gmv"], *(one["commission"] for one in commanded["plans"])):
        for yuan in fan["total"]:
            assert f">{money(round(100 * yuan, 6))}</td>" in page
    assert NAME in page
    assert words.TOO_SHORT.say(lang)[:6] not in page
    assert len(app.main.get("plotly_chart")) == 2  # one figure, ahead and of the back-test
    assert app.code[0].value == f"fenxiao forecast three_tier three_level {' '.join(SIZE)} --data my-import"
    app.selectbox(key="forecast.figure").select("three_level").run()
    assert not app.exception
    assert len(app.main.get("plotly_chart")) == 2


def test_data_that_are_too_short_go_without_a_back_test_and_it_is_said(own):
    app = ready("zh", own, weeks=4)
    app.toggle[0].set_value(True).run()
    found = forecast(app)
    assert found.tested is None
    assert len(found.outlook.commission) == 3
    page = said(app)
    assert words.TOO_SHORT.zh.format(known=10, weeks=4, most=2) in page
    assert "没有回测，扇形可能过窄" in page
    assert "定不出顾客模型的参数有多准" in page
    assert len(app.main.get("plotly_chart")) == 1
    assert app.code[0].value.endswith(" --data my-import --no-back-test")


def test_it_is_told_how_far_it_is_and_can_be_stopped():
    app = opened("forecast", "en")
    app.button(key="forecast.run").click().run()
    job = app.session_state[JOB]
    job.stop()
    job.told[:] = [("begun", True), *[("back",)] * 60, *[("ahead",)] * 30]
    assert how_far(job, "en") == (0.75, words.AHEAD.en.format(done=30, total=60))
    app.run()
    assert "Stopped" in said(app)
    assert words.STEPS[0][1].en in said(app)


def test_the_same_plan_twice_is_refused_in_words(own):
    plan = shipped_plan("three_tier").plan
    asked = Asked(Data("own", own.place.path), (plan, plan), ("three_tier", "three_tier"), 2, 10)
    with pytest.raises(InputError) as caught:
        work(lambda said: None, asked, "")
    assert refusal(caught.value, "zh").what.startswith("同一个方案选了两次")
    assert refusal(caught.value, "zh").allowed == "每个方案只选一次"


def test_an_import_that_is_too_large_is_left_to_the_command_line(own, monkeypatch):
    data = Data("own", own.place.path)
    Data("cdnow_sample").refuse_large("")
    data.refuse_large("")
    monkeypatch.setattr(large, "MANY_LINES", 100)
    with pytest.raises(InputError) as caught:
        data.refuse_large(f"fenxiao forecast{data.option}")
    assert refusal(caught.value, "zh").what == "导入的订单有 100 行以上，页面不处理这么大的数据"
    assert refusal(caught.value, "zh").allowed == "在命令行运行：fenxiao forecast --data my-import"
