"""`fenxiao claims` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import answer, fenxiao

SIZE = ("--people", 800, "--days", 35, "--replications", 2, "--seed", 3)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("claims")
    return answer("claims", "E13_knowledge", *SIZE, "--workers", 1, "--out", folder), folder


def test_every_claim_has_a_verdict_under_every_assumption(told):
    record, _ = told
    family = record["families"]["E13_knowledge"]
    assert (family["people"], family["days"], family["replications"], record["seed"]) == (800, 35, 2, 3)
    assert list(family["claims"]) == ["share", "caused"]
    for claim in family["claims"].values():
        assert [one["vary"] for one in claim["cases"]] == [None, "organic", "organic", "r", "join", "cost"]
        assert {one["verdict"] for one in claim["cases"]} <= {"held", "not held", "undecided"}
        assert claim["verdict"] == claim["cases"][0]["verdict"]
        assert claim["said"]["zh"].endswith("。")
    assert family["untestable"][0]["why"]["en"]


def test_two_processes_give_the_same_verdicts(told):
    assert answer("claims", "E13_knowledge", *SIZE, "--workers", 2) == told[0]


def test_the_page_has_a_picture_a_claim(told):
    page = (told[1] / "claims.html").read_text("utf-8")
    assert page.count("<svg") == 2
    assert page.count("<circle") == 2 * 6


def test_the_table_has_a_row_a_claim(told):
    rows = (told[1] / "claims.md").read_text("utf-8").splitlines()
    assert len(rows) == 2 + 2
    assert rows[2].startswith("| `E13_knowledge` 30 % of revenue comes from distribution | ≥ 30.0% |")


@pytest.mark.parametrize(("lang", "words"), [("zh", "说法：市场原样下"), ("en", "claims: with the markets")])
def test_the_terminal_says_what_it_comes_to(lang, words):
    done = fenxiao("claims", "E13_knowledge", *SIZE, "--workers", 1, "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout


def test_the_list_tests_nothing():
    done = fenxiao("claims", "--list")
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in ("A11", "C8", "C18", "E13", "E13_knowledge"))
    assert "+210.0%" in done.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["A12"], "there is no claim file 'A12' (did you mean A11?)"),
        (["A11", "--replications", 1], "--replications"),
        (["A11", "--people", 1], "--people"),
    ],
)
def test_bad_input_is_refused_with_one_message(given, said):
    done = fenxiao("claims", *given)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_format_has_a_schema():
    done = fenxiao("schema", "claims")
    assert {"family", "arms", "claims", "assumptions", "untestable"} <= set(json.loads(done.stdout)["properties"])
