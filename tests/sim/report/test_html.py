import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from report_synthetic import report_data

from sim.experiments.metric_names import NAMES, Text, metric
from sim.report.html import render, write_report

EVIL = "</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Tags, scripts with their attributes, and the visible text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.scripts, self.text, self.inside = [], [], [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = tag
        self.attributes += [(tag, *attr) for attr in attrs]
        if tag == "script":
            self.scripts.append([dict(attrs), ""])

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1][1] += data
        elif self.inside != "style":
            self.text.append(data)

    def handle_endtag(self, tag):
        self.inside = ""


@pytest.fixture(scope="module")
def page(data):
    return Page(render(data, "zh"))


@pytest.fixture(scope="module")
def evil_page():
    titles = {arm: Text(EVIL, EVIL) for arm in ("one_level", "three_tier", "steep")}
    data = report_data(titles=titles, days=5)
    parts = {
        "scenario": EVIL,
        "title": Text(EVIL, EVIL),
        "command": EVIL,
        "results": EVIL,
        "versions": {EVIL: EVIL},
        "notes": (Text(EVIL, EVIL),),
        "created": EVIL,
        "components": {arm.id: {(EVIL, 1): 5.0} for arm in data.arms},
    }
    for name, value in parts.items():
        object.__setattr__(data, name, value)
    return Page(render(data, "en"))


def test_plotly_is_there_once_and_nothing_is_loaded_from_anywhere(page):
    assert [dict(attrs).get("type") for attrs, _ in page.scripts] == [
        "application/json",
        "application/json",
        None,
        None,
    ]
    assert not [a for a in page.attributes if a[1] in {"src", "srcset", "action"}]
    assert [a for a in page.attributes if a[1] == "href"] == [("link", "href", "data:,")]
    assert sum("plotly.js v" in text for _, text in page.scripts) == 1


def test_the_policy_lets_only_the_two_scripts_run(page):
    policy = next(value for tag, name, value in page.attributes if name == "content" and "script-src" in value)
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    run = [text for attrs, text in page.scripts if "type" not in attrs]
    assert allowed == [base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in run]
    assert not [a for a in page.attributes if a[1].startswith("on")]


def test_both_languages_are_on_the_page(page):
    text = "".join(page.text)
    for name in NAMES:
        assert metric(name).title.zh in text
        assert metric(name).title.en in text
        assert metric(name).formula.en in text
    assert "胜出" in text
    assert "wins" in text
    assert ("html", "data-lang", "zh") in page.attributes
    pressed = [a for a in page.attributes if a[1] == "aria-pressed"]
    assert pressed == [("button", "aria-pressed", "true"), ("button", "aria-pressed", "false")]


def test_the_opening_language_is_an_argument(data):
    page = Page(render(data, "en"))
    assert ("html", "data-lang", "en") in page.attributes
    assert ("html", "lang", "en") in page.attributes


def test_figures_are_json_for_each_chart_place(page):
    figures = json.loads(page.scripts[0][1])
    places = [v for tag, name, v in page.attributes if name == "id" and v.startswith("chart-")]
    assert places == [f"chart-{key}" for key in figures]
    for per_language in figures.values():
        assert set(per_language) == {"zh", "en"}
        assert per_language["zh"]["data"]


def test_how_to_repeat_and_what_it_rests_on_are_told(page, data):
    text = "".join(page.text)
    assert data.command in text
    assert "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 20 (20)" in text
    assert "2.0% – 3.5%" in text
    assert "numpy" in text
    assert "转化低于 2.1%" in text


def test_rulebook_verdicts_come_with_their_evidence(page):
    text = "".join(page.text)
    for words in ("O-20311", "需律师判断", "needs a lawyer", "observed in these runs only", "禁止传销条例"):
        assert words in text
    assert "is legal" not in text
    assert "合法" not in text


def test_evil_names_stay_text(evil_page, page):
    assert "img" not in evil_page.tags
    assert not [a for a in evil_page.attributes if a[1].startswith("on")]
    assert len(evil_page.scripts) == len(page.scripts)
    assert EVIL in "".join(evil_page.text)
    shown = json.loads(evil_page.scripts[0][1])
    assert "&lt;img" in json.dumps(shown)
    assert "<img" not in json.dumps(shown)
    assert "<" not in evil_page.scripts[0][1]


def test_a_run_is_shown_to_the_fen(run_data):
    text = "".join(Page(render(run_data, "en")).text)
    whole, part = divmod(run_data.comparison.means["one_level"]["contribution"], 100)
    assert f"¥{whole:,}.{part:02d}" in text
    assert "· baseline" not in text


def test_empty_parts_are_left_out(data):
    bare = report_data(arms=("one_level", "steep"), replications=2)
    for name in ("daily", "incomes", "funnel", "components", "versions"):
        object.__setattr__(bare, name, {})
    for name in ("rulebooks", "assumptions", "notes", "seeds"):
        object.__setattr__(bare, name, ())
    text = "".join(Page(render(bare, "en")).text)
    assert "Further findings" not in text
    assert "Rulebooks" not in text


def test_the_same_data_gives_the_same_page(data):
    assert render(data, "zh") == render(data, "zh")


def test_the_report_is_written_whole(tmp_path, run_data):
    target = write_report(tmp_path / "deep" / "report.html", run_data, "en")
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [p.name for p in target.parent.iterdir()] == ["report.html"]
