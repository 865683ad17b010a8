"""What studies share on the command line: what is moved, how large runs are, and the folder that they go on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from rules.errors import InputError
from scenarios.find import find
from sim.cli.common import (
    announce,
    days_option,
    json_option,
    lang_option,
    out_option,
    people_option,
    rulebook_option,
    seed_option,
)
from sim.cli.means import dask_option, workers_option
from sim.experiments.metric_names import NAMES, Lang, Text
from sim.rulebooks import load_rulebook
from sim.scenario import read_scenario
from sim.studies.chosen import default_levers
from sim.studies.levers import Base, read_lever
from sim.studies.study import Study

RUNS = Text("运行", "runs")
PEOPLE, DAYS = 2_000, 120
"""Of each run, if nothing else is asked for: small, since there are many."""
_LEVER = "what is moved, such as plan.caps.order_ratio=20%:30%; left out: the rates and rewards of the plan"


def metric_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A metric to look at."""
    return click.option(
        "--metric", type=click.Choice(NAMES), default=default, show_default=True, help="what is looked at"
    )


@dataclass(frozen=True)
class Options:
    """What every study is told on the command line, by the names of its options."""

    scenario: str | None
    plan_name: str | None
    levers: tuple[str, ...]
    replications: int
    people: int | None
    days: int | None
    seed: int
    rulebook_name: str | None
    workers: int
    dask: str | None
    out: Path | None
    lang: Lang
    as_json: bool


def study_options(replications: int = 2) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Options of every study, which a command gets as one `Options`, before its own.

    Args:
        replications: of each point, if nothing else is asked for.
    """
    options = (
        click.argument("scenario", required=False),
        click.option("--plan", "plan_name", help="plan to move; the scenario's first if left out"),
        click.option("--lever", "levers", multiple=True, metavar="PATH=LOW:HIGH", help=_LEVER),
        click.option(
            "--replications",
            type=click.IntRange(1, 10_000),
            default=replications,
            show_default=True,
            help="runs at each point",
        ),
        *(people_option, days_option, seed_option, rulebook_option),
        *(workers_option, dask_option, out_option, lang_option, json_option),
    )

    def with_options(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def told(**given: Any) -> int:  # noqa: ANN401 - whatever click has read
            shared = Options(**{one.name: given.pop(one.name) for one in fields(Options)})
            return command(shared, **given)

        return reduce(lambda inner, option: option(inner), reversed(options), told)

    return with_options


@dataclass(frozen=True)
class Asked:
    """What a study is asked: itself, and the names of its market and plan."""

    study: Study
    market: str
    plan: str

    @property
    def folder(self) -> tuple[str, str]:
        """What its folder is named after, besides the kind of study: its market, and a digest of what is asked."""
        return self.market, self.study.key


def asked(given: Options) -> Asked:
    """The study that the options describe.

    Raises:
        InputError: a file, a lever or a rulebook is none.
    """
    market_file = find("markets", given.scenario or "three_tier")
    market = read_scenario(*market_file)
    base = Base.of(find("plans", given.plan_name or market.plans[0]), market_file)
    plan, _ = base.at((), {})
    moved = tuple(map(read_lever, given.levers)) if given.levers else default_levers(base.plan)
    if len({lever.name for lever in moved}) < len(moved):
        raise InputError("a lever is given twice", allowed="each path once")
    rulebook = load_rulebook(given.rulebook_name or market.rulebook)
    sizes = (given.people or PEOPLE, given.days or min(DAYS, market.days), given.seed, given.replications)
    study = Study(base, moved, *sizes, rulebook)
    study.base.at(moved, {lever.name: lever.at(0.5) for lever in moved})  # paths that lead nowhere are said at once
    announce({plan.plan: plan}, given.lang)
    return Asked(study, market.scenario, plan.plan)
