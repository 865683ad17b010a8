"""A metric's value as people read it, the same in terminal, page and sentence: yuan, per cent, p values."""

from __future__ import annotations

import math

from sim.experiments.metric_names import Lang, Unit, metric
from sim.experiments.statistics import Value

NONE = "–"
"""What stands where there is no value."""

_EXACT_UP_TO = 100_000
"""Fen (1,000 yuan): smaller amounts are shown to the fen, larger in whole yuan unless `exact`."""


def figure(name: str, value: Value, *, exact: bool = False) -> str:
    """The value of metric `name`; `exact` shows money to the fen."""
    return _written(metric(name).unit, value, exact=exact, sign="-")


def change(name: str, value: Value, lang: Lang) -> str:
    """A difference in metric `name`, always with its sign; a difference of ratios in percentage points."""
    unit = metric(name).unit
    if value is None or not math.isfinite(value):
        return NONE
    if unit is Unit.ratio:
        return f"{_plain(value * 100, 2, '+')}{' 个百分点' if lang == 'zh' else ' pp'}"
    return _written(unit, value, exact=False, sign="+")


def interval(name: str, low: Value, high: Value) -> str:
    """`[low, high]` of a difference in metric `name`; empty without an interval."""
    if low is None or high is None:
        return ""
    unit = metric(name).unit
    if unit is Unit.ratio:
        return f"[{_plain(low * 100, 2, '+')}, {_plain(high * 100, 2, '+')}]"
    return f"[{_written(unit, low, exact=False, sign='+')}, {_written(unit, high, exact=False, sign='+')}]"


def percentage(value: Value, digits: int = 1) -> str:
    """A relative difference in per cent, with its sign."""
    return NONE if value is None or not math.isfinite(value) else f"{_plain(value * 100, digits, '+')}%"


def part(value: float | None) -> str:
    """A part of a whole in per cent: `12.3%`."""
    return NONE if value is None else f"{value:.1%}"


def number(value: float | None, digits: int) -> str:
    """A figure with so many decimals: `1,234.5`."""
    return NONE if value is None else f"{value:,.{digits}f}"


def p_value(p: float | None) -> str:
    """`p < 0.001` or `p = 0.012`; empty without a test."""
    if p is None:
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def money(fen: float, *, exact: bool = False, sign: str = "-") -> str:
    """Fen as yuan with the currency sign: `¥1,234.56`, from 1,000 yuan on in whole yuan unless `exact`."""
    digits = 2 if exact or abs(fen) < _EXACT_UP_TO else 0
    if exact and isinstance(fen, int):
        whole, part = divmod(abs(fen), 100)
        text = f"{whole:,}.{part:02d}"
    else:
        text = f"{abs(fen) / 100:,.{digits}f}"
    return f"{_sign(fen, text, sign)}¥{text}"


def _written(unit: Unit, value: Value, *, exact: bool, sign: str) -> str:
    if value is None or not math.isfinite(value):
        return NONE
    if unit.is_money:
        return money(value, exact=exact, sign=sign)
    if unit is Unit.ratio:
        return f"{_plain(value * 100, 2, sign)}%"
    if unit is Unit.index:
        return _plain(value, 3, sign)
    return _plain(value, 0 if float(value).is_integer() or abs(value) >= 1000 else 1, sign)


def _plain(value: float, digits: int, sign: str) -> str:
    text = f"{abs(value):,.{digits}f}"
    return _sign(value, text, sign) + text


def _sign(value: float, text: str, sign: str) -> str:
    """`-`, `+` (only where signs are wanted) or nothing; a value shown as 0 has none."""
    if not any(digit in "123456789" for digit in text):
        return ""
    return "-" if value < 0 else ("+" if sign == "+" else "")
