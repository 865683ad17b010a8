"""What a comparison finds beyond its metrics: incomes by quantile, winners and losers, chances, what tips it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.experiments.chances import chances_of_best
from sim.experiments.effects import Effect, Value, number
from sim.experiments.gains import Gains, gains_of
from sim.experiments.groups import Group, by_node, by_rank
from sim.experiments.income_quantiles import quantile_effects
from sim.experiments.ranges import Ranges, ranges_of, values_of
from sim.experiments.tipping import Tipping, tipping_of

if TYPE_CHECKING:
    from sim.experiments.choosing import Choice
    from sim.experiments.compare import Results
    from sim.experiments.replication import Outcome
    from sim.experiments.statistics import Comparison
    from sim.experiments.stopping import Stopped


@dataclass(frozen=True)
class Findings:
    """Parts that there is nothing to say of are empty.

    Attributes:
        incomes: effects on quantiles of promoters' incomes.
        chances: probability that an arm earns most, by arm.
        gains, groups: winners and losers, by fifths of income, by rank and kind.
        ranges: of behaviour that were drawn from. tipping: the lead first, then other arms against the baseline.
        stopped: how a study ended that had a goal. choice: what a selection selected.
    """

    incomes: tuple[Effect, ...] = ()
    chances: Mapping[str, float] = field(default_factory=dict)
    gains: tuple[Gains, ...] = ()
    groups: tuple[Group, ...] = ()
    ranges: Ranges = field(default_factory=dict)
    tipping: tuple[Tipping, ...] = ()
    stopped: Stopped | None = None
    choice: Choice | None = None


def findings_of(
    results: Results, comparison: Comparison, stopped: Stopped | None = None, choice: Choice | None = None
) -> Findings:
    """Everything there is to find in an experiment of several arms."""
    experiment, outcomes, whole = results.experiment, results.outcomes, results.whole()
    if len(outcomes) < 2 or not results.replications:
        return Findings(stopped=stopped, choice=choice)
    incomes = {arm: [one.incomes for one in done] for arm, done in whole.items()}
    values = {arm: [one.metrics for one in done] for arm, done in outcomes.items()}
    ranges = {} if experiment.fork else ranges_of(experiment.scenario)
    seeds = [one.seed for one in outcomes[experiment.arms[0][0]]]
    drawn = [values_of(experiment.scenario, seed) for seed in seeds] if ranges else []
    return Findings(
        incomes=quantile_effects(incomes, comparison.baseline, comparison.confidence, comparison.look),
        chances=chances_of_best(values) or {},
        gains=_gains(results, whole),
        groups=_groups(results, whole),
        ranges=ranges,
        tipping=_tipping(comparison, values, drawn, ranges) if ranges else (),
        stopped=stopped,
        choice=choice,
    )


def _gains(results: Results, whole: Mapping[str, Sequence[Outcome]]) -> tuple[Gains, ...]:
    """Who wins and who loses by each plan; people can be told apart only where all arms had the same luck."""
    if results.experiment.luck != "common":
        return ()
    (_, before), *others = [(arm, [one.earned for one in done]) for arm, done in whole.items()]
    found = [gains_of(arm, before, after) for arm, after in others]
    return tuple(one for one in found if one)


def _groups(results: Results, whole: Mapping[str, Sequence[Outcome]]) -> tuple[Group, ...]:
    """The same by rank and kind; in a fork people are those of its own world, whose kinds are not told."""
    experiment = results.experiment
    if experiment.luck != "common":
        return ()
    (_, base), *others = experiment.arms
    earned = {arm: [one.earned for one in done] for arm, done in whole.items()}
    seeds = [one.seed for one in whole[experiment.arms[0][0]]]
    before, found = earned[experiment.arms[0][0]], []
    for arm, plan in others:
        found += by_rank(arm, (base, plan), before, earned[arm])
        if not experiment.fork:
            found += by_node(arm, experiment.scenario, experiment.people, seeds, before, earned[arm])
    return tuple(found)


def _tipping(
    comparison: Comparison,
    values: Mapping[str, Sequence[Mapping[str, Value]]],
    drawn: Sequence[Mapping[str, float | int]],
    ranges: Ranges,
) -> tuple[Tipping, ...]:
    """How contribution depends on what was drawn."""
    winner, level = comparison.winner, comparison.look.level if comparison.look else 1 - comparison.confidence
    pairs = [(winner.best, winner.against)] if winner.best and winner.against else []
    pairs += [
        (arm, comparison.baseline)
        for arm in comparison.arms
        if arm != comparison.baseline and {arm, comparison.baseline} != {winner.best, winner.against}
    ]
    found = []
    for arm, against in pairs:
        sides = [[number(row["contribution"]) for row in values[side]] for side in (against, arm)]
        rows = zip(*sides, drawn, strict=True)
        known = [((b, a), row) for a, b, row in rows if a is not None and b is not None]
        if known:
            earned, values_drawn = zip(*known, strict=True)
            found.append(tipping_of(arm, against, earned, values_drawn, ranges, level))
    return tuple(found)
