"""The state of a world as data: what its objects hold, attribute by attribute, as plain values and arrays.

A world that is made again of the same scenario, plan and seed has the same objects in the same places. So a state has
no classes in it: it says what each attribute holds, and is written into the objects of a world made anew. What such a
world has by itself (settings, the market, tables of plans, threads) is left out. Whatever this file does not know how
to say as data it refuses by name: nothing is forgotten in silence.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from rules.errors import InputError
from rules.plan.compiled import Compiled, Tables
from sim.behaviour.chunks import Crew
from sim.books import Books
from sim.mesa_bridge import mesa

Node: TypeAlias = Any
"""JSON. A word in an object of one key says what it stands for: object, same, array, list, tuple, set, pairs, ..."""
Arrays: TypeAlias = dict[str, NDArray[Any]]
"""Arrays by the path of the attribute that holds them, such as `world/crowd/columns/effort`."""

_RECOMPUTED = (BaseModel, mesa.Model, Crew, Books, Compiled, Tables)
_OF_MESA = {
    name
    for name, value in vars(mesa.Model(rng=1)).items()
    if not isinstance(value, int | float | random.Random | np.random.Generator)
}
_LEFT_OUT = {"sink", "days", "running", *_OF_MESA}
"""Of a model: what its caller wants of it, and what Mesa keeps for itself, such as the registry of characters."""
_OURS = ("sim.", "rules.")


class Taker:
    """Takes the state of objects. Arrays are referred to, not copied: write them before the world goes on.

    Attributes:
        arrays: those that were met. seen: the objects that were met, by identity.
    """

    def __init__(self) -> None:
        self.arrays: Arrays = {}
        self.seen: dict[int, object] = {}
        self._paths: dict[int, str] = {}

    def attributes(self, thing: object, path: str) -> Node:
        """What an object holds.

        Raises:
            InputError: something that cannot be said as data.
        """
        self.seen[id(thing)] = thing
        return {"object": {name: self.node(value, _at(path, name)) for name, value in _held(thing)}}

    def node(self, value: object, path: str) -> Node:
        """A value as data."""
        if value is None or type(value) in (bool, int, str):
            return value
        if _recomputed(value):
            return {"same": path}
        if isinstance(value, np.ndarray):
            return {"array": self._array(value, path)}
        if isinstance(value, float | np.generic):
            return _number(value)
        if isinstance(value, list | tuple):
            items = [self.node(item, _at(path, place)) for place, item in enumerate(value)]
            return {"tuple" if isinstance(value, tuple) else "list": items}
        if isinstance(value, set):
            return {"set": [self.node(item, path) for item in sorted(value)]}
        if isinstance(value, dict):
            return {"pairs": [[_key(key), self.node(item, _at(path, _key(key)))] for key, item in _kept(value)]}
        return self._thing(value, path)

    def _array(self, array: NDArray[Any], path: str) -> str:
        if array.dtype.hasobject:
            raise _unsaid(path, array.dtype)
        if id(array) not in self._paths:
            self._paths[id(array)], self.arrays[path] = path, array
        return self._paths[id(array)]

    def _thing(self, thing: object, path: str) -> Node:
        if isinstance(thing, random.Random):
            version, words, spare = thing.getstate()
            return {"random": [version, list(words), spare]}
        if isinstance(thing, np.random.Generator) and type(thing.bit_generator) is np.random.PCG64:
            return {"generator": thing.bit_generator.state}
        if id(thing) in self.seen:
            return {"same": path}
        if not type(thing).__module__.startswith(_OURS) or not hasattr(thing, "__dict__"):
            raise _unsaid(path, type(thing).__qualname__)
        return self.attributes(thing, path)


class Giver:
    """Gives a state to the objects of a world made anew.

    Args:
        arrays: of the state.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays

    def attributes(self, node: Node, thing: object, path: str) -> None:
        """Write what an object held.

        Raises:
            InputError: the state is that of another object.
        """
        held, said = dict(_held(thing)), _word(node, "object", path)
        if held.keys() != said.keys():
            raise _strange(path, f"{', '.join(sorted(held.keys() ^ said.keys()))} on one side only")
        for name, value in said.items():
            vars(thing)[name] = self.value(value, held[name], _at(path, name))

    def value(self, node: Node, before: object, path: str) -> object:
        """The value that data stand for.

        Args:
            node: the data. before: what the world made anew has there; None where it has nothing. path: for messages.
        """
        if not isinstance(node, dict):
            return node
        (word, said), *more = node.items()
        read = getattr(self, f"_{word}", None)
        if more or word not in _WORDS or read is None:
            raise _strange(path, f"{word!r} stands for nothing")
        return read(said, before, path)

    def _object(self, said: Node, before: object, path: str) -> object:
        if before is None or not hasattr(before, "__dict__"):
            raise _strange(path, "there is no such object")
        self.attributes({"object": said}, before, path)
        return before

    def _same(self, said: str, before: object, path: str) -> object:
        return before

    def _array(self, said: str, before: object, path: str) -> NDArray[Any]:
        if said not in self._arrays:
            raise _strange(path, f"the array {said} is missing")
        array = self._arrays[said]
        if isinstance(before, np.ndarray) and (
            before.dtype != array.dtype or before.ndim != array.ndim or before.shape[1:] != array.shape[1:]
        ):
            given, needed = (f"{one.dtype} of shape {one.shape}" for one in (array, before))
            raise _strange(path, f"{given}, but this world has {needed}")
        return array

    def _list(self, said: list[Node], before: object, path: str) -> list[object]:
        old = before if isinstance(before, list | tuple) else []
        olds = [*old, *[None] * len(said)]
        return [self.value(item, olds[place], _at(path, place)) for place, item in enumerate(said)]

    def _tuple(self, said: list[Node], before: object, path: str) -> tuple[object, ...]:
        return tuple(self._list(said, before, path))

    def _set(self, said: list[Node], before: object, path: str) -> set[object]:
        return set(self._list(said, None, path))

    def _pairs(self, said: list[Node], before: object, path: str) -> object:
        """A dictionary in its own object: a default factory, and keys that are words of an enumeration, stay."""
        if not isinstance(before, dict):
            raise _strange(path, "there is no such dictionary")
        old, known = dict(before), {_key(key): key for key in before}
        for key, _ in _kept(old):
            del before[key]
        for key, node in said:
            name = known.get(key, key)
            before[name] = self.value(node, old.get(name), _at(path, key))
        return before

    def _float(self, said: str, before: object, path: str) -> float:
        return float(said)

    def _scalar(self, said: list[Node], before: object, path: str) -> object:
        name, value = said
        return np.dtype(name).type(value)

    def _random(self, said: list[Node], before: object, path: str) -> object:
        version, words, spare = said
        assert isinstance(before, random.Random)
        before.setstate((version, tuple(words), spare))
        return before

    def _generator(self, said: Node, before: object, path: str) -> object:
        assert isinstance(before, np.random.Generator)
        before.bit_generator.state = said
        return before


_WORDS = ("object", "same", "array", "list", "tuple", "set", "pairs", "float", "scalar", "random", "generator")


def _held(thing: object) -> Iterator[tuple[str, object]]:
    """The attributes of an object that a world made anew does not have by itself."""
    left_out = _LEFT_OUT if isinstance(thing, mesa.Model) else ()
    return ((name, value) for name, value in vars(thing).items() if name not in left_out and not _recomputed(value))


def _kept(pairs: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    return ((key, value) for key, value in pairs.items() if not _recomputed(value))


def _recomputed(value: object) -> bool:
    """Whether a world made anew has an equal value: settings, compiled tables, threads, functions, frozen records."""
    if isinstance(value, _RECOMPUTED) or callable(value):
        return True
    return is_dataclass(value) and bool(vars(type(value))["__dataclass_params__"].frozen)


def _number(value: float | np.generic) -> Node:
    if isinstance(value, np.generic):
        return {"scalar": [value.dtype.str, value.item()]}
    return value if math.isfinite(value) else {"float": repr(value)}


def _key(key: object) -> int | str:
    """A key as data: a word of an enumeration is its number."""
    if isinstance(key, int):
        return int(key)
    if type(key) is not str:
        raise _unsaid("a dictionary", type(key).__qualname__)
    return key


def _at(path: str, name: object) -> str:
    return f"{path}/{name}" if path else str(name)


def _word(node: Node, word: str, path: str) -> Any:  # noqa: ANN401 - whatever the data say
    if not isinstance(node, dict) or not isinstance(node.get(word), dict):
        raise _strange(path, f"no {word}")
    return node[word]


def _unsaid(path: str, what: object) -> InputError:
    return InputError(
        f"this world cannot be saved yet: {path.replace('/', '.')} holds a {what}",
        allowed="the product's own parts, plain values and arrays of numbers",
    )


def _strange(path: str, message: str) -> InputError:
    return InputError(
        f"the checkpoint does not fit this version at {path.replace('/', '.') or 'the world'}: {message}",
        allowed="a checkpoint that this version has saved",
    )
