"""Changing one value in the text of a plan file: comments, order and blanks around it stay as they are."""

from __future__ import annotations

from copy import deepcopy

from rules.errors import InputError
from rules.plan.yaml import Data, Document, Path, read_yaml


def edited(text: str, path: Path, written: str, name: str = "plan") -> str:
    """The text with another value at a place.

    Args:
        text: of a file. path: where in its data the value stands. written: the new one as YAML. name: see `read_yaml`.

    Raises:
        InputError: the text cannot be read, there is no single value at the place, or an alias repeats it elsewhere.
    """
    before, value = read_yaml(text, name), read_yaml(written, name).data
    span = before.span(path)
    where = ".".join(map(str, path))
    if span is None:
        raise InputError(f"{where} is no value that stands in the text", before.place(path), "a value written out")
    bare = text.removeprefix("\ufeff")
    changed = bare[: span[0]] + written + bare[span[1] :]
    if _with_kinds(read_yaml(changed, name).data) != _with_kinds(_with(before, path, value)):
        raise InputError(f"{where} stands in other places too, by an alias", before.place(path), "a value of its own")
    return changed


def _with(document: Document, path: Path, value: Data) -> Data:
    """The data with another value at a place, and at that place alone."""
    if not path:
        return value
    # An alias repeats the same object: copied level by level, only this place changes.
    whole = _copied(document.data)
    inner = whole
    for step in path[:-1]:
        inner[step] = _copied(inner[step])
        inner = inner[step]
    inner[path[-1]] = deepcopy(value)
    return whole


def _copied(data: Data) -> Data:
    return data.copy() if isinstance(data, dict | list) else data


def _with_kinds(data: Data) -> Data:
    """Every value with its type: Python takes true for 1."""
    if isinstance(data, dict):
        return {key: _with_kinds(one) for key, one in data.items()}
    if isinstance(data, list):
        return [_with_kinds(one) for one in data]
    return type(data), data
