"""`fenxiao check`: verdicts, exit codes, and cases that run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import fenxiao


def told(*arguments: object) -> tuple[int, dict]:
    done = fenxiao("check", *arguments, "--json")
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_shipped_plan_is_proved_under_the_house_rules() -> None:
    code, record = told()
    assert (code, record["verdict"]) == (0, "proved")
    assert [rule["id"] for rule in record["rules"]] == ["house_levels", "house_order_ratio", "house_team_share"]
    for rule in record["rules"]:
        assert {"id", "verdict", "worst", "limit", "case", "source"} <= set(rule)
        assert rule["verdict"] == "pass"


def test_a_breach_comes_with_the_smallest_order_as_a_case_that_runs(tmp_path: Path) -> None:
    """A launch of five times pays 40 % of fast-moving goods: of 0.03, a fen (40 % are 1.2 fen)."""
    code, record = told("three_tier_5x", "--out", tmp_path / "cases")
    (broken,) = [rule for rule in record["rules"] if rule["verdict"] == "fail"]
    assert (code, record["verdict"], broken["id"], broken["worst"]) == (1, "violated", "house_order_ratio", "40%")
    done = fenxiao("cases", tmp_path / "cases" / "house_order_ratio.yaml")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 0 failed" in done.stdout


def test_a_question_for_a_lawyer_and_what_nobody_knows_are_no_yes() -> None:
    assert told("mall_two_level", "--rulebook", "cn_pyramid")[0] == 1
    code, record = told("direct_single", "--rulebook", "us_herbalife")
    assert (code, record["verdict"]) == (1, "unknown")


def test_headroom_says_how_far_rates_can_go() -> None:
    """mall_two_level is capped at 30 %: nothing breaks the ratio. A plan without a cap has an end."""
    assert told("--headroom")[1]["headroom"].keys() == {"house_order_ratio"}


def test_a_rule_counts_only_on_its_days() -> None:
    before = told("mall_two_level", "--rulebook", "cn_pyramid", "--date", "2005-10-31")
    assert before == (1, {"verdict": "unknown", "rules": []})  # nothing is proved where no rule is in force


def test_it_speaks_chinese() -> None:
    assert "已证明" in fenxiao("check", "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--date", "tomorrow"], "--date 'tomorrow' is not a date; allowed: a date such as 2026-03-01"),
        (["--discount", "120%"], "--discount"),
        (["--rulebook", "haus"], "did you mean house?"),
        (["no_such_plan"], "no_such_plan"),
    ],
)
def test_bad_input_is_refused_with_one_message(arguments: list[str], message: str) -> None:
    done = fenxiao("check", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
