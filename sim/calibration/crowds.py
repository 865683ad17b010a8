"""Crowds whose parameters are known, to see whether calibration finds them: pure BG/NBD and Gamma-Gamma, in tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rules.events import DAY
from sim.history.bgnbd import BgNbd
from sim.history.gammagamma import GammaGamma

START = 20_454 * DAY
"""2026-01-01."""
_MOST = 400
"""Purchases of one customer at most."""


@dataclass(frozen=True)
class Crowd:
    """Who buys: so many customers who come evenly over `arriving` days, watched until day `days`."""

    buying: BgNbd
    spending: GammaGamma
    customers: int = 3_000
    arriving: int = 182
    days: int = 546


def tables_of(crowd: Crowd, seed: int) -> dict[str, pa.Table]:
    """The tables of orders and members that such a crowd leaves, with the columns of an import."""
    luck = np.random.default_rng(seed)
    count, model = crowd.customers, crowd.buying
    rate = luck.gamma(model.r, 1 / model.alpha, count) / 7
    dropout = luck.beta(model.a, model.b, count)
    first = luck.uniform(0, crowd.arriving, count)
    gaps = luck.exponential(1.0, (count, _MOST)) / np.maximum(rate, 1e-300)[:, None]
    repeats = first[:, None] + np.cumsum(gaps, axis=1)
    leaves = luck.random((count, _MOST)) < dropout[:, None]
    gone = np.cumsum(leaves, axis=1) - leaves > 0
    who, which = np.nonzero((repeats < crowd.days) & ~gone)
    member = np.append(np.arange(count), who)
    day = np.append(first, repeats[who, which])
    scale = 1 / luck.gamma(crowd.spending.q, 1 / crowd.spending.v, count)
    yuan = luck.gamma(crowd.spending.p, 1.0, len(member)) * scale[member]
    order = np.argsort(day, kind="stable")
    seconds = START + (day[order] * DAY).astype(np.int64)
    names = pa.array([f"m{one}" for one in range(count)])
    orders = pa.table(
        {
            "order_id": pa.array([f"o{one}" for one in range(len(order))]),
            "member_id": names.take(pa.array(member[order])),
            "paid_at": pa.array(seconds).cast(pa.timestamp("s")),
            "amount": pa.array(np.maximum(np.round(yuan[order], 2), 0.01)),
        }
    )
    return {"orders": orders}
