"""Who gains from a change of plans, as people read it: the same words and figures in a terminal and in the app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.gains import Effect
from rules.money import yuan
from rules.situations import Unit
from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE

SITUATION, BEFORE, AFTER = Text("情形", "situation"), Text("原", "before"), Text("现", "after")
DIFFERENCE = Text("差", "difference")
ALIKE = Text("另有 {n} 种情形两方案相同。", "{n} more situations are alike.")
APART = Text(
    "{n} 种情形只存在于一个方案（等级不同或不予受理）。",
    "{n} situations exist under one plan alone (a rank that the other has not, or a refusal).",
)
NO_EFFECT = Text("在所列典型情形中，两方案结果相同。", "In the typical situations both plans pay the same.")

_UNITS: dict[Unit, Text] = {"days": Text("天", "days"), "points": Text("积分", "points")}
_POINTS = Text(" 个百分点", " points")
_LESS_IS_BETTER = ("waiting", "platform")
"""Roles for whom more is worse: they wait, or pay."""


@dataclass(frozen=True)
class Sorted:
    """Effects that differ, and how many are alike, or exist under one of the plans alone."""

    differing: tuple[Effect, ...]
    alike: int
    apart: int


def sort_out(found: Sequence[Effect]) -> Sorted:
    """What differs among effects, and what does not."""
    apart = sum(one.differs and one.difference is None for one in found)
    return Sorted(tuple(one for one in found if one.difference), sum(not one.differs for one in found), apart)


def figure(value: int | None, unit: Unit, lang: Lang) -> str:
    """A figure of a situation; – where there is none."""
    if value is None:
        return NONE
    if unit == "yuan":
        return yuan(value)
    if unit == "percent":
        return f"{Decimal(value) / 10_000:.2f}%"
    return f"{value} {_UNITS[unit].say(lang)}"


def change(effect: Effect, lang: Lang) -> str:
    """The difference, always with its sign; of per cent in points."""
    sign = "+" if effect.difference and effect.difference > 0 else ""
    text = figure(effect.difference, effect.unit, lang)
    return sign + (text.replace("%", _POINTS.say(lang)) if effect.unit == "percent" else text)


def tone(role: str, difference: int) -> Literal["good", "bad", ""]:
    """Whether a difference is good or bad for whom it concerns."""
    if difference == 0:
        return ""
    return "good" if (difference > 0) != (role in _LESS_IS_BETTER) else "bad"
