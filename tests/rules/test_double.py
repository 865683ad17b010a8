"""IEEE doubles in whole numbers are Python's floats, to the last bit: here, and only here, the two are compared."""

import math

from hypothesis import given
from hypothesis import strategies as st

from rules.double import double_share, nearest

AMOUNT = st.one_of(st.integers(0, 10_000), st.integers(0, 10**9), st.integers(0, 9 * 10**12))


def test_the_share_that_tells_doubles_from_fractions():
    # 2300 / 4000 is 0.575, as a double 0.57499999999999996; times 3000 it is 1724.9999999999998
    assert double_share(3000, 2300, 4000) == int(3000 * (2300 / 4000)) == 1724


def test_zero_and_one():
    assert nearest(0, 7) == (0, 0)
    assert double_share(0, 1, 3) == double_share(5, 0, 3) == 0
    assert double_share(12_345, 3, 3) == 12_345


@given(AMOUNT, st.integers(1, 9 * 10**12))
def test_the_nearest_double_of_a_ratio(numerator, denominator):
    mantissa, exponent = nearest(numerator, denominator)
    assert math.ldexp(mantissa, exponent) == numerator / denominator
    assert numerator == 0 or 2**52 <= mantissa <= 2**53


@given(st.integers(1, 2**60), st.integers(0, 60), st.integers(0, 60))
def test_ties_go_to_the_even_mantissa(odd, up, down):
    # a mantissa of 54 bits with the last one set stands right between two doubles
    tie = (odd | 1) % 2**53 + 2**53 | 1
    mantissa, exponent = nearest(tie << up, 1 << down)
    assert math.ldexp(mantissa, exponent) == (tie << up) / (1 << down)


@given(AMOUNT, AMOUNT, st.integers(1, 9 * 10**12))
def test_a_share_is_what_java_and_python_compute(amount, part, whole):
    part = min(part, whole)
    assert double_share(amount, part, whole) == int(amount * (part / whole))
