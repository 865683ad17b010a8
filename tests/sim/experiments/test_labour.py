"""Labour saved against the baseline: by hand, and the same sum as in the money view."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
import worlds
from rich.console import Console

from sim.experiments.labour import labour_compared
from sim.experiments.replication import outcome_of
from sim.report.labour import labour_told, print_labour


def results(**arms: list[dict[str, int]]):
    outcomes = {arm: [SimpleNamespace(labour=one) for one in runs] for arm, runs in arms.items()}
    return SimpleNamespace(outcomes=outcomes, experiment=SimpleNamespace(luck="common"))


def cost(reviews: int, returns: int) -> dict[str, int]:
    return {"reviews": reviews, "returns": returns, "reconciling": 0, "cases": 0}


def test_labour_saved_by_hand():
    """In all 150 and 170 fen against 110 and 130: 40 less in both, so it is sure. Nobody reconciles: no such row."""
    effects = labour_compared(results(base=[cost(100, 50), cost(110, 60)], lean=[cost(60, 50), cost(70, 60)]))
    assert [one.name for one in effects] == ["labour", "reviews", "returns"]
    whole, reviews, returns = labour_told(effects)["labour"]
    assert (whole["mean_baseline"], whole["mean"], whole["saved"]) == (1.60, 1.20, 0.40)
    assert (whole["low"], whole["high"]) == (-0.40, -0.40)
    assert (whole["verdict"], reviews["saved"], returns["saved"]) == ("lower", 0.40, 0)
    assert returns["verdict"] == "no difference"
    for lang, words in (("zh", "提现人工审核"), ("en", "withdrawals reviewed")):
        said = io.StringIO()
        print_labour(Console(file=said, width=120), effects, {"lean": "Lean"}, lang)
        assert words in said.getvalue()
        assert "-¥0.40" in said.getvalue()


def test_kinds_add_up_to_the_labour_of_the_weeks():
    outcome = outcome_of(worlds.model(people=2000, days=60, behaviour={"organic": 0.02}).run(), 1, 0.0)
    assert outcome.labour["returns"] > 0
    assert sum(outcome.labour.values()) == sum(week.labour for week in outcome.weeks)


@pytest.mark.parametrize("arms", [{"a": [cost(0, 0)], "b": [cost(0, 0)]}])
def test_nothing_to_save(arms):
    (only,) = labour_told(labour_compared(results(**arms)))["labour"]
    assert (only["kind"], only["saved"]) == ("labour", 0)
