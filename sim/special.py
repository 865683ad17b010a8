"""Special functions of SciPy, imported when one is first needed: that takes half a second, and most need none of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("__"):
        raise AttributeError(name)
    from scipy import special

    function: Callable[..., Any] = getattr(special, name)
    globals()[name] = function
    return function
