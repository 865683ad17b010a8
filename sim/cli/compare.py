"""`fenxiao compare`: plans against each other, on the same people with the same luck."""

from __future__ import annotations

import time
from pathlib import Path

import click

from rules.errors import InputError
from sim.cli.common import (
    FILE,
    announce,
    command_line,
    console,
    days_option,
    json_option,
    lang_option,
    load_plan,
    load_rulebook,
    load_scenario,
    out_option,
    people_option,
    print_json,
    refuse_beside,
    rulebook_option,
    seed_option,
    tell,
)
from sim.cli.means import dask_option, kept_in, tell_failures, workers_option
from sim.experiments.compare import Experiment, Luck, arm_ids, run_experiment
from sim.experiments.forking import check_fork, read_fork
from sim.experiments.labour import labour_compared
from sim.experiments.metric_names import Lang
from sim.experiments.running import Means
from sim.report.labour import labour_told, print_labour
from sim.report.progress import Progress
from sim.report.results import facts, forked_at, report_data, rules_told, told, write_results

DEFAULT = "three_tier"


@click.command(help="Compare plans: the same people with the same luck under each. The first is the baseline.")
@click.argument("scenario", required=False)
@click.argument("plans", nargs=-1)
@people_option
@days_option
@seed_option
@click.option("--replications", type=click.IntRange(1, 100_000), default=8, show_default=True)
@click.option("--luck", type=click.Choice(["common", "independent"]), default="common", show_default=True)
@workers_option
@dask_option
@click.option("--from", "source", type=FILE, help="go on from a world of `run --save`, from its morning on")
@rulebook_option
@out_option
@lang_option
@json_option
def compare(
    scenario: str | None,
    plans: tuple[str, ...],
    people: int | None,
    days: int | None,
    seed: int,
    replications: int,
    luck: Luck,
    workers: int,
    dask: str | None,
    source: Path | None,
    rulebook_name: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Compare plans on the same people with the same luck."""
    if source:
        refuse_beside("--from", ["people", "days", "seed"])
        announce({}, lang)
    fork = read_fork(source) if source else None
    market = fork.scenario if fork else load_scenario(scenario or DEFAULT)
    chosen = [load_plan(name) for name in plans or market.plans]
    if len(chosen) < 2:
        raise InputError(f"comparing needs two plans or more, got {len(chosen)}", allowed="names or paths of plans")
    rulebook = load_rulebook(rulebook_name or market.rulebook)
    arms = tuple(zip(arm_ids(chosen), chosen, strict=True))
    if fork:
        check_fork(fork, chosen, load_scenario(scenario) if scenario else None)
        experiment = Experiment(market, arms, fork.people, fork.days, fork.luck, replications, luck, fork)
    else:
        experiment = Experiment(market, arms, people or market.people, days or market.days, seed, replications, luck)
    announce(dict(arms), lang)
    started = time.perf_counter()
    title = {"en": "replications", "zh": "重复"}[lang]
    with kept_in(out) as runs, Progress(f"{market.scenario}, {title}", replications * len(arms)) as bar:
        means = Means(workers, dask, runs)
        results = run_experiment(experiment, means, lambda arm: bar.advance(1, arm))
    tell_failures(results.failures)
    if fork:
        tell(forked_at(fork).say(lang))
    if results.interrupted:
        tell(f"interrupted: {results.replications} of {replications} replications are kept")
    if results.replications == 0:
        return 1
    comparison, verdicts = results.compared(rulebook)
    data = report_data(results, comparison, verdicts, time.perf_counter() - started, command_line(), str(out or ""))
    if out:
        write_results(out, results, data, lang)
    if as_json:
        labour = labour_told(labour_compared(results))
        print_json(told(comparison) | facts(results) | {"rulebook": rules_told(verdicts)} | labour)
    else:
        from sim.report.terminal import print_comparison

        where = str(out / "report.html") if out else ""
        print_comparison(console(), comparison, data.names(lang), lang, verdicts, where)
        print_labour(console(), labour_compared(results), data.names(lang), lang)
    return 1 if results.interrupted or results.failures else 0
