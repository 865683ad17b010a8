"""`fenxiao sweep`: a plan and a market at many points of a space, on the same people with the same luck."""

from __future__ import annotations

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
)
from sim.cli.means import dask_option, tell_failures, workers_option
from sim.cli.studies import RUNS, asked, lever_option, metric_option, replications_option, study_folder
from sim.experiments.metric_names import NAMES, Lang
from sim.experiments.running import Means
from sim.studies.points import Way, points
from sim.studies.study import answers, told

PLACES, POINTS = 3, 16
"""Of each range in a grid; of what fills a space."""


@click.command(
    help="Run a plan at many points of a space of plans and markets: a grid, a Latin hypercube, a Sobol sequence."
)
@click.argument("scenario", required=False)
@click.option("--plan", "plan_name", help="plan to move; the scenario's first if left out")
@lever_option
@click.option("--way", type=click.Choice(["grid", "latin", "sobol"]), default="latin", show_default=True)
@click.option("--points", "count", type=click.IntRange(1, 10_000), help="how many; in a grid, places of each range")
@metric_option("contribution")
@replications_option
@people_option
@days_option
@seed_option
@rulebook_option
@workers_option
@dask_option
@out_option
@lang_option
@json_option
def sweep(
    scenario: str | None,
    plan_name: str | None,
    levers: tuple[str, ...],
    way: Way,
    count: int | None,
    metric: str,
    replications: int,
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
    """Run a plan at many points."""
    from sim.report.progress import Progress
    from sim.report.studies import print_points, write_points

    found = asked(scenario, plan_name, levers, people, days, seed, replications, rulebook_name, lang)
    study = found.study
    settings = points(study.levers, way, count or (PLACES if way == "grid" else POINTS), seed % 2**32)
    with study_folder("sweep", found, out) as (folder, runs):
        with Progress(RUNS.say(lang), len(settings) * replications) as bar:
            tried = answers(study, settings, Means(workers, dask, runs), lambda: bar.advance(1))
        write_points(folder, study, tried)
    failures = [failure for answer in tried for failure in answer.failures]
    tell_failures(failures)
    if as_json:
        print_json({"scenario": found.market, "plan": found.plan, "runs": [told(study, one, NAMES) for one in tried]})
    else:
        print_points(console(), study, tried, metric, lang)
    return 1 if failures else 0
