"""`fenxiao compare`: plans against each other, on the same people with the same luck."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

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
from sim.cli.options import goal_given, selection_given
from sim.experiments.arms import arm_ids
from sim.experiments.compare import Experiment, Luck
from sim.experiments.findings import findings_of
from sim.experiments.forking import check_fork, read_fork
from sim.experiments.goals import Wanted, run_wanted
from sim.experiments.guards import read_guard
from sim.experiments.labour import labour_compared
from sim.experiments.metric_names import NAMES, Lang
from sim.experiments.ranges import check_ranges, in_the_middle, ranges_of
from sim.experiments.running import Means
from sim.experiments.sequential import Spending
from sim.experiments.stopping import MOST
from sim.report.labour import labour_told, print_labour
from sim.report.progress import Progress
from sim.report.results import facts, forked_at, report_data, rules_told, told, write_results
from sim.rulebooks import load_rulebook

DEFAULT = "three_tier"
WITH_RANGES = 40
"""Replications where behaviour is drawn from ranges: fewer name no tipping point."""


@click.command(help="Compare plans: the same people with the same luck under each. The first is the baseline.")
@click.argument("scenario", required=False)
@click.argument("plans", nargs=-1)
@people_option
@days_option
@seed_option
@click.option(
    "--replications",
    type=click.IntRange(1, 100_000),
    help=f"default: 8; with ranges {WITH_RANGES}; at most {MOST} with --until, --select",
)
@click.option("--until", help="go on until the interval is within ± a part, such as 1%; or until a winner is `decided`")
@click.option("--until-metric", type=click.Choice(NAMES), help="whose relative difference that is  [default: gmv]")
@click.option("--spending", type=click.Choice(["obrien_fleming", "pocock"]), help="of error on looks")
@click.option("--select", "confidence", help="the best of many plans with this confidence, such as 95%")
@click.option("--zone", help="how far below the best is good enough, of the baseline's contribution  [default: 0.5%]")
@click.option("--guard", "guards", multiple=True, help="what must not become worse, such as 'refund_rate<=+1pp'")
@click.option("--ranges", type=click.Choice(["draw", "middle"]), default="draw", show_default=True, help="of behaviour")
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
    replications: int | None,
    until: str | None,
    until_metric: str | None,
    spending: Spending | None,
    confidence: str | None,
    zone: str | None,
    guards: tuple[str, ...],
    ranges: Literal["draw", "middle"],
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
    goal = goal_given(until, until_metric, spending)
    choosing = selection_given(confidence, zone, beside=[("--until", until), ("--guard", guards)])
    guarded = [read_guard(text) for text in guards]
    fork = read_fork(source) if source else None
    market = fork.scenario if fork else load_scenario(scenario or DEFAULT)
    market = in_the_middle(market) if ranges == "middle" and not fork else market
    chosen = [load_plan(name) for name in plans or market.plans]
    if len(chosen) < 2:
        raise InputError(f"comparing needs two plans or more, got {len(chosen)}", allowed="names or paths of plans")
    most = replications or (MOST if goal or choosing else WITH_RANGES if ranges_of(market) and not fork else 8)
    rulebook = load_rulebook(rulebook_name or market.rulebook)
    arms = tuple(zip(arm_ids(chosen), chosen, strict=True))
    if fork:
        check_fork(fork, chosen, load_scenario(scenario) if scenario else None)
        experiment = Experiment(market, arms, fork.people, fork.days, fork.luck, most, luck, fork)
    else:
        experiment = Experiment(market, arms, people or market.people, days or market.days, seed, most, luck)
        check_ranges(market, range(seed, seed + most))
    announce(dict(arms), lang)
    started = time.perf_counter()
    title = {"en": "replications", "zh": "重复"}[lang]
    wanted = Wanted(goal, choosing, rulebook, guarded)
    with kept_in(out) as runs, Progress(f"{market.scenario}, {title}", most * len(arms)) as bar:
        reached = run_wanted(experiment, wanted, Means(workers, dask, runs), lambda arm: bar.advance(1, arm))
    results = reached.results
    tell_failures(results.failures)
    if fork:
        tell(forked_at(fork).say(lang))
    if results.interrupted:
        tell(f"interrupted: {results.replications} of {most} replications are kept")
    if results.replications == 0:
        return 1
    comparison, verdicts = results.compared(rulebook, guarded)
    findings = findings_of(results, comparison, reached.stopped, reached.choice)
    seconds, folder = time.perf_counter() - started, str(out or "")
    data = report_data(results, comparison, verdicts, seconds, command_line(), folder, findings)
    if out:
        write_results(out, results, data, lang)
    if as_json:
        labour = labour_told(labour_compared(results))
        print_json(told(data) | facts(results) | {"rulebook": rules_told(verdicts)} | labour)
    else:
        from sim.report.finding_tables import print_findings, tables_of
        from sim.report.terminal import print_comparison

        where = str(out / "report.html") if out else ""
        print_comparison(console(), comparison, data.names(lang), lang, verdicts, where, findings)
        print_findings(console(), tables_of(data), lang)
        print_labour(console(), labour_compared(results), data.names(lang), lang)
    return 1 if results.interrupted or results.failures else 0
