"""IEEE doubles in whole numbers: what `double` arithmetic makes of a share, to the last bit, without a float.

One platform splits discounts with Java's `double`; its cents can only be met by doing as it does. A double is a
mantissa of 53 bits times a power of two. Division and multiplication give the double nearest to the exact result, ties
to the even mantissa; that much is emulated here. Amounts are far from the range's ends, so neither overflow nor
subnormal numbers occur.
"""

from __future__ import annotations

from rules.money import Rounding, rounded

_BITS = 53


def nearest(numerator: int, denominator: int) -> tuple[int, int]:
    """The double nearest to a ratio, as (mantissa, exponent): its value is mantissa × 2 to the exponent.

    Args:
        numerator: not negative.
        denominator: positive.
    """
    if numerator == 0:
        return 0, 0
    exponent = numerator.bit_length() - denominator.bit_length() - _BITS
    if numerator << max(0, -exponent) >= denominator << (_BITS + max(0, exponent)):
        exponent += 1
    up, down = numerator << max(0, -exponent), denominator << max(0, exponent)
    return rounded(up, down, Rounding.half_even), exponent


def double_share(amount: int, part: int, whole: int) -> int:
    """`(int) (amount * (part / whole))` as a language with doubles computes it.

    Args:
        amount: not negative, below 2**53, so that it is a double itself; so are the others.
        part: from 0 to `whole`.
        whole: positive.
    """
    mantissa, exponent = nearest(part, whole)
    if exponent >= 0:
        mantissa, exponent = mantissa << exponent, 0
    mantissa, exponent = nearest(amount * mantissa, 1 << -exponent)
    return mantissa << exponent if exponent >= 0 else mantissa >> -exponent
