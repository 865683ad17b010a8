"""What is said of a drill: in the terminal, as JSON, as Parquet, as a page."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len
from rich.console import Console

from sim.experiments.drill import Drill, Side
from sim.report.drill import CURVE, FINDINGS, curve_chart, curve_lines, print_drill, record_of, sentences, write_drill
from sim.report.figures import NONE
from sim.risk.credit import found
from sim.risk.marks import Group, Marks, Point, SignMarks
from sim.risk.rules import RiskRules, Sign

WATCHED = Marks(
    line=60,
    at=Point(60, 45, 5, 50, 12.5),
    curve=(Point(30, 25, 0, 50), Point(60, 45, 5, 50, 12.5), Point(100, 50, 50, 50)),
    kinds=(Group("ring", 40, 36, 1_234_56), Group("thief", 0, 0, 0), Group("scraper", 10, 9, 0)),
    care=(Group("careless", 30, 30, 1_000_00), Group("middling", 0, 0, 0), Group("careful", 20, 15, 234_56)),
    signs=(SignMarks(Sign.circle, 120, 40, 36), SignMarks(Sign.text, 30, 15, 3)),
    thefts=12,
    thefts_paid=765_43,
    loss=1_999_99,
    reviews=0,
    condemned_wrongly=0,
    review_cost=0,
    frozen=0,
    frozen_days=0,
    frozen_cost=0,
    turned_away=0,
    owners_stopped=0,
)
ACTED = replace(
    WATCHED, kinds=(Group("ring", 40, 36, 100_00), *WATCHED.kinds[1:]), loss=120_05, thefts_paid=20_05, reviews=51,
    review_cost=408_00, frozen=6, frozen_days=7, frozen_cost=35_00, turned_away=2, owners_stopped=3,
    condemned_wrongly=1,
)  # fmt: skip


def side(marks: Marks, members: list[int]) -> Side:
    findings = found(Sign.circle, np.array(members, np.int64), 2_500, 2_000)
    findings["day"], findings["points"] = 6, 45
    return Side(marks, {"gmv": 100_00, "fraud_loss": marks.loss, "fission_k": None}, findings)


@pytest.fixture
def drill() -> Drill:
    return Drill(RiskRules(), side(WATCHED, [3, 4]), side(ACTED, [3]))


def printed(drill: Drill, lang: str) -> str:
    out = io.StringIO()
    print_drill(Console(file=out, width=120, force_terminal=False), "a title [bold]", drill, lang)
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ["self-referral ring", "scraper", "commission within a circle", "forbidden share texts", "paid, acting"],
        ),
        ("zh", ["自推环", "爬虫", "违规文案", "介入后提现", "召回率", "精确率"]),
    ],
)
def test_the_terminal_says_all_of_it(drill, lang, words):
    text = printed(drill, lang)
    assert text.startswith("a title [bold]\n")  # as given: not markup
    assert all(word in text for word in words)
    assert max(cell_len(line) for line in text.splitlines()) <= 120
    rows = [line.split() for line in text.splitlines()]
    ring = next(row for row in rows if row[:1] == ["自推环"] or row[:2] == ["self-referral", "ring"])
    assert ring[-5:] == ["40", "36", "(90.0%)", "1,234.56", "100.00"]
    kinds = text[: text.index(words[2])]  # the first table; the next one has the signs
    assert {"zh": "盗号提现", "en": "account thief"}[lang] not in kinds  # they have no accounts


def test_the_curve_as_text():
    head, *lines = curve_lines(WATCHED, "en")
    assert "credit below" in head
    # thirty characters are all: 50 % are 15 blocks, 90 % 27, precision 100 %, 90 % and 50 % at 30, 27 and 15
    assert lines == [
        "    30   50.0%  100.0%      –  " + "█" * 15 + " " * 15 + "·",
        "→   60   90.0%   90.0%   12.5  " + "█" * 27 + "·",
        "   100  100.0%   50.0%      –  " + "█" * 15 + "·" + "█" * 14,
    ]


def test_a_curve_where_nobody_is_caught_has_no_precision():
    lines = curve_lines(replace(WATCHED, curve=(Point(5, 0, 0, 50), Point(10, 0, 1, 0), Point(15, 0, 1, 0))), "en")
    assert [line.split()[1:3] for line in lines[1:]] == [["0.0%", NONE], [NONE, "0.0%"]]  # at 15 nothing changes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_hold_the_figures(drill, lang):
    first, money, thefts, care = sentences(drill, lang)
    assert all(word in first for word in ("60", "90.0%", "45", "50", "5"))
    money = money.replace(",", "")
    assert all(word in money for word in ("1999.99", "120.05", "443.00", "51", "408.00", "6", "7", "35.00"))
    assert all(word in thefts for word in ("12", "20.05", "3", "2", "1"))
    assert "30 (100.0%)" in care
    assert "15 (75.0%)" in care
    assert {"zh": "一般者", "en": "middling"}[lang] not in care  # there are none


def test_the_record_is_in_yuan_and_is_json(drill):
    record = json.loads(json.dumps(record_of(drill)))
    assert record["saved"] == 1_879.94  # 1999.99 - 120.05
    watching, acting = record["watching"], record["acting"]
    assert {key: watching[key] for key in ("line", "caught", "wrong", "cheats", "recall", "precision")} == {
        "line": 60, "caught": 45, "wrong": 5, "cheats": 50, "recall": 0.9, "precision": 0.9,
    }  # fmt: skip
    assert [point["below"] for point in watching["curve"]] == [30, 60, 100]
    assert watching["kinds"][0] == {"name": "ring", "accounts": 40, "caught": 36, "paid": 1_234.56}
    assert watching["signs"][1] == {"sign": "text", "seen": 30, "accounts": 15, "right": 3}
    assert acting["thefts"] == {"tried": 12, "paid": 20.05, "owners_stopped": 3}
    assert acting["reviews"] == {"cases": 51, "cost": 408.0, "wrong": 1}
    assert acting["frozen"] == {"people": 6, "days": 7, "cost": 35.0}
    assert (acting["loss"], acting["cost"], acting["turned_away"]) == (120.05, 443.0, 2)
    assert acting["metrics"] == {"gmv": 100.0, "fraud_loss": 120.05, "fission_k": None}
    assert record["rules"]["freeze_below"] == 60


def test_findings_and_the_curve_are_written(drill, tmp_path):
    write_drill(tmp_path, drill, "zh")
    rows = pq.read_table(tmp_path / FINDINGS).to_pylist()
    one = {"day": 6, "points": 45, "value": 2_500, "limit": 2_000, "sign": "circle"}
    assert rows == [
        {"desk": "watching", "member": 3, **one}, {"desk": "watching", "member": 4, **one},
        {"desk": "acting", "member": 3, **one},
    ]  # fmt: skip
    page = (tmp_path / CURVE).read_text("utf-8")
    assert "召回率" in page or "\\u53ec\\u56de\\u7387" in page
    assert 'src="http' not in page  # it needs no network


def test_the_chart_has_both_by_line_and_a_gap_where_nothing_is_known():
    marks = replace(WATCHED, curve=(Point(5, 0, 0, 50), *WATCHED.curve))
    recall, precision = curve_chart(marks, "en").data
    assert tuple(recall.x) == tuple(precision.x) == (5, 30, 60, 100)
    assert tuple(recall.y) == (0.0, 0.5, 0.9, 1.0)
    assert tuple(precision.y) == (None, 1.0, 0.9, 0.5)
