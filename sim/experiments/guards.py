"""Guardrails: what a plan must not make worse, however much it earns. A plan wins only where each is shown to hold.

Read as in a test of non-inferiority: it is not enough that no harm is shown, since few replications show none. A guard
is *held* where the whole interval of the effect lies within its bound, *broken* where it lies beyond it, and *open*
else: more replications would tell. All guards must hold at once, so none of them needs a correction for the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.errors import InputError
from sim.experiments.effects import Value, measure
from sim.experiments.metric_names import METRICS, Text, Unit
from sim.experiments.sequential import Look

Scale = Literal["level", "difference", "relative"]
State = Literal["held", "broken", "open"]

_GUARD = re.compile(r"\s*([a-z0-9_]+)\s*(<=|>=)\s*([+-]?)([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(%|pp)?\s*")
_FORMS = (
    "METRIC<=BOUND or METRIC>=BOUND; a bound with a sign is a change against the baseline (+2% of it, +1pp of a ratio, "
    "+100 yuan or pieces), one without is a level (30% of a ratio, 1000 yuan or pieces)"
)


@dataclass(frozen=True)
class Guard:
    """One guardrail: `text` as it was given; `bound` in parts, fen or pieces."""

    text: str
    metric: str
    at_most: bool
    bound: float
    scale: Scale


@dataclass(frozen=True)
class Kept:
    """What became of a guardrail under one arm: value and interval on the scale of its bound."""

    guard: Guard
    arm: str
    value: float | None
    low: float | None
    high: float | None
    state: State

    def to_dict(self) -> dict[str, object]:
        """For `--json`: money in yuan."""
        money = self.guard.scale != "relative" and METRICS[self.guard.metric].unit.is_money
        figures = {"bound": self.guard.bound, "value": self.value, "low": self.low, "high": self.high}
        told = {name: value / 100 if money and value is not None else value for name, value in figures.items()}
        named: dict[str, object] = {
            "guard": self.guard.text,
            "metric": self.guard.metric,
            "arm": self.arm,
            "scale": self.guard.scale,
        }
        return named | told | {"state": self.state}


STATES: Mapping[State, Text] = {
    "held": Text("守住", "held"),
    "broken": Text("突破", "broken"),
    "open": Text("未能证实守住", "not shown to hold"),
}


def read_guard(text: str) -> Guard:
    """A guardrail as it is written, such as `refund_rate<=+1pp`.

    Raises:
        InputError: it is none, or its metric is none, or its unit is not one of its metric.
    """
    found = _GUARD.fullmatch(text)
    if not found:
        raise InputError(f"--guard {text!r} is not a guardrail", allowed=_FORMS)
    name, way, sign, digits, unit = found.groups()
    if name not in METRICS:
        raise InputError(
            f"--guard {text!r} names the metric {name!r}, which does not exist", allowed=", ".join(METRICS)
        )
    counted = METRICS[name].unit
    if (unit == "pp" and not (sign and counted is Unit.ratio)) or (
        unit == "%" and not sign and counted is not Unit.ratio
    ):
        raise InputError(f"--guard {text!r}: {unit} is no unit of {name} here", allowed=_FORMS)
    if unit is None and counted is Unit.ratio:
        raise InputError(f"--guard {text!r}: {name} is a ratio, whose bound needs a unit", allowed=_FORMS)
    size = Decimal(digits) * (-1 if sign == "-" else 1)
    scale: Scale = "level" if not sign else "relative" if unit == "%" else "difference"
    size = size / 100 if unit else size * 100 if counted.is_money else size
    return Guard(text.strip(), name, way == "<=", float(size), scale)


def judge(
    guards: Sequence[Guard],
    values: Mapping[str, Sequence[Mapping[str, Value]]],
    baseline: str,
    confidence: float = 0.95,
    look: Look | None = None,
) -> tuple[Kept, ...]:
    """Each guardrail under each arm; the baseline is held against levels only: of itself it is no worse.

    Args:
        values: see `statistics.Values`. confidence, look: see `effects.measure`.
    """
    return tuple(
        _kept(guard, arm, values[baseline], rows, confidence, look)
        for guard in guards
        for arm, rows in values.items()
        if arm != baseline or guard.scale == "level"
    )


def unkept(kept: Sequence[Kept]) -> frozenset[str]:
    """Arms that cannot win: a guardrail of theirs is not shown to hold."""
    return frozenset(one.arm for one in kept if one.state != "held")


def _kept(
    guard: Guard,
    arm: str,
    base: Sequence[Mapping[str, Value]],
    rows: Sequence[Mapping[str, Value]],
    confidence: float,
    look: Look | None,
) -> Kept:
    if guard.scale == "level":
        base = [{guard.metric: None if row.get(guard.metric) is None else 0.0} for row in rows]
    effect = measure(guard.metric, arm, base, rows, confidence, look)
    value, low, high = effect.difference, effect.low, effect.high
    if guard.scale == "relative":
        value, low, high = effect.relative, effect.relative_low, effect.relative_high
    if effect.pairs == 0:  # no run of either arm has the figure: nothing can have become worse
        value = None
    return Kept(guard, arm, value, low, high, _state(guard, low, high, effect.verdict == "no difference"))


def _state(guard: Guard, low: float | None, high: float | None, same: bool) -> State:
    """Where an interval lies; arms that never differ hold whatever allows no change."""
    if low is None or high is None:
        unchanged = same and guard.scale != "level" and (guard.bound >= 0 if guard.at_most else guard.bound <= 0)
        return "held" if unchanged else "open"
    if guard.at_most:
        return "held" if high <= guard.bound else "broken" if low > guard.bound else "open"
    return "held" if low >= guard.bound else "broken" if high < guard.bound else "open"
