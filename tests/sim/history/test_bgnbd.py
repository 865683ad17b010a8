from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sim.history import bgnbd
from sim.history.bgnbd import BgNbd

PAPER = BgNbd(0.243, 4.414, 0.793, 2.426)
MODELS = [PAPER, BgNbd(1.3, 2.0, 1.7, 0.6), BgNbd(0.6, 9.0, 0.2, 0.5)]


@pytest.mark.parametrize(
    ("name", "value", "tolerance"),
    [("r", 0.2426, 0.0002), ("alpha", 4.4135, 0.0005), ("a", 0.7929, 0.0003), ("b", 2.4258, 0.001)],
)
def test_parameters_of_the_paper(fitted, name, value, tolerance):
    assert getattr(fitted.buying.model, name) == pytest.approx(value, abs=tolerance)
    assert getattr(fitted.buying.model, name) == pytest.approx(getattr(PAPER, name), abs=0.005)


def test_log_likelihood_of_the_paper(fitted, summary):
    assert fitted.buying.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    each = bgnbd.log_likelihood(fitted.buying.model, summary.x, summary.t_x, summary.T)
    assert each.sum() == pytest.approx(fitted.buying.log_likelihood, abs=1e-6)
    assert (fitted.buying.agreeing, fitted.buying.converged) == (4, True)


def test_standard_errors_match_the_curvature(fitted, summary):
    """r moved by its standard error, the others refitted, costs half a unit of log-likelihood."""
    error = dict(zip(["r", "alpha", "a", "b"], fitted.buying.standard_errors, strict=True))
    assert error["r"] == pytest.approx(0.01256, abs=0.0001)
    model = fitted.buying.model
    shifted = [
        bgnbd.log_likelihood(BgNbd(model.r + error["r"], alpha, a, b), summary.x, summary.t_x, summary.T).sum()
        for alpha in np.linspace(4.4, 5.1, 15)
        for a, b in [(a, a * ratio) for a in np.linspace(0.72, 0.86, 8) for ratio in (2.9, 3.0, 3.06, 3.1)]
    ]
    assert fitted.buying.log_likelihood - max(shifted) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("model", MODELS)
def test_likelihood_against_the_integral(model):
    """Equation (3) averaged over rate and dropout on a grid: no closed form shared."""
    rate = special.gammaincinv(model.r, (np.arange(4000) + 0.5) / 4000)[:, None] / model.alpha
    drop = special.betaincinv(model.a, model.b, (np.arange(400) + 0.5) / 400)[None, :]
    for x, t_x, T in [(0, 0.0, 5.0), (1, 2.0, 5.0), (2, 4.0, 9.0)]:
        stayed = (1 - drop) ** x * rate**x * np.exp(-rate * T)
        left = drop * (1 - drop) ** (x - 1) * rate**x * np.exp(-rate * t_x) if x else 0.0
        got = bgnbd.log_likelihood(model, np.array([x]), np.array([t_x]), np.array([T]))[0]
        assert got == pytest.approx(np.log(np.mean(stayed + left)), abs=0.01)


@pytest.mark.parametrize("model", MODELS)
def test_gradient_is_exact(model):
    x, t_x, T = np.array([0.0, 1, 5, 40]), np.array([0.0, 3, 20, 30]), np.array([30.0, 30, 25, 31])
    at = np.array([model.r, model.alpha, model.a, model.b])
    _, gradient = bgnbd._terms(at, x, t_x, T)
    for i, step in enumerate(np.eye(4) * 1e-6):
        slope = (bgnbd._terms(at + step, x, t_x, T)[0] - bgnbd._terms(at - step, x, t_x, T)[0]) / 2e-6
        assert gradient[i] == pytest.approx(slope, rel=1e-5, abs=1e-7)


def simulated(model: BgNbd, n: int, T: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """x and t_x of n customers, played out purchase by purchase."""
    luck = np.random.default_rng(seed)
    rate = luck.gamma(model.r, 1 / model.alpha, n)
    drop = luck.beta(model.a, model.b, n)
    x, t_x, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        now = now + luck.exponential(1, n) / np.maximum(rate, 1e-300)
        alive &= now <= T
        x += alive
        t_x = np.where(alive, now, t_x)
        alive &= luck.random(n) >= drop
    return x, t_x


def test_recovers_known_parameters():
    true = BgNbd(0.5, 3.0, 0.9, 2.0)
    x, t_x = simulated(true, 15_000, 52.0, seed=1)
    got = bgnbd.fit(x, t_x, np.full(len(x), 52.0))
    found = np.array([got.model.r, got.model.alpha, got.model.a, got.model.b])
    z = (found - np.array([0.5, 3.0, 0.9, 2.0])) / np.array(got.standard_errors)
    assert np.abs(z).max() < 4
    assert got.converged


def test_expected_purchases_against_simulation():
    model, times = BgNbd(0.5, 3.0, 0.9, 2.0), [4.0, 26.0, 104.0]
    for seed, t in enumerate(times):
        x, _ = simulated(model, 200_000, t, seed)
        assert model.expected(t) == pytest.approx(x.mean(), abs=4 * x.std() / np.sqrt(len(x)))


def test_conditional_expectation_is_the_papers_formula():
    """Equation (10) as printed, where its powers do not overflow."""
    m = PAPER
    x, t_x, T, t = (
        np.array([2.0, 4, 0, 26]),
        np.array([30.43, 8.0, 0, 35]),
        np.array([38.86, 30.0, 20, 36]),
        39.0,
    )
    series = special.hyp2f1(m.r + x, m.b + x, m.a + m.b + x - 1, t / (m.alpha + T + t))
    top = (m.a + m.b + x - 1) / (m.a - 1) * (1 - ((m.alpha + T) / (m.alpha + T + t)) ** (m.r + x) * series)
    odds = m.a / (m.b + np.maximum(x, 1) - 1) * ((m.alpha + T) / (m.alpha + t_x)) ** (m.r + x) * (x > 0)
    assert m.conditional(x, t_x, T, t) == pytest.approx(top / (1 + odds), rel=1e-9)
    assert m.alive(x, t_x, T) == pytest.approx(1 / (1 + odds), rel=1e-12)
    assert m.conditional(x, t_x, T, t)[0] == pytest.approx(1.226, abs=0.001)  # the paper's worked example


def test_unconditional_expectation_is_the_papers_formula():
    m, t = PAPER, np.array([0.0, 1.0, 39.0, 78.0])
    series = special.hyp2f1(m.r, m.b, m.a + m.b - 1, t / (m.alpha + t))
    printed = (m.a + m.b - 1) / (m.a - 1) * (1 - (m.alpha / (m.alpha + t)) ** m.r * series)
    assert m.expected(t) == pytest.approx(printed, rel=1e-12)
    assert m.expected(-3.0) == 0.0


def test_conditional_expectation_of_a_customer_with_thousands_of_purchases():
    got = PAPER.conditional(np.array([5000.0]), np.array([77.9]), np.array([78.0]), 39.0)[0]
    assert 0 < got < 5000
    assert np.isfinite(got)


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.4), (0.4, 0.6)])
def test_removable_singularities(a, b):
    x, t_x, T = np.array([0.0, 3.0]), np.array([0.0, 20.0]), np.array([30.0, 30.0])
    at, near = BgNbd(0.3, 4.0, a, b), BgNbd(0.3, 4.0, a + 3e-5, b)
    assert at.conditional(x, t_x, T, 39.0) == pytest.approx(near.conditional(x, t_x, T, 39.0), rel=1e-4)
    assert at.expected(39.0) == pytest.approx(near.expected(39.0), rel=1e-4)


def test_cumulative_curve_adds_up_the_starts():
    starts, times = np.array([0.0, 0.0, 5.0, 40.0]), np.array([1.0, 39.0])
    by_hand = [sum(PAPER.expected(max(t - s, 0.0)) for s in starts) for t in times]
    assert PAPER.cumulative(starts, times) == pytest.approx(by_hand)


def test_bad_summaries_are_refused():
    with pytest.raises(ValueError, match="0 <= t_x <= T"):
        bgnbd.fit(np.array([1]), np.array([5.0]), np.array([4.0]))
    with pytest.raises(ValueError, match="repeat purchases"):
        bgnbd.fit(np.array([0, 0]), np.array([0.0, 0.0]), np.array([4.0, 5.0]))


def test_probabilities_of_counts_add_up_and_have_the_mean():
    model = BgNbd(0.243, 4.414, 0.793, 2.426)
    times = np.array([1.0, 10.0, 39.0])
    chances = np.stack([model.probability(x, times) for x in range(120)])
    assert (chances >= -1e-12).all()
    assert chances.sum(axis=0) == pytest.approx(1, abs=1e-4)
    assert np.arange(120) @ chances == pytest.approx(model.expected(times), rel=1e-2)
