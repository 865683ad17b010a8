"""The page of replays: totals, winners and losers are those of `fenxiao replay`."""

from __future__ import annotations

import contextlib
import io
import json
from itertools import pairwise

import pytest
from own_imports import NAME, given, yudao
from pages_alone import finished, opened, said
from visiting import ONE_A_DAY

from app.choosing import shipped_plan
from app.histories import Data
from app.own_data import Private
from app.pages.history_work import work
from app.refusals import refusal
from app.words import history as words
from rules.errors import InputError
from rules.money import yuan
from sim.cli import main
from sim.history.breakdown import sums, tenths

JOB = "history.job"


@pytest.fixture(scope="module")
def commanded() -> dict:
    """What the command says of the two plans chosen at first."""
    return answer("three_tier", "three_tier_more")


@pytest.fixture(scope="module")
def own():
    return yudao()


def answer(*given) -> dict:
    """What the command says."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(["replay", *given, "--json"])
    assert ended.value.code == 0
    return json.loads(out.getvalue())


def replayed(app):
    app.button(key="history.run").click().run()
    return finished(app, JOB).replayed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_what_is_real_and_what_was_added(lang):
    page = said(opened("history", lang))
    assert words.REAL_TEXT.say(lang) in page
    assert words.ADDED_TEXT.say(lang) in page
    assert words.KEPT_TEXT.say(lang) in page


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_figures_are_those_of_the_command(lang, commanded):
    app = opened("history", lang)
    found = replayed(app)
    assert [one.to_dict() for one in found.results] == [
        {name: value for name, value in one.items() if name != "identical_to_run"} for one in commanded["plans"]
    ]
    page = said(app)
    for plan in commanded["plans"]:
        assert f">{plan['commission']:,.2f}</td>" in page
    change = commanded["changes"][0]
    for one in change["winners"] + change["losers"]:
        assert f">{one['member']}</th>" in page
        assert f"{one['difference']:+,.2f}</td>" in page
    told = sums(found.shifts[0])
    assert (told.winning, told.losing, told.unchanged) == tuple(
        change[name] for name in ("winning", "losing", "unchanged")
    )
    assert f"+¥{yuan(told.gained)}" in page
    assert len(app.main.get("plotly_chart")) == 3
    assert app.code[0].value == "fenxiao replay three_tier three_tier_more --rulebook house"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_of_an_import_says_what_is_read(lang, own):
    page = said(given(opened("history", lang), own))
    assert words.READ_TEXT.say(lang).format(name=NAME, orders="355") in page
    assert words.IDS_TEXT.say(lang) in page
    assert "CDNOW" not in page


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_an_import_is_replayed_and_held_against_what_the_platform_recorded(lang, own):
    first, second = "mini_one_level", "three_tier"
    app = given(opened("history", lang), own)
    app.selectbox(key="history.first").select(first)
    app.selectbox(key="history.second").select(second)
    app.selectbox(key="history.rulebook").select("").run()
    app.button(key="history.run").click().run()
    found = finished(app, JOB)
    said_by_command = answer(first, second, "--data", str(own.place.path))
    assert [one.to_dict() for one in found.replayed.results] == [
        {name: value for name, value in one.items() if name != "identical_to_run"} for one in said_by_command["plans"]
    ]
    recorded = said_by_command["recorded"][first]
    assert json.loads(json.dumps(found.recorded.to_dict())) == recorded
    page = said(app)
    assert f"{recorded['records']:,}" in page
    for group in recorded["causes"]:
        assert f">{group['title'][lang]}</b>" in page
        assert all(f"{one['order']}/{one['line']}" in page for one in group["examples"] if one["line"])
    ranks = said_by_command["changes"][0]["ranks"]
    assert "promoter" in [one["group"] for one in ranks]
    for one in ranks:
        assert f">{one['after']:,.2f}</td>" in page
    assert "CDNOW" not in page
    assert f"{NAME} · " in page
    assert app.code[0].value == f"fenxiao replay {first} {second} --data my-import"


def test_an_import_without_orders_is_refused_in_words():
    empty = Private()
    with pytest.raises(InputError) as caught:
        work(lambda said: None, Data("own", empty.path), (shipped_plan("three_tier").plan,), None, "")
    assert refusal(caught.value, "zh").what == "导入的数据里没有订单"


def test_parts_add_up_to_the_whole():
    app = opened("history", "en")
    found = replayed(app)
    shift, told = found.shifts[0], sums(found.shifts[0])
    parts = tenths(shift)
    assert sum(one.after - one.before for one in parts) == told.gained - told.lost
    assert sum(one.members for one in parts) == told.winning + told.losing + told.unchanged
    assert max(one.members for one in parts) - min(one.members for one in parts) <= 1
    assert all(above.before >= below.before for above, below in pairwise(parts))
    assert [sum(months.values()) for months in found.months] == [one.commission for one in found.results]
    assert sum(found.sales.values()) == found.results[0].gmv
    assert [one.arm for one in found.rulebook] == ["three_tier", "three_tier_more"]


def test_the_same_plan_twice_pays_the_same():
    app = opened("history", "zh")
    app.selectbox(key="history.second").select("three_tier").run()
    app.selectbox(key="history.rulebook").select("").run()
    found = replayed(app)
    assert not found.shifts[0].difference.any()
    assert not found.rulebook
    nobody_loses, nobody_gains = words.NOBODY
    assert nobody_loses.zh in said(app)
    assert nobody_gains.zh in said(app)


def test_three_plans_can_be_compared():
    app = opened("history", "en")
    app.toggle[0].set_value(True).run()
    app.selectbox(key="history.rulebook").select("").run()
    found = replayed(app)
    assert len(found.results) == 3
    assert len(found.shifts) == 2
    assert len(app.main.get("plotly_chart")) == 4


def test_it_can_be_stopped():
    app = opened("history", "en")
    app.button(key="history.run").click().run()
    app.session_state[JOB].stop()
    app.run()
    assert "Stopped" in said(app)
    assert words.REAL_TEXT.en in said(app)


def test_a_plan_that_is_none_is_refused_in_words():
    app = opened("history", "en")
    app.selectbox(key="history.second").select("*").run()
    assert app.button(key="history.run").disabled
    app.file_uploader[0].set_value(("mine.yaml", b"plan: \xff", "application/yaml")).run()
    assert not app.exception
    assert "mine.yaml: byte 6 is not UTF-8" in said(app)
