"""`fenxiao forecast` as a person meets it."""

from __future__ import annotations

import json

from test_commands import answer, fenxiao

SIZE = ("--weeks", 6, "--futures", 4)


def test_fans_for_every_plan_and_scores(tmp_path):
    record = answer("forecast", *SIZE, "--out", tmp_path)
    assert [one["plan"] for one in record["plans"]] == ["three_tier", "three_level"]
    for fan in (record["gmv"], record["purchases"], *(one["commission"] for one in record["plans"])):
        assert [len(one) for one in fan["weeks"]] == [6] * 5
        assert fan["total"] == sorted(fan["total"])
    assert set(record["back_test"]) == {"purchases", "gmv", "three_tier", "three_level"}
    assert len(record["back_test"]["gmv"]["actual"]) == 6
    assert json.loads((tmp_path / "forecast.json").read_text("utf-8"))["gmv"] == record["gmv"]
    page = (tmp_path / "forecast.html").read_text("utf-8")
    assert page.count('class="chart') >= 8 or page.count("chart-") >= 8


def test_the_same_seed_gives_the_same_futures():
    first, again, other = (answer("forecast", *SIZE, "--no-back-test", "--seed", seed) for seed in (1, 1, 2))
    assert first == again
    assert first["gmv"] != other["gmv"]
    assert "back_test" not in first


def test_it_is_told_in_both_languages():
    shown = fenxiao("forecast", *SIZE, "--lang", "zh").stdout
    assert "之后 6 周合计" in shown
    assert "回测" in shown
    shown = fenxiao("forecast", *SIZE, "--no-back-test").stdout
    assert "too narrow" in shown


def test_what_cannot_be_is_refused():
    for given, said in (
        (("--orders", "nowhere.csv"), "nowhere.csv"),
        (("three_tier", "three_tier"), "given twice"),
        (("--weeks", 77), "a back-test of 77 weeks"),
        (("--members", "README.md"), "--orders"),
    ):
        done = fenxiao("forecast", *given)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
