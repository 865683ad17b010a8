"""What is wrong with a file, said in Chinese with the original beside it; in English as it is."""

from __future__ import annotations

import re

import pytest
from pages_alone import opened, said

from app.refusals import allowed, refusal
from app.refusals import said as in_chinese
from app.words import refusals as words
from rules.errors import InputError
from rules.plan.read import read_plan
from rules.plan.validate import _WRONG_KIND, _WRONG_VALUE
from scenarios.find import find
from sim.studies.levers import read_lever

PLAN = find("plans", "three_tier")[0]
CHINESE = re.compile(r"[一-鿿]")


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_plan(text, "mine.yaml")
    return caught.value


@pytest.mark.parametrize("message", [*_WRONG_KIND.values(), *_WRONG_VALUE.values()])
def test_every_kind_of_wrong_value_is_said(message):
    told = in_chinese(f"commission.base.levels[0].rates.fmcg: 'seven' {message}")
    assert told.startswith("commission.base.levels[0].rates.fmcg：")
    assert "'seven'" in told
    assert CHINESE.search(told)


@pytest.mark.parametrize(
    ("old", "new", "what", "what_is_allowed"),
    [
        ("hold_days: 7", "hold_days: seven", "settlement.hold_days：'seven' 不是整数", "0 到 3650 之间的整数"),
        ("caps:", "capz:", "这里没有键 'capz'，是不是 caps？", "键"),
        ("ranks: [promoter, partner]", "ranks: [promotor]", "没有等级 'promotor'，是不是 promoter？", "member"),
        ("plan: three_tier", "name: x", "方案文件里要有键 plan", "plan: 名称，例如 three_tier"),
    ],
)
def test_what_is_wrong_with_a_plan(old, new, what, what_is_allowed):
    assert old in PLAN
    error = refused(PLAN.replace(old, new, 1))
    told = refusal(error, "zh")
    assert error.place
    assert told.where == f"mine.yaml，第 {error.place.line} 行，第 {error.place.column} 列"
    assert what in told.what
    assert what_is_allowed in told.allowed or what_is_allowed == "键"
    assert told.original == str(error)
    assert refusal(error, "en") == type(told)("", "", "", (), str(error))


def test_further_problems_are_said_too():
    told = refusal(refused(PLAN.replace("hold_days: 7", "hold_days: seven").replace("levels: 3", "levels: many")), "zh")
    assert len(told.more) == 1
    assert re.search(r"\d+:\d+　settlement.hold_days：'seven' 不是整数|不是整数", told.more[0])


def test_what_is_not_known_keeps_its_frame():
    told = refusal(InputError("the moon is full", allowed="another night"), "zh")
    assert (told.what, told.allowed, told.original) == ("", "another night", "the moon is full; allowed: another night")
    assert refusal(ValueError("no"), "zh").original == "no"


@pytest.mark.parametrize("text", ["fmcg=4%:12%", "plan.a=5:4", "plan.a=1,2%"])
def test_what_is_no_lever(text):
    with pytest.raises(InputError) as caught:
        read_lever(text)
    assert CHINESE.search(in_chinese(caught.value.message))


def test_alternatives_are_said_one_by_one():
    given = "a whole number from 1 to 8; or a list; or moonshine"
    assert allowed(given) == "1 到 8 之间的整数；或 列表；或 moonshine"


def test_forms_can_be_filled():
    for form, chinese in (*words.MESSAGES, *words.ALLOWED):
        assert CHINESE.search(chinese)
        assert chinese.format(*["x"] * re.compile(form).groups)


def test_a_page_shows_both():
    app = opened("history", "zh")
    app.selectbox(key="history.second").select("*").run()
    app.file_uploader[0].set_value(("mine.yaml", PLAN.replace("hold_days: 7", "hold_days: <b>").encode(), "")).run()
    page = said(app)
    assert "settlement.hold_days：'<b>' 不是整数" in page
    assert "settlement.hold_days: '<b>' is not a whole number" in page
    assert "<b>' 不是整数" not in "".join(element.body for element in app.main.get("html"))
