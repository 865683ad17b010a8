"""Rewarding: fission is not put in but comes out: without a reward there is hardly any, and it rises ever more slowly.

The reward is the whole plan's: every rate and every bonus times the same factor; at 0 there is no commission and no
bonus at all. Caps are lifted throughout, so that the curve bends because people do, and not because a cap cuts it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from rules.commission.base import BaseLevel, Fixed, RateOrFixed
from rules.plan.model import Commission, Plan
from sim.experiments.metric_names import Text
from sim.validation.claim import Claim, estimate
from sim.validation.lives import plan, world
from sim.validation.sizes import Size

MOST_WITHOUT = 0.1
"""Largest K without a reward."""


def scaled(given: Plan, factor: float) -> Plan:
    """A plan of base commission, ladder, team and bonuses with its reward times a factor, and no cap on amounts."""
    caps = given.caps.model_copy(update={"order_ratio": None, "member_day": None, "member_month": None})
    if not factor:
        return given.model_copy(update={"commission": Commission(), "bonuses": [], "campaigns": [], "caps": caps})
    parts = given.commission
    base, ladder, team = parts.base, parts.ladder, parts.team
    if base is None or ladder is None or team is None:
        raise ValueError("only a plan with base commission, a ladder and a team part can be scaled")
    levels = [_level(one, factor) for one in base.levels]
    brackets = [one.model_copy(update={"rate": round(one.rate * factor)}) for one in ladder.brackets]
    commission = parts.model_copy(
        update={
            "base": base.model_copy(update={"levels": levels}),
            "ladder": ladder.model_copy(update={"brackets": brackets}),
            "team": team.model_copy(update={"rate": round(team.rate * factor)}),
        }
    )
    bonuses = [one.model_copy(update={"pay": round(one.pay * factor)}) for one in given.bonuses]
    return given.model_copy(update={"commission": commission, "bonuses": bonuses, "caps": caps})


def _level(level: BaseLevel, factor: float) -> BaseLevel:
    return level.model_copy(update={"rates": {key: _times(rate, factor) for key, rate in level.rates.items()}})


def _times(stated: RateOrFixed, factor: float) -> RateOrFixed:
    if isinstance(stated, Fixed):
        return stated.model_copy(update={"fixed": round(stated.fixed * factor)})
    return stated.model_copy(update={"rate": round(stated.rate * factor)})


def fission(size: Size) -> np.ndarray:
    """K of each world under each reward, (rewards, worlds): the metric `fission_k`."""
    given = size.reward
    return np.array(
        [
            [
                world(given.people, given.days, seed, under=scaled(plan(), factor)).run().metrics.totals()["fission_k"]
                or 0.0
                for seed in given.seeds
            ]
            for factor in size.rewards
        ]
    )


def measure(size: Size) -> Claim:
    """K by the reward: next to nothing without one, more with more, and each step bringing less than the one before."""
    found = [estimate(row.tolist()) for row in fission(size)]
    k, rewards, given = [one.mean for one in found], size.rewards, size.reward
    slopes = [(k[i + 1] - k[i]) / (rewards[i + 1] - rewards[i]) for i in range(len(k) - 1)]
    rises, bends = all(slope > 0 for slope in slopes), all(a > b for a, b in pairwise(slopes))
    one = k[rewards.index(1.0)]
    bent = (
        Text("上升且边际递减", "it rises ever more slowly")
        if rises and bends
        else Text("并非上升且边际递减", "it does not rise ever more slowly")
    )
    return Claim(
        key="reward",
        title=Text("裂变由奖励而来：K 随奖励上升，边际递减", "Fission comes of the reward, with diminishing returns"),
        measured=Text(
            f"无奖励 K = {k[0]:.3f}，原方案 {one:.3f}，{rewards[-1]:g} 倍 {k[-1]:.3f}；{bent.zh}",
            f"K is {k[0]:.3f} without a reward, {one:.3f} with the plan's, {k[-1]:.3f} with {rewards[-1]:g} times it; "
            f"{bent.en}",
        ),
        target=Text(
            f"无奖励 K < {MOST_WITHOUT}；上升且边际递减", f"K < {MOST_WITHOUT} without; rises, ever more slowly"
        ),
        how=Text(
            f"商城 three_tier，{given.people:,} 人、{given.days} 天，各 {len(given.seeds)} 个种子；方案全部费率与奖金"
            "乘以同一倍数，不设封顶；K 即指标 fission_k：归于分享者的注册数 ÷ 有过分享的会员数",
            f"market three_tier, {given.people:,} people, {given.days} days, {len(given.seeds)} worlds each; all rates "
            "and bonuses of the plan times the same factor, caps lifted; K is the metric fission_k: registrations "
            "attributed to a sharer ÷ members who shared",
        ),
        source="Ryu & Feick 2007, Journal of Marketing 71(1): a reward raises referrals, its size matters little; "
        "the bound of 0.1 is ours",
        holds=k[0] < MOST_WITHOUT and rises and bends,
        figures={
            "reward": list(rewards), "k": k, "low": [one.low for one in found], "high": [one.high for one in found],
            "slopes": slopes,
        },
    )  # fmt: skip
