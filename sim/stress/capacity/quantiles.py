"""Percentiles of latencies, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.stress.capacity.luck import Floats

PERCENTILES = (50, 95, 99)
Percentiles = dict[str, float]
"""`p50`, `p95`, `p99` in milliseconds."""


def percentiles(seconds: Sequence[float] | Floats) -> Percentiles:
    """Percentiles of times in seconds; nothing where there are none."""
    if not len(seconds):
        return {}
    found = np.percentile(np.asarray(seconds), PERCENTILES) * 1000
    return {f"p{one}": float(value) for one, value in zip(PERCENTILES, found, strict=True)}
