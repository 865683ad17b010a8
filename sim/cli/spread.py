"""`fenxiao spread`: who passed the word to whom, how far it went, and how far it will go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text as Styled

from rules.events import EventLog
from sim.cli.common import (
    SEED,
    announce,
    command_line,
    console,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    load_scenario,
    out_option,
    print_json,
    tell_written,
)
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from rules.events import Records
    from sim.history.shipped import Past

EXAMPLE, PEOPLE, DAYS = "three_tier", 5_000, 90
"""The shipped market that is simulated if no run is given, and its size."""

_SIZE: dict[Lang, str] = {"en": "{people:,} people, {days} days", "zh": "{people:,} 人，{days} 天"}


@click.command(help="Cascades, propagation paths, hot nodes and a forecast, of a run (a small one if none is given).")
@click.argument("run_dir", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--order", help="tell the path of one order instead")
@out_option
@lang_option
@json_option
def spread(run_dir: Path | None, order: str | None, out: Path | None, lang: Lang, as_json: bool) -> int:
    """Study the spread of a run, or tell the path of one order."""
    from sim.report.spread import path_lines, path_told, print_study, record_of, write_study
    from sim.spread.study import study

    folder = fresh_folder(out) if out else None
    past, entries = _given(run_dir) if run_dir else _simulated(lang)
    found = study(past, entries)
    place = None if order is None else found.order_of(order)
    record = record_of(found) if folder or (as_json and place is None) else {}
    if folder:
        from sim.report.files import write_run_json

        write_study(folder, found)
        write_run_json(folder, record | {"command": command_line()})
    if as_json:
        print_json(record if place is None else path_told(found, place))
    elif place is None:
        size = _SIZE[lang].format(people=found.trail.people, days=found.trail.days)
        print_study(console(), f"{past.name} ({size})", found, lang)
    else:
        for line in path_lines(found, place, lang):
            console().print(Styled(line))
    if folder:
        tell_written(folder, lang)
    return 0


def _given(folder: Path) -> tuple[Past, Records | None]:
    """A run, or a folder of orders, which has no entries."""
    from sim.history.log import ENTRIES, read_entries
    from sim.history.shipped import past_of_folder

    past = past_of_folder(folder)
    return past, read_entries(folder) if past.folder and (folder / ENTRIES).exists() else None


def _simulated(lang: Lang) -> tuple[Past, Records]:
    """A small run of the shipped market under its first plan."""
    import numpy as np

    from sim.history.shipped import Past
    from sim.model import StoreModel

    market = load_scenario(EXAMPLE)
    plan = load_plan(market.plans[0])
    announce({plan.plan: plan}, lang)
    model = StoreModel(scenario=market, plan=plan, people=PEOPLE, days=DAYS, seed=SEED)
    days: list[tuple[Records, Records]] = []
    opening = model.store.book.members.copy()
    model.sink = lambda events, entries: days.append((events.copy(), entries.copy()))
    model.run()
    events, entries = (np.concatenate(columns) for columns in zip(*days, strict=True))
    return Past(EXAMPLE, EventLog(events, model.names), model.world.start, opening), entries
