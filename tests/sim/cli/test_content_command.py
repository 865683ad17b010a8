"""`fenxiao content`: exit codes, JSON, files and standard input, and texts that try to talk to the terminal."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parents[3]
CLEAN, BROKEN, OPEN = "橘子很甜，今天到货", "国家级品质", "分享有佣金"


@pytest.fixture
def content(capsys: pytest.CaptureFixture[str]):
    """The command in this process: exit code, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["content", *map(str, arguments)])
        assert isinstance(left.value.code, int)
        return left.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def told(content):
    def run(*arguments: object) -> tuple[int, dict]:
        code, out, err = content(*arguments, "--json")
        assert code in (0, 1), err
        assert out.count("\n") == 1
        return code, json.loads(out)

    return run


def test_exit_codes_and_verdicts(told) -> None:
    assert [told(text)[0] for text in (CLEAN, OPEN, BROKEN)] == [0, 1, 1]
    code, record = told(CLEAN, OPEN, BROKEN)
    assert (code, record["verdict"], record["rules"]) == (1, "refused", "cn")
    assert [one["verdict"] for one in record["texts"]] == ["clean", "lawyer", "refused"]
    assert [one["text"] for one in record["findings"]] == ["2", "3"]


def test_a_finding_says_rule_source_and_place(told) -> None:
    (finding,) = told("好茶，国 家 级！")[1]["findings"]
    assert {
        "text": "1",
        "rule": "superlatives_named",
        "on_breach": "refuse",
        "word": "国家级",
        "start": 3,
        "end": 8,
        "sentence": "好茶，国 家 级！",
        "verified": True,
    }.items() <= finding.items()
    assert "第九条" in finding["source"]


def test_without_texts_it_runs_on_the_shipped_examples(told) -> None:
    code, record = told()
    assert (code, record["verdict"]) == (1, "refused")
    assert len(record["texts"]) >= 12


def test_a_category_brings_its_own_rules(told, content) -> None:
    assert told("预防感冒")[0] == 0
    assert told("预防感冒", "--category", "health_food")[0] == 1
    code, _, err = content(CLEAN, "--category", "health-food")
    assert code == 0
    assert "no rule is for 'health-food' alone" in err


def test_a_file_is_a_text(told, tmp_path: Path) -> None:
    file = tmp_path / "分享.txt"
    file.write_text(f"\ufeff{BROKEN}", "utf-8")
    record = told("--file", file)[1]
    assert [(one["text"], one["start"]) for one in record["findings"]] == [(str(file), 0)]


def test_standard_input_is_a_text(told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    assert told("--file", "-")[1]["findings"][0]["text"] == "-"


def test_it_is_a_command_and_its_rules_are_a_format() -> None:
    shell = f"{sys.executable} -m sim.cli content {BROKEN} --json; {sys.executable} -m sim.cli schema content"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, cwd=ROOT, check=False)
    found, schema = map(json.loads, done.stdout.splitlines())
    assert found["verdict"] == "refused"
    assert {"content", "title", "checked", "rules"} == set(schema["properties"])


@pytest.mark.parametrize(
    ("lang", "verdict", "rule"),
    [("en", "refused: ", "Superlatives that the law names"), ("zh", "不予发布：", "法律点名")],
)
def test_the_words_are_marked_and_the_text_stays_text(content, lang: str, verdict: str, rule: str) -> None:
    code, out, _ = content("[red]好[/red]\x1b[31m[bold]国\u200b家级", "--lang", lang)
    assert code == 1
    assert "[red]好[/red]·[31m[bold]【国·家级】" in out
    assert "\x1b" not in out
    assert verdict in out
    assert rule in out


def test_a_clean_text_is_not_called_lawful(content) -> None:
    assert "not to say that they are lawful" in content(CLEAN)[1]


def test_rules_of_your_own(told, content, tmp_path: Path) -> None:
    rules = tmp_path / "house.yaml"
    rules.write_text(
        "content: house\ntitle: {zh: 家规, en: House}\nchecked: 2026-11-22\n"
        "rules:\n  - {id: sweet, title: {zh: 甜, en: Sweet}, source: us, words: [很甜]}\n",
        "utf-8",
    )
    assert told(CLEAN, "--rules", rules)[1]["findings"][0]["rule"] == "sweet"
    rules.write_text(rules.read_text("utf-8").replace("source: us", "source: us, regex: a+"), "utf-8")
    code, _, err = content(CLEAN, "--rules", rules)
    assert code == 2
    assert "house.yaml:5:56: rules[0].regex: the key 'regex' is not known here" in err


def test_bad_input_is_refused_with_one_message(content, tmp_path: Path) -> None:
    large, foreign = tmp_path / "large.txt", tmp_path / "gbk.txt"
    large.write_bytes(b"a" * 1_000_001)
    foreign.write_bytes(b"a\n" + "佳".encode("gbk"))
    for arguments, message in (
        (["--file", "nowhere.txt"], "nowhere.txt: No such file"),
        (["--file", tmp_path], "is a folder; allowed: a text file"),
        (["--file", large], "is too large; allowed: at most 1000000 bytes"),
        (["--file", foreign], "gbk.txt:2:1: byte 0xbc is not UTF-8"),
        ([CLEAN, " "], "text 2 is empty; allowed: a text to check"),
        ([CLEAN, "--rules", "cm"], "there is no content rule file 'cm'; allowed: "),
        ([b"\xff".decode("utf-8", "surrogateescape")], "is not Unicode"),
    ):
        code, out, err = content(*arguments)
        assert (code, out) == (2, ""), arguments
        assert message in err
        assert "Traceback" not in err
