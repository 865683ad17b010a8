"""Comparing plans: the same plan, and a rewritten twin of it, differ by exactly 0; a different plan shows clearly."""

import re

import pytest

from rules.compliance.rulebook import read_rulebook
from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.plan.write import write_plan
from scenarios.find import find
from sim.experiments.arms import arm_ids
from sim.experiments.case import Case
from sim.experiments.compare import Experiment, run_experiment, run_experiments
from sim.experiments.running import Means
from sim.scenario import read_scenario

MARKET = read_scenario(*find("markets", "three_tier"))
PLAN = read_plan(*find("plans", "three_tier"))


def rewritten_twin() -> Plan:
    """The same plan in other words: ids renamed, a rank that nobody reaches, a campaign that multiplies by 1."""
    text = write_plan(PLAN)
    for old, new in (("promoter", "seller"), ("partner", "boss"), ("member", "guest"), ("newcomer", "welcome")):
        text = re.sub(rf"(id: |\[|, |- ){old}(?=[,\]}}\n])", rf"\g<1>{new}", text)
    twin = read_plan(text.replace("plan: three_tier", "plan: twin", 1), "twin")
    data = twin.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["ranks"].append({"id": "unused"})
    data["campaigns"].append({"id": "nothing", "days": [0, 400], "multiply": {"base": "1"}})
    return Plan.model_validate(data)


def experiment(*plans: Plan, replications: int = 2, people: int = 3000, days: int = 70, **more) -> Experiment:
    arms = tuple(zip(arm_ids(plans), plans, strict=True))
    return Experiment(MARKET, arms, people, days, 7, replications, **more)


def test_the_same_plan_twice_and_a_rewritten_twin_differ_by_exactly_nothing() -> None:
    twin = rewritten_twin()
    assert [rank.id for rank in twin.ranks] == ["guest", "seller", "boss", "unused"]
    results = run_experiment(experiment(PLAN, PLAN, twin))
    comparison, _ = results.compared(None)
    assert comparison.arms == ("three_tier", "three_tier#2", "twin")
    assert len(comparison.effects) == 2 * 25
    for effect in comparison.effects:
        assert effect.difference in (0, None), (effect.name, effect.arm)
        assert effect.verdict == "no difference", (effect.name, effect.arm)
    assert comparison.means["three_tier"]["commission"] > 0
    assert comparison.winner.arm is None
    assert results.outcomes["three_tier"][1].daily == results.outcomes["twin"][1].daily


def test_two_processes_give_the_same_bits_as_one() -> None:
    more = read_plan(*find("plans", "three_tier_more"))
    one, two = (run_experiment(experiment(PLAN, more, people=1500, days=40), Means(workers)) for workers in (1, 2))
    for arm in one.outcomes:
        for ours, theirs in zip(one.outcomes[arm], two.outcomes[arm], strict=True):
            assert ours.metrics == theirs.metrics
            assert ours.daily == theirs.daily
            assert ours.incomes == theirs.incomes


def test_experiments_side_by_side_give_the_bits_of_each_alone() -> None:
    short, long = experiment(PLAN, people=1500, days=20, replications=1), experiment(PLAN, PLAN, people=1500, days=30)
    told: list[str] = []
    found = run_experiments([short, long], done=told.append)
    assert told == ["three_tier", "three_tier", "three_tier#2", "three_tier", "three_tier#2"]
    for together, alone in zip(found, (run_experiment(short), run_experiment(long)), strict=True):
        assert together.replications == alone.replications
        for arm, outcomes in alone.outcomes.items():
            assert [one.daily for one in together.outcomes[arm]] == [one.daily for one in outcomes]


def test_common_luck_makes_the_interval_of_gmv_at_least_three_times_narrower() -> None:
    """A plan that really differs: digital goods pay 4 % instead of 3 %, everything else as it was."""
    data = PLAN.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["plan"] = "digital"
    data["commission"]["base"]["levels"][0]["rates"]["digital"] = "4%"
    results = run_experiment(
        experiment(PLAN, Plan.model_validate(data), replications=12, people=5000, days=90), Means(2)
    )
    effect = results.compared(None)[0].effect("gmv", "digital")
    assert effect.difference != 0
    ratio = (effect.high_unpaired - effect.low_unpaired) / (effect.high - effect.low)
    assert ratio >= 3, ratio
    assert effect.variance_ratio >= 9


def test_an_interrupted_comparison_keeps_whole_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Case.run, []

    def interrupted(case: Case):
        calls.append(case.seed)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return real(case)

    monkeypatch.setattr(Case, "run", interrupted)
    results = run_experiment(experiment(PLAN, PLAN, replications=5, people=200, days=5))
    assert results.interrupted
    assert results.replications == 2
    assert [one.seed for one in results.outcomes["three_tier"]] == [7, 8]


def test_a_replication_that_fails_is_told_and_left_out_of_every_arm(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Case.run

    def broken(case: Case):
        return 1 // 0 if (case.seed, case.plan.plan) == (8, "twin") else real(case)

    monkeypatch.setattr(Case, "run", broken)
    results = run_experiment(experiment(PLAN, rewritten_twin(), replications=3, people=200, days=5))
    assert [one.case for one in results.failures] == ["scenario three_tier, plan twin, people 200, days 5, seed 8"]
    assert "ZeroDivisionError" in results.failures[0].reason
    assert {arm: [one.seed for one in came] for arm, came in results.outcomes.items()} == {
        "three_tier": [7, 9],
        "twin": [7, 9],
    }


def test_a_plan_that_breaks_the_rulebook_cannot_win() -> None:
    greedy = PLAN.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"plan": "greedy"}
    greedy["caps"] = {"order_ratio": "60%"}
    results = run_experiment(experiment(PLAN, Plan.model_validate(greedy), people=2000, days=40))
    comparison, verdicts = results.compared(read_rulebook(*find("rulebooks", "house")))
    by_arm = {found.arm: found for found in verdicts}
    assert by_arm["three_tier"].verdict == "unknown"
    assert by_arm["greedy"].verdict == "violated"
    assert [rule.id for rule in by_arm["greedy"].rules if rule.verdict == "fail"] == ["house_order_ratio"]
    assert comparison.winner.arm != "greedy"


def test_independent_luck_gives_every_arm_its_own_seeds() -> None:
    trial = experiment(PLAN, PLAN, luck="independent")
    assert len({trial.seed_of(arm, r) for arm in range(2) for r in range(2)}) == 4
    assert experiment(PLAN, PLAN).seed_of(1, 1) == experiment(PLAN, PLAN).seed_of(0, 1)
