"""The runs of a selection: which arms go on, what is told, and that nothing of it depends on processes."""

import pytest
from made_up_runs import MARKET, PLAN, planted

from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.choosing import FIRST, choose
from sim.experiments.compare import Experiment
from sim.experiments.findings import findings_of
from sim.experiments.running import Means
from sim.report.finding_words import headline_of


def test_the_best_is_selected_and_the_others_do_not_run_on(monkeypatch) -> None:
    calls: list[tuple[int, int]] = []
    experiment = planted(monkeypatch, [0.0, -0.1, -0.05, 0.028, 0.03, -0.2], own=0.03, calls=calls)(400)
    results, choice = choose(experiment, 0.95, 0.01)
    assert choice.arm in {"plan3", "plan4"}  # which differ by less than the zone
    assert choice.decided
    assert choice.zone == pytest.approx(1e6, rel=0.1)  # 1 % of what the baseline earns
    assert choice.runs["plan5"] == choice.runs["plan1"] == FIRST < max(choice.runs.values())
    assert choice.used == sum(choice.runs.values()) == len(calls)
    assert choice.to_dict()["saved"] == 6 * max(choice.runs.values()) - choice.used > 0
    assert results.replications == FIRST
    comparison, _ = results.compared(None)
    names = {arm: arm for arm in comparison.arms}
    said = headline_of(findings_of(results, comparison, choice=choice), comparison, names, "en")
    assert said.startswith(f"“{choice.arm}” is selected of 6 plans: with 95% confidence it is the best, or less than ¥")


def test_a_budget_that_is_too_small_promises_nothing(monkeypatch) -> None:
    _, choice = choose(planted(monkeypatch, [0.0, 0.0005, 0.0], own=0.05)(20), 0.95, 0.001)
    assert not choice.decided
    assert choice.arm is not None
    assert max(choice.runs.values()) == 20


def test_what_cannot_be_selected_from_is_refused(monkeypatch) -> None:
    with pytest.raises(InputError, match="10 replications"):
        choose(planted(monkeypatch, [0.0, 0.1])(9), 0.95, 0.01)
    with pytest.raises(InputError, match="which is 0"):
        choose(planted(monkeypatch, [-1.0, 0.1])(20), 0.95, 0.01)


def test_a_selection_of_real_worlds_is_the_same_for_any_number_of_processes() -> None:
    more, level = (read_plan(*find("plans", name)) for name in ("three_tier_more", "three_level"))
    experiment = Experiment(MARKET, (("a", PLAN), ("b", more), ("c", level)), 300, 12, 7, 14)
    one, two = (choose(experiment, 0.9, 0.2, means=Means(workers))[1] for workers in (1, 2))
    assert one == two
