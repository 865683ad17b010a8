"""Boundaries as published; error as stated when data are looked at many times."""

import math

import numpy as np
import pytest
from scipy import special, stats

from sim.experiments.sequential import Look, boundaries, crossing, looks, spent

FIFTHS = [0.2, 0.4, 0.6, 0.8, 1.0]


def test_obrien_fleming_of_jennison_and_turnbull_spends_five_percent() -> None:
    """Their tables 2.1 and 2.3, K = 5: 2.040 √(5/k), and 2.413 at every look (Pocock)."""
    classic = [2.040 * math.sqrt(5 / k) for k in range(1, 6)]
    assert [round(bound, 2) for bound in classic] == [4.56, 3.23, 2.63, 2.28, 2.04]
    assert sum(crossing(FIFTHS, classic)) == pytest.approx(0.05, abs=5e-5)
    assert sum(crossing(FIFTHS, [2.413] * 5)) == pytest.approx(0.05, abs=5e-5)


@pytest.mark.parametrize(
    ("spending", "published"),
    [
        ("obrien_fleming", [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),  # Reboussin et al. 2000, Lan–DeMets program
        ("pocock", [2.4380, 2.4268, 2.4101, 2.3966, 2.3859]),
    ],
)
def test_spending_gives_the_boundaries_of_the_lan_demets_program(spending, published) -> None:
    assert boundaries(FIFTHS, 0.05, spending) == pytest.approx(published, abs=2e-4)
    assert crossing(FIFTHS, published)[0] == pytest.approx(spent(0.05, 0.2, spending), rel=1e-3)
    assert sum(crossing(FIFTHS, published)) == pytest.approx(0.05, abs=1e-5)


def test_crossing_is_that_of_simulated_sums() -> None:
    times, bounds = [0.1, 0.15, 0.5, 1.0], [2.6, 2.2, 2.4, 2.1]
    steps = np.sqrt(np.diff([0, *times]))
    walks = np.cumsum(np.random.default_rng(3).standard_normal((400_000, 4)) * steps, axis=1) / np.sqrt(times)
    outside = np.abs(walks) > bounds
    first = np.where(outside.any(axis=1), outside.argmax(axis=1), 4)
    seen = np.bincount(first, minlength=5)[:4] / len(walks)
    assert crossing(times, bounds) == pytest.approx(seen, abs=6e-4)


def test_a_single_look_is_a_single_test() -> None:
    for spending in ("obrien_fleming", "pocock"):
        assert boundaries([1.0], 0.05, spending) == pytest.approx([1.959964], abs=1e-5)
        assert Look((8,), 8, spending=spending).level == pytest.approx(0.05, abs=1e-9)
        assert Look((8,), 8, spending=spending).repeated(0.013) == pytest.approx(0.013, rel=0.02)


def test_nothing_is_rejected_before_anything_may_be_spent() -> None:
    early = Look((2,), 100_000)
    assert early.level == 0
    assert early.repeated(1e-9) == 1
    with pytest.raises(ValueError, match="ascend"):
        boundaries([0.5, 0.5], 0.05, "pocock")


def test_looks_grow_and_end_with_the_budget() -> None:
    assert looks(6) == [6]
    assert looks(10) == [10]
    assert looks(40) == [10, 13, 17, 22, 29, 40]
    assert looks(400)[-1] == 400
    assert all(later > earlier for earlier, later in zip(looks(5_000), looks(5_000)[1:], strict=False))


def test_a_repeated_p_value_rejects_exactly_where_the_boundary_does() -> None:
    look = Look(tuple(looks(100)), 100)
    assert look.repeated(look.level) == pytest.approx(0.05, rel=0.01)
    assert look.repeated(look.level * 0.8) < 0.05 < look.repeated(look.level * 1.2)
    levels = np.logspace(-12, 0, 60)
    found = [look.repeated(float(level)) for level in levels]
    assert found == sorted(found)
    assert found[-1] == pytest.approx(1)
    assert look.repeated(0.0) == 0


def normal_studies(look_at, studies, seed):
    """Means, and standard errors, of growing normal samples of mean 0: (studies, looks)."""
    drawn = np.random.default_rng(seed).standard_normal((studies, look_at[-1]))
    means = np.stack([drawn[:, :n].mean(axis=1) for n in look_at], axis=1)
    errors = np.stack([drawn[:, :n].std(axis=1, ddof=1) / math.sqrt(n) for n in look_at], axis=1)
    return means, errors


def levels_of(look_at, spending):
    return [Look(tuple(look_at[: k + 1]), look_at[-1], spending=spending).level for k in range(len(look_at))]


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_error_over_all_looks_is_as_stated_though_deviations_are_estimated(spending) -> None:
    look_at, studies = looks(40), 40_000
    means, errors = normal_studies(look_at, studies, 5)
    p = 2 * stats.t.sf(np.abs(means / errors), np.array(look_at) - 1)
    wrong = (p < np.array(levels_of(look_at, spending))).any(axis=1).mean()
    assert wrong == pytest.approx(0.05, abs=0.005)
    naive = (p < 0.05).any(axis=1).mean()
    assert naive > 0.10  # what the boundaries are for


@pytest.mark.parametrize(("spending", "narrow"), [("obrien_fleming", 0.6), ("pocock", 0.45)])
def test_intervals_at_the_stop_hold_when_their_width_stops_us(spending, narrow) -> None:
    look_at, studies = looks(60), 30_000
    means, errors = normal_studies(look_at, studies, 6)
    reach = -special.stdtrit(np.array(look_at) - 1, np.array(levels_of(look_at, spending)) / 2) * errors
    done = reach <= narrow
    stop = np.where(done.any(axis=1), done.argmax(axis=1), len(look_at) - 1)
    at = np.arange(studies), stop
    held = (np.abs(means[at]) <= reach[at]).mean()
    assert (stop < len(look_at) - 1).mean() > 0.5  # most do stop early
    assert held >= 0.949
