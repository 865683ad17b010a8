"""Putting claims to the test: each family's plans in its market, as it is and under every other assumption."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.validate import one_of, validate
from sim.behaviour.parameters import Behaviour, settled
from sim.claims.figures import figures_of
from sim.claims.judging import Held, Judged, Rows, judged
from sim.claims.model import SIZES, Claim, Family
from sim.experiments.compare import Experiment, Results, run_experiments
from sim.experiments.metric_names import NO_TEXT, Text
from sim.experiments.running import Means
from sim.scenario import Scenario
from sim.validation.rewarding import scaled


@dataclass(frozen=True)
class Ready:
    """A family with its market and the plans of its arms, in order."""

    family: Family
    market: Scenario
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class Case:
    """What is assumed: one parameter, reference or size with another value; no name = all as the files have it."""

    vary: str = ""
    value: float = 0.0
    title: Text = field(default=NO_TEXT, compare=False)


@dataclass(frozen=True)
class Finding:
    """What one case says of a claim."""

    case: Case
    judged: Judged


@dataclass(frozen=True)
class Examined:
    """A claim with all its findings, the first as the files have it."""

    claim: Claim
    findings: tuple[Finding, ...]

    def cases(self, verdict: Held) -> list[Case]:
        """The cases with a verdict."""
        return [one.case for one in self.findings if one.judged.verdict == verdict]


@dataclass(frozen=True)
class Verdicts:
    """A family with its claims, tested.

    Attributes:
        usual: what is varied, by name, as the files have it.
        replications: how many every case has at least. interrupted: fewer than the family asks for.
    """

    family: Family
    tested: tuple[Examined, ...]
    usual: Mapping[str, float]
    replications: int
    interrupted: bool


def ready(family: Family, market: Scenario, load_plan: Callable[[str], Plan]) -> Ready:
    """A family that can be run.

    Raises:
        InputError: goods that the market does not sell, a parameter that does not fit, a plan that is not there.
    """
    plans = [load_plan(arm.plan) for arm in family.arms]
    paid = [plan if arm.rewards else scaled(plan, 0.0) for arm, plan in zip(family.arms, plans, strict=True)]
    found = Ready(family, _narrowed(market, family.goods), tuple(paid))
    for case in cases_of(family):
        if case.vary in Behaviour.model_fields:
            validate(Behaviour, _otherwise(found, case).behaviour)
    return found


def _narrowed(market: Scenario, goods: Sequence[str]) -> Scenario:
    """The market with some of its categories; with all where none are named."""
    known = [one.id for one in market.catalogue.categories]
    for name in goods:
        if name not in known:
            raise InputError(f"the market {market.scenario!r} sells no {name!r}", allowed=one_of(known))
    kept = [one for one in market.catalogue.categories if one.id in (goods or known)]
    return market.model_copy(update={"catalogue": market.catalogue.model_copy(update={"categories": kept})})


def cases_of(family: Family) -> list[Case]:
    """As the files have it, then every assumption with each of its values."""
    titles = [Text(one.title.zh, one.title.en) for one in family.assumptions]
    named = zip(family.assumptions, titles, strict=True)
    return [Case(), *(Case(one.vary, value, title) for one, title in named for value in one.values)]


def experiments_of(one: Ready, seed: int) -> dict[Case, Experiment]:
    """What has to be run: a case that differs in a reference alone is judged on the runs of the first."""
    stated = {reference.id for reference in one.family.references}
    return {case: _experiment(one, case, seed) for case in cases_of(one.family) if case.vary not in stated}


def _experiment(one: Ready, case: Case, seed: int) -> Experiment:
    family = one.family
    people, days = (int(case.value) if case.vary == size else getattr(family, size) for size in SIZES)
    arms = tuple((arm.id, plan) for arm, plan in zip(family.arms, one.plans, strict=True))
    return Experiment(_otherwise(one, case), arms, people, days, seed, family.replications)


def _otherwise(one: Ready, case: Case) -> Scenario:
    """The market with one parameter of behaviour changed, if that is what the case changes."""
    if case.vary not in Behaviour.model_fields:
        return one.market
    return one.market.model_copy(update={"behaviour": one.market.behaviour | {case.vary: case.value}})


def put_to_the_test(
    families: Sequence[Ready], seed: int, workers: int = 1, done: Callable[[str], None] | None = None
) -> list[Verdicts]:
    """Run all there is to run, and judge every claim.

    Args:
        workers: processes; the verdicts are the same for any number.
        done: told the arm after each replication of it.
    """
    wanted = [experiments_of(one, seed) for one in families]
    trials = [trial for trials in wanted for trial in trials.values()]
    most = max((trial.replications for trial in trials), default=0)
    results = iter(run_experiments(trials, Means(workers), done, whole=most))
    found = [{case: next(results) for case in trials} for trials in wanted]
    return [_verdicts(one, runs) for one, runs in zip(families, found, strict=True)]


def runs_of(families: Sequence[Ready], seed: int) -> int:
    """How many replications of an arm there are to run."""
    trials = [trial for one in families for trial in experiments_of(one, seed).values()]
    return sum(len(trial.arms) * trial.replications for trial in trials)


def _verdicts(one: Ready, runs: Mapping[Case, Results]) -> Verdicts:
    family = one.family
    rows = {case: _rows(results) for case, results in runs.items()}
    return Verdicts(
        family,
        tuple(_tested(family, claim, rows) for claim in family.claims),
        _usual(one),
        min(results.replications for results in runs.values()),
        any(results.interrupted for results in runs.values()),
    )


def _rows(results: Results) -> Rows:
    sizes = results.experiment.people, results.experiment.days
    return {arm: [figures_of(one, *sizes) for one in done] for arm, done in results.outcomes.items()}


def _tested(family: Family, claim: Claim, rows: Mapping[Case, Rows]) -> Examined:
    """A claim under every case that concerns it: references that it does not use change nothing of it."""
    stated = {one.id: one.value for one in family.references}
    cases = [case for case in cases_of(family) if case.vary not in stated or case.vary in (claim.over, claim.times)]
    return Examined(claim, tuple(_finding(family, claim, case, rows, stated) for case in cases))


def _finding(
    family: Family, claim: Claim, case: Case, rows: Mapping[Case, Rows], stated: Mapping[str, float]
) -> Finding:
    references = {name: case.value if name == case.vary else value for name, value in stated.items()}
    return Finding(case, judged(claim, family, rows.get(case, rows[Case()]), references))


def _usual(one: Ready) -> dict[str, float]:
    """What is varied, as the files have it."""
    family, given = one.family, settled(one.market.behaviour)
    known = {"people": family.people, "days": family.days} | {each.id: each.value for each in family.references}
    names = [assumption.vary for assumption in family.assumptions]
    return {name: float(known[name] if name in known else getattr(given, name)) for name in names}
