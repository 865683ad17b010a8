"""Search for the best plan within the law and a budget: several objectives, the whole front of compromises (Optuna).

Plans are proposed in batches of a fixed size, and each batch by a sampler seeded with how many came before it: the
search is the same for any number of processes, and goes on where it was. The plan as it stands is the first one tried.
A plan that the rulebook does not prove, or that breaks the budget, is never best; it only tells the sampler where the
border is. What the search finds is told on luck it has not seen (`held_out`), for the best of many is lucky, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rules.errors import InputError
from sim.experiments.effects import Effect, measure
from sim.experiments.metric_names import NAMES
from sim.experiments.pool import kept_processes
from sim.experiments.running import HERE, Means
from sim.studies.levers import Lever
from sim.studies.points import setting
from sim.studies.study import Answer, Done, Study, answers

if TYPE_CHECKING:
    import optuna

BATCH = 8
"""Plans that are proposed at once."""
FRESH = 1_000_000
"""From the seeds of the search to those that tell what it has found."""
JOURNAL = "trials.journal"
"""Of the search, in the study's folder."""
_STUDY, _LOST = "optimise", "lost"


@dataclass(frozen=True)
class Objective:
    """A metric to be as large, or as small, as can be."""

    metric: str
    goal: Literal["max", "min"]

    @property
    def sign(self) -> int:
        """1 where more is better."""
        return 1 if self.goal == "max" else -1


@dataclass(frozen=True)
class Bound:
    """A metric that must not be above, or below, a value: a budget."""

    metric: str
    side: Literal["<=", ">="]
    limit: float

    def excess(self, answer: Answer) -> float:
        """How far a point is beyond it, in parts of it; 0 or less = it keeps to it."""
        mean = answer.mean(self.metric)
        if mean is None:
            return 1.0
        beyond = mean - self.limit if self.side == "<=" else self.limit - mean
        return beyond / (abs(self.limit) or 1.0)


@dataclass(frozen=True)
class Search:
    """What is looked for.

    Attributes:
        seconds: after which no further batch begins; trials: after which neither; None = without end.
    """

    study: Study
    objectives: tuple[Objective, ...]
    bounds: tuple[Bound, ...] = ()
    seconds: float | None = None
    trials: int | None = None


@dataclass
class Found:
    """What a search has found.

    Attributes:
        baseline: the plan as it stands. tried: everything, the baseline first. front: numbers of those that no other
            one that is allowed beats in every objective.
    """

    baseline: Answer
    tried: list[Answer]
    front: list[int]


def is_allowed(answer: Answer, search: Search) -> bool:
    """Whether a point has a result, is proved, and keeps to every bound."""
    legal = search.study.rulebook is None or answer.verdict == "proved"
    return answer.whole and legal and all(bound.excess(answer) <= 0 for bound in search.bounds)


def baseline_of(study: Study, means: Means = HERE) -> Answer:
    """The plan as it stands, under no lever."""
    (answer,) = answers(replace(study, levers=()), [{}], means)
    if not answer.whole:
        raise InputError(f"the plan as it stands gives no result: {answer.refused or answer.failures[0].reason}")
    return answer


def search_for(
    search: Search,
    folder: Path,
    means: Means = HERE,
    told: Callable[[Sequence[Answer], float], None] | None = None,
    done: Done = lambda: None,
) -> Found:
    """Propose plans and try them until time or trials are used up; goes on with what the folder holds.

    Args:
        folder: for the journal. means: where cases run. told: everything tried so far, the baseline first, and seconds
            gone by; at the beginning and after each batch. done: called after each run.

    Raises:
        InputError: the plan as it stands gives no result, or Optuna is not installed.
    """
    begun = time.monotonic()
    study, levers = search.study, search.study.levers
    baseline = baseline_of(study, means)
    journal = _journal(search, folder)
    tried = [baseline, *_again(search, journal, means, done)]
    with kept_processes():
        while True:
            count, seconds = len(tried) - 1, time.monotonic() - begun
            if told:
                told(tried, seconds)
            if _over(search, count, seconds):
                return Found(baseline, tried, front_of(tried, search))
            batch = min(BATCH, search.trials - count) if search.trials else BATCH
            journal.sampler = _sampler(study.seed, count)
            asked = [journal.ask(_space(levers)) for _ in range(batch)]
            settings = [setting(levers, [trial.params[lever.name] for lever in levers]) for trial in asked]
            for trial, answer in zip(asked, answers(study, settings, means, done), strict=True):
                _tell(journal, trial, answer, search)
                tried.append(answer)


def _over(search: Search, tried: int, seconds: float) -> bool:
    if search.trials is not None and tried >= search.trials:
        return True
    return search.seconds is not None and seconds >= search.seconds


def front_of(tried: Sequence[Answer], search: Search) -> list[int]:
    """Numbers of the allowed points that no other allowed one beats, the best in the first objective first."""
    whole = {
        number: point
        for number, answer in enumerate(tried)
        if is_allowed(answer, search) and (point := _point(answer, search.objectives)) is not None
    }
    front = [number for number, point in whole.items() if not any(_beats(one, point) for one in whole.values())]
    return sorted(front, key=lambda number: whole[number], reverse=True)


def _point(answer: Answer, objectives: Sequence[Objective]) -> list[float] | None:
    """Its objectives, more = better; None if one has no value."""
    means = [answer.mean(objective.metric) for objective in objectives]
    if any(mean is None for mean in means):
        return None
    return [objective.sign * (mean or 0.0) for objective, mean in zip(objectives, means, strict=True)]


def _beats(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and one != other


def held_out(
    search: Search,
    found: Found,
    number: int,
    replications: int,
    means: Means = HERE,
    metrics: Sequence[str] = (),
    done: Done = lambda: None,
) -> list[Effect]:
    """What a plan does against the baseline on luck that the search has not seen: contribution, each objective and
    any other metrics, paired."""
    fresh = replace(search.study, seed=search.study.seed + FRESH, replications=replications)
    (before,) = answers(replace(fresh, levers=()), [{}], means, done)
    (after,) = answers(fresh, [found.tried[number].setting], means, done) if number else (before,)
    rows = [[answer.rows[one] for one in sorted(before.rows.keys() & after.rows.keys())] for answer in (before, after)]
    names = dict.fromkeys(["contribution", *(objective.metric for objective in search.objectives), *metrics])
    return [measure(name, f"#{number}", rows[0], rows[1], 0.95) for name in names]


def read_objective(text: str) -> Objective:
    """`contribution:max` or `payout_ratio:min`.

    Raises:
        InputError: it is none.
    """
    metric, _, goal = text.partition(":")
    if metric not in NAMES or goal not in ("max", "min"):
        raise InputError(f"{text!r} is no objective", allowed=f"METRIC:max or METRIC:min; METRIC is {', '.join(NAMES)}")
    return Objective(metric, "max" if goal == "max" else "min")


def read_bound(text: str) -> Bound:
    """`payout_ratio<=12%` or `contribution>=100000` (money in yuan).

    Raises:
        InputError: it is none.
    """
    from sim.experiments.metric_names import metric

    for side in ("<=", ">="):
        name, found, number = text.partition(side)
        if found and name.strip() in NAMES:
            limit = _limit(number.strip(), text)
            money = metric(name.strip()).unit.is_money
            return Bound(name.strip(), "<=" if side == "<=" else ">=", limit * 100 if money else limit)
    raise InputError(f"{text!r} is no bound", allowed=f"METRIC<=VALUE or METRIC>=VALUE; METRIC is {', '.join(NAMES)}")


def _limit(number: str, text: str) -> float:
    try:
        return float(Decimal(number.removesuffix("%")) / (100 if number.endswith("%") else 1))
    except ArithmeticError as error:
        raise InputError(f"{text!r}: {number!r} is no number", allowed="12% or 0.12") from error


def _journal(search: Search, folder: Path) -> optuna.Study:
    try:
        import optuna
        from optuna.storages.journal import JournalFileBackend
    except ImportError as missing:
        raise InputError("Optuna is not installed", allowed="pip install 'fenxiao[search]'") from missing
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
    directions = ["maximize" if one.goal == "max" else "minimize" for one in search.objectives]
    journal = optuna.create_study(storage=storage, study_name=_STUDY, directions=directions, load_if_exists=True)
    if [one.name.lower() for one in journal.directions] != directions:
        raise InputError(f"{folder} holds a search with other objectives", allowed="another --out")
    return journal


def _sampler(seed: int, tried: int) -> optuna.samplers.BaseSampler:
    import optuna

    luck = (seed + 7_919 * tried) % 2**32
    return optuna.samplers.TPESampler(seed=luck, multivariate=True, n_startup_trials=4 * BATCH)


def _space(levers: Sequence[Lever]) -> dict[str, optuna.distributions.BaseDistribution]:
    import optuna

    return {lever.name: optuna.distributions.FloatDistribution(0.0, 1.0) for lever in levers}


def _tell(journal: optuna.Study, trial: optuna.Trial, answer: Answer, search: Search) -> None:
    import optuna

    legal = search.study.rulebook is None or answer.verdict == "proved"
    trial.set_constraint("rulebook", 0.0 if legal else 1.0)
    for number, bound in enumerate(search.bounds):
        trial.set_constraint(f"bound {number}", bound.excess(answer))
    values = [answer.mean(objective.metric) for objective in search.objectives]
    if not answer.whole or any(value is None for value in values):
        journal.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        journal.tell(trial, [value for value in values if value is not None])


def _again(search: Search, journal: optuna.Study, means: Means, done: Done) -> list[Answer]:
    """The plans that were tried before; their runs are kept.

    A kill may have left plans without an answer. If nothing of their batch was told they are forgotten, and the same
    sampler proposes them again; else the kill came between telling two of them, and the rest is told now.
    """
    import optuna

    known = [trial for trial in journal.get_trials(deepcopy=False) if _LOST not in trial.user_attrs]
    finished = sum(trial.state.is_finished() for trial in known)
    if finished % BATCH == 0:
        for trial in known[finished:]:
            optuna.Trial(journal, trial._trial_id).set_user_attr(_LOST, True)
            journal.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        known = known[:finished]
    study, levers = search.study, search.study.levers
    settings = [setting(levers, [trial.params[lever.name] for lever in levers]) for trial in known]
    found = answers(study, settings, means, done)
    for trial, answer in zip(known, found, strict=True):
        if not trial.state.is_finished():
            _tell(journal, optuna.Trial(journal, trial._trial_id), answer, search)
    return found
