from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from sim.history import gammagamma
from sim.history.gammagamma import GammaGamma

PAPER = GammaGamma(6.25, 3.74, 15.44)


@pytest.mark.parametrize(
    ("name", "value", "tolerance"), [("p", 6.249, 0.005), ("q", 3.745, 0.005), ("v", 15.448, 0.02)]
)
def test_parameters_on_the_946_repeaters(fitted, name, value, tolerance):
    assert getattr(fitted.spending.model, name) == pytest.approx(value, abs=tolerance)
    assert fitted.statistics["repeaters"] == 946
    assert (fitted.spending.agreeing, fitted.spending.converged) == (4, True)


def test_density_against_the_integral():
    """The mean of x amounts given nu is Gamma(p x, nu x): averaged over nu numerically."""
    for x, spend in [(1, 20.0), (3, 35.0), (8, 90.0)]:
        density, _ = integrate.quad(
            lambda nu, x=x, spend=spend: (
                stats.gamma.pdf(spend, PAPER.p * x, scale=1 / (nu * x))
                * stats.gamma.pdf(nu, PAPER.q, scale=1 / PAPER.v)
            ),
            1e-9,
            5.0,
            points=[0.1, 0.3, 1.0],
        )
        assert gammagamma.log_likelihood(PAPER, [x], [spend])[0] == pytest.approx(np.log(density), abs=1e-6)


def test_gradient_is_exact():
    at, x, spend = np.array([6.25, 3.74, 15.44]), np.array([1.0, 2, 29]), np.array([0.5, 35, 299])
    _, gradient = gammagamma._terms(at, x, spend)
    for i, step in enumerate(np.eye(3) * 1e-6):
        slope = (gammagamma._terms(at + step, x, spend)[0] - gammagamma._terms(at - step, x, spend)[0]) / 2e-6
        assert gradient[i] == pytest.approx(slope, rel=1e-5, abs=1e-7)


def test_scores_vanish_at_the_maximum():
    x, spend = np.array([1, 2, 4, 3, 2, 7]), np.array([12.0, 30, 55, 9, 21, 17])
    at = gammagamma.fit(np.tile(x, 9), np.tile(spend, 9)).model
    assert np.abs(gammagamma.scores(at, x, spend).sum(axis=1)).max() < 1e-4
    assert gammagamma.scores(PAPER, x, spend) == pytest.approx(
        gammagamma._terms(np.array([6.25, 3.74, 15.44]), x, spend)[1] * [[6.25], [3.74], [15.44]]
    )


def test_conditional_spend_lies_between_own_mean_and_the_crowds():
    own = np.array([10.0, 10.0, 10.0, 200.0])
    got = PAPER.conditional(np.array([0, 1, 50, 5]), own)
    assert got[0] == pytest.approx(PAPER.mean()) == pytest.approx(35.22, abs=0.01)
    assert 10 < got[2] < got[1] < PAPER.mean() < got[3] < 200
    assert got[1] == pytest.approx(PAPER.p * (PAPER.v + 10) / (PAPER.p + PAPER.q - 1))


def test_recovers_known_parameters():
    luck, n = np.random.default_rng(2), 20_000
    x = luck.integers(1, 8, n)
    nu = luck.gamma(4.0, 1 / 12.0, n)
    got = gammagamma.fit(x, luck.gamma(5.0 * x) / (nu * x))
    found = np.array([got.model.p, got.model.q, got.model.v])
    assert np.abs((found - [5.0, 4.0, 12.0]) / np.array(got.standard_errors)).max() < 4


def test_no_mean_without_a_light_enough_tail():
    assert GammaGamma(2.0, 0.9, 3.0).mean() == float("inf")
    assert GammaGamma(2.0, 0.9, 3.0).conditional(np.array([0, 1]), np.array([0.0, 5.0]))[0] == float("inf")


def test_customers_who_paid_nothing_are_refused():
    with pytest.raises(ValueError, match="positive"):
        gammagamma.fit(np.array([1, 2]), np.array([10.0, 0.0]))
    with pytest.raises(ValueError, match="positive"):
        gammagamma.fit(np.array([]), np.array([]))
