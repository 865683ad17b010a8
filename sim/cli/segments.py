"""`fenxiao segments`: what kinds of members a market has, by how they behave, and what each is worth offering."""

from __future__ import annotations

from pathlib import Path

import click

from rules.money import PPM
from sim.cli.common import (
    announce,
    command_line,
    console,
    days_option,
    fresh_folder,
    given,
    json_option,
    lang_option,
    out_option,
    people_option,
    print_json,
    seed_option,
    tell_written,
)
from sim.cli.options import rate_given
from sim.experiments.metric_names import Lang

_SIZE: dict[Lang, str] = {"en": "{people:,} people, {days} days", "zh": "{people:,} 人，{days} 天"}


@click.command(help="Behavioural segments of the members after a run: names, figures, and an offer for each.")
@click.argument("scenario", default="three_tier")
@click.option("--plan", "plan_name", help="plan to run; the scenario's first if left out")
@people_option
@days_option
@seed_option
@click.option("--clusters", type=click.IntRange(2, 12), default=8, show_default=True, help="number of segments")
@click.option("--response", default="5%", show_default=True, help="part of members whom an offer moves, assumed")
@out_option
@lang_option
@json_option
def segments(
    scenario: str,
    plan_name: str | None,
    people: int | None,
    days: int | None,
    seed: int,
    clusters: int,
    response: str,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Run a market, and find the segments of its members."""
    from sim.model import StoreModel
    from sim.report.segments import print_segments, segments_told, write_segments
    from sim.segments.clustering import require_sklearn
    from sim.segments.footprints import Footprints
    from sim.segments.study import study

    require_sklearn()
    moved, folder = rate_given("--response", response, "5%") / PPM, fresh_folder(out) if out else None
    market, plan, people, days = given(scenario, plan_name, people, days)
    announce({plan.plan: plan}, lang)
    model = StoreModel(scenario=market, plan=plan, people=people, days=days, seed=seed)
    steps = Footprints(people)
    model.sink = steps
    found = study(model.run(), steps, clusters, seed, moved)
    record = {"scenario": market.scenario, "plan": plan.plan, "people": people, "days": days, "seed": seed}
    record |= segments_told(found)
    if folder:
        from sim.report.files import write_run_json

        write_segments(folder, found, model.names)
        write_run_json(folder, record | {"command": command_line()})
    if as_json:
        print_json(record)
    else:
        size = _SIZE[lang].format(people=people, days=days)
        print_segments(console(), f"{market.scenario} · {plan.plan} ({size})", found, lang)
    if folder:
        tell_written(folder, lang)
    return 0
