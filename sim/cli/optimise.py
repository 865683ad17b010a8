"""`fenxiao optimise`: the plan that earns most within the law and a budget, and the whole front of compromises."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sim.cli.common import console, print_json, tell_written
from sim.cli.means import study_folder
from sim.cli.studies import Options, asked, study_options
from sim.experiments.running import Means
from sim.interrupts import forget_interrupts
from sim.studies.optimise import Search, held_out, read_bound, read_objective, search_for
from sim.studies.study import Answer

MINUTES, CHECKED, FRESH = 2.0, 3, 12
"""Of searching; plans of the front that are held against the baseline on luck they have not seen, and how often."""


@click.command(
    help="Search for the plan that earns most within rulebook and budget, and tell the whole front of compromises."
)
@study_options()
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
@click.option("--fresh", type=click.IntRange(2, 10_000), default=FRESH, show_default=True, help="runs on new luck")
def optimise(
    given: Options,
    objectives: tuple[str, ...],
    bounds: tuple[str, ...],
    minutes: float | None,
    trials: int | None,
    fresh: int,
) -> int:
    """Search for a better plan."""
    from sim.report.front import front_told, print_front, write_front
    from sim.report.progress import Progress

    wanted, budgets = tuple(map(read_objective, objectives)), tuple(map(read_bound, bounds))
    found = asked(given)
    seconds = None if minutes is None and trials else 60 * (minutes or MINUTES)
    search = Search(found.study, wanted, budgets, seconds, trials)
    with study_folder("optimise", *found.folder, given.out) as (folder, runs):
        means = Means(given.workers, given.dask, runs)
        total = trials if seconds is None else int(seconds)
        unit = {"en": ("plans", "seconds"), "zh": ("方案", "秒")}[given.lang][seconds is not None]
        with Progress(unit, total) as bar:

            def at(tried: Sequence[Answer], gone: float) -> None:
                bar.advance(max(0, min(total or 0, len(tried) - 1 if seconds is None else int(gone)) - bar.done))

            searched = search_for(search, folder, means, at)
        forget_interrupts()
        checked = {
            number: held_out(search, searched, number, fresh, means) for number in searched.front[:CHECKED] if number
        }
        write_front(folder, search, searched, checked)
    tell_written(folder, given.lang)
    if given.as_json:
        print_json({"scenario": found.market, "plan": found.plan} | front_told(search, searched, checked))
    else:
        print_front(console(), search, searched, checked, given.lang)
    return 0 if searched.front else 1
