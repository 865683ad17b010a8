"""`fenxiao risk`: what it prints and writes, in both languages, and what it refuses."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from sim.cli import main

SMALL = ("--people", 1500, "--days", 20, "--seed", 3)
MARKET = """\
scenario: mine
plans: [three_tier]
people: 500
days: 10
catalogue:
  categories:
    - {id: fmcg, margin: 40%, prices: [9.90, 199], skus: 10}
"""


@pytest.fixture
def risk(capsys, monkeypatch):
    """The command as it is typed: exit code, standard output, standard error."""
    monkeypatch.delenv("FENXIAO_LANG", raising=False)
    monkeypatch.setattr("sim.cli.risk.announce", lambda plans, lang: None)

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["risk", *map(str, arguments)])
        return int(left.value.code or 0), *capsys.readouterr()

    return call


def test_the_record_and_what_is_written(risk, tmp_path):
    code, out, err = risk("risk_drill", *SMALL, "--json", "--out", tmp_path / "drill")
    assert code == 0, err
    assert out.count("\n") == 1
    record = json.loads(out)
    assert {key: record[key] for key in ("scenario", "plan", "people", "days", "seed")} == {
        "scenario": "risk_drill", "plan": "three_tier_guarded", "people": 1500, "days": 20, "seed": 3,
    }  # fmt: skip
    assert {"seconds", "rules", "watching", "acting", "saved"} <= set(record)
    assert record["watching"]["loss"] == record["watching"]["metrics"]["fraud_loss"]
    written = json.loads((tmp_path / "drill" / "run.json").read_text("utf-8"))
    assert {key: written[key] for key in record} == record
    assert written["command"].startswith("fenxiao")
    findings = pq.read_table(tmp_path / "drill" / "findings.parquet").to_pylist()
    assert {one["desk"] for one in findings} == {"watching", "acting"}
    seen = sum(one["seen"] for one in record["watching"]["signs"])
    assert seen == sum(one["desk"] == "watching" for one in findings)
    assert (tmp_path / "drill" / "curve.html").stat().st_size > 1_000_000  # with the library that draws it


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Risk drill (1,500 people, 20 days, seed 3)", "Frozen below 60: recall", "self-referral ring")),
     ("zh", ("风控演练 (1,500 人，20 天，种子 3)", "信用低于 60 即冻结：召回率", "自推环"))],
)  # fmt: skip
def test_words_in_both_languages(risk, lang, words):
    code, out, err = risk(*SMALL, "--plan", "three_tier", "--lang", lang)
    assert code == 0, err
    assert all(word in out for word in words)


def test_the_plan_can_be_named(risk):
    code, out, err = risk(*SMALL, "--plan", "mini_one_level", "--json")
    assert code == 0, err
    assert json.loads(out)["plan"] == "mini_one_level"


def test_a_market_too_small_for_the_cheats_is_refused(risk):
    code, out, err = risk("--people", 300, "--days", 10)
    assert (code, out) == (2, "")
    assert "197 accounts of cheats do not fit into a market of 300 people; allowed: at least 594 people" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "nobody cheats in the scenario 'mine'"),
        ("actors: [{kind: pirate}]\n", "mine.yaml:8:17: actors[0].kind: 'pirate' is not known here"),
        ("actors: [{kind: ring}]\nrisk: {content: nowhere}\n", "nowhere"),
        ("actors: [{kind: ring}]\nrisk: {freeze_below: high}\n", "mine.yaml:9:22: "),
    ],
)
def test_bad_input_is_refused_with_one_message(risk, tmp_path, lines, message):
    market = tmp_path / "mine.yaml"
    market.write_text(MARKET + lines, "utf-8")
    code, out, err = risk(market)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_rules_that_are_left_out_are_the_defaults(risk, tmp_path):
    market = tmp_path / "mine.yaml"
    market.write_text(MARKET + "actors: [{kind: boaster, begin: [0, 0]}]\n", "utf-8")
    code, out, err = risk(market, "--json")
    assert code == 0, err
    record = json.loads(out)
    assert (record["rules"]["act"], record["watching"]["line"], record["watching"]["cheats"]) == (True, 60, 1)
