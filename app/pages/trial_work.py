"""A trial as a job: what `fenxiao trial` does, replication by replication."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.jobs import Job, Tell, workers_for
from app.warming import COLD, warm
from app.words import common
from app.words import trial as words
from sim.experiments.failure import Failure
from sim.experiments.metric_names import Lang
from sim.experiments.running import Means
from sim.trials.readings import Readings
from sim.trials.settings import DESIGNS, Trial
from sim.trials.study import Tried, study

Done = Mapping[int, Readings]
"""Readings by replication."""


@dataclass(frozen=True)
class Asked:
    """What is tried; `names` are the plans' for the command line, `metric` is what the advice is on."""

    trial: Trial
    names: tuple[str, str]
    texts: tuple[str, str]
    metric: str = "contribution"

    @property
    def question(self) -> Asked:
        """The same without how often: what was done of it before can be used again."""
        return replace(self, trial=replace(self.trial, replications=0))

    @property
    def command(self) -> str:
        """The command that gives the same result, to the bit."""
        one = self.trial
        designs = [] if one.designs == DESIGNS else [word for name in one.designs for word in ("--design", name)]
        sizes = f"--people {one.people} --days {one.days} --before {one.before} --spillover {one.spillover}"
        sizes += f" --metric {self.metric} --replications {one.replications} --seed {one.seed}"
        return f"fenxiao trial {shlex.join([one.scenario.scenario, *self.names])} {sizes} {shlex.join(designs)}".strip()


def try_out(tell: Tell, asked: Asked, kept: Done) -> None:
    """Run what is not kept; tells each replication's number and readings.

    Raises:
        RuntimeError: replications failed; all others were told before.
    """
    tell(("begun",))
    warm(tell)
    left = asked.trial.replications - len(kept)
    workers = workers_for(asked.trial.people * (asked.trial.before + asked.trial.days) * left)

    def say(number: int, came: Readings | Failure) -> None:
        if not isinstance(came, Failure):
            tell(("done", number, came))

    failures = study(asked.trial, Means(workers), say, kept).failures
    if failures:
        first = failures[0]
        raise RuntimeError(f"{first.traceback}\n{len(failures)} replications failed; the first: {first.case}")


def done_of(job: Job) -> dict[int, Readings]:
    """What a job has done, with what it had before."""
    asked, kept = job.arguments
    told = {said[1]: said[2] for said in job.told if said[0] == "done"}
    return {number: one for number, one in (dict(kept) | told).items() if number < asked.trial.replications}


def tried_of(asked: Asked, done: Done) -> Tried:
    """What there is so far, as the report takes it."""
    return Tried(asked.trial, dict(done), interrupted=len(done) < asked.trial.replications)


def how_far(job: Job, lang: Lang) -> tuple[float, str]:
    """How far a trial is."""
    asked, done = job.arguments[0], done_of(job)
    if not done and COLD in job.told:
        return 0.0, common.COLD.say(lang)
    total = asked.trial.replications
    if not done:
        return 0.0, words.STARTING.say(lang)
    return len(done) / total, words.RUNNING.say(lang).format(done=len(done), total=total)
