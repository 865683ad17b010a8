"""`fenxiao sensitivity`: which levers a figure depends on."""

from __future__ import annotations

from pathlib import Path

import click

from rules.errors import InputError
from sim.cli.common import console, print_json
from sim.cli.means import study_folder, tell_failures
from sim.cli.studies import RUNS, Options, asked, metric_option, study_options
from sim.experiments.running import Means
from sim.studies.sensitivity import Method, design, indices, parts_given
from sim.studies.study import Answer, answers

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
COUNT = {"morris": 8, "sobol": 32}
"""Trajectories, base samples, if nothing else is asked for."""


@click.command(
    help="Which levers a figure depends on: Morris' screening, Sobol indices, or PAWN on the runs of a sweep."
)
@study_options(replications=1)
@click.option("--method", type=click.Choice(["morris", "sobol", "given"]), default="morris", show_default=True)
@click.option("--samples", "count", type=click.IntRange(1, 4_096), help="trajectories of morris, base samples of sobol")
@click.option("--runs", "kept", type=FOLDER, help="folder of a sweep, for given")
@metric_option("contribution")
def sensitivity(given: Options, method: Method, count: int | None, kept: Path | None, metric: str) -> int:
    """Which levers a figure depends on."""
    from sim.report.progress import Progress
    from sim.report.studies import print_indices, read_points, write_indices

    if (method == "given") != (kept is not None):
        raise InputError("--method given and --runs FOLDER belong together", allowed="both, or neither")
    out = given.out
    if kept is not None:
        moved, rows = read_points(kept)
        tried: list[Answer] = [row for row in rows if row.whole]
        parts = parts_given(moved, [row.setting for row in tried])
    else:
        found = asked(given)
        moved = found.study.levers
        parts, settings = design(moved, method, count or COUNT[method], given.seed % 2**32)
        total = len(settings) * given.replications
        with (
            study_folder("sensitivity", *found.folder, out) as (out, runs),
            Progress(RUNS.say(given.lang), total) as bar,
        ):
            tried = answers(found.study, settings, Means(given.workers, given.dask, runs), lambda: bar.advance(1))
    failures = [failure for answer in tried for failure in answer.failures]
    tell_failures(failures)
    told = indices(moved, method, parts, tried, metric, given.seed % 2**32)
    if out:
        write_indices(out, method, metric, told)
    if given.as_json:
        by_lever = {one.lever: one.told() for one in told}
        print_json({"method": method, "runs": len(tried), "indices": {metric: by_lever}})
    else:
        print_indices(console(), method, metric, told, len(tried), given.lang)
    return 1 if failures else 0
