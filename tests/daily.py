"""Which of many alike cases are looked at every day; the others are with `make test-slow`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some(cases: Iterable[Any], count: int) -> list[Any]:
    """All cases as parameters of a test, evenly spread `count` of them for every day."""
    listed = list(cases)
    chosen = {place * len(listed) // count for place in range(min(count, len(listed)))}
    return [one if place in chosen else pytest.param(one, marks=pytest.mark.slow) for place, one in enumerate(listed)]
