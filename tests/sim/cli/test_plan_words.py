"""`rulesheet` and `diff` as a person meets them: files, JSON, both languages, refusals, equal plans."""

import json

import pytest

from sim.cli import main

PLAN = """plan: mine
ranks: [{id: a}, {id: b, join: {orders: 1}}]
commission: {base: {levels: [{level: 1, rates: {food: 8%, default: 5%}, ranks: [b]}]}}
"""


@pytest.fixture
def fenxiao(capsys, monkeypatch):
    """The command as it is typed: exit code, standard output, standard error."""
    monkeypatch.delenv("FENXIAO_LANG", raising=False)

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(one) for one in arguments])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(PLAN)
    return file


def test_the_rule_sheet_without_options_is_that_of_a_shipped_plan_chinese_first(fenxiao):
    code, out, _ = fenxiao("rulesheet")
    assert code == 0
    assert out.startswith("# 会员规则说明：会员、推广员、合伙人")
    assert "# Rules for members: Member, promoter, partner" in out
    assert "| 级别 | 等级 | 快消 | 数码 | 其他商品 |" in out
    assert "2026-01-05 至 2026-01-18" in out


def test_one_language_can_be_asked_for(fenxiao):
    assert "# Rules" not in fenxiao("rulesheet", "--lang", "zh")[1]
    assert "会员" not in fenxiao("rulesheet", "--lang", "en")[1]


def test_the_rule_sheet_is_written_as_markdown_or_page(fenxiao, tmp_path):
    for name, first in (("a.md", "# 会员规则说明"), ("a.html", "<!doctype html>")):
        code, out, err = fenxiao("rulesheet", "three_tier", "--out", tmp_path / name)
        assert (code, out) == (0, "")
        assert str(tmp_path / name) in err
        assert (tmp_path / name).read_text("utf-8").startswith(first)


def test_the_rule_sheet_as_json_is_one_object(fenxiao):
    code, out, _ = fenxiao("rulesheet", "--json")
    told = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    assert {"plan", "title", "chapters", "examples"} <= set(told)


def test_a_plan_of_ones_own_has_its_own_words_until_a_scenario_gives_titles(fenxiao, mine):
    assert "| 级别 | 等级 | food | 其他商品 |" in fenxiao("rulesheet", mine)[1]
    assert "| 级别 | 等级 | 食品 | 其他商品 |" in fenxiao("rulesheet", mine, "--scenario", "distribution_mall")[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rulesheet", "--out", "sheet.pdf"], ["sheet.pdf", ".md or .html"]),
        (["rulesheet", "three_teir"], ["three_teir", "did you mean three_tier?"]),
        (["rulesheet", "--scenario", "nowhere"], ["nowhere"]),
        (["diff", "three_tier", "nothing"], ["nothing"]),
        (["diff", "three_tier"], ["diff takes two plans, got 1"]),
        (["diff", "three_tier", "three_tier", "three_tier"], ["diff takes two plans, got 3"]),
    ],
)
def test_bad_input_is_refused_with_one_message(fenxiao, arguments, told):
    code, out, err = fenxiao(*arguments)
    assert (code, out) == (2, "")
    for words in told:
        assert words in err


def test_a_bad_plan_is_refused_with_its_place(fenxiao, mine):
    mine.write_text(PLAN.replace("8%", "8x"))
    for arguments in (["rulesheet", mine], ["diff", mine, "three_tier"]):
        code, out, err = fenxiao(*arguments)
        assert (code, out) == (2, "")
        assert f"{mine}:3:" in err


def test_diff_without_options_tells_two_shipped_plans_apart(fenxiao):
    code, out, _ = fenxiao("diff")
    assert code == 0
    assert "Before: Level 1, Fast-moving goods: 8%. Now: Level 1, Fast-moving goods: 12%." in out
    assert "Newcomers" in out
    assert "an order of 100.00 yuan (Fast-moving goods), level 1 is Promoter" in out
    assert "+4.00" in out
    assert "fenxiao replay three_tier three_tier_more --orders FILE" in out


def test_diff_speaks_chinese(fenxiao):
    _, out, _ = fenxiao("diff", "--lang", "zh")
    assert "原：第 1 级，快消：8%。现：第 1 级，快消：12%。" in out
    assert "谁得谁失" in out
    assert "+4.00 个百分点" in out


def test_diff_as_json_has_changes_effects_and_roles(fenxiao):
    told = json.loads(fenxiao("diff", "--json")[1])
    change = next(one for one in told["changes"] if one["path"] == "commission.base.levels.1.rates.fmcg")
    assert change == {
        "path": "commission.base.levels.1.rates.fmcg",
        "kind": "rule",
        "before": "8%",
        "after": "12%",
        "zh": "原：第 1 级，快消：8%。现：第 1 级，快消：12%。",
        "en": "Before: Level 1, Fast-moving goods: 8%. Now: Level 1, Fast-moving goods: 12%.",
    }
    effects = {one["situation"]: one for one in told["effects"]}
    sold = effects["order.level_1.promoter.fmcg"]
    assert (sold["role"], sold["before"], sold["after"], sold["difference"]) == ("level_1", 8.0, 12.0, 4.0)
    cost = effects["order.platform.fmcg"]
    assert (cost["unit"], cost["before"], cost["after"], cost["difference"]) == ("percent", 0.08, 0.12, 0.04)
    assert effects["settlement.days"]["before"] == 12
    assert {"role": "level_1", "more": 10, "less": 0, "same": 4, "zh": "多得", "en": "gains"} in told["roles"]


def test_equal_plans_have_no_difference(fenxiao, mine, tmp_path):
    code, out, _ = fenxiao("diff", "three_tier", "three_tier")
    assert code == 0
    assert "No difference." in out
    assert json.loads(fenxiao("diff", mine, mine, "--json")[1]) == {"changes": [], "effects": [], "roles": []}
    other = tmp_path / "other.yaml"
    other.write_text(PLAN.replace("8%", "0.08").replace("mine", "yours"))
    code, out, _ = fenxiao("diff", mine, other)
    assert code == 0
    assert "The plan's name: mine → yours" in out
    assert "No difference in the rules; names differ." in out
    assert "replay" not in out


def test_markup_in_a_plan_is_not_taken_for_ours(fenxiao, mine, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(PLAN.replace("{id: a}", "{id: a, title: {zh: '[red]甲', en: '[bold]A'}}").replace("5%", "6%"))
    _, out, _ = fenxiao("diff", mine, other)
    assert "nothing → [bold]A" in out
    assert "[bold]A" in fenxiao("diff", mine, other)[1]
