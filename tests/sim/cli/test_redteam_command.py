"""`fenxiao redteam`: what it prints and writes, in both languages."""

import json
from pathlib import Path

import pytest

from sim.cli import main

PLANS = Path(__file__).parents[1] / "redteam" / "plans"


def call(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code, capsys.readouterr()


@pytest.fixture(autouse=True)
def nothing_to_announce(monkeypatch):
    monkeypatch.setattr("sim.cli.redteam.announce", lambda plans, lang: None)


def test_exploits_are_told_and_written_as_cases_that_pass(tmp_path, capsys):
    plan, few = str(PLANS / "newcomer_bonus.yaml"), ["--budget", "80", "--accounts", "4"]
    code, said = call(["redteam", plan, *few, "--out", str(tmp_path / "found"), "--json"], capsys)
    told = json.loads(said.out)
    best = told["exploits"][0]
    assert code == 0
    assert told["evaluations"] <= 80
    assert (best["name"], best["profit"], best["accounts"]) == ("free_accounts", 60.0, 4)  # three newcomers × 20.00
    assert best["closed_by"]["setting"] == "withdrawal.minimum: 100"
    assert set(best["closed_by"]["title"]) == {"zh", "en"}
    assert best["case"]["plan"]["plan"] == "newcomer_bonus"
    code, said = call(["cases", str(tmp_path / "found"), "--json"], capsys)
    assert code == 0
    assert json.loads(said.out)["passed"] == len(told["exploits"])


def test_a_scenario_says_what_can_be_bought_and_sent_back(capsys):
    code, said = call(["redteam", "mini_one_level", "mini_program", "--budget", "40", "--json"], capsys)
    told = json.loads(said.out)
    assert told["scenario"] == "mini_program"
    assert told["returns"] == 10
    assert code == 0


def test_words_in_both_languages(capsys):
    plan = str(PLANS / "newcomer_bonus.yaml")
    for lang, word in (("en", "accounts that cost nothing"), ("zh", "空号注册套取奖励")):
        code, said = call(["redteam", plan, "--budget", "40", "--accounts", "3", "--lang", lang], capsys)
        assert code == 0
        assert word in said.out


def test_nothing_found_is_not_called_safe(tmp_path, capsys):
    plan = tmp_path / "bare.yaml"
    plan.write_text("plan: bare\nranks: [{id: member}]\n", "utf-8")
    code, said = call(["redteam", str(plan), "--budget", "20"], capsys)
    assert code == 0
    assert said.out.startswith("none found in 0 evaluations")
    assert "safe" not in said.out


def test_a_rate_that_is_none_is_refused(capsys):
    code, said = call(["redteam", "--resale", "much"], capsys)
    assert code == 2
    assert "--resale" in said.err
