"""Spending: what customers of CDNOW spend per order is distributed as Gamma-Gamma says, and so spends the crowd."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from rules.calendar import day_of
from rules.events import Records
from sim.behaviour.earning import expected_basket
from sim.behaviour.parameters import settled
from sim.experiments.metric_names import Text
from sim.history.gammagamma import GammaGamma
from sim.history.purchases import CALIBRATION_END, Summary, buying_days, recency_frequency, shipped
from sim.validation.buying import crowd_lines, fitted
from sim.validation.claim import Claim
from sim.validation.lives import market
from sim.validation.sizes import Size

MOST_ERROR = 0.05
"""Largest error of a mean order. For the distance between the distributions no bound is published: none is set."""
_POINTS = 60
"""Points of a curve of the chart; it ends where 99 of 100 customers spend less."""


def below(model: GammaGamma, x: NDArray[np.int64], spend: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(mean spend of x orders is at most each of `spend`), averaged over customers with these x, shape of `spend`.

    x times the mean is Gamma(p x, nu), nu Gamma(q, v): its odds against v are Beta prime (p x, q).
    """
    kinds, counts = np.unique(x, return_counts=True)
    paid = kinds[:, None] * spend[None, :]
    chances = special.betainc(model.p * kinds[:, None], model.q, paid / (model.v + paid))
    found: NDArray[np.float64] = counts @ chances / counts.sum()
    return found


def apart(model: GammaGamma, x: NDArray[np.int64], spend: NDArray[np.float64]) -> float:
    """Largest distance between the customers' distribution of mean spend and the model's."""
    at = np.sort(spend)
    chance, ranks = below(model, x, at), np.arange(len(at) + 1) / len(at)
    return float(np.maximum(ranks[1:] - chance, chance - ranks[:-1]).max())


def later(model: GammaGamma, end: int, summary: Summary) -> tuple[float, float]:
    """Mean order of the known customers after day `end`: what it was, and what their own past lets the model expect."""
    log = shipped("cdnow_sample")
    days, place = buying_days(log), np.full(len(log.ids), -1)
    place[summary.customer] = np.arange(len(summary.customer))
    bought = (days.day > end) & (place[days.customer] >= 0)
    expected = model.conditional(summary.x, summary.spend)[place[days.customer[bought]]]
    return float(days.cents[bought].mean()) / 100, float(expected.mean())


def mean_order(lines: Records) -> float:
    """Mean of orders, in fen."""
    paid = lines["price"] * lines["quantity"] - lines["discount"]
    return float(paid.sum() / np.count_nonzero(lines["line"] == 1))


def measure(size: Size) -> Claim:
    """Hold customers' mean spend against the fitted distribution, later orders against the forecast, and the crowd."""
    model, end = fitted().spending.model, day_of(dt.date.fromisoformat(CALIBRATION_END))
    summary = recency_frequency(shipped("cdnow_sample"), end, 7)
    paying = summary.spend > 0
    x, spend = summary.x[paying], summary.spend[paying]
    gap, (actual, foretold) = apart(model, x, spend), later(model, end, summary)
    crowd, closed = mean_order(crowd_lines(size.crowd)), expected_basket(settled(market().behaviour))
    errors = {"later_error": foretold / actual - 1, "crowd_error": crowd / closed - 1}
    at = np.linspace(0, float(np.quantile(spend, 0.99)), _POINTS)
    return Claim(
        key="spending",
        title=Text("消费额：人均每单金额的分布", "Spending: how much customers spend per order"),
        measured=Text(
            f"其后客单价误差 {errors['later_error']:+.1%}；模拟客单价 {errors['crowd_error']:+.1%}"
            f"（分布最大偏差 {gap:.1%}，不设目标）",
            f"mean order afterwards off by {errors['later_error']:+.1%}, of the crowd by {errors['crowd_error']:+.1%} "
            f"(distributions {gap:.1%} apart, for which no target is set)",
        ),
        target=Text(f"误差 ≤ {MOST_ERROR:.0%}", f"errors ≤ {MOST_ERROR:.0%}"),
        how=Text(
            f"Gamma-Gamma 用前 39 周 {len(x):,} 位复购者拟合；第 40–78 周每单平均 {actual:.2f}，"
            f"模型按各人过往预计 {foretold:.2f}；模拟人群每单 {crowd / 100:.2f} 元，公式 {closed / 100:.2f} 元",
            f"Gamma-Gamma fitted to {len(x):,} repeaters of weeks 1 to 39; an order of weeks 40 to 78 was {actual:.2f} "
            f"on average, {foretold:.2f} by each customer's own past; an order of the crowd {crowd / 100:.2f} yuan, "
            f"{closed / 100:.2f} by the formula",
        ),
        source="Fader & Hardie 2013, The Gamma-Gamma Model of Monetary Value",
        holds=max(abs(one) for one in errors.values()) <= MOST_ERROR,
        figures={
            "apart": gap, **errors, "later_actual": actual, "later_model": foretold, "crowd_yuan": crowd / 100,
            "closed_form_yuan": closed / 100, "spend": at.tolist(), "model": below(model, x, at).tolist(),
            "actual": (np.searchsorted(np.sort(spend), at, side="right") / len(spend)).tolist(),
        },
    )  # fmt: skip
