"""`fenxiao trial`: what a live A/B test of two plans would have said, in a market where the truth is known."""

from __future__ import annotations

from pathlib import Path

import click

from rules.errors import InputError
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
    seed_option,
    tell,
    tell_written,
)
from sim.cli.means import dask_option, opened_in, tell_failures, workers_option
from sim.experiments.arms import arm_ids
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress
from sim.trials.figures import NAMES
from sim.trials.settings import DESIGNS, Design, Spillover, Trial, check

DEFAULT = "three_tier"


@click.command(
    help="What a live A/B test of two plans would have said: splits of users, communities, trees, time and a grey "
    "release, against the truth. SCENARIO, then plan A and plan B; the scenario's first two if left out. With --out "
    "the same command goes on from what is kept there."
)
@click.argument("scenario", default=DEFAULT)
@click.argument("plans", nargs=-1)
@people_option
@click.option("--days", type=click.IntRange(2, 3_000), default=56, show_default=True, help="of the trial")
@click.option("--before", type=click.IntRange(1, 600), default=28, show_default=True, help="days under plan A first")
@click.option("--block", type=click.IntRange(1, 90), default=7, show_default=True, help="days of a side by time")
@click.option("--washout", type=click.IntRange(0, 89), default=2, show_default=True, help="of them not counted")
@click.option(
    "--spillover",
    type=click.Choice(["all", "communities", "none"]),
    default="all",
    show_default=True,
    help="how far links travel: as the market says, inside communities, not between arms",
)
@click.option(
    "--design",
    "designs",
    multiple=True,
    type=click.Choice(DESIGNS),
    default=DESIGNS,
    help="to try; may be given several times  [default: all]",
)
@click.option("--metric", type=click.Choice(NAMES), default="contribution", show_default=True, help="to advise on")
@seed_option
@click.option("--replications", type=click.IntRange(2, 100_000), default=16, show_default=True)
@workers_option
@dask_option
@out_option
@lang_option
@json_option
def trial(
    scenario: str,
    plans: tuple[str, ...],
    people: int | None,
    days: int,
    before: int,
    block: int,
    washout: int,
    spillover: Spillover,
    designs: tuple[Design, ...],
    metric: str,
    seed: int,
    replications: int,
    workers: int,
    dask: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Try two plans by every design; exit code 1 if interrupted, or if a replication failed."""
    market = load_scenario(scenario)
    chosen = [load_plan(name) for name in plans or market.plans[:2]]
    if len(chosen) != 2:
        raise InputError(f"a trial needs two plans, got {len(chosen)}", allowed="plan A and plan B, names or paths")
    size = people or market.people
    sizes = (size, before, days, block, washout, seed, replications)
    given = Trial(market, (chosen[0], chosen[1]), *sizes, spillover, designs)
    check(given)
    announce(dict(zip(arm_ids(chosen), chosen, strict=True)), lang)
    from sim.experiments.running import Means
    from sim.trials.readings import KeptReadings
    from sim.trials.study import LEAST, study

    title = {"en": "replications", "zh": "重复"}[lang]
    with opened_in(out, KeptReadings) as kept, Progress(f"{market.scenario}, {title}", replications) as bar:
        tried = study(given, Means(workers, dask), lambda *_: bar.advance(1), kept=kept)
    tell_failures(tried.failures)
    if tried.interrupted:
        tell(f"interrupted: {len(tried.done)} of {replications} replications are kept")
    if len(tried.done) < LEAST:
        tell(f"{len(tried.done)} of {replications} replications came to an end: two at least say something")
        return 1
    from sim.report.trial import print_trial, trial_told
    from sim.trials.advice import advise
    from sim.trials.summary import summarise

    scored = summarise(tried)
    advice = advise(scored, metric)
    if out:
        from sim.report.trial_page import write_trial

        page = write_trial(out, tried, scored, advice, metric, command_line(), lang)
    if as_json:
        print_json(trial_told(tried, scored, advice, metric))
    else:
        print_trial(console(), tried, scored, advice, lang)
    if out:
        tell_written(page, lang)
    return 1 if tried.interrupted or tried.failed else 0
