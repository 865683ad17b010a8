"""A comparison from the app: the same functions as `fenxiao compare`, with a bar in the page."""

from __future__ import annotations

import logging
import os
import shlex
import time
from dataclasses import dataclass

import streamlit as st

from app.words import compare as words
from rules.errors import InputError
from rules.jit import is_cold
from rules.plan.model import Plan
from sim.cli.common import SEED, load_rulebook
from sim.experiments.compare import Experiment, arm_ids, run_experiment
from sim.experiments.metric_names import Lang, Text
from sim.report.data import ReportData
from sim.report.results import report_data
from sim.scenario import Scenario
from sim.warm import compile_everything

WORKERS = min(2, os.cpu_count() or 1)
"""Processes of one comparison: a visitor does not take the whole machine."""


@dataclass(frozen=True)
class Settings:
    """What is to be compared; `names` are the plans' as the command line finds them."""

    scenario: Scenario
    plans: tuple[Plan, Plan]
    names: tuple[str, str]
    people: int
    days: int
    replications: int


@dataclass(frozen=True)
class Failure:
    """Why there is no result; `unexpected` if it is a fault of ours."""

    message: Text
    unexpected: bool = False


def compare(settings: Settings, lang: Lang) -> ReportData | Failure:
    """Run a comparison to its end, and show how far it is."""
    try:
        return _compare(settings, lang)
    except InputError as error:
        return Failure(Text(str(error), str(error)))
    except Exception as error:
        logging.getLogger(__name__).exception("a comparison failed")
        causes = str(error) if error.__cause__ is None else f"{error}\n{error.__cause__!r}"
        return Failure(Text(causes, causes), unexpected=True)


def _compare(settings: Settings, lang: Lang) -> ReportData:
    market = settings.scenario
    arms = tuple(zip(arm_ids(settings.plans), settings.plans, strict=True))
    experiment = Experiment(market, arms, settings.people, settings.days, SEED, settings.replications)
    rulebook = load_rulebook(market.rulebook)
    _compile(lang)
    bar, started = _Bar(settings.replications * len(arms), lang), time.perf_counter()
    results = run_experiment(experiment, WORKERS, bar.advance)
    comparison, verdicts = results.compared(rulebook)
    return report_data(results, comparison, verdicts, time.perf_counter() - started, command_of(settings))


def command_of(settings: Settings) -> str:
    """The command that gives the same result, to the bit."""
    sizes = f"--people {settings.people} --days {settings.days} --replications {settings.replications} --seed {SEED}"
    return f"fenxiao compare {shlex.join([settings.scenario.scenario, *settings.names])} {sizes}"


def _compile(lang: Lang) -> None:
    """Compile the kernels where that has not been done; only a new machine has to wait."""
    if is_cold():
        with st.spinner(words.COLD.say(lang)):
            compile_everything()


class _Bar:
    """Counts runs in the page. A visitor who changes something or stops ends the run at the next count."""

    def __init__(self, total: int, lang: Lang) -> None:
        self.total, self.done, self.lang = total, 0, lang
        self.started = time.perf_counter()
        self.bar = st.progress(0.0, self._text())
        st.button(words.STOP.say(lang), icon=":material/stop:", key="stop")

    def advance(self, _arm: str) -> None:
        """One run more is done."""
        self.done += 1
        self.bar.progress(self.done / self.total, self._text())

    def _text(self) -> str:
        said = words.RUNNING.say(self.lang).format(done=self.done, total=self.total)
        if 1 < self.done < self.total:
            rest = (time.perf_counter() - self.started) / self.done * (self.total - self.done)
            said += words.LEFT.say(self.lang).format(seconds=round(rest))
        return said
