"""`fenxiao sensitivity`: which levers a figure depends on."""

from __future__ import annotations

from pathlib import Path

import click

from rules.errors import InputError
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
from sim.cli.studies import RUNS, asked, lever_option, metric_option, study_folder
from sim.experiments.metric_names import Lang
from sim.experiments.running import Means
from sim.studies.sensitivity import Method, design, indices, parts_given
from sim.studies.study import Answer, answers

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
COUNT = {"morris": 8, "sobol": 32}
"""Trajectories, base samples, if nothing else is asked for."""


@click.command(
    help="Which levers a figure depends on: Morris' screening, Sobol indices, or PAWN on the runs of a sweep."
)
@click.argument("scenario", required=False)
@click.option("--plan", "plan_name", help="plan to move; the scenario's first if left out")
@lever_option
@click.option("--method", type=click.Choice(["morris", "sobol", "given"]), default="morris", show_default=True)
@click.option("--samples", "count", type=click.IntRange(1, 4_096), help="trajectories of morris, base samples of sobol")
@click.option("--runs", "given", type=FOLDER, help="folder of a sweep, for given")
@metric_option("contribution")
@click.option("--replications", type=click.IntRange(1, 1_000), default=1, show_default=True, help="runs at each point")
@people_option
@days_option
@seed_option
@rulebook_option
@workers_option
@dask_option
@out_option
@lang_option
@json_option
def sensitivity(
    scenario: str | None,
    plan_name: str | None,
    levers: tuple[str, ...],
    method: Method,
    count: int | None,
    given: Path | None,
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
    """Which levers a figure depends on."""
    from sim.report.progress import Progress
    from sim.report.studies import print_indices, read_points, write_indices

    if (method == "given") != (given is not None):
        raise InputError("--method given and --runs FOLDER belong together", allowed="both, or neither")
    if given is not None:
        moved, rows = read_points(given)
        tried: list[Answer] = [row for row in rows if row.whole]
        parts = parts_given(moved, [row.setting for row in tried])
    else:
        found = asked(scenario, plan_name, levers, people, days, seed, replications, rulebook_name, lang)
        moved = found.study.levers
        parts, settings = design(moved, method, count or COUNT[method], seed % 2**32)
        total = len(settings) * replications
        with study_folder("sensitivity", found, out) as (out, runs), Progress(RUNS.say(lang), total) as bar:
            tried = answers(found.study, settings, Means(workers, dask, runs), lambda: bar.advance(1))
    failures = [failure for answer in tried for failure in answer.failures]
    tell_failures(failures)
    told = indices(moved, method, parts, tried, metric, seed % 2**32)
    if out:
        write_indices(out, method, metric, told)
    if as_json:
        by_lever = {one.lever: one.told() for one in told}
        print_json({"method": method, "runs": len(tried), "indices": {metric: by_lever}})
    else:
        print_indices(console(), method, metric, told, len(tried), lang)
    return 1 if failures else 0
