"""The picture of a claim: an interval a case against the line of what is claimed, as plain numbers for inline SVG."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sim.claims.judging import Held
from sim.claims.testing import Examined, Finding
from sim.experiments.metric_names import Text

WIDTH, LEFT, RIGHT = 600, 225, 520
"""Pixels: the whole, and where the plot begins and ends; labels stand left of it, verdict figures right."""
TOP, ROW = 34, 22
_COLOURS: dict[Held, str] = {"held": "#047857", "not held": "#b91c1c", "undecided": "#64748b"}


@dataclass(frozen=True)
class Bar:
    """One case: its name, where it lies, its interval in pixels (`low` to `high` around `at`), its mean in words."""

    label: Text
    y: float
    at: float
    low: float
    high: float
    colour: str
    words: str


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn; `line` is where the claimed value lies."""

    width: int
    height: int
    left: int
    right: int
    line: float
    words: str
    bars: tuple[Bar, ...]


def picture(tested: Examined, written: Callable[[float], str], plain: Callable[[float], str], base: Text) -> Picture:
    """The picture of a claim.

    Args:
        written: a value of the claim in words. plain: a value of a parameter in words.
        base: the name of the case in which nothing differs.
    """
    shown = [one for one in tested.findings if one.judged.estimate is not None]
    place = _scale(shown, tested.claim.bound)
    bars = tuple(_bar(one, TOP + ROW * (number + 0.5), place, written, plain, base) for number, one in enumerate(shown))
    height = TOP + ROW * len(shown) + 8
    bound = tested.claim.bound
    return Picture(WIDTH, height, LEFT, RIGHT, place(bound), written(bound), bars)


def _scale(shown: list[Finding], bound: float) -> Callable[[float], float]:
    """From values to pixels; whatever has no end reaches the edge."""
    estimates = [one.judged.estimate for one in shown if one.judged.estimate]
    values = [bound, *(value for one in estimates for value in (one.mean, one.low, one.high) if math.isfinite(value))]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    low, span = low - 0.04 * span, 1.08 * span
    return lambda value: round(LEFT + (RIGHT - LEFT) * min(max((value - low) / span, 0.0), 1.0), 1)


def _bar(
    one: Finding,
    y: float,
    place: Callable[[float], float],
    written: Callable[[float], str],
    plain: Callable[[float], str],
    base: Text,
) -> Bar:
    found, case = one.judged.estimate, one.case
    assert found is not None
    value = plain(case.value)
    label = Text(f"{case.title.zh} {value}", f"{case.title.en} {value}") if case.vary else base
    ends = place(found.mean), place(found.low), place(found.high)
    return Bar(label, y, *ends, _COLOURS[one.judged.verdict], written(found.mean))
