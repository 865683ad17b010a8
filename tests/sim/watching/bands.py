"""Made-up bands and live stores: stores of a size of their own, with days of their own, in a few metrics."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.experiments.metric_names import NAMES
from sim.watching.band import Band, Facts
from sim.watching.live import Live

TOLD = ("gmv", "orders", "average_order_value", "active_buyers", "shares", "clicks", "commission", "payout_ratio",
        "contribution", "refund_rate")  # fmt: skip
FACTS = Facts(
    scenario="made_up", plan="new", before="old",
    titles={"new": ("新方案", "the new one"), "old": ("旧方案", "the old one")},
    people=1000, days=60, start=dt.date(2026, 1, 5), seed=1, sources="",
)  # fmt: skip


def paths(runs: int, days: int = 60, seed: int = 0, size: float = 1.0, buys: float = 1.0) -> np.ndarray:
    """Runs, (runs, metrics, days), money in fen: a store of `size`, whose people buy `buys` times as often."""
    luck = np.random.default_rng(seed)
    found = np.full((runs, len(NAMES), days), np.nan)
    level = np.exp(luck.normal(0, 0.05, (runs, 1))) * size
    clicks = luck.poisson(level * 200, (runs, days))
    buyers = luck.binomial(clicks, np.minimum(0.3 * buys, 1))
    orders = buyers + luck.binomial(buyers, 0.1)
    gmv = np.round(orders * 10_000 * np.exp(luck.normal(0, 0.1, (runs, days))))
    refunds = np.round(gmv * 0.05 * np.exp(luck.normal(0, 0.2, (runs, days))))
    commission = np.round(gmv * 0.08 * np.exp(luck.normal(0, 0.05, (runs, days))))
    told = {
        "gmv": gmv, "orders": orders, "average_order_value": gmv / orders, "active_buyers": buyers,
        "shares": luck.poisson(level * 300, (runs, days)), "clicks": clicks, "commission": commission,
        "payout_ratio": commission / gmv, "contribution": np.round(gmv * 0.4) - refunds - commission,
        "refund_rate": refunds / gmv,
    }  # fmt: skip
    for name, column in told.items():
        found[:, NAMES.index(name)] = column
    return found


def band(runs: int = 60, old: float = 0.9, seed: int = 0) -> Band:
    """A forecast, and that of a plan before under which people buy `old` times as often."""
    return Band(FACTS, paths(runs, seed=seed), paths(20, seed=seed + 1, buys=old))


def live(seed: int = 99, size: float = 1.0, days: int = 60, told: tuple[str, ...] = TOLD) -> Live:
    """A store that does what is forecast."""
    found = paths(1, seed=seed, size=size)[0, :, :days]
    return Live("live.csv", told, found[[NAMES.index(name) for name in told]])


def changed(store: Live, since: int, **factors: float) -> Live:
    """The store with figures that are multiplied from a day on."""
    figures = store.figures.copy()
    for name, factor in factors.items():
        figures[store.names.index(name), since:] *= factor
    return Live(store.name, store.names, figures, store.first)
