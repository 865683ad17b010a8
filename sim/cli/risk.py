"""`fenxiao risk`: a drill of the risk desk, against cheats that are known."""

from __future__ import annotations

import time
from pathlib import Path

import click

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
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress

_WORDS: dict[str, dict[Lang, str]] = {
    "days": {"en": "days", "zh": "天"},
    "size": {"en": "{people:,} people, {days} days, seed {seed}", "zh": "{people:,} 人，{days} 天，种子 {seed}"},
}


@click.command(help="Drill the risk desk against cheats that are known: precision, recall, cost, and the curve.")
@click.argument("scenario", default="risk_drill")
@click.option("--plan", "plan_name", help="plan to run; the scenario's first if left out")
@people_option
@days_option
@seed_option
@out_option
@lang_option
@json_option
def risk(
    scenario: str,
    plan_name: str | None,
    people: int | None,
    days: int | None,
    seed: int,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Drill the risk desk of a scenario."""
    market, plan, people, days = given(scenario, plan_name, people, days)
    folder = fresh_folder(out) if out else None
    announce({plan.plan: plan}, lang)
    from sim.experiments.drill import drill
    from sim.report.drill import print_drill, record_of, write_drill
    from sim.report.files import write_run_json

    started = time.perf_counter()
    with Progress(f"{market.scenario} · {plan.plan}, {_WORDS['days'][lang]}", 2 * days) as bar:
        found = drill(market, plan, people, days, seed, lambda done, total: bar.advance())
    size = {"scenario": market.scenario, "plan": plan.plan, "people": people, "days": days, "seed": seed}
    record = size | {"seconds": round(time.perf_counter() - started, 3)} | record_of(found)
    if folder:
        write_run_json(folder, record | {"command": command_line()})
        write_drill(folder, found, lang)
    if as_json:
        print_json(record)
        return 0
    title = market.title or plan.title
    said = _WORDS["size"][lang].format(people=people, days=days, seed=seed)
    print_drill(console(), f"{getattr(title, lang) if title else market.scenario} ({said})", found, lang)
    if folder:
        tell_written(folder, lang)
    return 0
