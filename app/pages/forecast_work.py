"""A forecast as a job: what `fenxiao forecast` does with the shipped sample, or with the orders of an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.histories import Data
from app.jobs import Job, Tell
from app.warming import COLD, warm
from app.words import common
from app.words import forecast as words
from rules.plan.model import Plan
from sim.defaults import SEED
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from sim.forecast.study import BackTest, Outlook


@dataclass(frozen=True)
class Asked:
    """What is forecast; `names` are the plans' for the command line."""

    data: Data
    plans: tuple[Plan, ...]
    names: tuple[str, ...]
    weeks: int
    futures: int
    seed: int = SEED


@dataclass(frozen=True)
class Found:
    """What is to come, and how such a forecast did; `known` and `testable`: weeks of the data, and of a back-test."""

    outlook: Outlook
    tested: BackTest | None
    known: int
    testable: int


def work(tell: Tell, asked: Asked, command: str) -> Found:
    """Forecast; tells each future of the back-test, where the data are long enough for one, and of what is to come."""
    from sim.forecast.customers import sales_of
    from sim.forecast.study import back_test, known_weeks, outlook, testable_weeks

    asked.data.refuse_large(command)
    warm(tell)
    past = asked.data.past()
    sales = sales_of(past.log)
    known, testable = known_weeks(sales), testable_weeks(sales)
    sizes = (past, asked.plans, asked.weeks, asked.futures, asked.seed)
    is_tested = asked.weeks <= testable
    tell(("begun", is_tested))
    tested = back_test(*sizes, done=lambda: tell(("back",))) if is_tested else None
    off = tested.off if tested else 0.0
    return Found(outlook(*sizes, off=off, done=lambda: tell(("ahead",))), tested, known, testable)


def how_far(job: Job, lang: Lang) -> tuple[float, str]:
    """How far a forecast is."""
    said = [one[0] for one in job.told if one != COLD]
    if not said:
        return 0.0, (common.COLD if job.told else words.STARTING).say(lang)
    total = job.arguments[0].futures
    back, ahead = said.count("back"), said.count("ahead")
    if not back + ahead:
        return 0.0, words.STARTING.say(lang)
    is_tested = any(one[1] for one in job.told if one[0] == "begun")
    text, done = (words.AHEAD, ahead) if ahead else (words.BACK, back)
    return (back + ahead) / total / (2 if is_tested else 1), text.say(lang).format(done=done, total=total)
