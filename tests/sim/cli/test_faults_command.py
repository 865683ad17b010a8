"""`fenxiao faults`: what it prints, in both languages, and its exit codes."""

from __future__ import annotations

import json

import pytest

from sim.cli import main


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("sim.cli.faults.announce", lambda plans, lang: None)


def call(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(["faults", *arguments])
    return int(end.value.code or 0), capsys.readouterr().out


@pytest.mark.parametrize(("lang", "said"), [("en", "every invariant held"), ("zh", "全部不变量成立")])
def test_worlds_that_hold(lang, said, capsys):
    code, told = call(["--seeds", "3", "--lang", lang], capsys)
    assert code == 0
    assert said in told


def test_a_planted_bug_is_found_shown_and_seen_again(capsys):
    code, told = call(["--plant", "utc_events"], capsys)
    assert code == 1
    assert "BROKEN day" in told
    code, again = call(["--plant", "utc_events", "--seed", "0", "--json"], capsys)
    record = json.loads(again)
    assert code == 1
    assert record["broken"] == {"day": 1}
    assert record["smallest"]["trace"][-1] in told


def test_a_seed_that_holds_as_json(capsys):
    code, told = call(["--seed", "5", "--json"], capsys)
    record = json.loads(told)
    assert code == 0
    assert (record["seeds"], record["failed"], record["smallest"]) == (1, 0, None)


def test_planted_bugs_are_listed(capsys):
    code, told = call(["--plant", "list", "--lang", "zh"], capsys)
    assert code == 0
    assert "双" in told or "重复解冻" in told


def test_an_unknown_bug_is_refused(capsys):
    assert call(["--plant", "gremlin"], capsys)[0] == 2
