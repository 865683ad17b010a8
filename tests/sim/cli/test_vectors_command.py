"""`fenxiao vectors`: a file that `fenxiao cases` accepts."""

import json

import pytest

from sim.cli import main


def call(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code, capsys.readouterr()


def test_vectors_writes_cases_that_pass(tmp_path, capsys):
    file = tmp_path / "vectors.json"
    code, said = call(["vectors", "--n", "100", "--out", str(file), "--json"], capsys)
    told = json.loads(said.out)
    assert code == 0
    assert told["plan"] == "three_tier"
    assert told["events"] >= 100
    assert any(feature.startswith("base") for feature in told["features"])
    code, said = call(["cases", str(file), "--json"], capsys)
    assert code == 0
    assert json.loads(said.out)["passed"] == told["cases"] == len(json.loads(file.read_text("utf-8")))


def test_an_unknown_plan_is_refused(capsys):
    code, said = call(["vectors", "three_teir"], capsys)
    assert code == 2
    assert "did you mean three_tier" in said.err
