"""Money, rates, factors and times are read exactly, and nothing that only looks like one is read."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rules.money import MAX_AMOUNT, PPM, percent, yuan
from rules.plan.values import (
    ClockTime,
    Day,
    Flag,
    LocalTime,
    Multiplier,
    Rate,
    SignedYuan,
    Surplus,
    Whole,
    Yuan,
)
from rules.plan.yaml import read_yaml


def read(kind, given):
    return TypeAdapter(kind).validate_python(given)


def read_text(kind, text):
    return read(kind, read_yaml(f"a: {text}", "x").data["a"])


@given(st.integers(-MAX_AMOUNT, MAX_AMOUNT))
def test_every_amount_survives_writing_and_reading(fen):
    text = yuan(fen).replace(",", "")
    assert read_text(SignedYuan, text) == read_text(SignedYuan, f'"{text}"') == fen


@given(st.integers(0, PPM))
def test_every_rate_survives_writing_and_reading(rate):
    assert read_text(Rate, percent(rate)) == rate
    assert read_text(Rate, f"{rate // PPM}.{rate % PPM:06d}") == rate


@given(st.integers(0, 10 * PPM))
def test_every_surplus_survives_writing_and_reading(surplus):
    assert read_text(Surplus, percent(surplus)) == surplus
    assert read_text(Surplus, f"{surplus // PPM}.{surplus % PPM:06d}") == surplus


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_is_its_decimal_times_a_hundred(amount):
    assert read(Yuan, amount) == int(amount * 100)


@given(st.integers(0, 99_999_999))
def test_every_multiplier_survives_writing_and_reading(factor):
    assert read_text(Multiplier, f"{factor // PPM}.{factor % PPM:06d}") == factor


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2999, 12, 31)))
def test_every_second_survives_writing_and_reading(moment):
    moment = moment.replace(microsecond=0)
    seconds = (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(seconds=1)
    assert read_text(LocalTime, f"{moment:%H:%M:%S}".join([f"{moment.date()} ", ""])) == seconds
    assert read_text(LocalTime, moment.isoformat()) == seconds
    assert seconds // 86_400 == (moment.date() - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-01-05", "2026-01-05 00:00"),
        ("2026-01-05 10:00", "2026-01-05T10:00:00"),
        ("2026-01-05 9:00", "2026-01-05 09:00"),
        ("2026-01-05T10:00Z", "2026-01-05 18:00"),
        ("2026-01-05T10:00+08:00", "2026-01-05 10:00"),
        ("2026-01-05T10:00+09:30", "2026-01-05 08:30"),
        ("2026-01-05 20:00 -0500", "2026-01-06 09:00"),
        ("1970-01-01T00:00+08:00", "1970-01-01"),
    ],
)
def test_times_with_an_offset_move_to_shanghai(text, same):
    assert read_text(LocalTime, text) == read_text(LocalTime, same)


def test_known_values():
    assert read_text(LocalTime, "1970-01-02 00:00:01") == 86_401
    assert read_text(ClockTime, '"02:00"') == read_text(ClockTime, "2:00") == 7_200
    assert read_text(Day, "2026-02-28") == dt.date(2026, 2, 28)
    assert read_text(Rate, "8%") == read_text(Rate, "0.08") == read_text(Rate, "8e-2") == 80_000
    assert read_text(Yuan, "1e2") == 10_000
    assert read_text(Yuan, "0.1") == 10


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *((Yuan, bad) for bad in (-1, "-0.01", "1.234", "1,000", "¥5", "", " ", None, True, [1], {}, 1.5)),
        *((Yuan, bad) for bad in (Decimal("NaN"), Decimal("Infinity"), Decimal("0.001"), 10**20, "9" * 9_999)),
        *((Rate, bad) for bad in ("100.0001%", "101%", 2, "-8%", "8 percent", "%", "8%%", Decimal("-0.1"), None)),
        *((Surplus, bad) for bad in ("1000.0001%", "1001%", 11, "-8%", "", True)),
        *((Multiplier, bad) for bad in (-1, 100, "1.5x", "0.0000001", True)),
        *((LocalTime, bad) for bad in (0, "10:00", "2026-13-01", "2026-01-05 24:00", "2026-01-05 10", "1969-12-31")),
        *((LocalTime, bad) for bad in ("1970-01-01T00:00+09:00", "3000-01-01", "2026-01-05 10:00 CET", "٢٠٢٦-01-05")),
        *((ClockTime, bad) for bad in ("24:00", "2", 200, "02:00:00", "2:5", None)),
        *((Day, bad) for bad in (20260105, "2026-1-5", "2026-01-05 00:00", 0, "5 January 2026")),
        *((Whole, bad) for bad in (True, "3", 3.0, Decimal(3), None)),
        *((Flag, bad) for bad in ("true", "yes", 1, 0, None)),
    ],
)
def test_what_only_looks_like_a_value_is_refused(kind, given):
    with pytest.raises(ValidationError):
        read(kind, given)
