"""`fenxiao load --target`: the verdict by hand, what is refused, and once from beginning to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.events import Kind
from sim.cli import main
from sim.cli.common import command_line
from sim.report.load import load_told, verdict
from sim.stress.load.diary import Diary, Line
from sim.stress.load.figures import LoadResult, lines_of
from sim.stress.load.run import ask_witness
from sim.stress.load.target import checked, judge

ROOT = Path(__file__).resolve().parents[4]


def _diary(path: Path, *said: tuple[int, str]) -> None:
    with Diary(path) as diary:
        for ms, (source, result) in enumerate(said):
            diary.add(Line(source, int(Kind.pay), 1, 0, result, 1000, ms, 0, 1))


def _judged(folder: Path) -> LoadResult:
    lines = lines_of(folder)
    return LoadResult(1.0, 1, 0, lines, judge(folder, lines))


def test_a_shop_that_knows_everything_has_lost_nothing(tmp_path):
    _diary(tmp_path / "client-0.csv", (1, "done"), (2, "again"), (3, "refused"))
    _diary(tmp_path / "again-0.csv", (1, "again"), (2, "again"))
    result = _judged(tmp_path)
    assert result.sound
    told = load_told("s", "p", result, None)
    assert (told["acknowledged"], told["lost"], told["duplicated"], told["unbalanced"]) == (2, 0, None, None)
    assert "cannot be seen from outside" in verdict(result, "en")[0]
    assert "未清点" in verdict(result, "zh")[0]


def test_whatever_is_not_answered_again_is_lost(tmp_path):
    # of five that were acknowledged one has to be done anew, one has become another, one was not asked for
    _diary(tmp_path / "client-0.csv", *((source, "done") for source in range(5)), (4, "done"))
    _diary(tmp_path / "again-0.csv", (0, "again"), (1, "done"), (2, "conflict"), (4, "again"))
    result = _judged(tmp_path)
    assert not result.sound
    assert (result.verdict["acknowledged"], result.verdict["lost"]) == (5, 3)
    assert result.verdict["lost_sources"] == [1, 2, 3]
    assert result.verdict["duplicated"] == 1  # event 4 was answered `done` twice
    said = verdict(result, "en")[0]
    assert "of 5 events" in said
    assert "had lost 3" in said
    assert "1 took effect twice" in said


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://127.0.0.1", "--target is"),
        ("127.0.0.1:80", "--target is"),
        ("http://", "--target is"),
        ("http://me:secret@127.0.0.1", "a name or a password"),
        ("http://127.0.0.1:1", "does not answer"),
    ],
)
def test_an_address_that_is_none_is_refused(url, why):
    with pytest.raises(InputError) as refused:
        checked(url, None)
    assert why in refused.value.message
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--target", "http://127.0.0.1:1"], "does not answer"),
        (["--target", "http://127.0.0.1:1", "--kill"], "reaches into a database"),
        (["--target", "http://127.0.0.1:1", "--database-url", "sqlite:///x.db"], "reaches into a database"),
    ],
)
def test_what_cannot_be_is_refused_with_a_word(arguments, why, capsys):
    with pytest.raises(SystemExit) as left:
        main(["load", *arguments])
    assert left.value.code == 2
    assert why in capsys.readouterr().err


def test_others_are_let_in_with_a_token_alone(capsys, monkeypatch):
    monkeypatch.delenv("FENXIAO_TOKEN", raising=False)
    with pytest.raises(SystemExit) as left:
        main(["staging", "--host", "0.0.0.0", "--port", "0"])
    assert left.value.code == 2
    assert "lets others in" in capsys.readouterr().err


def test_a_token_stands_in_no_command_line(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["fenxiao", "load", "--token", "s3cret", "--clients", "2", "--token=s3cret"])
    assert command_line() == "fenxiao load --clients 2"


def test_from_beginning_to_end(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FENXIAO_TOKEN", "s3cret")
    size = ["--people", "220", "--days", "75", "--seed", "3"]
    database = f"sqlite:///{tmp_path / 'shop.db'}"
    command = [sys.executable, "-m", "sim.cli", "staging", "three_tier", *size, "--port", "0"]
    kept = os.environ | {"PYTHONPATH": str(ROOT)}
    staging = subprocess.Popen(
        [*command, "--database-url", database], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=kept
    )
    try:
        assert staging.stdout
        url = staging.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        out = tmp_path / "out"
        options = ["--clients", "2", "--seconds", "3", "--out", str(out), "--json", "--target", url]
        with pytest.raises(SystemExit) as left:
            main(["load", "three_tier", *size, *options])
        said = capsys.readouterr()
        assert left.value.code == 0, said.err
        staging.send_signal(signal.SIGTERM)
        _, last = staging.communicate(timeout=60)
    finally:
        staging.kill()
        staging.wait()
    assert staging.returncode == 0, last
    assert "the shop is closed" in last
    assert "Traceback" not in last
    told = json.loads(said.out)
    assert told["lost"] == 0
    assert told["acknowledged"] > 20
    assert (told["duplicated"], told["unbalanced"], told["clients"]) == (None, None, 2)
    # who can look into the database sees that its books are in order, too
    witness = ask_witness(database, out)
    assert (witness["lost"], witness["duplicated"], witness["unbalanced"]) == (0, 0, 0)
    assert witness["acknowledged"] == told["acknowledged"]
    page = (out / "load.html").read_text("utf-8")
    assert "staging shop" in page
    for path in out.rglob("*"):
        assert not path.is_file() or b"s3cret" not in path.read_bytes(), path
