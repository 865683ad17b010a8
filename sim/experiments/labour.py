"""Labour saved 人力节省: what people cost who look at cases under each plan, against the baseline.

The cases are withdrawals that are reviewed, goods that come back, payouts that have to be reconciled, complaints and
exchanges; what one costs stands in the scenario (`labour:`).
"""

from __future__ import annotations

from sim.experiments.compare import Results
from sim.experiments.effects import Effect
from sim.experiments.statistics import compare

LABOUR = ("labour", "reviews", "returns", "reconciling", "cases")
"""All of it, and its kinds; a kind that no plan has is left out."""


def labour_compared(results: Results) -> tuple[Effect, ...]:
    """Fen of labour of each arm against the baseline's, kind by kind; below 0 = saved."""
    values = {
        arm: [{"labour": sum(one.labour.values())} | one.labour for one in done]
        for arm, done in results.outcomes.items()
    }
    found = {kind for rows in values.values() for row in rows for kind, fen in row.items() if fen}
    kinds = [kind for kind in LABOUR if kind == "labour" or kind in found]
    return compare(values, metrics=kinds, luck=results.experiment.luck).effects
