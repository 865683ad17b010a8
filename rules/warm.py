"""Compiling the engine ahead of its first use: Numba compiles all of it for the first log, even an empty one."""

from __future__ import annotations

from rules.engine import Engine
from rules.events import Names, blank
from rules.plan.model import Plan, Rank


def compile_engine() -> None:
    """Compile every kernel of the engine into the cache of this machine."""
    Engine.open([Plan(ranks=[Rank(id="member")])], Names(), 1, 0).apply(blank(0))


if __name__ == "__main__":
    compile_engine()
