"""`fenxiao adapt`: an operator who learns week by week, against the best fixed plan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import get_args

import click

from rules.errors import InputError
from rules.money import PPM
from rules.plan.model import Plan
from sim.actors.beliefs import Learn
from sim.actors.parts import Learners, PlanCalendars
from sim.cli.common import (
    announce,
    command_line,
    console,
    json_option,
    lang_option,
    load_plan,
    load_scenario,
    out_option,
    people_option,
    print_json,
    rulebook_option,
    seed_option,
    tell,
    tell_written,
)
from sim.cli.means import dask_option, study_folder, tell_failures, workers_option
from sim.cli.options import rate_given
from sim.cli.studies import PEOPLE, RUNS
from sim.experiments.metric_names import Lang
from sim.experiments.ranges import check_ranges
from sim.experiments.running import Means
from sim.rulebooks import load_rulebook, proved

DEFAULT = "three_tier"
_LEFT_OUT: dict[Lang, str] = {
    "en": "{plan} is left out: the rulebook {rulebook} is violated by something that it lets happen",
    "zh": "不含 {plan}：其允许发生的某些情形违反规则手册 {rulebook}",
}


@click.command(
    help="An operator who tries plans week by week and learns from the figures, against each plan by itself: regret, "
    "weeks under each plan, when she settles. SCENARIO, then the plans, the one she begins with first."
)
@click.argument("scenario", default=DEFAULT)
@click.argument("plans", nargs=-1)
@click.option("--every", type=click.IntRange(1, 366), default=7, show_default=True, help="days between two looks")
@click.option(
    "--learn",
    "ways",
    type=click.Choice(get_args(Learn)),
    multiple=True,
    default=["thompson"],
    show_default=True,
    help="how she chooses; several times = several learners",
)
@click.option(
    "--ahead",
    "aheads",
    type=click.IntRange(0, 520),
    multiple=True,
    default=[0],
    show_default=True,
    help="looks for which a new member counts; several times = several learners",
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="DAY:PLAN",
    help="a further strategy, who knows beforehand: the plan in force from a day on; several times = several changes",
)
@click.option("--forget", default="10%", show_default=True, help="part of what she knew that each look forgets")
@click.option("--explore", default="10%", show_default=True, help="how often greedy tries any plan")
@people_option
@click.option("--days", type=click.IntRange(2, 3_660), help="length of the run")
@seed_option
@click.option("--replications", type=click.IntRange(1, 10_000), default=16, show_default=True)
@rulebook_option
@workers_option
@dask_option
@out_option
@lang_option
@json_option
def adapt(
    scenario: str,
    plans: tuple[str, ...],
    every: int,
    ways: tuple[Learn, ...],
    aheads: tuple[int, ...],
    switches: tuple[str, ...],
    forget: str,
    explore: str,
    people: int | None,
    days: int | None,
    seed: int,
    replications: int,
    rulebook_name: str | None,
    workers: int,
    dask: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Let operators learn beside fixed plans; exit code 1 if a run failed or it was interrupted."""
    from sim.report.adapt import adapted_told, print_adapted
    from sim.report.adapt_page import write_adapted
    from sim.report.progress import Progress
    from sim.studies import adapt as study
    from sim.studies.regret import summarise

    market = load_scenario(scenario)
    if not rate_given("--forget", forget, "10%") < PPM:
        raise InputError(f"--forget {forget} leaves nothing to learn from", allowed="a rate below 100%")
    rate_given("--explore", explore, "10%")
    allowed = _allowed(plans or tuple(market.plans), rulebook_name or market.rulebook, lang)
    settings = {"plans": [name for name, _ in allowed], "every": every, "forget": forget, "explore": explore}
    learners: dict[str, Learners | PlanCalendars] = {
        f"{way}+{ahead}" if ahead else way: Learners.model_validate(
            {"kind": "learner", "learn": way, "ahead": ahead} | settings
        )
        for way, ahead in product(ways, aheads)
        if way != "random" or ahead == aheads[0]  # who does not learn looks at no figure
    }
    if switches:
        learners["calendar"] = _calendar(switches, [name for name, _ in allowed])
    size = (people or PEOPLE, days or market.days, seed, replications)
    asked = study.Adaptation(market, allowed, tuple(learners.items()), *size)
    study.check(asked)
    check_ranges(market, range(seed, seed + replications))
    announce({plan.plan: plan for _, plan in allowed}, lang)
    total = replications * len(asked.strategies)
    kept = study_folder("adapt", market.scenario, asked.key, out)
    with kept as (folder, runs), Progress(RUNS.say(lang), total) as bar:
        adapted = study.adapt(asked, Means(workers, dask, runs), lambda name: bar.advance(1, name))
    tell_failures(adapted.failures)
    if adapted.interrupted:
        tell(f"interrupted: {adapted.replications} of {replications} replications are kept")
    if adapted.replications == 0:
        return 1
    found = summarise(adapted)
    page = write_adapted(folder, adapted, found, command_line(), lang)
    if as_json:
        print_json(adapted_told(adapted, found))
    else:
        print_adapted(console(), adapted, found, lang)
    tell_written(page, lang)
    return 1 if adapted.interrupted or adapted.failures else 0


def _calendar(switches: Sequence[str], plans: Sequence[str]) -> PlanCalendars:
    """Who knows beforehand when which plan is to be in force.

    Raises:
        InputError: a switch is none, days do not rise, or a plan is not among those that may be in force.
    """
    changes: list[tuple[int, str]] = []
    for text in switches:
        day, _, plan = text.partition(":")
        if not day.isdecimal() or plan not in plans or (changes and int(day) <= changes[-1][0]):
            raise InputError(f"--switch {text}", allowed=f"DAY:PLAN, days rising, plans {', '.join(plans)}")
        changes.append((int(day), plan))
    return PlanCalendars(kind="plan_calendar", plans=changes)


def _allowed(names: Sequence[str], rulebook: str, lang: Lang) -> tuple[tuple[str, Plan], ...]:
    """The plans that a rulebook does not find violated; the others are told.

    Raises:
        InputError: a plan is given twice, or fewer than two are left.
    """
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"the plan {twice[0]} is given twice", allowed="each plan once")
    book, kept = load_rulebook(rulebook), []
    for name in names:
        plan = load_plan(name)
        if proved(plan, book) == "violated":
            tell(_LEFT_OUT[lang].format(plan=plan.plan, rulebook=book.rulebook))
        else:
            kept.append((name, plan))
    if len(kept) < 2:
        raise InputError(
            f"learning needs two plans or more that keep to {book.rulebook}, got {len(kept)}",
            allowed="names or paths of plans; another --rulebook",
        )
    return tuple(kept)
