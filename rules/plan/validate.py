"""From plain data to a model: every file format is checked here, mistakes are explained in the same words.

pydantic finds what is wrong; this module says it the way an operator can use it: file, line and column, where
in the data, what was given, what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.errors import InputError, Place, shown
from rules.plan.schema import fitting, in_words, keys_of, schemas_at, values_of
from rules.plan.yaml import Data, Document, Path, read_yaml

Model = TypeVar("Model", bound=BaseModel)

_WRONG_KIND = {
    "model_type": "is not a mapping with keys",
    "dict_type": "is not a mapping with keys",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "string_type": "is not text",
    "int_type": "is not a whole number",
    "bool_type": "is not true or false",
    "decimal_type": "is not a number",
}
_MISSING = "this key is missing"
_WRONG_VALUE = {
    "literal_error": "is not known here",
    "string_pattern_mismatch": "is not a name",
    "int_from_float": "is not a whole number",
    "int_parsing": "is not a whole number",
    "greater_than_equal": "is too small",
    "greater_than": "is too small",
    "less_than_equal": "is too large",
    "less_than": "is too large",
    "finite_number": "is not a finite number",
    "decimal_parsing": "is not a number",
    "too_short": "has too few items",
    "too_long": "has too many items",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, and what is allowed instead."""

    path: Path
    message: str
    allowed: str = ""
    key: bool = False
    meant: str = ""

    def below(self, path: Path) -> Problem:
        """The same problem of data that stands at a path of a larger document."""
        return replace(self, path=path + self.path)


def validate(model: type[Model], data: Data, document: Document | None = None, path: Path = ()) -> Model:
    """Data as an instance of a model.

    Args:
        model: what the data should be.
        data: plain data, as `read_yaml` gives it.
        document: where the data comes from; without it messages have no line.
        path: where in the document the data stands.

    Raises:
        InputError: the first problem in the order of the text, and how many more there are.
    """
    try:
        return model.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        problems = _problems(model, data, error.errors(include_url=False)[:1_000])
    except RecursionError:
        problems = [Problem((), "nested too deeply")]
    raise refusal([problem.below(path) for problem in problems], document)


def read_as(
    model: type[Model], text: str, name: str, problems: Callable[[Model], Iterable[Problem]] = lambda _: ()
) -> Model:
    """What a file of some format says.

    Args:
        model: the format. text: what the file holds. name: the file name that messages begin with.
        problems: finds what is wrong though every key and value by itself is fine.

    Raises:
        InputError: with line and column, what was given and what is allowed.
    """
    document = read_yaml(text, name)
    found = validate(model, document.data, document)
    if wrong := list(problems(found)):
        raise refusal(wrong, document)
    return found


def given_twice(path: Path, ids: Sequence[str]) -> Iterator[Problem]:
    """Ids of a list of sections that stood in it before; `path` is that of the list."""
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield Problem((*path, number, "id"), f"{name!r} is given twice", "each id once")


def refusal(problems: Sequence[Problem], document: Document | None = None) -> InputError:
    """One error for all problems, led by the one that comes first in the text."""
    placed = [(_place(problem, document), problem) for problem in problems]
    placed.sort(key=lambda one: (one[0].line, one[0].column) if one[0] else (0, 0))
    (place, first), *others = placed
    return InputError(_said(first), place, first.allowed, [_listed(*other) for other in others])


def _place(problem: Problem, document: Document | None) -> Place | None:
    return document.place(problem.path, problem.key) if document else None


def _said(problem: Problem) -> str:
    return f"{written(problem.path)}: {problem.message}" if problem.path else problem.message


def _listed(place: Place | None, problem: Problem) -> str:
    return f"{place.line}:{place.column}: {_said(problem)}" if place else _said(problem)


def written(path: Path) -> str:
    """A path as `commission.base.levels[0].rates`; items of a list count from 0."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def one_of(names: Iterable[str]) -> str:
    """A list of names to choose from, short enough for a message."""
    names = list(names)
    return ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "") or "none"


def close_to(given: object, names: Iterable[str]) -> str:
    """A question such as ` (did you mean rates?)` when a name is close to one of those allowed."""
    close = _closest(given, names)
    return f" (did you mean {close}?)" if close else ""


def _closest(given: object, names: Iterable[str]) -> str:
    close = get_close_matches(given, list(names)[:1_000], n=1) if isinstance(given, str) else []
    return close[0] if close else ""


def _problems(model: type[BaseModel], data: Data, errors: list[ErrorDetails]) -> list[Problem]:
    """One problem a path. Where a choice failed every branch complains: the one that fits the data speaks."""
    found = [(_path(data, error), error) for error in errors]
    found.sort(key=lambda one: _wrong_kind(one[1]["type"]))
    best: dict[Path, ErrorDetails] = {}
    for path, error in found:
        best.setdefault(path, error)
    deeper = {path[:length] for path in best for length in range(len(path))}
    kept = {path: error for path, error in best.items() if path not in deeper or not _mismatch(error)}
    return _without_misspelt([_problem(model, data, path, error) for path, error in (kept or best).items()])


def _without_misspelt(problems: list[Problem]) -> list[Problem]:
    """Without missing keys that an unknown key beside them was meant to be."""
    meant = {(*one.path[:-1], one.meant) for one in problems if one.meant}
    return [one for one in problems if not (one.path in meant and one.message == _MISSING)]


def _wrong_kind(kind: str) -> bool:
    return kind in _WRONG_KIND


def _mismatch(error: ErrorDetails) -> bool:
    return error["type"] in _WRONG_KIND or error["type"] == "literal_error"


def _path(data: Data, error: ErrorDetails) -> Path:
    """The location of an error in the data: without the names of branches that pydantic puts between."""
    path: list[str | int] = []
    location = error["loc"]
    for number, step in enumerate(location):
        missing = error["type"] == "missing" and number == len(location) - 1
        if missing or _has(data, step):
            path.append(step)
            data = None if missing else data[step]
    return tuple(path)


def _has(data: Data, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list | tuple) and isinstance(step, int) and step < len(data)


def _problem(model: type[BaseModel], data: Data, path: Path, error: ErrorDetails) -> Problem:
    kind = error["type"]
    if kind in ("extra_forbidden", "invalid_key"):
        return _unknown_key(model, data, path)
    given = _at(data, path)
    allowed = in_words(schemas_at(model, path))
    if kind == "missing":
        return Problem(path, _MISSING, allowed)
    if error["loc"] and error["loc"][-1] == "[key]":
        return Problem(path, f"{shown(path[-1])} cannot be a key here", _as_key(error), key=True)
    if kind == "value_error":
        message = str(error.get("ctx", {}).get("error", error["msg"]))
        section = isinstance(given, dict) and keys_of(schemas_at(model, path))
        return Problem(path, message, "" if section else allowed)
    if kind == "literal_error" and path and isinstance(given, str):
        return _unknown_value(model, path, given, allowed)
    said = _WRONG_KIND.get(kind) or _WRONG_VALUE.get(kind) or f"cannot be used: {error['msg']}"
    quotes = f' (write "{given}" in quotes)' if kind == "string_type" and isinstance(given, int) else ""
    return Problem(path, f"{shown(given)} {said}{quotes}", allowed)


def _at(data: Data, path: Path) -> Data:
    for step in path:
        if not _has(data, step):
            return None
        data = data[step]
    return data


def _as_key(error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    if error["type"] == "string_type":
        return f'text: write it in quotes, "{error["input"]}"'
    bounds = error.get("ctx", {})
    low, high = bounds.get("ge"), bounds.get("le")
    return "a whole number" + (f" up to {high}" if high is not None else f" from {low}" if low is not None else "")


def _unknown_key(model: type[BaseModel], data: Data, path: Path) -> Problem:
    keys, key = keys_of(fitting(schemas_at(model, path[:-1]), _at(data, path[:-1]))), str(path[-1])
    message = f"the key {shown(path[-1])} is not known here{close_to(key, keys)}"
    return Problem(path, message, one_of(keys), key=True, meant=_closest(key, keys))


def _unknown_value(model: type[BaseModel], path: Path, given: str, allowed: str) -> Problem:
    values = values_of(schemas_at(model, path))
    return Problem(path, f"{shown(given)} is not known here{close_to(given, values)}", allowed)
