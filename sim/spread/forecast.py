"""How far a share and a seed spread, forecast from what was seen, and how wrong that would have been.

A share: a branching process with the offspring that its cascade showed; the first half of a run forecasts cascades of
the second, which are then counted. A seed: a branching process of invitees, and a renewal of the recruiting week by
week of members' age, in which the market fills up: a link is followed only by those who are no members yet. Everything
that the first half teaches is cut off at its last second: nothing of the second half leaks into it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.events import DAY
from rules.records import NEVER
from sim.spread.branching import Branching, Floats, observed
from sim.spread.cascades import WINDOW, Cascades, cascades_of
from sim.spread.forest import NOBODY, Numbers
from sim.spread.recruiting import recruit
from sim.spread.trail import Trail, until
from sim.spread.virality import trees_of

LEVELS = [0.5, 0.9, 0.99, 0.999]
"""Quantiles of sizes that a forecast names."""
GENERATIONS = 4
"""Generations that a forecast shows one by one."""


@dataclass(frozen=True)
class Backtest:
    """A figure as the first half of a run forecast it, and as it came.

    Attributes:
        name: of the figure. forecast, actual: its values; None where there was nothing to see.
    """

    name: str
    forecast: float | None
    actual: float | None

    @property
    def error(self) -> float | None:
        """Relative error."""
        if self.forecast is None or not self.actual:
            return None
        return self.forecast / self.actual - 1


@dataclass(frozen=True)
class Forecast:
    """How far one share, or one seed, spreads.

    Attributes:
        process: the branching process. seen: carriers it was learnt from.
        reach: whom all seeds reach in the market; None of a share, and where nobody knows how large the market is.
        backtest: of the first half against the second.
    """

    process: Branching
    seen: int
    reach: float | None
    backtest: list[Backtest]


def share_process(cascades: Cascades, end: int, window: int = WINDOW) -> tuple[Branching, int]:
    """The process of the cascades' nodes that had all the time to be shared on, and how many those are."""
    ripe = cascades.time <= end - window * DAY
    forest = cascades.forest
    return observed(forest.children, forest.parent == NOBODY, ripe), int(ripe.sum())


def forecast_shares(trail: Trail, cascades: Cascades, window: int = WINDOW) -> Forecast:
    """How far a share spreads."""
    process, seen = share_process(cascades, trail.end, window)
    return Forecast(process, seen, None, backtest_shares(trail, cascades, window))


def backtest_shares(trail: Trail, cascades: Cascades, window: int = WINDOW) -> list[Backtest]:
    """What the first half says of the sizes of cascades that begin in the second, a window before its end at latest."""
    cut = middle(trail)
    if cut == trail.begin:
        return []
    early, _ = share_process(cascades_of(until(trail, cut), window), cut, window)
    trees = trees_of(cascades.forest)
    begun = cascades.time[trees.root]
    trees = trees.only((begun >= cut) & (begun < trail.end - window * DAY))
    if not len(trees.size):
        return []
    sizes, top = early.sizes(), early.quantiles([0.99])[0]
    return [
        Backtest("mean_size", early.expected_size(), float(trees.size.mean())),
        Backtest("clicked", float(1 - sizes[1]), float((trees.size > 1).mean())),
        Backtest("five_or_more", float(1 - sizes[:5].sum()), float((trees.size >= 5).mean())),
        Backtest("one_step", _ends_within_one(early), float((trees.depth <= 1).mean())),
        Backtest("first_generation", early.mean_first, float(cascades.forest.children[trees.root].mean())),
        Backtest("size_99", None if top is None else float(top), _top(trees.size)),
    ]


def _ends_within_one(process: Branching) -> float:
    """The probability that no child has a child: f1(f(0))."""
    return float(np.polynomial.polynomial.polyval(process.later[0], process.first))


def _top(sizes: Numbers) -> float:
    return float(np.quantile(sizes, 0.99, method="inverted_cdf"))


def forecast_seeds(trail: Trail) -> Forecast:
    """How far a seed spreads: whom it brings, whom they bring, each within half the run of joining."""
    horizon = (trail.end - trail.begin) // 2
    members, forest = trail.recruitment
    joined = trail.joined[members]
    soon = np.zeros(len(members), np.int64)
    child = np.flatnonzero(forest.parent != NOBODY)
    early = child[joined[child] <= joined[forest.parent[child]] + horizon]
    np.add.at(soon, forest.parent[early], 1)
    ripe = joined + horizon <= trail.end
    process = observed(soon, trail.starters[members], ripe)
    seeds = int(trail.starters.sum())
    reach = process.final_size(seeds, trail.people - seeds) if trail.bounded else None
    return Forecast(process, int(ripe.sum()), reach, backtest_recruiting(trail))


def backtest_recruiting(trail: Trail) -> list[Backtest]:
    """Members in the second half, as the first half forecasts them; nothing of a single day, which has no halves."""
    cut = middle(trail)
    if cut == trail.begin:
        return []
    known, days = until(trail, cut), -((cut - trail.end) // DAY)
    late = (trail.joined != NEVER) & (trail.joined >= cut)
    invited, alone = int((late & (trail.inviter != NOBODY)).sum()), int((late & (trail.inviter == NOBODY)).sum())
    endless = recruit(known, days, finite=False)
    found = recruit(known, days) if trail.bounded else endless
    told = [
        Backtest("invited", float(found[0].sum()), invited),
        Backtest("alone", float(found[1].sum()), alone),
        Backtest("joined", float(found.sum()), invited + alone),
    ]
    return [*told, Backtest("invited_endless", float(endless[0].sum()), invited)] if trail.bounded else told


def middle(trail: Trail) -> int:
    """The midnight in the middle of a trail."""
    return trail.begin + trail.days // 2 * DAY


def ahead(trail: Trail) -> tuple[int, Floats]:
    """Half the run onwards from its end: days, and who joins on each of them as `recruit` has it."""
    days = max(1, trail.days // 2)
    return days, recruit(trail, days, finite=trail.bounded)
