"""A small busy market in which two plans are tried."""

from __future__ import annotations

from typing import Any

import worlds

from sim.trials.settings import Trial

BUSY = {"organic": 0.01, "seeds": 20, "zeal_a": 2, "click": 0.8, "impulse": 0.3, "r": 1, "alpha": 2}


def trial(people: int = 1500, second: str = "three_tier_more", **options: Any) -> Trial:
    """A trial of `three_tier` against another plan: two weeks under the first, then four of trial."""
    market = worlds.scenario().model_copy(update={"behaviour": BUSY, **options.pop("market", {})})
    given = {"before": 14, "days": 28, "block": 7, "washout": 2, "seed": 5, "replications": 2} | options
    return Trial(market, (worlds.plan(), worlds.plan(second)), people, **given)
