"""The rule sheet as Markdown, page and data: complete, in both languages, and nobody's title becomes markup."""

import re
from html import unescape

import pytest
from rich.console import Console
from rich.markdown import Markdown

from rules.plan.read import parse_plan, read_plan
from rules.plan.wording import Glossary, chapters
from scenarios.find import find
from sim.report.rulesheet import html, make_sheet, markdown, record

EVIL = '<script>alert(1)</script> | **x** [y](http://z) "q" & `c` # 1. {{ 7*7 }}'
HOSTILE = parse_plan(
    {
        "plan": "evil",
        "title": {"zh": EVIL, "en": EVIL},
        "ranks": [{"id": "a", "title": {"zh": EVIL, "en": EVIL}}, {"id": "b", "join": {"orders": 1}}],
        "commission": {"base": {"levels": [{"level": 1, "rates": {"<b>|": "8%", "default": "5%"}}]}},
    }
)


@pytest.fixture(scope="module")
def shipped():
    return make_sheet(read_plan(*find("plans", "three_tier")), Glossary())


@pytest.fixture(scope="module")
def hostile():
    return make_sheet(HOSTILE, Glossary())


def test_every_chapter_and_example_stands_in_every_form(shipped):
    text, page = markdown(shipped, ("zh", "en")), html(shipped, ("zh", "en"))
    told = [*(one.title for one in shipped.chapters), *(one.title for one in shipped.examples)]
    assert len(told) == 24
    for words in told:
        assert words.zh in text
        assert words.en in text
        assert words.zh in page
        assert words.en in page
    for amount in ("15.92", "-7.96", "3,300.00", "59.70"):
        assert amount in text
        assert amount in page


def test_chinese_comes_first_and_one_language_stands_alone(shipped):
    text = markdown(shipped, ("zh", "en"))
    assert text.index("# 会员规则说明") < text.index("# Rules for members")
    assert not re.search("[一-鿿]", markdown(shipped, ("en",)))
    assert "Rules for members" not in markdown(shipped, ("zh",))
    assert not re.search("[一-鿿]", html(shipped, ("en",)).partition("<body")[2])
    assert 'type="radio"' not in html(shipped, ("zh",))


def test_the_page_holds_no_script_and_loads_nothing(shipped):
    page = html(shipped, ("zh", "en"))
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", page)
    assert "default-src 'none'" in unescape(page)


def test_titles_do_not_become_markup_of_the_page(hostile):
    page = html(hostile, ("zh", "en"))
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page


def test_titles_do_not_become_markup_of_markdown(hostile):
    screen = Console(width=400, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    screen.print(Markdown(markdown(hostile, ("en",))))
    printed = screen.export_text()
    assert printed.count(EVIL) >= 3
    heads = [line for line in markdown(hostile, ("en",)).splitlines() if line.startswith("| Level |")]
    assert [line.replace(r"\|", "").count("|") for line in heads] == [5]


def test_lines_that_look_like_a_list_stay_a_sentence():
    plan = parse_plan({"ranks": [{"id": "a", "title": {"zh": "1. 甲", "en": "1. A"}}, {"id": "b"}]})
    text = markdown(make_sheet(plan, Glossary()), ("en",))
    assert "- b is given by the store." in text
    ladder = {"ladder": {"brackets": [{"from": 0, "rate": "5%"}]}}
    titled = parse_plan({"ranks": [{"id": "a", "title": {"zh": "- 甲", "en": "- A"}}], "commission": ladder})
    assert "\n\\- A: promoted volume 10,000.00 yuan" in markdown(make_sheet(titled, Glossary()), ("en",))


def test_the_data_is_what_the_plan_says(shipped):
    told = record(shipped)
    assert told["plan"] == "three_tier"
    assert [one["key"] for one in told["chapters"]] == [
        one.key for one in chapters(read_plan(*find("plans", "three_tier")))
    ]
    order = next(one for one in told["examples"] if one["key"] == "order")
    assert [one["amount"] for one in order["amounts"]] == [15.92]
    assert order["amounts"][0]["who"] == {"zh": "第 1 级（推广员）", "en": "Level 1 (Promoter)"}
    ranks = told["chapters"][0]["parts"]
    assert ranks[1] == {
        "zh": "累计支付 1 个订单，立即成为推广员。",
        "en": "1 paid order of one's own: Promoter at once.",
        "about": ["ranks.promoter.join", "ranks.promoter.effective"],
    }
