"""A plan with every key of the format, and what could stand in its place: what a rule sheet must react to.

A new key of the model stands in `full_plan.yaml` first; where no other value can be guessed from the one there, `ELSE`
names one.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.plan.yaml import read_yaml

FILE = File(__file__).parent / "rules" / "plan" / "full_plan.yaml"
ELSE: dict[tuple[str, str], list[object]] = {
    ("Attribution", "keep"): ["days:30", "last_click"],
    ("Attribution", "on_conflict"): ["override", "protect:30"],
    ("Caps", "levels"): [1],
    ("Differential", "depth"): [3, 8, {"partner": 3, "head": 5}],
    ("Semantics", "promoter_by"): ["all", "appointed", "spend_over:200", "order_at_least:99.50"],
    ("Semantics", "eligible_at"): ["create", "receipt", ["create", "settle"]],
    ("Semantics", "upline_snapshot"): ["create", "receipt", "settle", {1: "create", 2: "settle"}],
    ("Semantics", "discount_split"): ["ratio4", "double", {"coupon": "half_up", "points": "half_up_each"}],
    ("Semantics", "discount_order"): [["points", "coupon", "reduction"]],
    ("Semantics", "rounding"): ["half_up", "half_even", "ceil", {1: "half_up"}, {1: "ceil"}, {1: "half_up", 2: "ceil"}],
}
"""Other values of keys whose values are neither numbers nor a fixed list, or where one more changes nothing."""

WITHOUT: dict[tuple[str, str], tuple[str, ...]] = {("Caps", "over_cap"): ("semantics", "defects")}
"""What has to be left out of the full plan before another value of a key can stand there."""

NAMES = {
    ("Plan", "plan"): "the heading of the sheet",
    ("Plan", "title"): "the heading of the sheet",
    ("Plan", "platform"): "what it fills in is said key by key",
    ("Rank", "id"): "what a rank without a title is called; other keys refer to it",
    ("BaseLevel", "level"): "numbers a part; the sentences of the part say it",
}
"""Keys that mean nothing to a member by themselves, and why: no sentence needs to change with them."""


def full_plan() -> Plan:
    return read_plan(FILE.read_text("utf-8"), FILE.name)


def full_data() -> dict[str, Any]:
    return read_yaml(FILE.read_text("utf-8"), FILE.name).data


def sections(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Every section that a model can hold, itself first."""
    found: list[type[BaseModel]] = []

    def visit(kind: object) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in found:
            found.append(kind)
            for field in kind.model_fields.values():
                visit(field.annotation)
        for part in get_args(kind):
            visit(part)

    visit(model)
    return found


def keys_of(model: type[BaseModel]) -> set[tuple[str, str]]:
    """Every (section, key) of a model, in the words of a file."""
    return {
        (kind.__name__, field.alias or name) for kind in sections(model) for name, field in kind.model_fields.items()
    }


@dataclass(frozen=True)
class Place:
    """A leaf of a plan: whose key it is, where it stands in the data, what is there."""

    section: type[BaseModel]
    field: str
    path: tuple[str | int, ...]
    value: object

    @property
    def key(self) -> tuple[str, str]:
        return self.section.__name__, self.section.model_fields[self.field].alias or self.field


def places(thing: object, path: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Every key that has a value in a plan, sections included."""
    if isinstance(thing, BaseModel):
        for name, field in type(thing).model_fields.items():
            value = getattr(thing, name)
            if value is not None and value not in ([], {}):
                here = (*path, field.alias or name)
                yield Place(type(thing), name, here, value)
                yield from places(value, here)
    elif isinstance(thing, list | dict):
        for name, value in thing.items() if isinstance(thing, dict) else enumerate(thing):
            yield from places(value, (*path, name))


def others(place: Place, given: object) -> list[object]:
    """What could stand in the place of a value, as a file has it; empty for a section."""
    if place.key in ELSE:
        return ELSE[place.key]
    if isinstance(given, list) and not any(isinstance(one, dict) for one in given):
        return [given[:1], [*given[:-1], *_later(given[-1])]]
    if words := literals(place.section.model_fields[place.field].annotation):
        return [word for word in words if word != given]
    if isinstance(given, bool):
        return [not given]
    return _later(given)


def literals(kind: object) -> list[str]:
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    return [word for part in get_args(kind) for word in literals(part)]


def _later(given: object) -> list[object]:
    """The same with its last number one higher, or a letter more."""
    if isinstance(given, int):
        return [given + 1]
    if isinstance(given, dict | list):
        return []
    given = str(given)
    found = re.search(r"(\d+)(?=\D*$)", given)
    if found is None:
        return [given + "x"]
    number = str(int(found[1]) + 1).rjust(len(found[1]), "0")
    return [given[: found.start()] + number + given[found.end() :]]


def with_value(data: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The same data with another value at a path; a rate written short is at the path of its section."""
    changed = copy.deepcopy(data)
    around: Any = changed
    for step in path[:-1]:
        if not isinstance(around[step], dict | list):
            around[step] = value
            return changed
        around = around[step]
    around[path[-1]] = value
    return changed


def stated(data: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a key stands in the file itself, and is not there by default; a rate written short is."""
    for step in path:
        if not isinstance(data, dict | list):
            return True
        if isinstance(data, dict) and step not in data:
            return False
        data = data[step]
    return True


def without(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The same data without the key at a path."""
    if not path:
        return data
    changed = copy.deepcopy(data)
    del at(changed, path[:-1])[path[-1]]
    return changed


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if not isinstance(data, dict | list):
            return data
        data = data[step]
    return data
