"""Compiling the engine ahead of its first use, in two parts of equal weight that two processes can take."""

from __future__ import annotations

import numba

from rules import walk
from rules.engine import Engine
from rules.events import EVENT, Names, blank
from rules.people.rank import Rank
from rules.plan.model import Plan


def _any_engine() -> Engine:
    return Engine.open([Plan(ranks=[Rank(id="member")])], Names(), 1, 0)


def _compile(kernel: object, *more: object) -> None:
    """Compile a kernel that takes a book, plans and more, with all that it calls, into the cache."""
    one = _any_engine()
    types = (numba.typeof(one.book.arrays()), numba.typeof(one.plans.tables()), *more)  # type: ignore[no-untyped-call]
    kernel.compile(types)  # type: ignore[attr-defined]


def compile_time() -> None:
    """What happens because time passes: closes, receipts, settlement."""
    _compile(walk._advance, numba.types.int64)


def compile_engine() -> None:
    """What events do, and then the engine around both parts: the first log compiles it, even an empty one."""
    _compile(walk._dispatch, numba.from_dtype(EVENT))
    _any_engine().apply(blank(0))


if __name__ == "__main__":
    compile_engine()
