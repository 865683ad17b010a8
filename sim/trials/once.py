"""One replication: every design tried once on one market, held against the truth of that market.

The truth is everybody under B less everybody under A, of the same people with the same luck. Beside each estimate
stands the one that the same analyst would have made of the same assignment if nothing crossed between the arms:
everybody's figures are then those of the world in which all are under her plan. Its mean over assignments is the truth,
so the estimate less that one is what crossing does, without the noise of who happens to be in which arm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.money import PPM
from sim.behaviour.parameters import settled
from sim.people import Floats
from sim.trials.designs import Split, TreeSplit, blocks_under_b, sides, turns_of
from sim.trials.estimators import Estimates, alternation, split
from sim.trials.figures import CREDITS, METRICS, Credit
from sim.trials.settings import Design, Trial
from sim.trials.worlds import Lived, all_under, by_time, by_turns, live

Arms = NDArray[np.bool_]
Way = tuple[Design, Credit]
WAYS: tuple[Way, ...] = (
    ("user", "buyer"), ("user", "promoter"), ("community", "buyer"), ("community", "promoter"), ("tree", "promoter"),
    ("grey", "buyer"), ("grey", "promoter"), ("time", "shop"),
)  # fmt: skip
"""Designs, and whom orders are credited to. A tree holds both; a time split has the whole shop."""
REDRAWN = 10
"""How often people are assigned anew in a world that is all under A: what differs there is luck."""


@dataclass(frozen=True)
class Reading:
    """What one way of trying said in one replication; fen or counts per person of the market.

    Attributes:
        truth, value, error, low, high: by horizon and metric. uncrossed: the value if nothing had crossed.
        false: by metric, part of the trials of A against A that showed a difference.
        base: by metric, what a person brings under A by the end.
        crossed: part of attributed orders whose buyer and promoter were in different arms at the end; nan by time.
    """

    truth: Floats
    value: Floats
    error: Floats
    low: Floats
    high: Floats
    uncrossed: Floats
    false: Floats
    base: Floats
    crossed: float


@dataclass(frozen=True)
class _Truth:
    """All under A, and all under B."""

    a: Lived
    b: Lived


def replicate(trial: Trial, number: int) -> dict[Way, Reading]:
    """Try every design once, on the market of the replication's seed."""
    seed = trial.seed + number
    free = _truth(trial, seed, None)
    readings: dict[Way, Reading] = {}
    for design in dict.fromkeys(design for design, _ in ways(trial)):
        readings |= _by_time(trial, seed, free) if design == "time" else _by_split(trial, seed, design, free)
    return readings


def ways(trial: Trial) -> tuple[Way, ...]:
    """What is tried: no grey release behind walls, though, whose groups of unequal size would be unlike markets."""
    wanted = [way for way in WAYS if way[0] in trial.designs]
    return tuple(way for way in wanted if way[0] != "grey" or trial.spillover != "none")


def _truth(trial: Trial, seed: int, walls: NDArray[np.int8] | None) -> _Truth:
    return _Truth(*(live(trial, seed, all_under(trial, place), walls) for place in (0, 1)))


def _by_split(trial: Trial, seed: int, design: Design, free: _Truth) -> dict[Way, Reading]:
    community = settled(trial.market.behaviour).community
    turn = turns_of(design, trial, seed, 0, community)
    stages = list(trial.stages) if design == "grey" else [(trial.before, PPM // 2)]
    truth, walls = free, None
    if trial.spillover == "none":
        walls = (turn >= stages[-1][1] / PPM).astype(np.int8)
        truth = _truth(trial, seed, walls)
    kind = TreeSplit if design == "tree" else Split
    lived = live(trial, seed, by_turns(trial, kind, stages, turn), walls)
    found = {}
    for credit in (credit for way, credit in ways(trial) if way == design):
        view = _View(trial, design, credit, stages, community)
        found[design, credit] = view.read(lived, truth, seed, turn)
    return found


@dataclass(frozen=True)
class _View:
    """How an analyst looks at a split."""

    trial: Trial
    design: Design
    credit: Credit
    stages: list[tuple[int, int]]
    community: int

    def read(self, lived: Lived, truth: _Truth, seed: int, turn: Floats) -> Reading:
        units, a, b = self.totals(lived), self.totals(truth.a), self.totals(truth.b)
        place = self.of_units(turn, lived)
        horizons = self.trial.horizons
        estimates = [self.estimate(units, units, place, horizon) for horizon in horizons]
        uncrossed = [self.estimate(a, b, place, horizon) for horizon in horizons]
        false = np.zeros(len(METRICS))
        for draw in range(1, REDRAWN + 1):
            drawn = self.of_units(turns_of(self.design, self.trial, seed, draw, self.community), truth.a)
            false += _shows(self.estimate(a, a, drawn, horizons[-1])) / REDRAWN
        return _reading(self.trial, truth, estimates, uncrossed, false, self.crossed(lived, turn))

    def totals(self, lived: Lived) -> Floats:
        """What every unit brought: (metrics, cuts, units)."""
        brought = lived.brought[CREDITS.index(self.credit)]
        if self.design == "community":
            return np.asarray(np.add.reduceat(brought, np.arange(0, self.trial.people, self.community), axis=2))
        if self.design != "tree":
            return np.asarray(brought)
        by_root = np.argsort(lived.root, kind="stable")
        tops, first = np.unique(lived.root[by_root], return_index=True)
        sums = np.zeros_like(brought)
        sums[:, :, tops] = np.add.reduceat(brought[:, :, by_root], first, axis=2)
        return np.asarray(sums[:, :, _alone(lived)])

    def of_units(self, turn: Floats, lived: Lived) -> Floats:
        """The turns of the units."""
        if self.design == "community":
            return turn[:: self.community]
        return turn[_alone(lived)] if self.design == "tree" else turn

    def estimate(self, a: Floats, b: Floats, turn: Floats, horizon: int) -> Estimates:
        """The effect up to a horizon, of units that bring `a` as long as they are under A, and `b` under B."""
        cuts, end = self.trial.cuts, self.trial.before + horizon
        begun = [(day, share) for day, share in self.stages if day < end]
        ends = [*(day for day, _ in begun[1:]), end]
        parts = []
        for (day, share), until in zip(begun, ends, strict=True):
            first, last, arm = cuts.index(day), cuts.index(until), turn < share / PPM
            parts.append((np.where(arm, b[:, last] - b[:, first], a[:, last] - a[:, first]), arm))
        return split(parts, a[:, 0], a.shape[2] / self.trial.people)

    def crossed(self, lived: Lived, turn: Floats) -> float:
        """The part of attributed orders whose buyer and promoter were in different arms at the end."""
        if not len(lived.sales):
            return float("nan")
        arm = turn < self.stages[-1][1] / PPM
        if self.design == "tree":
            arm = arm[lived.root]
        return float((arm[lived.sales[:, 0]] != arm[lived.sales[:, 1]]).mean())


def _alone(lived: Lived) -> Arms:
    """Who is a unit of a split of trees: roots, and those who are in no tree yet, as they stand when it begins."""
    return np.asarray(lived.root_before == np.arange(len(lived.root_before)))


def _by_time(trial: Trial, seed: int, truth: _Truth) -> dict[Way, Reading]:
    pairs = trial.days // (2 * trial.block)
    b_first = sides(seed, 0, trial.people, pairs)
    lived = live(trial, seed, by_time(trial, b_first))
    days_under_b = np.repeat(blocks_under_b(b_first), trial.block)
    mixed = np.where(days_under_b, truth.b.daily, truth.a.daily)

    def estimate(daily: Floats, first: NDArray[np.bool_], horizon: int) -> Estimates:
        return alternation(daily[:, :horizon], first, trial.block, trial.washout, trial.people)

    false = np.zeros(len(METRICS))
    for draw in range(1, REDRAWN + 1):
        redrawn = sides(seed, draw, trial.people, pairs)
        false += _shows(estimate(truth.a.daily, redrawn, trial.horizons[-1])) / REDRAWN
    estimates, uncrossed = ([estimate(daily, b_first, h) for h in trial.horizons] for daily in (lived.daily, mixed))
    return {("time", "shop"): _reading(trial, truth, estimates, uncrossed, false, float("nan"))}


def _shows(found: Estimates) -> NDArray[np.bool_]:
    """Of which metrics an estimate shows a difference."""
    low, high = found.interval()
    return (low > 0) | (high < 0)


def _reading(
    trial: Trial,
    truth: _Truth,
    estimates: list[Estimates],
    uncrossed: list[Estimates],
    false: Floats,
    crossed: float,
) -> Reading:
    ends = np.array(trial.horizons)
    totals = {name: one.daily.cumsum(1)[:, ends - 1].T / trial.people for name, one in (("a", truth.a), ("b", truth.b))}
    intervals = [one.interval() for one in estimates]
    return Reading(
        truth=totals["b"] - totals["a"],
        value=np.array([one.value for one in estimates]),
        error=np.array([one.error for one in estimates]),
        low=np.array([low for low, _ in intervals]),
        high=np.array([high for _, high in intervals]),
        uncrossed=np.array([one.value for one in uncrossed]),
        false=false,
        base=totals["a"][-1],
        crossed=crossed,
    )
