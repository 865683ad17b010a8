"""Claims as a table, a sentence, a picture and a page."""

from __future__ import annotations

import io
import json
import math

import pytest
from rich.console import Console

from rules.plan.values import Title
from sim.claims.judging import Judged
from sim.claims.model import Arm, Assumption, Claim, Family, Stated, Untestable
from sim.claims.testing import Case, Examined, Finding, Verdicts
from sim.experiments.metric_names import Text
from sim.report.claims import AS_IT_IS, markdown, plain, print_claims, record_of, render, sentence, summary, written
from sim.report.claims_chart import LEFT, RIGHT, picture
from sim.validation.claim import Estimate

WORDS = Title(zh="说 <b>", en="said <b>")
ARMS = [Arm(id=name, title=WORDS, plan="three_tier") for name in ("before", "after")]
K = Claim(id="k", title=WORDS, reading=WORDS, figure="fission_k", at_least="50%")
AD = Stated(id="ad_cost", title=WORDS, value=142, source="a test")
WHY = Assumption(vary="joy", title=WORDS, values=[1], why=WORDS)
HIDDEN = Untestable(id="h", title=WORDS, why=WORDS)
FAMILY = Family(
    family="T1", title=WORDS, source=WORDS, market="m", people=100, days=10, arms=ARMS, claims=[K],
    references=[AD], assumptions=[WHY], untestable=[HIDDEN],
)  # fmt: skip


def finding(vary: str, value: float, estimate: tuple[float, float, float] | None, verdict: str) -> Finding:
    return Finding(
        Case(vary, value, Text(f"某{vary}", vary)), Judged(Estimate(*estimate) if estimate else None, 4, verdict)
    )


FINDINGS = (
    finding("", 0, (0.8, 0.6, 1.0), "held"),
    finding("joy", 1, (0.2, 0.1, 0.3), "not held"),
    finding("joy", 2, (0.5, 0.4, 0.6), "undecided"),
    finding("cost", 0.25, (0.9, 0.7, 1.1), "held"),
    finding("days", 10, None, "undecided"),
    finding("seeds", 9, (0.5, -math.inf, math.inf), "undecided"),
)


def verdicts(*findings: Finding) -> Verdicts:
    return Verdicts(FAMILY, (Examined(K, findings or FINDINGS),), {"joy": 0.02}, 4, False)


def test_the_sentence_names_the_assumptions():
    assert sentence(Examined(K, FINDINGS), "en") == (
        "holds under: the market as it is, cost 0.25; does not hold under: joy 1; "
        "undecided under: joy 2, days 10, seeds 9."
    )
    assert "成立于：市场原样、某cost 0.25；不成立于：某joy 1；" in sentence(Examined(K, FINDINGS), "zh")
    assert sentence(Examined(K, FINDINGS[:1]), "en") == "holds under every assumption that was tested."
    assert sentence(Examined(K, FINDINGS[1:2]), "zh") == "在检验过的任何假设下都不成立。"


def test_the_summary_counts():
    said = summary([verdicts(), verdicts(FINDINGS[1]), verdicts(FINDINGS[0])], "en")
    assert said.startswith("3 claims: with the markets as they are 2 hold, 1 do not, 0 are undecided; ")
    assert said.endswith("1 hold under every assumption, 1 under none")


@pytest.mark.parametrize(
    ("more", "value", "shown"),
    [
        ({"figure": "fission_k", "at_least": "50%"}, 0.5, "+50.0%"),
        ({"figure": "fission_k", "at_least": "50%"}, math.inf, "∞"),
        ({"figure": "acquisition_cost", "as": "level", "at_most": 100_000}, 402.5, "¥402.50"),
        ({"figure": "acquisition_cost", "as": "level", "over": "ad_cost", "at_most": "50%"}, 0.1, "10.0%"),
        ({"figure": "click_to_order", "as": "level", "over": "ad_cost", "at_least": 3}, 6.43, "6.4×"),
        ({"figure": "promoter_share", "as": "level", "times": "ad_cost", "at_least": 1_000_000}, 3.7e6, "3,700,000"),
        ({"figure": "distribution_share", "as": "level", "at_least": "65%"}, 0.85, "85.0%"),
        ({"figure": "fission_k", "as": "level", "at_least": 1}, 0.5, "0.500"),
    ],
)
def test_a_value_has_the_unit_of_its_claim(more, value, shown):
    assert written(Claim(id="it", title=WORDS, reading=WORDS, **more), value) == shown


def test_the_picture_has_the_line_between_what_holds_and_what_does_not():
    drawn = picture(Examined(K, FINDINGS), str, plain, AS_IT_IS)
    assert len(drawn.bars) == 5  # a case without a figure has none
    held, missed, open_, _, endless = drawn.bars
    assert missed.high < drawn.line < held.low
    assert open_.low < drawn.line < open_.high
    assert (endless.low, endless.high) == (LEFT, RIGHT)
    assert [bar.label.en for bar in drawn.bars] == ["the market as it is", "joy 1", "joy 2", "cost 0.25", "seeds 9"]


def test_the_table_and_the_sentences_speak_both_languages():
    for lang, words in (
        ("zh", ("不成立于", "此处无法检验", "所称")),
        ("en", ("does not hold", "cannot be", "claimed")),
    ):
        out = io.StringIO()
        print_claims(Console(file=out, width=150), [verdicts()], lang)
        assert all(word in out.getvalue() for word in (*words, "+80.0%", "<b>"))


def test_the_table_of_markdown_keeps_its_columns():
    odd = FAMILY.model_copy(update={"claims": [K.model_copy(update={"title": Title(zh="甲|乙", en="a|b")})]})
    shown = markdown([Verdicts(odd, (Examined(odd.claims[0], FINDINGS[:1]),), {}, 4, False)], "en")
    assert shown.splitlines()[2] == (
        "| `T1` a/b | ≥ +50.0% | +80.0% | [+60.0%, +100.0%] | held | holds under every assumption that was tested. |"
    )


def test_the_record_has_no_endless_numbers():
    record = json.loads(json.dumps(record_of([verdicts()], 3), allow_nan=False))
    claim = record["families"]["T1"]["claims"]["k"]
    assert [one["verdict"] for one in claim["cases"]] == [one.judged.verdict for one in FINDINGS]
    assert claim["cases"][0] == {
        "vary": None, "value": None, "mean": 0.8, "low": 0.6, "high": 1.0, "pairs": 4, "verdict": "held",
    }  # fmt: skip
    assert claim["cases"][5]["low"] is None
    assert claim["at_least"] == 0.5


def test_the_page_stands_alone_and_escapes_what_files_say():
    page = render([verdicts()], "fenxiao claims T1", "zh")
    assert page.count("<svg") == 1
    assert page.count("<circle") == 5
    assert "said &lt;b&gt;" in page
    assert "said <b>" not in page
    assert "default-src &#39;none&#39;" in page
    assert "<script src" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert len(page) < 100_000
