import json
import math

import numpy as np
import pytest

from sim.experiments.statistics import compare, holm, replications_needed, winner

R = 12


def arm(mean, replications=R, name="contribution", wobble=10.0, seed=0):
    """Rows whose luck is common to all arms, plus a little of their own."""
    common = np.random.default_rng(99).normal(0, 500, replications)
    own = np.random.default_rng(seed).normal(0, wobble, replications)
    return [{name: round(mean + c + o)} for c, o in zip(common, own, strict=True)]


def test_metrics_come_in_the_order_of_the_contract_for_each_arm():
    rows = [{"commission": 5, "gmv": 100 + r} for r in range(3)]
    found = compare({"a": rows, "b": rows, "c": rows})
    assert [(e.name, e.arm) for e in found.effects] == [
        ("gmv", "b"),
        ("gmv", "c"),
        ("commission", "b"),
        ("commission", "c"),
    ]
    assert {e.verdict for e in found.effects} == {"no difference"}


def test_adjustment_counts_every_metric_and_arm():
    rng = np.random.default_rng(3)
    values = {
        name: [{"gmv": float(x), "shares": float(y)} for x, y in rng.normal(shift, 1, (8, 2))]
        for name, shift in (("a", 0), ("b", 1), ("c", 2))
    }
    found = compare(values)
    assert len(found.effects) == 4
    assert [e.p_adjusted for e in found.effects] == holm([e.p for e in found.effects])


def test_to_dict_has_the_keys_of_the_contract_and_is_json():
    found = compare({"a": arm(1000), "b": arm(1300, seed=1)}).to_dict()
    assert {"arms", "metrics", "replications", "winner"} <= set(found)
    wanted = {"name", "arm", "mean", "difference", "low", "high", "p_adjusted", "variance_ratio", "verdict"}
    assert wanted <= set(found["metrics"][0])
    assert (found["arms"], found["replications"], found["winner"]) == (["a", "b"], R, "b")
    json.dumps(found, allow_nan=False)


def test_common_luck_is_worth_many_independent_replications():
    effect = compare({"a": arm(1000), "b": arm(1300, seed=1)}).effect("contribution", "b")
    assert effect.variance_ratio > 1000
    assert effect.low_unpaired < effect.low


def test_means_of_a_single_replication_stay_exact():
    found = compare({"a": [{"gmv": 12_345_678_901_234_567, "fission_k": None}]})
    assert found.means["a"] == {"gmv": 12_345_678_901_234_567, "fission_k": None}
    assert found.effects == ()
    assert found.winner.reason == "no_data"


def test_another_arm_can_be_the_baseline():
    found = compare({"a": arm(1000), "b": arm(1300, seed=1)}, baseline="b")
    assert found.baseline == "b"
    assert found.effect("contribution", "a").verdict == "lower"
    assert found.effect("contribution", "b") is None
    assert found.winner.arm == "b"


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ({}, {}, "at least one arm"),
        ({"a": [{}], "b": []}, {}, "same number of replications"),
        ({"a": []}, {}, "same number of replications"),
        ({"a": [{}]}, {"baseline": "x"}, "'x'"),
        ({"a": [{}]}, {"breaches": {"y"}}, "'y'"),
    ],
)
def test_input_that_makes_no_comparison_is_refused(values, options, message):
    with pytest.raises(ValueError, match=message):
        compare(values, **options)


# --- who wins ---------------------------------------------------------------------------------------------


def three(a, b, c):
    return {"a": arm(a), "b": arm(b, seed=1), "c": arm(c, seed=2)}


def test_an_arm_wins_that_is_above_all_others():
    found = compare(three(1000, 1300, 1150)).winner
    assert (found.arm, found.reason, found.against) == ("b", "won", "a")
    assert found.lead.difference == pytest.approx(300, abs=20)


def test_the_baseline_can_win_and_is_set_against_the_runner_up():
    found = compare(three(1300, 1000, 1150)).winner
    assert (found.arm, found.against) == ("a", "c")
    assert found.lead.difference == pytest.approx(150, abs=20)
    assert found.lead.verdict == "higher"
    assert found.lead.low > 0


def test_no_winner_where_two_arms_cannot_be_told_apart():
    found = compare(three(1000, 1300, 1302)).winner
    assert (found.arm, found.reason) == (None, "not_shown")
    assert {found.best, found.against} == {"b", "c"}
    assert found.lead.difference >= 0


def test_an_arm_in_breach_does_not_win():
    found = compare(three(1000, 1150, 1300), breaches={"c"}).winner
    assert (found.arm, found.reason, found.best, found.best_allowed) == (None, "breach", "c", "b")


def test_a_breach_of_a_loser_changes_nothing():
    found = compare(three(1000, 1150, 1300), breaches={"b"}).winner
    assert (found.arm, found.best_allowed) == ("c", "c")


def test_equal_arms_have_no_winner():
    found = compare({"a": arm(1000), "b": arm(1000)}).winner
    assert (found.arm, found.reason) == (None, "no_difference")


def test_one_replication_has_no_winner():
    found = compare({"a": arm(1000, 1), "b": arm(2000, 1)}).winner
    assert (found.arm, found.reason, found.best) == (None, "one_replication", "b")


def test_a_single_arm_has_no_winner():
    assert compare({"a": arm(1000)}).winner.reason == "one_arm"


def test_no_winner_without_contribution():
    rows = [{"gmv": 1}, {"gmv": 2}]
    assert compare({"a": rows, "b": rows}).winner.reason == "no_data"
    assert compare({"a": arm(1), "b": [{"contribution": math.nan}] * R}).winner.reason == "no_data"
    assert winner({"a": arm(1), "b": arm(2)}, "a", ()).reason == "no_data"


def test_winner_and_table_agree_on_the_baseline():
    for gap in range(0, 30, 3):
        found = compare({"a": arm(1000), "b": arm(1000 + gap, seed=5)})
        shown = found.effect("contribution", "b").verdict in {"higher", "lower"}
        assert (found.winner.arm is not None) == shown


# --- how many replications --------------------------------------------------------------------------------


def test_replications_needed_is_enough_in_four_of_five_experiments():
    rng = np.random.default_rng(11)

    def shown(replications):
        rows = [{"contribution": 0.0}] * replications
        other = [{"contribution": float(x)} for x in rng.normal(1, 2, replications)]
        return compare({"a": rows, "b": other}).winner.arm == "b"

    sample = [{"contribution": float(x)} for x in np.array([-1, 1] * 500) * 2 / 1.0005 + 1]
    needed = replications_needed(compare({"a": [{"contribution": 0.0}] * 1000, "b": sample}).effects[0], tests=1)
    assert 30 <= needed <= 37
    assert 0.72 < np.mean([shown(needed) for _ in range(400)]) < 0.88


def test_replications_needed_grows_with_the_number_of_tests():
    effect = compare({"a": arm(1000), "b": arm(1003, seed=4)}).effects[0]
    assert replications_needed(effect, 50) > replications_needed(effect, 1)


def test_replications_needed_is_unknown_without_spread_or_difference():
    assert replications_needed(compare({"a": arm(1), "b": arm(1)}).effects[0], 1) is None
    assert replications_needed(compare({"a": arm(1, 1), "b": arm(2, 1)}).effects[0], 1) is None
