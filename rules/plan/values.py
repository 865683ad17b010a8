"""The small types a plan is written in: yuan, rates, titles, times. Read exactly, never through a float.

Each type carries a JSON schema whose description says what is allowed: messages and editors quote it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from rules.errors import shown
from rules.money import PPM, factor, fen, in_yuan, percent, ppm

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?"
    r" ?(?:(Z)|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?)?"
)
_MULTIPLIER = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,6}))?")
_ID = r"^[A-Za-z_一-鿿][\w一-鿿.#-]{0,63}$"
_EPOCH = dt.date(1970, 1, 1)
_LAST_DAY = dt.date(2999, 12, 31)
_SHANGHAI = 8 * 3600
_MOST_SURPLUS = 10 * PPM


class Section(BaseModel):
    """Base of everything that is read from a file: unknown keys are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)


def _text(given: object, what: str) -> str:
    if isinstance(given, bool) or not isinstance(given, int | str | Decimal):
        raise ValueError(f"{shown(given)} is not {what}")
    plain = isinstance(given, Decimal) and given.is_finite() and abs(given.adjusted()) < 40
    return format(given, "f") if plain else str(given)


def _fen(given: object) -> int:
    return fen(_text(given, "an amount in yuan"))


def as_yuan(given: object) -> int:
    """An amount as written, in fen; `ValueError` unless it is one and not negative."""
    amount = _fen(given)
    if amount < 0:
        raise ValueError(f"{shown(given)} is negative")
    return amount


def as_rate(given: object) -> int:
    """A rate as written, in parts per million; `ValueError` unless it is one."""
    return ppm(_text(given, "a rate"))


def _as_surplus(given: object) -> int:
    return ppm(_text(given, "a percentage"), _MOST_SURPLUS)


def as_multiplier(given: object) -> int:
    """A factor as written, in millionths; `ValueError` unless it is one."""
    text = _text(given, "a multiplier")
    found = _MULTIPLIER.fullmatch(text)
    if not found:
        raise ValueError(f"{shown(given)} is not a multiplier")
    whole, part = found.groups()
    return int(whole) * PPM + int((part or "").ljust(6, "0"))


def _clock(given: object) -> int:
    found = _CLOCK.fullmatch(given) if isinstance(given, str) else None
    if not found:
        raise ValueError(f"{shown(given)} is not a time of day")
    return int(found[1]) * 3600 + int(found[2]) * 60


def _day(given: object) -> dt.date:
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise ValueError(f"{shown(given)} is not a date")
    return _date(given)


def _date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None
    if not _EPOCH <= day <= _LAST_DAY:
        raise ValueError(f"{text!r} is not between {_EPOCH} and {_LAST_DAY}")
    return day


def _local_time(given: object) -> int:
    found = _TIME.fullmatch(given) if isinstance(given, str) else None
    if not found:
        raise ValueError(f"{shown(given)} is not a time")
    date, hour, minute, second, utc, sign, offset_hours, offset_minutes = found.groups()
    seconds = (_date(date) - _EPOCH).days * 86_400
    seconds += int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0)
    if utc:
        seconds += _SHANGHAI
    elif sign:
        east = int(offset_hours) * 3600 + int(offset_minutes) * 60
        seconds += _SHANGHAI - (east if sign == "+" else -east)
    if seconds < 0:
        raise ValueError(f"{given!r} is before {_EPOCH}")
    return seconds


def _as_clock_text(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"


def _written(text: Callable[[int], str]) -> PlainSerializer:
    """How a value is written when a plan is dumped for a file: as it is read."""
    return PlainSerializer(text, return_type=str, when_used="json")


def _schema(allowed: str, pattern: str, *types: str) -> WithJsonSchema:
    kind = list(types) if types else "string"
    return WithJsonSchema({"type": kind, "pattern": pattern, "description": allowed})


_AMOUNT = "an amount in yuan with at most two decimals, such as 12.50"
_RATE = "a rate from 0% to 100%, such as 8% or 0.08, with at most four decimals of a percent"
_SURPLUS = "a percentage from 0% to 1000%, such as 200% or 2, with at most four decimals of a percent"
_FACTOR = "a multiplier from 0 to 99.999999, such as 1.5"
_MOMENT = "a local time such as 2026-01-05 10:00, a date, or a time with offset such as 2026-01-05T02:00Z"

Yuan = Annotated[
    int,
    BeforeValidator(as_yuan),
    _written(in_yuan),
    _schema(f"{_AMOUNT}, not negative", r"^[0-9]+(\.[0-9]{1,2})?$", "string", "number"),
]
"""An amount written in yuan, held in fen; not negative."""

SignedYuan = Annotated[
    int, BeforeValidator(_fen), _schema(_AMOUNT, r"^[+-]?[0-9]+(\.[0-9]{1,2})?$", "string", "number")
]
"""An amount written in yuan, held in fen; may be negative."""

Rate = Annotated[
    int,
    BeforeValidator(as_rate),
    _written(percent),
    _schema(_RATE, r"^[0-9]+(\.[0-9]{1,6})?\s*%?$", "string", "number"),
]
"""A rate written as 8% or 0.08, held in parts per million; 0 to 100 %."""

Surplus = Annotated[
    int,
    BeforeValidator(_as_surplus),
    _written(percent),
    _schema(_SURPLUS, r"^[0-9]+(\.[0-9]{1,6})?\s*%?$", "string", "number"),
]
"""How far above something, written as 200% or 2, held in parts per million; 0 to 1000 %."""

Multiplier = Annotated[
    int,
    BeforeValidator(as_multiplier),
    _written(factor),
    _schema(_FACTOR, r"^[0-9]{1,2}(\.[0-9]{1,6})?$", "string", "number"),
]
"""A factor written as 1.5, held in millionths."""

ClockTime = Annotated[
    int,
    BeforeValidator(_clock),
    _written(_as_clock_text),
    _schema('a time of day such as "02:00"', r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"),
]
"""A local time of day written as "02:00", held in seconds."""

Day = Annotated[dt.date, BeforeValidator(_day), _schema("a date such as 2026-01-05", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A date written as 2026-01-05."""

LocalTime = Annotated[int, BeforeValidator(_local_time), _schema(_MOMENT, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}")]
"""A moment, held in seconds since 1970-01-01 00:00 of the clock in Asia/Shanghai: its day is `t // 86400`.

A time without zone is local, one with an offset (`Z`, `+09:00`) is moved to +08:00, a date is its midnight.
"""

Whole = Annotated[int, Field(strict=True)]
"""A whole number, written as one: no text, no 1.0, no true."""

Flag = Annotated[bool, Field(strict=True)]
"""true or false, and nothing that looks like it."""

Id = Annotated[
    str,
    Field(pattern=_ID, description="a name: a letter or Chinese character, then letters, digits, _ . # -"),
]
"""A name: a letter or Chinese character first, then letters, digits, _ . # or -."""


class Title(Section):
    """A title in both languages."""

    zh: str
    en: str
