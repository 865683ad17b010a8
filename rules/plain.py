"""Kernels as the Python they are written in: the same sources, not compiled, for coverage, mutants and debuggers.

With FENXIAO_PLAIN=1 in the environment the kernels of `rules/` are not compiled. Whole numbers are then Python's own,
so a sum that leaves 64 bits, or a value that does not fit its column, raises an error instead of wrapping around.
Some thousand times slower: for tests of the rules, not for markets.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np

from rules.events import Records

PLAIN = bool(os.environ.get("FENXIAO_PLAIN"))
"""Whether kernels are left as the Python they are written in."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class PlainNumbers:
    """An array of numbers that gives and takes Python's own."""

    def __init__(self, array: Records) -> None:
        self.array = array
        self.shape = array.shape

    def __getitem__(self, place: int | tuple[int, ...]) -> object:
        found = self.array[place]
        return PlainNumbers(found) if isinstance(found, np.ndarray) else found.item()

    def __setitem__(self, place: int | tuple[int | slice, ...], number: int) -> None:
        self.array[place] = number

    def __len__(self) -> int:
        return len(self.array)


class PlainRow:
    """One row of a record array: its fields are attributes that write through."""

    __slots__ = ("array", "place")

    array: Records
    place: int | tuple[int, ...]

    def __init__(self, array: Records, place: int | tuple[int, ...]) -> None:
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "place", place)

    def __getattr__(self, name: str) -> object:
        found = self.array[name][self.place]
        return PlainNumbers(found) if isinstance(found, np.ndarray) else found.item()

    def __setattr__(self, name: str, value: int) -> None:
        self.array[name][self.place] = value


class PlainTable:
    """A record array whose rows are `PlainRow`."""

    def __init__(self, array: Records) -> None:
        self.array = array
        self.shape = array.shape

    def __getitem__(self, place: int | tuple[int, ...]) -> PlainRow:
        return PlainRow(self.array, place)

    def __setitem__(self, place: int | tuple[int, ...], row: PlainRow) -> None:
        self.array[place] = row.array[row.place]

    def __len__(self) -> int:
        return len(self.array)


def _plain(given: object) -> object:
    if isinstance(given, np.ndarray):
        return PlainNumbers(given) if given.dtype.names is None else PlainTable(given)
    if isinstance(given, np.void):
        return PlainRow(np.asarray(given), ())
    return given.item() if isinstance(given, np.generic) else given


def plain_kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The function itself, with arrays given to it dressed as kernels see them."""

    @functools.wraps(function)
    def dressed(*given: Arguments.args, **named: Arguments.kwargs) -> Result:
        return function(*map(_plain, given), **{name: _plain(one) for name, one in named.items()})  # type: ignore[arg-type]

    return dressed


def plain_reference(proxy: type, fields: list[str]) -> None:
    """Let a class of arrays be made in Python: its fields are plain attributes."""

    def new(cls: type, *arrays: object) -> object:
        made: object = object.__new__(cls)
        for name, array in zip(fields, arrays, strict=True):
            setattr(made, name, _plain(array))
        return made

    setattr(proxy, "__new__", new)  # noqa: B010 - the class was made for Numba
