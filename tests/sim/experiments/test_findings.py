import numpy as np
import pytest
from scipy import stats

from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.chances import chances_of_best
from sim.experiments.gains import Earned
from sim.experiments.groups import by_node, by_rank
from sim.experiments.income_quantiles import QUANTILES, quantile_effects, quantiles_of
from sim.scenario import read_scenario

PLAN = read_plan(*find("plans", "three_tier"))


def earned(people, fen, rank=None):
    columns = [np.array(people), np.array(fen)]
    return Earned.of(*columns, None if rank is None else np.array(rank, np.uint8))


def test_quantiles_are_incomes_that_somebody_has() -> None:
    found = quantiles_of(sorted([0, 0, 0, 100, 250, 400, 900, 1_000, 5_000, 70_000]))
    assert found == dict(zip(QUANTILES, [0, 0, 250, 1_000, 5_000, 70_000], strict=True))
    assert set(quantiles_of([]).values()) == {None}


def test_the_median_promoter_can_lose_where_the_mean_gains() -> None:
    rng, before, after = np.random.default_rng(1), [], []
    for _ in range(8):
        fen = np.sort(rng.integers(1_000, 2_000, 101))
        before.append(fen.tolist())
        after.append(np.sort(np.where(np.arange(101) > 95, fen * 40, fen - 300)).tolist())
    effects = {one.name: one for one in quantile_effects({"a": before, "b": after}, "a")}
    assert effects["income_median"].difference == -300
    assert effects["income_median"].verdict == "lower"
    assert effects["income_p99"].verdict == "higher"
    assert np.mean(after) > np.mean(before)


def test_of_two_arms_the_chance_is_that_of_the_paired_t_test() -> None:
    rng = np.random.default_rng(2)
    luck = rng.normal(0, 3, 8)
    other = luck + 0.4 + rng.normal(0, 1, 8)
    values = {arm: [{"contribution": float(v)} for v in column] for arm, column in {"a": luck, "b": other}.items()}
    found = chances_of_best(values)
    assert found["b"] == pytest.approx(1 - stats.ttest_rel(other, luck, alternative="greater").pvalue, abs=0.006)
    twice = chances_of_best(values | {"c": values["b"]})
    assert twice["b"] == pytest.approx(twice["c"])
    assert sum(twice.values()) == pytest.approx(1)
    assert chances_of_best({arm: column[:1] for arm, column in values.items()}) is None
    assert chances_of_best({"a": values["a"]}) is None


def test_promoters_count_at_the_higher_of_their_ranks() -> None:
    before = [earned([1, 2, 3], [100, 200, 300], [0, 1, 2])]
    after = [earned([1, 2, 4], [150, 100, 50], [1, 1, 0])]
    found = {one.id: one.turn for one in by_rank("b", (PLAN, PLAN), before, after)}
    assert list(found) == ["member", "promoter", "partner"]
    assert (found["member"].people, found["member"].more) == (1, 1)  # 4, who earned under one plan only
    assert (found["promoter"].before, found["promoter"].after) == (300, 250)
    assert (found["partner"].less, found["partner"].after) == (1, 0)


def test_staff_fans_and_customers_are_told_apart_where_a_market_has_them() -> None:
    market = read_scenario(*find("markets", "distribution_mall"))
    everybody = np.arange(2_000)
    before, after = [earned(everybody, [10] * 2_000)], [earned(everybody, [12] * 2_000)]
    found = {one.id: one.turn for one in by_node("b", market, 2_000, [7], before, after)}
    assert set(found) == {"customer", "staff", "fan"}
    assert sum(one.people for one in found.values()) == 2_000 == sum(one.more for one in found.values())
    plain = read_scenario(*find("markets", "three_tier"))
    assert by_node("b", plain, 2_000, [7], before, after) == []
