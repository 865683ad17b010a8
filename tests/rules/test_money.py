"""Money and rates: read exactly, rounded in one way by kernel and plain twin alike."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import MAX_AMOUNT, PPM, Rounding, divide, fen, percent, ppm, proportion, rounded, yuan

amounts = st.integers(0, MAX_AMOUNT)
modes = st.sampled_from(list(Rounding))


@given(amounts, st.integers(0, PPM), modes)
def test_kernel_and_twin_round_alike(amount: int, rate: int, mode: Rounding) -> None:
    assert divide(amount * rate, PPM, mode) == rounded(amount * rate, PPM, mode)


@given(amounts, st.integers(1, MAX_AMOUNT), modes, st.data())
def test_proportion_is_exact_beyond_64_bits(amount: int, whole: int, mode: Rounding, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    assert proportion(amount, part, whole, mode) == rounded(amount * part, whole, mode)


@given(amounts, st.integers(1, 10**6), modes)
def test_rounding_is_within_one_and_on_its_side(amount: int, whole: int, mode: Rounding) -> None:
    exact, got = Fraction(amount, whole), rounded(amount, whole, mode)
    assert abs(got - exact) < 1
    if mode is Rounding.floor:
        assert got <= exact
    elif mode is Rounding.ceil:
        assert got >= exact
    else:
        assert abs(got - exact) <= Fraction(1, 2)
    if mode is Rounding.half_even and abs(got - exact) == Fraction(1, 2):
        assert got % 2 == 0


@given(st.integers(-MAX_AMOUNT, MAX_AMOUNT))
def test_yuan_and_fen_are_inverse(amount: int) -> None:
    assert fen(yuan(amount).replace(",", "")) == amount


@given(st.integers(0, PPM))
def test_percent_and_ppm_are_inverse(rate: int) -> None:
    assert ppm(percent(rate)) == rate


@pytest.mark.parametrize("text", ["800%", "1.01", "-8%", "8.00001%", "0.0000001", "8 % %", "", "NaN", "1e-2", "٣%"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ppm(text)


@pytest.mark.parametrize("text", ["1.005", "1,000", "abc", "", "1e3", "90000000001", "--1", "Infinity", "１２"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        fen(text)
