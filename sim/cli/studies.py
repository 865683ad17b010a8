"""What studies share on the command line: what is moved, how large runs are, and the folder that they go on from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from rules.errors import InputError
from scenarios.find import find
from sim.cli.common import announce, load_rulebook, tell
from sim.cli.means import kept_in
from sim.experiments.metric_names import NAMES, Lang, Text
from sim.experiments.runs import Runs
from sim.scenario import read_scenario
from sim.studies.chosen import default_levers
from sim.studies.levers import Base, read_lever
from sim.studies.study import Study

RUNS = Text("运行", "runs")
PEOPLE, DAYS = 2_000, 120
"""Of each run, if nothing else is asked for: small, since there are many."""

lever_option = click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="PATH=LOW:HIGH",
    help="what is moved, such as plan.caps.order_ratio=20%:30%; left out: the rates and rewards of the plan",
)
replications_option = click.option(
    "--replications", type=click.IntRange(1, 10_000), default=2, show_default=True, help="runs at each point"
)


def metric_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A metric to look at."""
    return click.option(
        "--metric", type=click.Choice(NAMES), default=default, show_default=True, help="what is looked at"
    )


@dataclass(frozen=True)
class Asked:
    """What a study is asked: itself, and the names of its market and plan."""

    study: Study
    market: str
    plan: str


def asked(
    scenario: str | None,
    plan_name: str | None,
    levers: tuple[str, ...],
    people: int | None,
    days: int | None,
    seed: int,
    replications: int,
    rulebook_name: str | None,
    lang: Lang,
) -> Asked:
    """The study that the options describe.

    Raises:
        InputError: a file, a lever or a rulebook is none.
    """
    market_file = find("markets", scenario or "three_tier")
    market = read_scenario(*market_file)
    base = Base.of(find("plans", plan_name or market.plans[0]), market_file)
    plan, _ = base.at((), {})
    moved = tuple(map(read_lever, levers)) if levers else default_levers(base.plan)
    if len({lever.name for lever in moved}) < len(moved):
        raise InputError("a lever is given twice", allowed="each path once")
    rulebook = load_rulebook(rulebook_name or market.rulebook)
    sizes = (people or PEOPLE, days or min(DAYS, market.days), seed, replications)
    study = Study(base, moved, *sizes, rulebook)
    study.base.at(moved, {lever.name: lever.at(0.5) for lever in moved})  # paths that lead nowhere are said at once
    announce({plan.plan: plan}, lang)
    return Asked(study, market.scenario, plan.plan)


@contextmanager
def study_folder(kind: str, found: Asked, out: Path | None) -> Iterator[tuple[Path, Runs]]:
    """The folder of a study and the runs it keeps: the same question again goes on in the same folder."""
    folder = out or Path("results") / f"{kind}-{found.market}-{found.study.key[:8]}"
    with kept_in(folder) as runs:
        assert runs is not None
        tell(f"kept in {folder}; the same command goes on from there")
        yield folder, runs
