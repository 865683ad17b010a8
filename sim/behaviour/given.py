"""A file of behaviour, as `fenxiao calibrate` writes it: values, 90 % intervals, and the posterior they come from.

A scenario names it: `behaviour: FILE`, or `behaviour: {from: FILE, click: 5%}` where it knows something better.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path as File
from typing import Annotated, Any

from pydantic import Field

from rules.errors import InputError, shown
from rules.plan.validate import Problem, close_to, one_of, refusal, validate
from rules.plan.values import Section, Title
from rules.plan.yaml import Document, Path, read_yaml
from scenarios.find import find
from sim.behaviour.parameters import Behaviour
from sim.behaviour.posterior import Block, Finite, can_be

FROM = "from"
"""The key that names the file, beside parameters that are known better."""


class BehaviourFile(Section):
    """What data say of people: `values` by parameter, the `posterior` they come from, and its `intervals`."""

    behaviour: Annotated[str, Field(min_length=1, max_length=200)]
    title: Title | None = None
    values: dict[str, Finite | list[Finite]]
    intervals: dict[str, tuple[Finite, Finite]] = Field(default_factory=dict)
    posterior: list[Block] = Field(default_factory=list, max_length=200)
    data: dict[str, Any] = Field(default_factory=dict)


def read_behaviour(text: str, name: str) -> BehaviourFile:
    """The file of behaviour in a text; `name` is what messages begin with.

    Raises:
        InputError: with line and column, what was given and what is allowed.
    """
    document = read_yaml(text, name)
    found = validate(BehaviourFile, document.data, document)
    for problems in (_unknown, lambda one: block_problems(one.posterior, ("posterior",))):
        if wrong := list(problems(found)):
            raise refusal(wrong, document)
    validate(Behaviour, found.values, document, ("values",))
    if wrong := list(_apart(found)):
        raise refusal(wrong, document)
    return found


def market_document(text: str, name: str) -> Document:
    """The document of a scenario; a file that its `behaviour` names is read, and its values stand in the data.

    Raises:
        InputError: the text or the file is none; with place.
    """
    document = read_yaml(text, name)
    data = document.data
    given = data.get("behaviour") if isinstance(data, dict) else None
    file = given.get(FROM) if isinstance(given, dict) else given
    if not isinstance(file, str):
        return document
    path = ("behaviour", FROM) if isinstance(given, dict) else ("behaviour",)
    try:
        text_of_it = find("behaviours", _beside(name, file))
    except InputError as error:
        raise InputError(f"behaviour: {error.message}", document.place(path), error.allowed) from None
    known = read_behaviour(*text_of_it)
    own = {key: value for key, value in given.items() if key != FROM} if isinstance(given, dict) else {}
    data["behaviour"] = {key: _exact(value) for key, value in known.values.items()} | own
    data["posterior"] = [*known.model_dump(mode="json")["posterior"], *data.get("posterior", [])]
    return document


def block_problems(blocks: list[Block], path: Path) -> Iterator[Problem]:
    """Parameters of a posterior that are none, stand there twice, or cannot be where it has its centre."""
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        for name, value in block.centre().items():
            here: Path = (*path, number)
            if name not in Behaviour.model_fields or isinstance(Behaviour.model_fields[name].default, tuple | int):
                known = [one for one, field in Behaviour.model_fields.items() if isinstance(field.default, float)]
                yield Problem(here, f"{shown(name)} is no number of behaviour{close_to(name, known)}", one_of(known))
            elif name in seen:
                yield Problem(here, f"{shown(name)} is in the posterior twice", "each parameter once")
            elif not can_be(name, value):
                yield Problem(here, f"{name} cannot be {value:g}", "a centre inside the parameter's range")
            seen.add(name)


def _unknown(found: BehaviourFile) -> Iterator[Problem]:
    known = list(Behaviour.model_fields)
    for name in found.values:
        if name not in known:
            message = f"the key {shown(name)} is not known here{close_to(name, known)}"
            yield Problem(("values", name), message, one_of(known), key=True)


def _apart(found: BehaviourFile) -> Iterator[Problem]:
    """Centres of the posterior that are not the values of the file."""
    for number, block in enumerate(found.posterior):
        for name, value in block.centre().items():
            given = found.values.get(name)
            if not isinstance(given, float) or abs(given - value) > 1e-4 * abs(value):
                message = f"{name} is {shown(given)} in `values` and {value:g} here"
                yield Problem(("posterior", number), message, "the same value in both")


def _exact(value: float | list[float]) -> Decimal | list[Decimal]:
    return [Decimal(repr(one)) for one in value] if isinstance(value, list) else Decimal(repr(value))


def _beside(name: str, file: str) -> str:
    """The path of a file that a scenario names: beside the scenario, else as it stands."""
    beside = File(name).parent / file
    return str(beside) if not File(file).is_absolute() and beside.is_file() else file
