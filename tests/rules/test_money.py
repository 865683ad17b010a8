"""Money and rates: read exactly, rounded in one way by kernel and plain twin alike."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import (
    MAX_AMOUNT,
    PPM,
    Rounding,
    divide,
    exceeds,
    factor,
    fen,
    in_yuan,
    percent,
    ppm,
    proportion,
    rounded,
    yuan,
)

amounts = st.integers(0, MAX_AMOUNT)
modes = st.sampled_from(list(Rounding))


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        # floor, half_up, half_even, ceil
        (5, 2, (2, 3, 2, 3)),
        (7, 2, (3, 4, 4, 4)),
        (9, 4, (2, 2, 2, 3)),
        (11, 4, (2, 3, 3, 3)),
        (8, 4, (2, 2, 2, 2)),
        (1, 3, (0, 0, 0, 1)),
        (2, 3, (0, 1, 1, 1)),
        (0, 1, (0, 0, 0, 0)),
        (MAX_AMOUNT * PPM, 1, (MAX_AMOUNT * PPM,) * 4),
    ],
)
def test_a_fraction_of_a_fen_is_rounded_as_its_mode_says(numerator, denominator, expected) -> None:
    assert tuple(divide(numerator, denominator, mode) for mode in Rounding) == expected
    assert tuple(rounded(numerator, denominator, mode) for mode in Rounding) == expected


@pytest.mark.parametrize(
    ("amount", "part", "whole", "expected"),
    [
        (3_000_000_000, 3_000_000_000, MAX_AMOUNT, (1_000_000,) * 4),  # 9e18 / 9e12: the largest product of 64 bits
        (3_000_000_001, 1, 2, (1_500_000_000, 1_500_000_001, 1_500_000_000, 1_500_000_001)),
        (3, 3_000_000_001, 6_000_000_002, (1, 2, 2, 2)),
        (MAX_AMOUNT, MAX_AMOUNT, MAX_AMOUNT, (MAX_AMOUNT,) * 4),
        (MAX_AMOUNT, MAX_AMOUNT - 1, MAX_AMOUNT, (MAX_AMOUNT - 1,) * 4),
        (MAX_AMOUNT - 1, MAX_AMOUNT - 1, MAX_AMOUNT, (MAX_AMOUNT - 2,) * 3 + (MAX_AMOUNT - 1,)),  # + 1 / MAX_AMOUNT
        (MAX_AMOUNT, 0, 7, (0,) * 4),
    ],
)
def test_a_proportion_is_rounded_once(amount, part, whole, expected) -> None:
    assert tuple(proportion(amount, part, whole, mode) for mode in Rounding) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1, 2), (1, 3), True),
        ((2, 4), (1, 2), False),
        ((1, 2), (2, 4), False),
        ((7, 5), (4, 3), True),
        ((4, 3), (7, 5), False),
        ((10**18 + 1, 10**18), (1, 1), True),
        ((0, 5), (0, 7), False),
        ((0, 5), (1, 10**18), False),
        ((1, 0), (10**18, 1), True),  # anything over 0 is without limit
        ((10**18, 1), (1, 0), False),
        ((1, 0), (1, 0), False),
        ((0, 0), (0, 1), False),
    ],
)
def test_which_share_is_larger(one, other, expected) -> None:
    assert exceeds(*one, *other) is expected


@given(*[st.integers(0, 30), st.integers(1, 30)] * 2)
def test_shares_are_compared_as_fractions(a: int, b: int, c: int, d: int) -> None:
    assert exceeds(a, b, c, d) == (Fraction(a, b) > Fraction(c, d))


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
    assert fen(in_yuan(amount)) == amount
    assert in_yuan(amount) == yuan(amount).replace(",", "")


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


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12", 1_200), ("12.5", 1_250), ("12.05", 1_205), ("-0.01", -1), (" 0 ", 0), ("90000000000", MAX_AMOUNT)],
)
def test_yuan_are_read_to_the_fen(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    ("text", "rate"),
    [("8%", 80_000), ("0.08", 80_000), ("0.5 %", 5_000), ("0.0001%", 1), ("0.000001", 1), ("100%", PPM), ("1", PPM)],
)
def test_rates_are_read_to_the_millionth(text: str, rate: int) -> None:
    assert ppm(text) == rate


def test_a_rate_may_be_as_large_as_it_is_allowed_to_be() -> None:
    assert ppm("300%", 3 * PPM) == 3 * PPM
    with pytest.raises(ValueError, match="more than 300%"):
        ppm("300.0001%", 3 * PPM)


def test_numbers_as_people_read_them() -> None:
    assert [yuan(one) for one in (0, 5, -5, 100, 1_234_567, -100_000)] == [
        "0.00", "0.05", "-0.05", "1.00", "12,345.67", "-1,000.00",
    ]  # fmt: skip
    assert [percent(one) for one in (0, 80_000, 100_000, 5_500, 1)] == ["0%", "8%", "10%", "0.55%", "0.0001%"]
    assert [factor(one) for one in (PPM, 1_500_000, 2_000_001, 10 * PPM)] == ["1", "1.5", "2.000001", "10"]
