"""`fenxiao adapt` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import answer, fenxiao

PLANS = ("three_tier_more", "three_level")
SIZE = ("--people", 200, "--days", 35, "--replications", 2, "--workers", 1, "--seed", 3)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("adapt")
    more = ("--learn", "thompson", "--learn", "random", "--ahead", 0, "--ahead", 6, "--switch", "14:three_level")
    more += ("--out", folder)
    return answer("adapt", "three_tier", *PLANS, *SIZE, *more), folder


def test_every_strategy_is_told(told):
    record, _ = told
    names = [one["name"] for one in record["strategies"]]
    assert names == [*PLANS, "thompson", "thompson+6", "random", "calendar"]
    assert record["best"] in PLANS
    best = next(one for one in record["strategies"] if one["name"] == record["best"])
    for one in record["strategies"]:
        assert (one["difference"] is None) == (one is best)
        assert (one["learner"] is None) == (one["name"] in PLANS)
        assert sum(one["looks"].values()) == pytest.approx(1)
        assert [len(strip) for strip in one["strips"]] == [5, 5]
        if one is not best:
            assert one["regret"][-1]["mean"] == pytest.approx(best["contribution"] - one["contribution"])
            assert one["difference"] == pytest.approx(-one["regret"][-1]["mean"])
    assert record["strategies"][3]["learner"]["ahead"] == 6
    assert record["strategies"][5]["strips"] == ["AABBB"] * 2
    assert record["strategies"][5]["title"]["zh"] == "按日程 (14: three_level)"
    assert set(record["strategies"][2]["strips"][0]) <= {"A", "B"}
    assert all(sentence.endswith("。") for sentence in record["said"]["zh"])
    assert len(record["said"]["en"]) >= 4


def test_the_folder_holds_page_record_and_runs(told):
    record, folder = told
    again = json.loads((folder / "adapt.json").read_text("utf-8"))
    assert {name: again[name] for name in record} == record
    assert again["command"].startswith("fenxiao adapt three_tier")
    page = (folder / "adapt.html").read_text("utf-8")
    for words in ("Learning week by week against the best fixed plan", "边做边学与最优固定方案", "后悔值", "Thompson"):
        assert words in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["最优固定方案", "汤普森采样", "新会员计 6 期", "A = three_tier"]),
        ("en", ["the best", "Thompson sampling"]),
    ],
)
def test_tables_in_the_terminal(told, lang, words):
    _, folder = told
    more = ("--learn", "thompson", "--ahead", 0, "--ahead", 6, "--out", folder, "--lang", lang)
    done = fenxiao("adapt", "three_tier", *PLANS, *SIZE, *more)
    assert done.returncode == 0, done.stderr
    assert "going on from 12 runs" in " ".join(done.stderr.split())
    assert all(word in done.stdout for word in words)


def test_a_plan_that_breaks_the_rulebook_is_left_out(tmp_path):
    done = fenxiao("adapt", "three_tier", *PLANS, *SIZE, "--rulebook", "house_strict", "--out", tmp_path)
    assert done.returncode == 2
    assert "three_tier_more is left out: the rulebook house_strict is violated" in done.stderr
    assert "learning needs two plans or more that keep to house_strict, got 1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["three_tier", "three_level", "three_level"], "the plan three_level is given twice"),
        (["three_tier", *PLANS, "--days", "20"], "in 20 days of a look every 7 nothing can be learned of 2 plans"),
        (["three_tier", *PLANS, "--forget", "100%"], "--forget 100% leaves nothing to learn from"),
        (["three_tier", *PLANS, "--explore", "often"], "--explore"),
        (["three_tier", *PLANS, "--learn", "guess"], "--learn"),
        (["three_tier", *PLANS, "--switch", "soon:three_level"], "--switch soon:three_level"),
        (["three_tier", *PLANS, "--switch", "9:three_tier"], "allowed: DAY:PLAN, days rising, plans three_tier_more"),
        (["nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_refused_with_one_message(arguments, said):
    done = fenxiao("adapt", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
