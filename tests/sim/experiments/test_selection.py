"""The best of ten planted arms: right at least as often as promised, and with far fewer runs than all alike."""

import numpy as np
import pytest

from sim.experiments.selection import Rule, Selection, equally, screened, surviving, variances

ARMS, FIRST, BATCH = 10, 10, 4


def select(rng, means, zone=1.0, deviation=3.0, shared=0.8, confidence=0.95):
    """One selection among normal arms whose luck is shared in part."""
    rule = Rule(len(means), confidence, zone, FIRST)

    def drawn(n):
        luck = np.sqrt(shared) * rng.standard_normal((n, 1))
        return means + deviation * (luck + np.sqrt(1 - shared) * rng.standard_normal((n, len(means))))

    found = Selection(rule)
    found.begin(drawn(FIRST))
    while not found.decided:
        found.go_on(drawn(BATCH))
    return found, sum(found.gone.values()) + found.n


@pytest.mark.parametrize(
    ("means", "saved"),
    [
        (np.array([1.0] + [0.0] * 9), 0.4),  # one is better by the zone, all others alike: the hardest case
        (-np.arange(10.0), 0.4),  # a ladder, each a zone below the one before
        (np.array([2.0, 1.0, 1.0] + [-4.0] * 7), 0.5),  # three near the top, the rest far below
    ],
    ids=["slippage", "ladder", "three in front"],
)
@pytest.mark.parametrize("shared", [0.0, 0.8], ids=["independent", "common luck"])
def test_ten_planted_arms_are_told_apart_at_the_stated_confidence(means, saved, shared) -> None:
    rng, right, used, equal, two_stage, times = np.random.default_rng(11), 0, 0, 0, 0, 300
    for _ in range(times):
        found, runs = select(rng, means, shared=shared)
        right += found.alive == [0]
        used, equal = used + runs, equal + ARMS * found.n
        two_stage += ARMS * equally(found.spread, found.rule)
    assert right / times >= 0.95
    assert used <= (1 - saved) * equal
    assert used <= 0.4 * two_stage


def test_common_luck_needs_a_fraction_of_the_runs() -> None:
    means = -np.arange(10.0)
    runs = [np.mean([select(np.random.default_rng(s), means, shared=part)[1] for s in range(40)]) for part in (0, 0.9)]
    assert runs[0] > 3 * runs[1]


def test_an_arm_within_the_zone_may_be_taken_for_the_best() -> None:
    rng, good = np.random.default_rng(4), 0
    for _ in range(100):
        found, _ = select(rng, np.array([0.0, -0.9] + [-3.0] * 8))
        good += found.alive[0] in (0, 1)
    assert good >= 95


def test_screening_keeps_the_front_and_a_narrower_zone_keeps_more() -> None:
    rng = np.random.default_rng(5)
    outcomes = np.array([5.0, 4.8, 0.0]) + rng.standard_normal((FIRST, 3))
    assert screened(outcomes, [0, 1, 2], Rule(3, 0.95, 0.5, FIRST)) == [0, 1]
    spread, means = variances(outcomes), outcomes.mean(axis=0)
    assert surviving(means, spread, [0, 1, 2], FIRST, Rule(3, 0.95, 0.001, FIRST)) == [0, 1, 2]
    assert spread[0, 1] == pytest.approx(np.var(outcomes[:, 0] - outcomes[:, 1], ddof=1))


def test_an_arm_that_may_not_win_is_dropped_however_good() -> None:
    rule, outcomes = Rule(3, 0.95, 0.5, FIRST), np.array([1.0, 0.0, 9.0]) + np.zeros((FIRST, 1))
    found = Selection(rule)
    found.begin(outcomes, barred=[2])
    assert found.alive == [0]
    assert found.gone == {1: FIRST, 2: FIRST}
    assert not found.tainted
    late = Selection(Rule(3, 0.95, 0.5, FIRST))
    late.begin(np.array([1.0, 0.9, 1.0]) + np.random.default_rng(1).standard_normal((FIRST, 3)))
    late.go_on(np.zeros((BATCH, 3)), barred=[2])
    assert late.tainted
    assert late.gone[2] == FIRST + BATCH
    nobody = Selection(rule)
    nobody.begin(outcomes, barred=[0, 1, 2])
    assert nobody.decided
    assert nobody.best is None
