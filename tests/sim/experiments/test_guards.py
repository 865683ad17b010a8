import pytest

from rules.errors import InputError
from sim.experiments.guards import Guard, judge, read_guard, unkept
from sim.experiments.statistics import compare


def rows(name, numbers, **more):
    return [{name: number, **{key: column[r] for key, column in more.items()}} for r, number in enumerate(numbers)]


BASE = [0.050, 0.052, 0.049, 0.051, 0.050, 0.048]


@pytest.mark.parametrize(
    ("text", "guard"),
    [
        ("refund_rate<=+1pp", ("refund_rate", True, 0.01, "difference")),
        ("income_gini <= +2%", ("income_gini", True, 0.02, "relative")),
        ("gmv>=-0.5%", ("gmv", False, -0.005, "relative")),
        ("payout_ratio<=30%", ("payout_ratio", True, 0.3, "level")),
        ("fraud_loss<=1000", ("fraud_loss", True, 100_000, "level")),
        ("fraud_loss<=+0.01", ("fraud_loss", True, 1, "difference")),
        ("orders>=-25", ("orders", False, -25, "difference")),
    ],
)
def test_a_guardrail_as_it_is_written(text, guard) -> None:
    assert read_guard(text) == Guard(text, *guard)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refunds<=+1pp", "does not exist"),
        ("refund_rate<+1pp", "no guardrail|not a guardrail"),
        ("refund_rate<=1pp", "pp is no unit"),
        ("gmv<=+1pp", "pp is no unit"),
        ("gmv<=30%", "% is no unit"),
        ("refund_rate<=+0.01", "needs a unit"),
        ("refund_rate<=+1pp; rm", "not a guardrail"),
        ("", "not a guardrail"),
    ],
)
def test_what_is_none_is_refused(text, said) -> None:
    with pytest.raises(InputError, match=said):
        read_guard(text)


@pytest.mark.parametrize(
    ("shift", "state"),
    [(0.001, "held"), (0.02, "broken"), (0.009, "open")],
)
def test_the_whole_interval_has_to_be_within_the_bound(shift, state) -> None:
    noise = [0.002, -0.001, 0.0015, -0.002, 0.001, -0.0015]
    other = [value + shift + extra for value, extra in zip(BASE, noise, strict=True)]
    values = {"a": rows("refund_rate", BASE), "b": rows("refund_rate", other)}
    (found,) = judge([read_guard("refund_rate<=+1pp")], values, "a")
    assert (found.arm, found.state) == ("b", state)
    assert found.low < found.value < found.high
    assert unkept([found]) == (frozenset() if state == "held" else {"b"})


def test_a_level_is_asked_of_the_baseline_too_and_a_single_run_shows_nothing() -> None:
    values = {"a": rows("refund_rate", BASE), "b": rows("refund_rate", [0.2] * 5 + [0.21])}
    found = judge([read_guard("refund_rate<=10%")], values, "a")
    assert [(kept.arm, kept.state) for kept in found] == [("a", "held"), ("b", "broken")]
    alone = {arm: column[:1] for arm, column in values.items()}
    assert [kept.state for kept in judge([read_guard("refund_rate<=10%")], alone, "a")] == ["open", "open"]


def test_a_plan_that_never_differs_is_no_worse() -> None:
    values = {"a": rows("refund_rate", BASE[:1]), "b": rows("refund_rate", BASE[:1])}
    assert judge([read_guard("refund_rate<=+0pp")], values, "a")[0].state == "held"
    assert judge([read_guard("refund_rate<=-1pp")], values, "a")[0].state == "open"


def test_the_best_cannot_win_where_a_guardrail_is_not_shown_to_hold() -> None:
    lead = [1_000_00 + 7 * r for r in range(6)]
    values = {
        "a": rows("refund_rate", BASE, contribution=[900_00 + 5 * r for r in range(6)]),
        "b": rows("refund_rate", [value + 0.02 for value in BASE], contribution=lead),
        "c": rows("refund_rate", BASE, contribution=[950_00 + 6 * r for r in range(6)]),
    }
    found = compare(values, guards=[read_guard("refund_rate<=+1pp")])
    assert (found.winner.arm, found.winner.reason, found.winner.best) == (None, "guard", "b")
    assert found.winner.best_allowed == "c"
    assert compare(values).winner.arm == "b"
    assert [kept["state"] for kept in found.to_dict()["guards"]] == ["broken", "held"]
