from __future__ import annotations

import itertools
import struct
import time

import numba
import numpy as np
import pytest
from scipy import integrate, special

from sim import quantiles
from sim.quantiles import EDGE, POINTS, lookup, lookup_array

CDNOW = {
    "gamma": (quantiles.gamma(0.243), 0.243, 0.243),
    "beta": (quantiles.beta(0.793, 2.426), 0.793 / 3.219, 0.793 * 2.426 / 3.219**2 / 4.219),
    "inverse_gamma": (quantiles.inverse_gamma(3.745), 1 / 2.745, 1 / 2.745**2 / 1.745),
}
CORNERS = [
    0.0,
    1e-300,
    2.0**-53,
    EDGE / 2,
    EDGE,
    0.25,
    np.nextafter(0.5, 0),
    0.5,
    0.75,
    1 - EDGE,
    1 - 2.0**-53,
]


def uniforms(n: int) -> np.ndarray:
    """Random ones over all octaves of both ends, evenly spread ones, and the corners."""
    luck = np.random.default_rng(3)
    tiny = luck.random(n) * 2.0 ** -luck.integers(0, 40, n)
    return np.concatenate([luck.random(n), tiny, 1 - tiny[tiny > 2.0**-53], CORNERS])


def plain(table: np.ndarray, u: float) -> float:
    """`lookup` from its description: octave, cell, straight line; the float taken apart by `struct`."""
    distance = max(u if u < 0.5 else 1.0 - u, EDGE)
    word = struct.unpack("<q", struct.pack("<d", distance))[0]
    octave, mantissa = (word >> 52) - 1023 + 33, word & (2**52 - 1)
    cell, rest = octave * 32 + (mantissa >> 47), (mantissa & (2**47 - 1)) * 2.0**-47
    here, step = (cell, 1) if u < 0.5 else (POINTS - 1 - cell, -1)
    left, right = float(table[here]), float(table[here + step])
    return left + rest * (right - left)


@pytest.mark.parametrize("name", CDNOW)
def test_kernel_numpy_and_plain_python_give_the_same_bits(name):
    table, u = CDNOW[name][0], uniforms(3000)
    fast = np.array([lookup(table, v) for v in u])
    assert (fast == lookup_array(table, u)).all()
    assert (fast == [plain(table, float(v)) for v in u]).all()


@pytest.mark.parametrize("name", CDNOW)
def test_rising_in_u(name):
    u = np.sort(uniforms(300_000))
    assert (np.diff(lookup_array(CDNOW[name][0], u)) >= 0).all()


@pytest.mark.parametrize("name", CDNOW)
def test_table_points_are_met_exactly(name):
    table = CDNOW[name][0]
    low, high = quantiles.grid()
    assert len(table) == POINTS == 2049
    assert (lookup_array(table, np.concatenate([low, 1 - high])) == table)[:-1].all()


@pytest.mark.parametrize("name", CDNOW)
def test_mean_and_variance_within_a_ten_thousandth(name):
    table, mean, variance = CDNOW[name]
    got = quantiles.moments(table)
    assert got[0] == pytest.approx(mean, rel=1e-4)
    assert got[1] == pytest.approx(variance, rel=1e-4)


@pytest.mark.parametrize("shape", [0.01, 0.1, 0.5, 1, 10, 1000])
def test_any_gamma(shape):
    assert quantiles.moments(quantiles.gamma(shape)) == pytest.approx((shape, shape), rel=1e-4)


@pytest.mark.parametrize(("a", "b"), [(0.05, 0.05), (0.1, 5), (5, 0.1), (1, 1), (2, 3), (500, 800)])
def test_any_beta(a, b):
    exact = a / (a + b), a * b / (a + b) ** 2 / (a + b + 1)
    assert quantiles.moments(quantiles.beta(a, b)) == pytest.approx(exact, rel=5e-4)


@pytest.mark.parametrize("shape", [3.1, 5, 20])
def test_any_inverse_gamma(shape):
    exact = 1 / (shape - 1), 1 / (shape - 1) ** 2 / (shape - 2)
    assert quantiles.moments(quantiles.inverse_gamma(shape)) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("name", CDNOW)
def test_moments_are_those_of_lookup(name):
    """`moments` against adaptive integration of the function itself, octave by octave."""
    table = CDNOW[name][0]
    edges = [0.0, *(2.0**-k for k in range(33, 0, -1))]
    first = second = 0.0
    for left, right in itertools.pairwise(edges):
        cells = np.linspace(left, right, 33)
        for a, b in itertools.pairwise(cells):
            for f in (lambda u: lookup(table, u), lambda u: lookup(table, 1 - u)):
                first += integrate.fixed_quad(np.vectorize(f), a, b, n=2)[0]
                second += integrate.fixed_quad(np.vectorize(lambda u, f=f: f(u) ** 2), a, b, n=2)[0]
    mean, variance = quantiles.moments(table)
    assert mean == pytest.approx(first, rel=1e-6)
    assert variance == pytest.approx(second - first**2, rel=1e-6)


def test_values_between_the_points_are_close():
    u = uniforms(50_000)
    u = u[(u > EDGE) & (u < 1 - EDGE)]
    gamma = special.gammaincinv(0.243, u)
    assert np.abs(lookup_array(CDNOW["gamma"][0], u) / gamma - 1).max() < 2e-3
    beta = special.betaincinv(0.793, 2.426, u)
    assert np.abs(lookup_array(CDNOW["beta"][0], u) - beta).max() < 1e-4


def test_a_parameter_that_moves_keeps_everybodys_place():
    u = uniforms(2000)
    less, more = lookup_array(quantiles.gamma(0.243), u), lookup_array(quantiles.gamma(0.26), u)
    assert (more >= less).all()


def test_numba_compiles_it_into_other_kernels():
    @numba.njit
    def total(table, u):
        result = 0.0
        for i in range(len(u)):
            result += lookup(table, u[i])
        return result

    u, table = uniforms(1000), CDNOW["gamma"][0]
    expected = 0.0
    for value in lookup_array(table, u):
        expected += value
    assert total(table, u) == expected


def test_a_table_is_quick():
    begin = time.process_time()
    for _ in range(5):
        quantiles.gamma(0.243)
        quantiles.beta(0.793, 2.426)
        quantiles.inverse_gamma(3.745)
    assert (time.process_time() - begin) / 15 < 0.05


def test_other_distributions_by_their_inverse():
    table = quantiles.table(lambda u: -np.log1p(-u), lambda w: -np.log(w))
    assert quantiles.moments(table) == pytest.approx((1.0, 1.0), rel=1e-4)
    assert quantiles.moments(quantiles.table(lambda u: u))[1] == pytest.approx(1 / 12)


def test_what_is_not_a_quantile_function_is_refused():
    with pytest.raises(ValueError, match="must not fall, but drop by"):
        quantiles.table(lambda u: 1 - u)
    with pytest.raises(ValueError, match="not finite"):
        quantiles.table(lambda u: np.where(u < 0.9, u, np.inf))
    with pytest.raises(ValueError, match="`a > 0` must hold, but got a=-1"):
        quantiles.beta(-1, 2)
    with pytest.raises(ValueError, match="`shape > 0` must hold, but got shape=nan"):
        quantiles.gamma(float("nan"))
