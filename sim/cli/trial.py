"""`fenxiao trial`: what a live A/B test of two plans would have said, in a market where the truth is known."""

from __future__ import annotations

from pathlib import Path

import click

from rules.errors import InputError
from sim.cli.common import (
    announce,
    command_line,
    console,
    fresh_folder,
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
from sim.experiments.arms import arm_ids
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress
from sim.trials.figures import NAMES
from sim.trials.settings import DESIGNS, Design, Spillover, Trial, check

DEFAULT = "three_tier"


@click.command(
    help="What a live A/B test of two plans would have said: splits of users, communities, trees, time and a grey "
    "release, against the truth. SCENARIO, then plan A and plan B; the scenario's first two if left out."
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
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="processes")
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
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Try two plans by every design; exit code 1 if interrupted."""
    market = load_scenario(scenario)
    chosen = [load_plan(name) for name in plans or market.plans[:2]]
    if len(chosen) != 2:
        raise InputError(f"a trial needs two plans, got {len(chosen)}", allowed="plan A and plan B, names or paths")
    size = people or market.people
    sizes = (size, before, days, block, washout, seed, replications)
    given = Trial(market, (chosen[0], chosen[1]), *sizes, spillover, designs)
    check(given)
    folder = fresh_folder(out) if out else None
    announce(dict(zip(arm_ids(chosen), chosen, strict=True)), lang)
    from sim.trials.study import study

    title = {"en": "replications", "zh": "重复"}[lang]
    with Progress(f"{market.scenario}, {title}", replications) as bar:
        tried = study(given, workers, lambda *_: bar.advance(1))
    if tried.interrupted:
        tell(f"interrupted: {len(tried.done)} of {replications} replications are kept")
        if len(tried.done) == 0:
            return 1
    from sim.report.trial import print_trial, trial_told
    from sim.trials.advice import advise
    from sim.trials.summary import summarise

    scored = summarise(tried)
    advice = advise(scored, metric)
    if folder:
        from sim.report.trial_page import write_trial

        page = write_trial(folder, tried, scored, advice, metric, command_line(), lang)
    if as_json:
        print_json(trial_told(tried, scored, advice, metric))
    else:
        print_trial(console(), tried, scored, advice, lang)
    if folder:
        tell_written(page, lang)
    return 1 if tried.interrupted else 0
