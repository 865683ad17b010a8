"""The validation as a table and as a page: every claim with its figure, its target and an honest verdict."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from sim.experiments.metric_names import Text
from sim.report.validation import print_validation, record_of, render, verdict
from sim.report.validation_charts import chart
from sim.validation.claim import Claim

CLAIM = Claim(
    key="saturation",
    title=Text("饱和", "Saturation"),
    measured=Text("下降 71%", "falls by 71%"),
    target=Text("≥ 50%", "≥ 50%"),
    how=Text("怎样 <b>", "how <b>"),
    source="Kermack & McKendrick 1927",
    holds=True,
    figures={"penetration": [0.15, 0.65], "k": [0.2, 0.1], "low": [0.1, 0.05], "high": [0.3, 0.2]},
)  # fmt: skip
MISSED = replace(CLAIM, key="reward", title=Text("裂变", "Fission"), holds=False, figures={
    "reward": [0, 1], "k": [0.2, 0.8], "low": [0.1, 0.7], "high": [0.3, 0.9],
})  # fmt: skip


def printed(claims, quick, lang) -> str:
    out = io.StringIO()
    print_validation(Console(file=out, width=150), claims, quick, lang)
    return out.getvalue()


def test_the_table_says_what_is_missed():
    text = printed([CLAIM, MISSED], False, "en")
    assert "falls by 71%" in text
    assert "not ok" in text
    assert "1 of 2 claims miss their targets: Fission" in text
    assert "quick" not in text
    assert "未达到" in printed([MISSED], True, "zh")
    assert "快速运行" in printed([MISSED], True, "zh")


@pytest.mark.parametrize(
    ("claims", "said"), [([CLAIM], "All 1 claims meet their targets"), ([CLAIM, MISSED], "1 of 2")]
)
def test_the_verdict_counts(claims, said):
    assert said in verdict(claims, "en")


def test_the_page_stands_alone_and_has_a_chart_a_claim():
    page = render([CLAIM, MISSED], True, "fenxiao validate --quick", "zh")
    assert page.count('class="chart"') == 2
    assert {'id="chart-saturation"', 'id="chart-reward"'} <= {
        part.split(" style")[0] for part in page.split('<div class="chart" ')
    }
    assert "default-src &#39;none&#39;" in page
    assert "<script src" not in page
    assert "how &lt;b&gt;" in page
    assert "how <b>" not in page
    figures = page.split('id="figures">')[1].split("</script>")[0]
    drawn = json.loads(figures)
    assert set(drawn) == {"saturation", "reward"}
    assert drawn["reward"]["zh"]["data"][-1]["y"] == [0.2, 0.8]
    assert "fenxiao validate --quick" in page


def test_the_record_has_every_figure():
    record = json.loads(json.dumps(record_of([CLAIM, MISSED], quick=False)))
    assert (record["holds"], record["quick"]) == (False, False)
    assert record["claims"]["saturation"]["holds"] is True
    assert record["claims"]["saturation"]["figures"]["k"] == [0.2, 0.1]
    assert record["claims"]["reward"]["title"] == {"zh": "裂变", "en": "Fission"}


def test_charts_speak_both_languages():
    titles = [chart(CLAIM, lang).layout.xaxis.title.text for lang in ("zh", "en")]
    assert titles == ["入会时的渗透率", "penetration at joining"]
