"""`fenxiao forecast`: what comes after the last day of the data, under several plans; and how such a forecast did."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.common import (
    FILE,
    announce,
    command_line,
    console,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    out_option,
    print_json,
    seed_option,
    tell_written,
)
from sim.cli.histories import past_given
from sim.experiments.metric_names import Lang, Text

PLANS = ("three_tier", "three_level")
_TITLE = Text("推演未来", "futures")


@click.command(
    help="What customers will buy in the weeks after the last day of the data, and what PLANS would pay for it: fans "
    "of many futures, widened by how far a back-test on the last known weeks is off. The shipped CDNOW sample if no "
    "data are given."
)
@click.argument("plans", nargs=-1)
@click.option("--orders", type=FILE, help="orders: CSV, Parquet or a CDNOW text")
@click.option("--members", type=FILE, help="members with inviters and ranks: CSV or Parquet")
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="a folder of `import --out`"
)
@click.option("--weeks", type=click.IntRange(1, 260), default=26, show_default=True, help="ahead, and of the back-test")
@click.option("--futures", type=click.IntRange(2, 10_000), default=60, show_default=True, help="how many are drawn")
@click.option("--no-back-test", "untested", is_flag=True, help="do not hold it against the last weeks that are known")
@seed_option
@out_option
@lang_option
@json_option
def forecast(
    plans: tuple[str, ...],
    orders: Path | None,
    members: Path | None,
    data: Path | None,
    weeks: int,
    futures: int,
    untested: bool,
    seed: int,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Forecast a store under plans."""
    from sim.forecast.study import back_test, outlook
    from sim.report.forecast import print_forecast, told
    from sim.report.progress import Progress

    past, chosen = past_given(orders, members, data, sample=True), [load_plan(name) for name in plans or PLANS]
    announce({plan.plan: plan for plan in chosen}, lang)
    with Progress(f"{past.name}, {_TITLE.say(lang)}", futures * (1 if untested else 2)) as bar:
        tested = None if untested else back_test(past, chosen, weeks, futures, seed, bar.advance)
        off = tested.off if tested else 0.0
        found = outlook(past, chosen, weeks, futures, seed, off=off, done=bar.advance)
    if as_json:
        print_json(told(found, tested))
    else:
        print_forecast(console(), found, tested, lang)
    if out:
        from sim.report.forecast_page import write_forecast

        tell_written(write_forecast(fresh_folder(out), past.name, found, tested, command_line(), lang), lang)
    return 0
