"""A comparison from the app: the same functions as `fenxiao compare`, in a process of its own."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass

from app.jobs import Job, Tell, workers_for
from app.warming import COLD, warm
from app.words import common
from app.words import compare as words
from rules.gains import Effect, effects
from rules.plan.model import Plan
from rules.plan.wording import Glossary
from sim.defaults import SEED
from sim.experiments.metric_names import Lang
from sim.report.data import ReportData
from sim.rulebooks import load_rulebook
from sim.scenario import Scenario


@dataclass(frozen=True)
class Settings:
    """What is to be compared; `names` are the plans' as the command line finds them, `texts` their files.

    `place` is the scenario's file in commands that are shown; a shipped one is found by its name.
    """

    scenario: Scenario
    plans: tuple[Plan, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    people: int
    days: int
    replications: int
    place: str = ""

    @property
    def runs(self) -> int:
        """Of all arms and replications."""
        return self.replications * len(self.plans)

    @property
    def workers(self) -> int:
        """Processes of the job."""
        return workers_for(self.people * self.days * self.runs)


def compare(tell: Tell, settings: Settings) -> ReportData:
    """Run a comparison to its end; tells every run that is done."""
    from sim.experiments.arms import arm_ids
    from sim.experiments.compare import Experiment, run_experiment
    from sim.experiments.running import Means
    from sim.report.results import report_data

    market, started = settings.scenario, time.perf_counter()
    arms = tuple(zip(arm_ids(settings.plans), settings.plans, strict=True))
    experiment = Experiment(market, arms, settings.people, settings.days, SEED, settings.replications)
    rulebook = load_rulebook(market.rulebook)
    warm(tell)
    results = run_experiment(experiment, Means(settings.workers), tell)
    comparison, verdicts = results.compared(rulebook)
    return report_data(results, comparison, verdicts, time.perf_counter() - started, command_of(settings))


def situations_of(tell: Tell, before: Plan, after: Plan, glossary: Glossary) -> list[Effect]:
    """Every typical situation under both plans, as `fenxiao diff` computes them."""
    warm(tell)
    return effects(before, after, glossary)


def command_of(settings: Settings) -> str:
    """The command that gives the same result, to the bit."""
    sizes = f"--people {settings.people} --days {settings.days} --replications {settings.replications} --seed {SEED}"
    return f"fenxiao compare {shlex.join([settings.place or settings.scenario.scenario, *settings.names])} {sizes}"


def how_far(job: Job, settings: Settings, lang: Lang) -> tuple[float, str]:
    """How far a comparison is, for the bar."""
    done = len([said for said in job.told if said != COLD])
    if not done and COLD in job.told:
        return 0.0, common.COLD.say(lang)
    return done / settings.runs, words.RUNNING.say(lang).format(done=done, total=settings.runs)
