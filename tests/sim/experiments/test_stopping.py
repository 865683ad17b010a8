"""Studies that stop when they know enough: the same bits for any number of processes, and fewer runs."""

import pytest
from made_up_runs import MARKET, PLAN, planted

from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.case import Case
from sim.experiments.compare import Experiment
from sim.experiments.goals import Wanted, run_wanted
from sim.experiments.guards import read_guard
from sim.experiments.running import Means
from sim.experiments.stopping import Goal, run_until


def test_it_stops_once_the_relative_difference_is_known_well_enough(monkeypatch) -> None:
    experiment = planted(monkeypatch, [0.0, 0.02])
    results, stopped = run_until(experiment(400), Goal(0.02, "gmv", "pocock"))
    assert stopped.reached
    assert stopped.used == results.replications == stopped.looks[-1] < 40
    effect = results.compared(None)[0].effect("gmv", "plan1")
    assert max(effect.relative_high - effect.relative, effect.relative - effect.relative_low) <= 0.02
    assert stopped.half <= 0.02
    told = stopped.to_dict()
    assert told["saved"] == 400 - stopped.used
    assert told["independent"] > 5 * stopped.used  # luck of its own would be 5 times as wide


def test_a_narrow_interval_comes_sooner_where_error_is_spent_evenly(monkeypatch) -> None:
    experiment = planted(monkeypatch, [0.0, 0.02])
    used = [run_until(experiment(400), Goal(0.01, "gmv", way))[1].used for way in ("pocock", "obrien_fleming")]
    assert used[0] < used[1] < 400


def test_intervals_told_at_the_stop_are_wider_than_those_of_a_single_look(monkeypatch) -> None:
    experiment = planted(monkeypatch, [0.0, 0.02])
    results, stopped = run_until(experiment(60), Goal(0.02, "gmv", "pocock"))
    looked = results.compared(None)[0].effect("gmv", "plan1")
    results.look = None
    once = results.compared(None)[0].effect("gmv", "plan1")
    assert len(stopped.looks) < 6
    assert looked.high - looked.low > once.high - once.low
    assert looked.p > once.p


def test_a_shown_winner_ends_it_and_an_open_guardrail_does_not(monkeypatch) -> None:
    experiment = planted(monkeypatch, [0.0, 0.03])
    results, stopped = run_until(experiment(100), Goal(None))
    assert stopped.reached
    assert stopped.used < 100
    assert results.compared(None)[0].winner.arm == "plan1"
    tight = [read_guard("refund_rate<=+0.001pp")]
    _, longer = run_until(experiment(100), Goal(None), guards=tight)
    assert longer.used > stopped.used


def test_without_a_difference_the_budget_is_used_up(monkeypatch) -> None:
    results, stopped = run_until(planted(monkeypatch, [0.0, 0.0])(30), Goal(None))
    assert not stopped.reached
    assert results.replications == stopped.used == 30
    assert stopped.to_dict()["until"] == "decided"


def test_an_interrupted_study_tells_what_is_whole_as_one_more_look(monkeypatch) -> None:
    experiment, calls = planted(monkeypatch, [0.0, 0.02], own=0.05), []
    real = Case.run

    def interrupted(case):
        calls.append(case.seed)
        if len(calls) == 32:
            raise KeyboardInterrupt
        return real(case)

    monkeypatch.setattr(Case, "run", interrupted)
    results, stopped = run_until(experiment(400), Goal(0.001))
    assert results.interrupted
    assert (results.replications, stopped.looks) == (15, (10, 13, 15))
    assert not stopped.reached


def test_real_worlds_stop_at_the_same_look_with_the_same_bits_for_any_number_of_processes() -> None:
    more = read_plan(*find("plans", "three_tier_more"))
    experiment = Experiment(MARKET, (("a", PLAN), ("b", more)), 300, 12, 7, 14)
    wanted = Wanted(Goal(0.9, "orders", "pocock"))
    one, two = (run_wanted(experiment, wanted, Means(workers)) for workers in (1, 2))
    assert one.stopped == two.stopped
    assert one.stopped.reached
    for arm in ("a", "b"):
        assert [run.metrics for run in one.results.outcomes[arm]] == [run.metrics for run in two.results.outcomes[arm]]


@pytest.mark.parametrize("most", [1, 3])
def test_a_small_budget_is_one_look(monkeypatch, most) -> None:
    _, stopped = run_until(planted(monkeypatch, [0.0, 0.5])(most), Goal(0.5))
    assert stopped.looks == (most,)
