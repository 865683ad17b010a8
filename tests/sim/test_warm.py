"""Warming leaves nothing to compile. (All of it takes a while from nothing, so a part is looked at.)"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

import sim.spread
from rules.plain import PLAIN
from sim.warm import compile_spread


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_one_share_compiles_every_kernel_of_spread() -> None:
    modules = [import_module(f"sim.spread.{one.name}") for one in pkgutil.iter_modules(sim.spread.__path__)]
    kernels = {
        name: one
        for module in modules
        for name, one in vars(module).items()
        if hasattr(one, "signatures") and one.__module__ == module.__name__ and not name.startswith("_")
    }  # those that begin with _ are compiled with who calls them
    assert {"walk", "follow", "measure", "write"} <= set(kernels)
    compile_spread()
    assert [name for name, one in kernels.items() if not one.signatures] == []
