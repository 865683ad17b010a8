"""What a comparison finds beyond its metrics: said and tabled in both languages."""

import pytest

from sim.experiments.choosing import Choice
from sim.experiments.findings import Findings
from sim.experiments.guards import read_guard
from sim.experiments.statistics import compare
from sim.experiments.stopping import Goal, Stopped
from sim.experiments.tipping import Line, Point, Tipping
from sim.report.finding_tables import finding_tables, findings_told
from sim.report.finding_words import finding_sentences, headline_of
from sim.report.words import verdict

NAMES = {"en": {"a": "Plan A", "b": "Plan B"}, "zh": {"a": "甲", "b": "乙"}}
TIPS = Line("click", 0.1, 0.5, -0.02, 0.05, 0.6, "tips", (Point(0.2104, 0.19, 0.2312, True),))
WINS = Line("cost", 0.4, 3.0, 0.03, 0.02, 0.1, "more", ())
OPEN = Line("r", 0.1, 0.5, -0.01, 0.05, 0.1, "open", ())


def compared(**more):
    values = {
        "a": [{"contribution": 100_000 + 10 * r, "refund_rate": 0.05} for r in range(6)],
        "b": [{"contribution": 110_000 + 11 * r, "refund_rate": 0.08} for r in range(6)],
    }
    return compare(values, **more)


def said(findings, lang="en", comparison=None):
    return " ".join(finding_sentences(findings, comparison or compared(), NAMES[lang], lang))


def tipping(*lines):
    return Findings(
        ranges={one.name: (one.low, one.high) for one in lines}, tipping=(Tipping("b", "a", 30, 40, lines),)
    )


def test_a_tipping_point_is_named_with_its_interval() -> None:
    found = tipping(TIPS, WINS)
    assert "“Plan B” earned more than “Plan A” in 30 of 40" in said(found)
    unless = "“Plan B” earns more than “Plan A” unless click rate `click` is under 21% (interval 19% to 23.1%)."
    assert unless in said(found)
    assert "“乙”多于“甲”，除非点击率 `click`低于 21%（区间 19%–23.1%）。" in said(found, "zh")
    (table,) = finding_tables(found, compared(), NAMES)
    assert [row[-1] for row in table.cells["en"]] == ["less under 21% [19%, 23.1%]", "more over the whole range"]
    assert len(table.told()["heads"]) == len(table.cells["zh"][0])


def test_where_nothing_tips_that_is_said_and_where_it_is_unknown_that_too() -> None:
    assert "Over the whole range of each parameter" in said(tipping(WINS))
    assert "In part of the range of shape r of purchase rates `r` it cannot be said" in said(tipping(WINS, OPEN))
    few = Findings(ranges={"click": (0.1, 0.5)}, tipping=(Tipping("b", "a", 3, 4, ()),))
    assert "--replications 40" in said(few)


def test_a_study_that_stopped_says_when_why_and_what_it_saved() -> None:
    goal = Goal(0.01, "gmv", "pocock")
    stopped = Findings(stopped=Stopped(goal, True, (10, 13, 17), 400, 0.0093, 1_601))
    told = said(stopped)
    assert "Stopped at look 3, after 17 replications (400 at most, 383 saved)" in told
    assert "the relative difference of GMV is known to ±0.93% (±1% asked)." in told
    assert "about 1,601" in said(stopped)
    missed = Findings(stopped=Stopped(Goal(None), False, (10, 20), 20, None, None))
    assert "The goal was not reached in 20 replications: a winner that is shown." in said(missed)
    assert findings_told(stopped)["sequential"]["saved"] == 383
    assert said(Findings()) == said(None) == ""


@pytest.mark.parametrize(
    ("arm", "decided", "starts"),
    [("b", True, "“Plan B” is selected of 2 plans"), ("b", False, "Not decided within the budget: “Plan B” leads"),
     (None, False, "No plan is selected")],
)  # fmt: skip
def test_a_selection_is_the_headline(arm, decided, starts) -> None:
    choice = Choice(arm, decided, 0.95, 0.005, 5_000.0, {"a": 10, "b": 30}, (), 80)
    found = Findings(choice=choice)
    assert headline_of(found, compared(), NAMES["en"], "en").startswith(starts)
    assert verdict(compared(), NAMES["en"], "en", findings=found).headline.startswith(starts)
    assert bool(arm) == ("It took 40 runs" in said(found))
    (table,) = finding_tables(found, compared(), NAMES)
    assert len(table.cells["zh"]) == 2


def test_a_guardrail_that_is_not_held_is_told_and_takes_the_win() -> None:
    found = compared(guards=[read_guard("refund_rate<=+1pp"), read_guard("contribution>=-1%")])
    assert "“Plan B”: guardrail “refund_rate<=+1pp” is broken." in said(Findings(), comparison=found)
    assert "contribution>=" not in said(Findings(), comparison=found)
    assert verdict(found, NAMES["en"], "en").headline.startswith("No winner: “Plan B” earns most")
    assert "没有证实守住护栏" in verdict(found, NAMES["zh"], "zh").headline
    (table,) = finding_tables(Findings(), found, NAMES)
    assert [row[-1] for row in table.cells["en"]] == ["broken", "held"]


def test_chances_that_draws_cannot_tell_from_certain_are_not_called_so() -> None:
    assert "“Plan B” > 99.9%, “Plan A” < 0.1%" in said(Findings(chances={"a": 0.0, "b": 1.0}))
    assert "“乙” 62.0%、“甲” 38.0%" in said(Findings(chances={"a": 0.38, "b": 0.62}), "zh")
