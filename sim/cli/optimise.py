"""`fenxiao optimise`: the plan that earns most within the law and a budget, and the whole front of compromises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.cli.common import (
    console,
    days_option,
    json_option,
    lang_option,
    out_option,
    people_option,
    print_json,
    rulebook_option,
    seed_option,
    tell,
)
from sim.cli.means import dask_option, workers_option
from sim.cli.studies import asked, lever_option, replications_option, study_folder
from sim.experiments.metric_names import Lang
from sim.experiments.running import Means
from sim.interrupts import forget_interrupts
from sim.studies.optimise import Search, held_out, read_bound, read_objective, search_for
from sim.studies.study import Answer

MINUTES, CHECKED, FRESH = 2.0, 3, 12
"""Of searching; plans of the front that are held against the baseline on luck they have not seen, and how often."""


@click.command(
    help="Search for the plan that earns most within rulebook and budget, and tell the whole front of compromises."
)
@click.argument("scenario", required=False)
@click.option("--plan", "plan_name", help="plan to improve; the scenario's first if left out")
@lever_option
@click.option(
    "--objective",
    "objectives",
    multiple=True,
    default=("contribution:max", "new_members:max"),
    show_default=True,
    help="a metric and which way; several give a front",
)
@click.option("--bound", "bounds", multiple=True, metavar="METRIC<=VALUE", help='a budget, such as "payout_ratio<=12%"')
@click.option("--minutes", type=click.FloatRange(0.01, 10_000), help="of searching  [default: 2]")
@click.option("--trials", type=click.IntRange(1, 100_000), help="plans to try, however long it takes")
@replications_option
@click.option("--fresh", type=click.IntRange(2, 10_000), default=FRESH, show_default=True, help="runs on new luck")
@people_option
@days_option
@seed_option
@rulebook_option
@workers_option
@dask_option
@out_option
@lang_option
@json_option
def optimise(
    scenario: str | None,
    plan_name: str | None,
    levers: tuple[str, ...],
    objectives: tuple[str, ...],
    bounds: tuple[str, ...],
    minutes: float | None,
    trials: int | None,
    replications: int,
    fresh: int,
    people: int | None,
    days: int | None,
    seed: int,
    rulebook_name: str | None,
    workers: int,
    dask: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Search for a better plan."""
    from sim.report.front import front_told, print_front, write_front
    from sim.report.progress import Progress

    wanted, budgets = tuple(map(read_objective, objectives)), tuple(map(read_bound, bounds))
    found = asked(scenario, plan_name, levers, people, days, seed, replications, rulebook_name, lang)
    seconds = None if minutes is None and trials else 60 * (minutes or MINUTES)
    search = Search(found.study, wanted, budgets, seconds, trials)
    with study_folder("optimise", found, out) as (folder, runs):
        means = Means(workers, dask, runs)
        total = trials if seconds is None else int(seconds)
        unit = {"en": ("plans", "seconds"), "zh": ("方案", "秒")}[lang][seconds is not None]
        with Progress(unit, total) as bar:

            def at(tried: Sequence[Answer], gone: float) -> None:
                bar.advance(max(0, min(total or 0, len(tried) - 1 if seconds is None else int(gone)) - bar.done))

            searched = search_for(search, folder, means, at)
        forget_interrupts()
        checked = {
            number: held_out(search, searched, number, fresh, means) for number in searched.front[:CHECKED] if number
        }
        write_front(folder, search, searched, checked)
    tell({"en": f"written to {folder}", "zh": f"已写入 {folder}"}[lang])
    if as_json:
        print_json({"scenario": found.market, "plan": found.plan} | front_told(search, searched, checked))
    else:
        print_front(console(), search, searched, checked, lang)
    return 0 if searched.front else 1
