"""`fenxiao vectors`: events with the entries that must come out, to test the live system's own code against."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from rules.plan.model import Plan
from sim.cli.common import (
    announce,
    console,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    print_json,
    seed_option,
    tell,
)
from sim.experiments.metric_names import Lang
from sim.handover.vectors import Vectors, make_vectors

_WORDS = {
    "en": ("shows", "stories", "cases", "events", "written to", "check them again with"),
    "zh": ("覆盖内容", "用例数", "个用例", "个事件", "已写入", "复核命令"),
}


@click.command(help="Events with the entries that must come out, to test your own Java or PHP against.")
@click.argument("plan", default="three_tier")
@click.option("--n", "events", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="events")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="file [results/vectors-PLAN.json]")
@seed_option
@lang_option
@json_option
def vectors(plan: str, events: int, out: Path | None, seed: int, lang: Lang, as_json: bool) -> int:
    """Write conformance vectors of a plan."""
    rules = load_plan(plan)
    announce({rules.plan: rules}, lang)
    file = out or Path("results") / f"vectors-{rules.plan}.json"
    fresh_folder(file.parent)
    made = _made(rules, events, seed)
    file.write_text(made.text(), encoding="utf-8")
    if as_json:
        told = {"plan": rules.plan, "cases": len(made.cases), "events": made.events, "file": str(file)}
        print_json(told | {"seed": seed, "features": dict(made.features)})
    else:
        _show(made, file, lang)
    return 0


def _made(plan: Plan, events: int, seed: int) -> Vectors:
    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(plan.plan, total=events)
        return make_vectors(plan, events, seed, lambda done: bar.update(task, completed=done))


def _show(made: Vectors, file: Path, lang: Lang) -> None:
    shows, stories, cases, events, written, again = _WORDS[lang]
    table = Table(shows, stories, box=None)
    for feature, count in sorted(made.features.items()):
        table.add_row(feature, f"{count:,}")
    console().print(table)
    tell(f"{len(made.cases):,} {cases}, {made.events:,} {events}, {written} {file}; {again}: fenxiao cases {file}")
