import dataclasses

import pytest
from report_synthetic import report_data, values

from sim.experiments.metric_names import Text
from sim.experiments.statistics import compare
from sim.report.data import Rule, RulebookVerdict
from sim.report.words import tone, verdict

NAMES = {"a": "Plan A", "b": "Plan B", "c": "Plan C"}
LANGS = ("zh", "en")


def rows(numbers):
    return [{"contribution": n, "commission": 1_000_00, "payout_ratio": 0.08} for n in numbers]


def text(comparison, lang="en", **more):
    said = verdict(comparison, NAMES, lang, **more)
    return "\n".join((said.headline, *said.sentences))


def won():
    return compare({"a": rows([1_000_00, 1_200_00, 900_00]), "b": rows([1_500_00, 1_701_00, 1_400_50])})


def test_the_winner_its_lead_and_its_certainty_are_told(data):
    said = verdict(data.comparison, data.names("en"), "en", data.rulebooks, data.results)
    effect = data.comparison.effect("contribution", "three_tier")
    assert said.headline.startswith("“Member, promoter, partner” wins: ¥")
    assert f"{effect.relative:.1%}" in said.headline
    told = "\n".join(said.sentences)
    assert "95% interval" in told
    assert "p < 0.001 after correction for 50 tests" in told
    assert "20 replications" in told
    assert "above each of the other plans" in told
    assert "commission ¥" in told
    assert "Full results: results/mall-1" in told


def test_the_chinese_verdict_says_the_same(data):
    said = verdict(data.comparison, data.names("zh"), "zh", data.rulebooks, data.results)
    assert said.headline.startswith("“会员、推广员、合伙人”胜出")
    told = "\n".join(said.sentences)
    assert "95% 置信区间" in told
    assert "校正 50 项检验后 p < 0.001" in told
    assert "完整结果：results/mall-1" in told


def test_rulebooks_are_observed_never_legal(data):
    for lang, observed, forbidden in (("en", "not proved", "legal"), ("zh", "并未证明", "合法")):
        told = "\n".join(verdict(data.comparison, data.names(lang), lang, data.rulebooks).sentences)
        assert observed in told
        assert forbidden not in told
        assert data.rulebooks[2].rules[1].title.say(lang) in told


@pytest.mark.parametrize(
    ("found", "procedure", "words"),
    [
        ("proved", "prover", "proved by a complete search"),
        ("unknown", "prover", "could not be decided; not proved"),
        ("unknown", "observed", "no breach of rulebook “house” was observed"),
        ("violated", "prover", "breaks rulebook “house”: Too deep"),
        ("lawyer", "observed", "questions for a lawyer: Team pay"),
    ],
)
def test_each_verdict_of_a_rulebook(found, procedure, words):
    rules = (
        Rule("deep", Text("太深", "Too deep"), "fail"),
        Rule("team", Text("团队", "Team pay"), "lawyer"),
    )
    books = [RulebookVerdict("b", "house", found, rules, procedure)]
    assert words in text(won(), rulebooks=books)


def test_without_a_rulebook_the_verdict_says_so():
    assert "No rulebook was consulted" in text(won())


def test_a_best_arm_in_breach_is_no_winner():
    both = {"a": rows([1_000_00, 1_200_00]), "b": rows([3_000_00, 3_200_00])}
    found = compare(both, breaches={"b"})
    told = text(found)
    assert told.startswith("No winner: “Plan B” earns most (¥2,000 more than “Plan A”, +181.8%) but breaks")
    assert "Among the plans that keep to rulebook and guardrails, “Plan A” earns most." in told
    assert "没有胜者" in text(found, "zh")


def test_a_baseline_that_wins_is_set_against_the_next():
    found = compare({"a": rows([1_500_00, 1_701_00, 1_400_50]), "b": rows([1_000_00, 1_200_00, 900_00])})
    assert text(found).startswith("“Plan A” wins: ¥500.50 more contribution than “Plan B”")


def test_not_shown_says_what_would_help():
    found = compare({"a": rows([100, 900, 400, 700]), "b": rows([500, 600, 800, 450])})
    told = text(found)
    assert told.startswith("No winner is shown")
    assert "may be luck" in told
    assert "--replications" in told
    assert "--replications" in text(found, "zh")


def test_one_replication_asks_for_more():
    told = text(compare({"a": rows([100_00]), "b": rows([200_00])}))
    assert "fewer than two replications" in told
    assert "--replications 20" in told


def test_a_tiny_difference_is_called_a_tie():
    wide = [round(x) for x in (-1e9, 1e9, -1.1e9, 1.1e9)]
    told = text(compare({"a": rows([0, 0, 0, 0]), "b": rows([w + 1 for w in wide])}))
    assert "in practice, a tie" in told


def test_equal_arms_have_no_difference():
    found = compare({"a": rows([100, 200]), "b": rows([100, 200])})
    assert text(found).startswith("No difference: all plans earned exactly the same")
    assert "完全相同" in text(found, "zh")


def test_independent_luck_is_not_praised_as_common():
    found = dataclasses.replace(won(), luck="independent")
    assert "its own luck" in text(found)
    assert "Common luck" not in text(found)
    assert "the same luck" in text(won())


def test_an_exact_difference_is_told_as_exact():
    found = compare({"a": rows([1_000_00, 1_200_00, 900_00]), "b": rows([1_050_00, 1_250_00, 950_00])})
    assert "exactly ¥50.00 in each of 3 replications" in text(found)


def test_missing_contribution_is_told():
    found = compare({"a": [{"gmv": 1}], "b": [{"gmv": 2}]})
    assert text(found).startswith("No winner: at least one plan has no contribution")


def test_a_single_arm_is_summed_up(run_data):
    said = verdict(run_data.comparison, run_data.names("en"), "en", run_data.rulebooks)
    assert said.headline.startswith("“One level”: contribution ¥14,")


def test_names_with_braces_and_markup_are_only_text():
    names = {"a": "{0} {best}", "b": "[red]%s</b>"}
    for lang in LANGS:
        assert "[red]%s</b>" in verdict(won(), names, lang).headline
        assert "{0} {best}" in verdict(won(), names, lang).headline


def test_no_sentence_is_left_with_a_placeholder():
    for data in (report_data(), report_data(arms=("one_level", "steep")), report_data(replications=1)):
        for lang in LANGS:
            said = verdict(data.comparison, data.names(lang), lang, data.rulebooks, data.results)
            assert "{" not in said.headline + "".join(said.sentences)


def test_tone_depends_on_which_way_is_better():
    lifts = {"a": {}, "b": {"gmv": 0.1, "fraud_loss": 0.5, "commission": 0.2, "refund_rate": -0.3}}
    found = compare(values(lifts))
    tones = {name: tone(found.effect(name, "b")) for name in (*lifts["b"], "orders")}
    assert tones == {
        "gmv": "good",
        "fraud_loss": "bad",
        "commission": "changed",
        "refund_rate": "good",
        "orders": "",
    }
