"""The JSON schema of what a file may hold: for editors, and for the words of a message about bad input."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel

from rules.plan.yaml import Path, Step

Schema: TypeAlias = dict[str, Any]


def schema(model: type[BaseModel]) -> Schema:
    """The JSON schema of a model, as an editor can use it for completion and checks while typing."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **deepcopy(_schema(model))}


@cache
def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(by_alias=True)


def schemas_at(model: type[BaseModel], path: Path) -> list[Schema]:
    """What may stand at a path: several where there is a choice, none where nothing is known."""
    whole = _schema(model)
    found = list(_choices(whole, whole))
    for step in path:
        found = [choice for node in found for inner in _inside(node, step) for choice in _choices(whole, inner)]
    return found


def _choices(whole: Schema, node: Schema) -> Iterator[Schema]:
    """A node with references followed and choices opened; "nothing" is not mentioned."""
    if "$ref" in node:
        yield from _choices(whole, whole["$defs"][node["$ref"].removeprefix("#/$defs/")])
    elif choices := node.get("anyOf") or node.get("oneOf"):
        for choice in choices:
            yield from _choices(whole, choice)
    elif node.get("type") != "null":
        yield node


def _inside(node: Schema, step: Step) -> Iterator[Schema]:
    if isinstance(step, int) and node.get("type") == "array":
        fixed = node.get("prefixItems", [])
        if step < len(fixed):
            yield fixed[step]
        elif isinstance(node.get("items"), dict):
            yield node["items"]
    elif step in node.get("properties", {}):
        yield node["properties"][step]
    elif isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]


def keys_of(nodes: list[Schema]) -> list[str]:
    """The keys that a place with these schemas knows, in the order of the model."""
    return list(dict.fromkeys(key for node in nodes for key in node.get("properties", {})))


def fitting(nodes: list[Schema], given: object) -> list[Schema]:
    """Of a choice between sections, those whose words from a list are the given ones, such as a `kind`; else all."""
    if not isinstance(given, dict):
        return nodes
    stated: dict[object, object] = given

    def fits(node: Schema) -> bool:
        words = {key: values_of([inner]) for key, inner in node.get("properties", {}).items()}
        return all(stated.get(key, allowed[0]) in allowed for key, allowed in words.items() if allowed)

    return [node for node in nodes if fits(node)] or nodes


def values_of(nodes: list[Schema]) -> list[str]:
    """The words that a place with these schemas accepts, if it accepts words from a list."""
    return [str(value) for node in nodes for value in node.get("enum", [node["const"]] if "const" in node else [])]


def in_words(nodes: list[Schema]) -> str:
    """What a place with these schemas accepts, in words."""
    return "; or ".join(dict.fromkeys(filter(None, map(_in_words, nodes))))


def _in_words(node: Schema) -> str:
    if words := values_of([node]):
        return ", ".join(words)
    match node.get("type"):
        case "object":
            return _object(node)
        case "array" if "description" not in node:
            return _list(node)
        case "integer":
            return _number(node)
        case "boolean":
            return "true or false"
    return str(node.get("description", "text" if node.get("type") == "string" else ""))


def _object(node: Schema) -> str:
    if keys := keys_of([node]):
        needed = node.get("required", []) if len(keys) > 1 else []
        plural = "s" if len(keys) > 1 else ""
        return f"the key{plural} {', '.join(keys)}" + (f" (needed: {', '.join(needed)})" if needed else "")
    return "keys with a value each"


def _list(node: Schema) -> str:
    low, high = node.get("minItems"), node.get("maxItems")
    if low is not None and low == high:
        return f"a list of {low}"
    bounds = [f"at least {low}"] if low else []
    bounds += [f"at most {high}"] if high is not None else []
    return "a list" + (f" of {' and '.join(bounds)}" if bounds else "")


def _number(node: Schema) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return f"a whole number from {low} to {high}"
    return "a whole number" + (f" of at least {low}" if low is not None else "")
