"""What moved: GMV taken apart into traffic, conversion, frequency and basket; refunds and pay; held against runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.experiments.metric_names import Text
from sim.watching.alarm import root
from sim.watching.judging import Watch

Floats = NDArray[np.float64]

MOVED = 2.0
"""Standard deviations from which on a factor is said to have moved."""
_FURTHEST = 99.0
"""Of deviations: where runs hardly differ, or a store has stopped."""
CHAIN = ("clicks", "active_buyers", "orders", "gmv")
"""Each but the first is the one before times a factor; what is not told is left out of the chain."""
PROMOTERS = ("shares", "clicks", "new_members")
"""What promoters do: a commission plan acts on the store through them."""
_TITLES = {
    ("", "clicks"): Text("流量（分享链接点击）", "traffic (clicks on shared links)"),
    ("", "active_buyers"): Text("买家数", "buyers"),
    ("", "orders"): Text("订单数", "orders"),
    ("", "gmv"): Text("成交额", "GMV"),
    ("clicks", "active_buyers"): Text("转化（买家 ÷ 点击）", "conversion (buyers per click)"),
    ("clicks", "orders"): Text("转化（订单 ÷ 点击）", "conversion (orders per click)"),
    ("clicks", "gmv"): Text("单次点击成交额", "GMV per click"),
    ("active_buyers", "orders"): Text("频次（订单 ÷ 买家）", "frequency (orders per buyer)"),
    ("active_buyers", "gmv"): Text("人均成交额", "GMV per buyer"),
    ("orders", "gmv"): Text("客单价", "basket (GMV per order)"),
}
RATES = {"refund_rate": Text("退款率", "refunds (part of GMV)"), "payout_ratio": Text("佣金率", "pay (part of GMV)")}
_FUNNEL = Text("查漏斗：价格、库存、支付、页面故障", "look at the funnel: prices, stock, payment, pages that fail")
_VISITS = Text(
    "查分享素材、渠道入口，推广员是否还在分享", "look at share kit and front doors, and whether promoters still share"
)
_HINTS = {
    "clicks": _VISITS,
    "active_buyers": _FUNNEL,
    "orders": Text("查召回、库存与复购优惠", "look at messages, stock and offers to come back"),
    "gmv": Text("查价格、折扣与品类结构", "look at prices, discounts and the mix of goods"),
    "refund_rate": Text(
        "查品质、物流与刷单（fenxiao risk）", "look at quality, deliveries and fake orders (fenxiao risk)"
    ),
    "payout_ratio": Text(
        "核对线上系统是否照方案计算（fenxiao vectors），再查作弊",
        "check that the live system computes what the plan says (fenxiao vectors), then look for cheats",
    ),
}


@dataclass(frozen=True)
class Factor:
    """A factor of what a store takes, over the days since it is off.

    Attributes:
        name: of the metric it leads to. live, usual: the live store's, and the mean of the runs. z: its deviation.
    """

    name: str
    title: Text
    live: float
    usual: float
    z: float

    @property
    def relative(self) -> float:
        """By how much it is off, in parts of the forecast."""
        return self.live / self.usual - 1 if self.usual else 0.0

    @property
    def hint(self) -> Text:
        """Where to look."""
        if self.title == _TITLES["clicks", "orders"]:
            return _FUNNEL
        return _HINTS[self.name]


def factors_of(watch: Watch, first: int) -> list[Factor]:
    """All factors that the figures tell, from a day on; those of the chain multiply to GMV."""
    chain = [name for name in CHAIN if name in watch.names]
    found = []
    means = {name: watch.over(name, first)[:2] for name in chain}
    for above, name in pairwise(["", *chain]):
        live, runs = means[name]
        if above:
            live, runs = float(_ratio(live, means[above][0])), _ratio(runs, means[above][1])
        found.append(_factor(name, _TITLES[above, name], live, runs))
    for name, title in RATES.items():
        if name in watch.names:
            live, runs, _ = watch.over(name, first)
            found.append(_factor(name, title, live, runs))
    return [one for one in found if np.isfinite(one.live) and np.isfinite(one.usual)]


def promoters_as_forecast(watch: Watch, first: int, factors: Sequence[Factor]) -> bool:
    """Whether figures show that promoters do what was forecast and are paid so; False where none tells."""
    told = [name for name in PROMOTERS if name in watch.names]
    deviations = [deviation(*watch.over(name, first)[:2]) for name in told]
    paid = [one.z for one in factors if one.name == "payout_ratio"]
    return bool(told) and min(deviations) > -MOVED and all(abs(z) < MOVED for z in paid)


def deviation(live: float, runs: Floats) -> float:
    """How far a figure is from those of runs, in standard deviations of their roots."""
    known = root(runs[np.isfinite(runs)])
    if len(known) < 2 or not np.isfinite(live):
        return 0.0
    away, spread = float(root(np.array(live)) - known.mean()), float(known.std(ddof=1))
    return float(np.clip(away / spread, -_FURTHEST, _FURTHEST)) if spread else np.sign(away) * _FURTHEST


def _factor(name: str, title: Text, live: float, runs: Floats) -> Factor:
    known = runs[np.isfinite(runs)]
    return Factor(name, title, live, float(known.mean()) if len(known) else np.nan, deviation(live, runs))


def _ratio(above: float | Floats, below: float | Floats) -> Floats:
    top, bottom = np.asarray(above, np.float64), np.asarray(below, np.float64)
    out = np.full(np.broadcast(top, bottom).shape, np.nan)
    return np.asarray(np.divide(top, bottom, out=out, where=bottom > 0))
