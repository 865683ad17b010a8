"""What a plan does to the median promoter, and to those far below and above: quantiles of income, run beside run.

A mean of incomes is what a few at the top earn. Quantiles are over everybody who shared or earned under the plan, since
that is whom its promises reach; who earns more and who less, person by person, is in `gains`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.experiments.effects import Effect, Value, holm, judged, measure
from sim.experiments.sequential import Look

QUANTILES: Mapping[str, float] = {
    "income_p10": 0.10,
    "income_p25": 0.25,
    "income_median": 0.50,
    "income_p75": 0.75,
    "income_p90": 0.90,
    "income_p99": 0.99,
}
"""Part of promoters who earn no more, by name of the figure."""


def quantiles_of(incomes: Sequence[int]) -> dict[str, Value]:
    """Fen that each quantile of promoters earns, as somebody does earn it; None where there is no promoter."""
    if not incomes:
        return dict.fromkeys(QUANTILES)
    found = np.quantile(np.array(incomes, np.int64), list(QUANTILES.values()), method="inverted_cdf")
    return {name: int(fen) for name, fen in zip(QUANTILES, found, strict=True)}


def quantile_effects(
    incomes: Mapping[str, Sequence[Sequence[int]]], baseline: str, confidence: float = 0.95, look: Look | None = None
) -> tuple[Effect, ...]:
    """Every quantile of every arm against the baseline's, paired by replication; Holm over them, a family of their own.

    Args:
        incomes: fen of every promoter, by arm and replication. confidence, look: see `effects.measure`.
    """
    rows = {arm: [quantiles_of(one) for one in runs] for arm, runs in incomes.items()}
    raw = [
        measure(name, arm, rows[baseline], rows[arm], confidence, look)
        for arm in rows
        if arm != baseline
        for name in QUANTILES
    ]
    adjusted = holm([effect.p for effect in raw])
    return tuple(judged(effect, p) for effect, p in zip(raw, adjusted, strict=True))
