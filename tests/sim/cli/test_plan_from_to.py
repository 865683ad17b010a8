"""`fenxiao plan-from` and `plan-to`: without options on what is shipped, to a file, and bad input."""

from __future__ import annotations

import json

import pytest

from rules.plan.read import read_plan
from sim.cli import main


def call(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code, capsys.readouterr()


def test_both_run_without_options(capsys):
    code, said = call(["plan-from"], capsys)
    assert code == 0
    assert read_plan(said.out, "said").platform == "yudao"
    code, said = call(["plan-to"], capsys)
    assert code == 0
    assert "brokerageFirstPercent" in json.loads(said.out)
    assert "cannot be expressed there" in said.err


def test_from_a_configuration_to_a_plan_and_back(tmp_path, capsys):
    plan, config = tmp_path / "new" / "plan.yaml", tmp_path / "config.json"
    code, said = call(["plan-from", "likeshop", "--out", str(plan)], capsys)
    assert (code, said.out) == (0, "")
    assert "is_show_earnings" in said.err
    code, said = call(["plan-to", "likeshop", str(plan), "--out", str(config)], capsys)
    assert code == 0
    assert "everything in the plan can be expressed there" in said.err
    code, said = call(["plan-from", "likeshop", str(config), "--json"], capsys)
    told = json.loads(said.out)
    assert code == 0
    assert told["plan"]["ranks"] == [{"id": "默认等级"}, {"id": "高级分销"}]


def test_json_lists_what_is_lost(capsys):
    code, said = call(["plan-to", "crmeb_java", "three_tier", "--json", "--lang", "zh"], capsys)
    told = json.loads(said.out)
    assert code == 0
    assert "commission.ladder" in {one["path"] for one in told["lost"]}
    assert "无法表达" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan-from", "magento"], "there is no configuration 'magento'"),
        (["plan-from", "yudao", "nowhere.json"], "there is no configuration 'nowhere.json'"),
        (["plan-to", "magento"], "there is no platform 'magento'"),
    ],
)
def test_bad_input_is_one_message(arguments, said, capsys):
    code, told = call(arguments, capsys)
    assert code == 2
    assert told.err.startswith(said)
