"""`fenxiao explain`: the way of each amount, from click and binding to the wallet, in Chinese and English."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text as Styled

from rules.cases.model import Case
from rules.cases.read import read_cases
from rules.cases.result import Explained
from rules.cases.run import run_case
from rules.errors import InputError
from rules.journey.journey import PART_TITLES, Journeys
from rules.money import yuan
from scenarios.find import find
from sim.cli.common import console, json_option, lang_option, load_plan, print_json, tell
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress

EXAMPLE = "contract"
"""The shipped case that is explained if none is given."""


@click.command(help="Explain every entry of a case under a plan, or what one member of a run earned.")
@click.argument("plan_or_run", required=False)
@click.argument("case_file", required=False)
@click.option("--member", help="of a run: whose entries")
@click.option("--month", help="of a run: entries of one month, as 2026-02")
@lang_option
@json_option
def explain(
    plan_or_run: str | None, case_file: str | None, member: str | None, month: str | None, lang: Lang, as_json: bool
) -> int:
    """Explain entries: `explain PLAN CASE`, or `explain RUN_DIR --member B [--month M]`."""
    if plan_or_run and not case_file and Path(plan_or_run).is_dir():
        cases = [("", _of_run(Path(plan_or_run), member, month, lang))]
    else:
        if member or month:
            raise InputError("--member and --month belong to a run", allowed="explain RUN_DIR --member B")
        if plan_or_run and not case_file:
            message = f"{plan_or_run!r} is no folder of a run, and no case is given"
            raise InputError(message, allowed="explain PLAN CASE, or explain RUN_DIR --member B")
        cases = _of_cases(plan_or_run, case_file)
    if as_json:
        print_json({"entries": [_told(entry) for _, found in cases for entry in found]})
        return 0
    for name, found in cases:
        if name:
            console().print(Styled(name, style="bold cyan"))
        _show(found, lang)
    return 0


def _told(entry: Explained) -> dict[str, object]:
    record = entry.to_dict()
    return record | {"amount": float(str(record["amount"]))}


def _of_cases(plan: str | None, file: str | None) -> list[tuple[str, list[Explained]]]:
    """Every entry of every case of a file by the case's name, under the plan given or, without one, the case's own."""
    found = []
    for case in read_cases(*find("cases", file or EXAMPLE)):
        found.append((case.name, run_case(_under(case, plan) if plan else case, load_plan).entries))
    return found


def _under(case: Case, plan: str) -> Case:
    """The same case under another plan; what it expects no longer counts."""
    return case.model_copy(update={"plan": load_plan(plan), "expect": type(case.expect)()})


def _of_run(folder: Path, member: str | None, month: str | None, lang: Lang) -> list[Explained]:
    """One member's entries of a run, from the readable engine over the run's own log."""
    from sim.history.explain import entries_of, month_number, read_again
    from sim.history.shipped import past_of_run

    if member is None:
        raise InputError("a run has too many members to explain", allowed="--member with a member's number or name")
    past = past_of_run(folder)
    number = past.member(member)
    wanted = None if month is None else month_number(month)
    tell(f"reading {len(past.log.events):,} events again to explain member {member}")
    with Progress({"en": "events", "zh": "事件"}[lang], len(past.log.events)) as bar:
        engine = read_again(past, past.plans(), {number}, bar.advance)
    return entries_of(engine.state, Journeys(engine.state, past.log.names), number, wanted)


def _journey(entry: Explained, lang: Lang) -> Table:
    """The steps of an entry, each part with its title beside its first step."""
    table = Table.grid()
    table.add_column(width=14)
    table.add_column()
    for part, steps in groupby(entry.steps, key=lambda step: step["part"]):
        for place, step in enumerate(steps):
            title = getattr(PART_TITLES[part], lang) if place == 0 else ""
            table.add_row(Styled(f"    {title}", style="dim"), Styled(step[lang]))
    return table


def _show(entries: list[Explained], lang: Lang) -> None:
    screen = console()
    for entry in entries:
        line = {"en": f", line {entry.line}", "zh": f" 第 {entry.line} 行"}[lang] if entry.line else ""
        where = {"en": "order ", "zh": "订单 "}[lang] + f"{entry.order}{line}"
        what = f"{entry.bonus or entry.component}" + (f", {where}" if entry.order is not None else "")
        screen.print(Styled(f"{yuan(entry.amount):>12}  {entry.member}  {what}", style="bold"))
        screen.print(_journey(entry, lang))
    total = yuan(sum(entry.amount for entry in entries))
    words = {"en": "in all", "zh": "合计"}[lang]
    screen.print(Styled(f"{total:>12}  {words}", style="bold green"))
