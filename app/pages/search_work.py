"""A search as a job: what `fenxiao optimise` does, in a folder that belongs to one session."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from app.jobs import Job, Tell, workers_for
from app.warming import COLD, warm
from app.words import common
from app.words import search as words
from scenarios.find import find
from sim.defaults import SEED
from sim.experiments.effects import Effect
from sim.experiments.keeping import NAME
from sim.experiments.metric_names import Lang, metric
from sim.experiments.running import Means
from sim.experiments.runs import Runs
from sim.report.figures import figure
from sim.report.studies import lever_text
from sim.rulebooks import load_rulebook
from sim.studies.levers import Base, Lever
from sim.studies.optimise import BATCH, Bound, Found, Objective, Search, front_of, held_out, search_for
from sim.studies.study import Answer, Study

FRESH = 12
"""Runs on luck that the search has not seen."""
BESIDE = ("gmv", "commission", "payout_ratio", "new_members", "fission_k", "income_gini")
"""Metrics that stand beside the objectives when a plan is checked."""


@dataclass(frozen=True)
class Asked:
    """What is looked for; `name` is the plan's for the command line, `tries` how many plans in all."""

    market: str
    name: str
    text: str
    levers: tuple[Lever, ...]
    objectives: tuple[Objective, ...]
    bounds: tuple[Bound, ...]
    rulebook: str
    people: int
    days: int
    replications: int
    tries: int
    minutes: int | None

    @cached_property
    def search(self) -> Search:
        """The same, as the search takes it."""
        base = Base.of((self.text, self.name), find("markets", self.market))
        sizes = (self.people, self.days, SEED, self.replications)
        study = Study(base, self.levers, *sizes, load_rulebook(self.rulebook))
        seconds = None if self.minutes is None else 60.0 * self.minutes
        return Search(study, self.objectives, self.bounds, seconds, self.tries)

    @cached_property
    def key(self) -> str:
        """Of the question: whoever asks it again goes on, however many tries she allows."""
        told = [replace(self, text="", tries=0, minutes=None).told, self.search.study.key]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    @property
    def told(self) -> list[str]:
        """The question as the options of the command."""
        return [
            *(self.market, "--plan", self.name),
            *(word for lever in self.levers for word in ("--lever", lever_text(lever))),
            *(word for one in self.objectives for word in ("--objective", f"{one.metric}:{one.goal}")),
            *(word for one in self.bounds for word in ("--bound", bound_text(one))),
            *("--rulebook", self.rulebook, "--people", str(self.people), "--days", str(self.days)),
            *("--replications", str(self.replications), "--seed", str(SEED)),
        ]

    @property
    def command(self) -> str:
        """The command that finds the same; with a limit in minutes, as far as both come."""
        minutes = [] if self.minutes is None else ["--minutes", str(self.minutes)]
        return f"fenxiao optimise {shlex.join([*self.told, '--trials', str(self.tries), *minutes])}"

    @property
    def workers(self) -> int:
        """Processes of the job."""
        return workers_for(self.people * self.days * self.replications * BATCH)


def bound_text(bound: Bound) -> str:
    """A bound on a ratio as the command line takes it."""
    return f"{bound.metric}{bound.side}{bound.limit * 100:g}%"


def search(tell: Tell, asked: Asked, folder: Path) -> None:
    """Search, and tell ("run",) after each run and ("tried", answers that are new, seconds) after each batch."""
    tell(("begun",))
    warm(tell)
    sent = 0

    def told(tried: Sequence[Answer], seconds: float) -> None:
        nonlocal sent
        tell(("tried", [_light(answer) for answer in tried[sent:]], seconds))
        sent = len(tried)

    folder.mkdir(parents=True, exist_ok=True)
    with Runs(folder / NAME) as runs:
        search_for(asked.search, folder, Means(asked.workers, None, runs), told, lambda: tell(("run",)))


def check(tell: Tell, asked: Asked, folder: Path, found: Found, number: int) -> list[Effect]:
    """What a plan does against the plan as it stands on new luck; tells each run."""
    warm(tell)
    folder.mkdir(parents=True, exist_ok=True)
    with Runs(folder / NAME) as runs:
        means = Means(1, None, runs)
        return held_out(asked.search, found, number, FRESH, means, BESIDE, lambda: tell(("run",)))


def _light(answer: Answer) -> Answer:
    """Without plan and market, which follow from where it is."""
    return replace(answer, plan=None, scenario=None)


def tried_of(job: Job) -> list[Answer]:
    """Everything that a search has told, the plan as it stands first."""
    return [answer for said in job.told if said[0] == "tried" for answer in said[1]]


def found_of(asked: Asked, tried: list[Answer]) -> Found:
    """What there is so far."""
    return Found(tried[0], tried, front_of(tried, asked.search))


def how_far(job: Job, asked: Asked, lang: Lang) -> tuple[float, str]:
    """How far a search is: the tries, or the minutes, whichever are used up first."""
    runs = sum(said[0] == "run" for said in job.told)
    if not runs and COLD in job.told:
        return 0.0, common.COLD.say(lang)
    tried = tried_of(job)
    if not tried:
        return 0.0, words.STARTING.say(lang)
    part_done = runs / ((asked.tries + 1) * asked.replications)
    if asked.minutes is not None:
        part_done = max(part_done, job.seconds / (60 * asked.minutes))
    said = words.RUNNING.say(lang).format(tried=len(tried) - 1, tries=asked.tries)
    return min(part_done, 1.0), said + _best(asked, tried, lang)


def _best(asked: Asked, tried: list[Answer], lang: Lang) -> str:
    """The best so far in the first objective, and the plan as it stands."""
    found, name = found_of(asked, tried), asked.objectives[0].metric
    if not found.front:
        return ""
    values = [figure(name, found.tried[number].mean(name)) for number in (found.front[0], 0)]
    return words.BEST_SO_FAR.say(lang).format(metric=metric(name).title.say(lang), best=values[0], now=values[1])


def how_checked(job: Job, number: int, lang: Lang) -> tuple[float, str]:
    """How far a check is."""
    runs = sum(said[0] == "run" for said in job.told)
    if not runs and COLD in job.told:
        return 0.0, common.COLD.say(lang)
    return runs / (2 * FRESH), words.CHECKING.say(lang).format(number=number, runs=FRESH)
