"""What is kept of runs: enough for every number of them, and no more."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from made_up_runs import PLAN, planted

from rules.compliance.evidence import Evidence, Seen
from rules.compliance.rulebook import read_rulebook
from scenarios.find import find
from sim.experiments import kept as keeping
from sim.experiments.case import Case
from sim.experiments.choosing import FIRST, choose
from sim.experiments.compare import run_experiment, run_experiments
from sim.experiments.failure import Failure
from sim.experiments.kept import DROPPED, Kept, Rows
from sim.experiments.replication import Outcome
from sim.experiments.running import Means
from sim.experiments.runs import Runs
from sim.experiments.stopping import Goal, run_until
from sim.experiments.verdicts import held_against

HOUSE = read_rulebook(*find("rulebooks", "house"))


def outcome(number: int, **values: int) -> Outcome:
    """A run whose people are as many as its number, with evidence of some measures."""
    measures = {name: Seen(value, value, 1_000_000, member=f"m{number}") for name, value in values.items()}
    metrics = {"gmv": number}
    return Outcome(number, 0.0, metrics, {"gmv": [number]}, [1] * number, {}, (0, 0, 0, 0), Evidence(1, None, measures))


def test_a_rulebook_says_the_same_of_what_is_kept_as_of_everything() -> None:
    rng, all_of_it, some = np.random.default_rng(5), [], Kept(whole=3)
    for number in range(200):
        drawn = rng.integers(0, [5, 400_000, 900_000]).tolist()
        values = dict(zip(("levels", "order_ratio", "team_share"), drawn, strict=True))
        one = outcome(number, **{name: value for name, value in values.items() if rng.random() < 0.9})
        all_of_it.append(one.observed)
        some.add(0, number, one)
        some.settle([0], number)
        seen = [some[0, r].observed for r in range(number + 1) if some[0, r].observed != DROPPED]
        assert held_against(HOUSE, "a", PLAN, seen, HOUSE.checked) == held_against(
            HOUSE, "a", PLAN, all_of_it, HOUSE.checked
        )
    assert len(seen) < 40
    assert [len(some[0, r].incomes) for r in range(5)] == [0, 1, 2, 0, 0]
    assert [some[0, r].metrics["gmv"] for r in (0, 4, 199)] == [0, 4, 199]


def test_memory_of_a_long_comparison_is_that_of_its_metrics(monkeypatch) -> None:
    monkeypatch.setattr(keeping, "WHOLE", 4)
    experiment = planted(monkeypatch, [0.0, 0.1])(50)
    real = Case.run

    def with_people(case):
        one = real(case)
        one.incomes.extend(range(1000))
        return one

    monkeypatch.setattr(Case, "run", with_people)
    (results,) = run_experiments([experiment], whole=4)
    people = [len(one.incomes) for one in results.outcomes["plan1"]]
    assert people == [1000] * 4 + [0] * 46
    assert results.compared(None)[0].effect("gmv", "plan1").pairs == 50


def broken(monkeypatch, *runs: tuple[int, int]) -> None:
    """Have these runs, by number of the plan and seed, fail."""
    real = Case.run

    def run(case):
        if (int(case.plan.plan.removeprefix("plan")), case.seed - 7) in runs:
            raise ZeroDivisionError("no such luck")
        return real(case)

    monkeypatch.setattr(Case, "run", run)


def test_a_study_goes_on_without_a_replication_in_which_a_run_failed(monkeypatch, tmp_path) -> None:
    experiment = planted(monkeypatch, [0.0, 0.02], own=0.05)(40)
    broken(monkeypatch, (1, 3), (0, 12), (1, 39))
    with Runs(tmp_path / "runs.sqlite") as runs:
        results, stopped = run_until(experiment, Goal(0.0001), means=Means(runs=runs))
        assert len(list(runs.failures())) == 3
    assert stopped.looks[-1] == results.replications == 37  # what is left of 40 is one more look
    assert 3 not in {one.seed - 7 for one in results.outcomes["plan0"]}
    assert [failure.reason for failure in results.failures] == ["ZeroDivisionError: no such luck"] * 3
    alike = run_experiment(experiment).compared(None)[0].effect("gmv", "plan1")
    assert alike.difference == results.compared(None)[0].effect("gmv", "plan1").difference


def test_a_selection_leaves_out_what_failed_for_all_that_are_left(monkeypatch) -> None:
    experiment = planted(monkeypatch, [0.0, 0.028, 0.03, -0.5], own=0.03)(400)
    whole = choose(experiment, 0.95, 0.01)[1]
    broken(monkeypatch, (2, 4), (3, 60))  # by then the last one is out
    results, choice = choose(experiment, 0.95, 0.01)
    assert results.replications == FIRST
    assert choice.decided
    assert choice.arm in {"plan1", "plan2"}
    assert choice.runs["plan3"] == whole.runs["plan3"] == FIRST
    assert [failure.reason for failure in results.failures] == ["ZeroDivisionError: no such luck"]


@given(st.permutations(range(12)), st.sets(st.integers(0, 5), max_size=3))
def test_what_is_kept_does_not_depend_on_the_order_in_which_runs_come(order, failing) -> None:
    def kept_of(runs):
        some, rows = Kept(whole=2), Rows(6)
        for run in runs:
            arm, number = run % 2, run // 2
            failed = arm == 0 and number in failing
            some.add(arm, number, Failure("", "") if failed else outcome(number, order_ratio=number * 7 % 5))
            rows.settle(some, [0, 1])
        return rows.numbers, [(some[arm, r].incomes, some[arm, r].observed) for r in rows.numbers for arm in (0, 1)]

    assert kept_of(order) == kept_of(range(12))
    assert kept_of(order)[0] == [number for number in range(6) if number not in failing]
