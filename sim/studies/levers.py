"""Levers 变量: numbers of a plan or a scenario that a study moves, each by its path in the file.

`plan.commission.base.levels.1.rates.fmcg=4%:12%` is a range, `plan.caps.order_ratio=20%,30%` a choice of values, and
`scenario.behaviour.reach=0.5:0.9` a range of what is assumed. In a list, an item is called by its `id`, by its `level`,
or by its place from 0. What a file leaves out can be moved too, where its section stands there or may begin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.errors import InputError, shown
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.yaml import Data, Document, read_yaml
from sim.behaviour.given import market_document
from sim.scenario import Scenario, parse_scenario

Side = Literal["plan", "scenario"]
_LEVER = re.compile(r"(plan|scenario)\.([\w.-]+)=([^=]+)")
_NUMBER = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)(%?)")
_EXAMPLES = "plan.caps.order_ratio=20%:30%, or scenario.behaviour.reach=0.5,0.7,0.9"
_PARTS, _MONEY = Decimal("0.01"), Decimal("0.01")
"""Of a per cent, so that campaigns can multiply it; a fen."""
_DIGITS = 6
"""Of an assumption about behaviour."""


@dataclass(frozen=True)
class Lever:
    """A number that a study moves.

    Attributes:
        side: in which of both files. keys: of its path, as they were given.
        values: all it can take, or, for a range, its two ends. percent: whether it is written as a percentage.
        whole: whether only whole numbers between the ends are taken.
    """

    side: Side
    keys: tuple[str, ...]
    values: tuple[Decimal, ...]
    is_range: bool
    percent: bool
    whole: bool

    @property
    def name(self) -> str:
        """Its path, the side first."""
        return ".".join((self.side, *self.keys))

    def at(self, part: float) -> Decimal:
        """The value at a part of the way, from 0 (the first) to 1 (the last); every choice has the same room."""
        if not self.is_range:
            return self.values[min(int(part * len(self.values)), len(self.values) - 1)]
        low, high = self.values
        if self.whole:
            return low + min(int(part * (int(high - low) + 1)), int(high - low))
        value = low + (high - low) * Decimal(repr(part))
        if self.side == "scenario" and not self.percent:
            return Decimal(f"{value:.{_DIGITS}g}")
        return value.quantize(_PARTS if self.percent else _MONEY)

    def number(self, value: Decimal) -> float:
        """A value as a number: 0.08 for 8%."""
        return float(value / 100 if self.percent else value)

    def written(self, value: Decimal) -> str:
        """A value as it stands in a file."""
        plain = format(value.normalize() if value else Decimal(0), "f")
        return f"{plain}%" if self.percent else plain


Setting = Mapping[str, Decimal]
"""The value of each lever, by its name."""


def read_lever(text: str) -> Lever:
    """A lever as it is given to a command.

    Raises:
        InputError: it is none.
    """
    found = _LEVER.fullmatch(text.strip())
    if not found:
        raise InputError(f"{shown(text)} is no lever", allowed=_EXAMPLES)
    side, path, given = found.groups()
    is_range = ":" in given
    numbers = [_NUMBER.fullmatch(one.strip()) for one in given.split(":" if is_range else ",")]
    if not all(numbers) or (is_range and len(numbers) != 2):
        raise InputError(f"{shown(given)} is neither a range nor a list of numbers", allowed=_EXAMPLES)
    matched = [one for one in numbers if one]
    values, units = tuple(Decimal(one[1]) for one in matched), {one[2] for one in matched}
    if len(units) > 1:
        raise InputError(f"{shown(given)} mixes percentages and numbers", allowed=_EXAMPLES)
    if (is_range and values[0] >= values[1]) or len(set(values)) < len(values):
        raise InputError(f"{shown(given)} does not rise, or has a value twice", allowed=_EXAMPLES)
    percent = units == {"%"}
    whole = not percent and all(one == one.to_integral_value() and "." not in str(one) for one in values)
    return Lever("plan" if side == "plan" else "scenario", tuple(path.split(".")), values, is_range, percent, whole)


@dataclass(frozen=True)
class Base:
    """The files of a market and a plan that a study starts from; moved as data, read anew at every point."""

    plan: Document
    scenario: Document

    @classmethod
    def of(cls, plan: tuple[str, str], scenario: tuple[str, str]) -> Base:
        """From text and name of both files."""
        return cls(read_yaml(*plan), market_document(*scenario))

    def at(self, levers: Sequence[Lever], setting: Setting) -> tuple[Plan, Scenario]:
        """Plan and market at a point.

        Raises:
            InputError: a path leads nowhere, or what stands there cannot have the value, or not together with others.
        """
        data = {"plan": deepcopy(self.plan.data), "scenario": deepcopy(self.scenario.data)}
        for lever in levers:
            _put(data[lever.side], lever, setting[lever.name])
        try:
            return parse_plan(data["plan"]), parse_scenario(data["scenario"])
        except InputError as error:
            point = ", ".join(f"{lever.name}={lever.written(setting[lever.name])}" for lever in levers)
            raise InputError(f"{point}: {error.message}", allowed=error.allowed) from error


def _put(data: Data, lever: Lever, value: Decimal) -> None:
    inside, path = data, list[str]()
    for key in lever.keys[:-1]:
        path.append(key)
        place = _place(inside, key)
        if isinstance(inside, dict) and place not in inside:
            inside[place] = {}
        if not isinstance(inside, dict) and place is None:
            raise InputError(f"{lever.name}: there is no {'.'.join(path)}", allowed=_inside(inside))
        inside = inside[place]
        if not isinstance(inside, dict | list):
            raise InputError(f"{lever.name}: {'.'.join(path)} is {shown(inside)}, which has nothing in it")
    last = _place(inside, lever.keys[-1])
    if last is None:
        raise InputError(f"{lever.name}: there is no {lever.keys[-1]}", allowed=_inside(inside))
    written = lever.written(value)
    inside[last] = written if lever.percent else int(value) if "." not in written else Decimal(written)


def _place(inside: Data, key: str) -> str | int | None:
    """Where a key leads: in a list by id, level or place, None if to nothing."""
    if isinstance(inside, dict):
        return next((known for known in inside if str(known) == key), key)
    for name in ("id", "level", "day"):
        for place, item in enumerate(inside):
            if isinstance(item, dict) and str(item.get(name)) == key:
                return place
    return int(key) if key.isdecimal() and int(key) < len(inside) else None


def _inside(inside: Data) -> str:
    items = inside if isinstance(inside, list) else []
    named = [
        str(item.get("id", item.get("level", place))) for place, item in enumerate(items) if isinstance(item, dict)
    ]
    return ", ".join(named) or f"0 to {len(items) - 1}"
