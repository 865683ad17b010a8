"""`fenxiao sweep`: a plan and a market at many points of a space, on the same people with the same luck."""

from __future__ import annotations

import click

from sim.cli.common import console, print_json
from sim.cli.means import study_folder, tell_failures
from sim.cli.studies import RUNS, Options, asked, metric_option, study_options
from sim.experiments.metric_names import NAMES
from sim.experiments.running import Means
from sim.studies.points import Way, points
from sim.studies.study import answers, told

PLACES, POINTS = 3, 16
"""Of each range in a grid; of what fills a space."""


@click.command(
    help="Run a plan at many points of a space of plans and markets: a grid, a Latin hypercube, a Sobol sequence."
)
@study_options()
@click.option("--way", type=click.Choice(["grid", "latin", "sobol"]), default="latin", show_default=True)
@click.option("--points", "count", type=click.IntRange(1, 10_000), help="how many; in a grid, places of each range")
@metric_option("contribution")
def sweep(given: Options, way: Way, count: int | None, metric: str) -> int:
    """Run a plan at many points."""
    from sim.report.progress import Progress
    from sim.report.studies import print_points, write_points

    found = asked(given)
    study = found.study
    settings = points(study.levers, way, count or (PLACES if way == "grid" else POINTS), given.seed % 2**32)
    with study_folder("sweep", *found.folder, given.out) as (folder, runs):
        with Progress(RUNS.say(given.lang), len(settings) * given.replications) as bar:
            tried = answers(study, settings, Means(given.workers, given.dask, runs), lambda: bar.advance(1))
        write_points(folder, study, tried)
    failures = [failure for answer in tried for failure in answer.failures]
    tell_failures(failures)
    if given.as_json:
        print_json({"scenario": found.market, "plan": found.plan, "runs": [told(study, one, NAMES) for one in tried]})
    else:
        print_points(console(), study, tried, metric, given.lang)
    return 1 if failures else 0
