"""Money in integer fen, rates in integer parts per million, and the one place where either is rounded.

Nothing here or above it in `rules/` is a float. Text is read exactly: a value that does not fit is refused.
"""

from __future__ import annotations

import re
from enum import IntEnum

from rules.jit import kernel

PPM = 1_000_000
"""A rate of 100 %."""

MAX_AMOUNT = 9_000_000_000_000
"""Largest amount in fen (90 billion yuan): times a rate of at most 100 % it stays inside 64 bits."""

_YUAN = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]{1,2}))?")
_PERCENT = re.compile(r"([0-9]+)(?:\.([0-9]{1,4}))?\s*%")
_FRACTION = re.compile(r"([0-9]+)(?:\.([0-9]{1,6}))?")


class Rounding(IntEnum):
    """How a fraction of a fen becomes a whole one. Amounts to be rounded are never negative."""

    floor = 0
    half_up = 1
    half_even = 2
    ceil = 3


ROUNDING_ZH = {
    Rounding.floor: "向下取整",
    Rounding.half_up: "四舍五入",
    Rounding.half_even: "四舍六入五成双",
    Rounding.ceil: "向上取整",
}


_NOT_NEGATIVE = (1 << 63) - 1
"""All bits of a number that is not negative: masked with it, it stays, and the compiler knows a shorter division."""


@kernel
def divide(numerator: int, denominator: int, mode: int) -> int:
    """`numerator / denominator` as a whole number, rounded as `mode` says.

    Args:
        numerator: not negative.
        denominator: positive.
        mode: a `Rounding`.
    """
    quotient = (numerator & _NOT_NEGATIVE) // denominator
    if mode == 0:
        return quotient
    rest = numerator - quotient * denominator
    away = denominator - rest
    if mode == 3:
        return quotient + (1 if rest > 0 else 0)
    if mode == 1:
        return quotient + (1 if rest >= away else 0)
    up = 1 if rest > away else 0
    if rest == away:
        up = quotient % 2
    return quotient + up


@kernel
def proportion(amount: int, part: int, whole: int, mode: int) -> int:
    """`amount * part / whole`, rounded, without leaving 64 bits: long multiplication where the product could.

    Args:
        amount: not negative, at most `MAX_AMOUNT`.
        part: from 0 to `whole`.
        whole: positive, at most `MAX_AMOUNT`.
        mode: a `Rounding`.
    """
    if amount <= 3_000_000_000 and part <= 3_000_000_000:
        return divide(amount * part, whole, mode)
    once, rest = amount // whole, amount % whole
    quotient, remainder = 0, 0
    for bit in range(43, -1, -1):
        quotient, remainder = 2 * quotient, 2 * remainder
        if (part >> bit) & 1 == 1:
            quotient, remainder = quotient + once, remainder + rest
        quotient += remainder // whole
        remainder %= whole
    odd = quotient % 2  # stays in what is rounded: half_even looks at it
    return quotient - odd + divide(odd * whole + remainder, whole, mode)


@kernel
def exceeds(part: int, whole: int, other_part: int, other_whole: int) -> bool:
    """Whether `part / whole > other_part / other_whole`, exactly; anything over a whole of 0 is without limit.

    Compares the continued fractions, so that no product can overflow.

    Args:
        part, whole, other_part, other_whole: not negative.
    """
    a, b, c, d = part, whole, other_part, other_whole
    while True:
        if b == 0 or d == 0:
            return b == 0 and d != 0 and a > 0
        left, right = a // b, c // d
        if left != right:
            return left > right
        a, b, c, d = d, c - right * d, b, a - left * b


def rounded(numerator: int, denominator: int, mode: Rounding) -> int:
    """The plain twin of `divide`, in Python's own integers: used by the readable engine and by tests."""
    quotient, rest = divmod(numerator, denominator)
    if rest == 0 or mode is Rounding.floor:
        return quotient
    if mode is Rounding.ceil:
        return quotient + 1
    twice = 2 * rest
    up = twice > denominator or (twice == denominator and (mode is Rounding.half_up or quotient % 2 == 1))
    return quotient + int(up)


def fen(text: str) -> int:
    """Yuan as written (`12`, `12.5`, `12.50`) in fen, exactly.

    Raises:
        ValueError: not a number, more than two decimals, or beyond `MAX_AMOUNT`.
    """
    found = _YUAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not an amount in yuan with at most two decimals")
    sign, whole, part = found.groups()
    amount = int(whole) * 100 + int((part or "").ljust(2, "0"))
    if amount > MAX_AMOUNT:
        raise ValueError(f"{text!r} is more than the largest amount, {yuan(MAX_AMOUNT)}")
    return -amount if sign == "-" else amount


def ppm(text: str, most: int = PPM) -> int:
    """A rate as written (`8%`, `0.08`) in parts per million, exactly.

    Raises:
        ValueError: not a rate, finer than one part per million, or more than `most`.
    """
    text = text.strip()
    if found := _PERCENT.fullmatch(text):
        whole, part = found.groups()
        rate = int(whole) * 10_000 + int((part or "").ljust(4, "0"))
    elif found := _FRACTION.fullmatch(text):
        whole, part = found.groups()
        rate = int(whole) * PPM + int((part or "").ljust(6, "0"))
    else:
        raise ValueError(f"{text!r} is not a rate such as 8% or 0.08 (at most four decimals of a percent)")
    if rate > most:
        raise ValueError(f"{text!r} is more than {percent(most)}")
    return rate


def yuan(amount: int) -> str:
    """Fen as yuan with two decimals, for people: `1234567` is `12,345.67`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(int(amount)), 100)
    return f"{sign}{whole:,}.{part:02d}"


def in_yuan(amount: int) -> str:
    """Fen as yuan as files have them, and as `fen` reads them back: `1234567` is `12345.67`."""
    return yuan(amount).replace(",", "")


def percent(rate: int) -> str:
    """Parts per million as a percentage without trailing zeros: `80000` is `8%`."""
    whole, part = divmod(int(rate), 10_000)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".") + "%"


def factor(millionths: int) -> str:
    """A multiplier as it is written: `1500000` is `1.5`."""
    return f"{millionths // PPM}.{millionths % PPM:06d}".rstrip("0").rstrip(".")
