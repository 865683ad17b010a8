"""`fenxiao replay`: what plans would have paid for orders that happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from rules.calendar import day_of
from rules.errors import InputError
from rules.events import DAY
from rules.money import yuan
from rules.plan.model import Plan
from rules.plan.versions import PlanBook, Version
from sim.cli.common import (
    announce,
    command_line,
    console,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    out_option,
    print_json,
    tell,
)
from sim.cli.histories import past_given
from sim.cli.means import dask_option, workers_option
from sim.cli.options import date_given
from sim.experiments.metric_names import Lang, Text
from sim.rulebooks import load_rulebook

if TYPE_CHECKING:
    from sim.compliance.past import World
    from sim.history.replay import ReplayResult
    from sim.history.shipped import Past

_GROUP_HEADS = {
    "ranks": Text("等级|会员|原来|现在|多得|少得", "rank|members|before|after|gain|lose"),
    "regions": Text("地区|会员|原来|现在|多得|少得", "region|members|before|after|gain|lose"),
}
_MOST_GROUPS = 20
"""That a terminal shows; `--json` has all."""
_GROUP_COLUMNS = {"members": ",", "before": ",.2f", "after": ",.2f", "winning": ",", "losing": ","}
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(help="Replay orders that happened under one plan or more (the shipped CDNOW orders if none are given).")
@click.argument("plans", nargs=-1)
@click.option("--then", nargs=2, multiple=True, metavar="DATE PLAN", help="from this date on, PLAN instead of each")
@click.option("--orders", type=_FILE, help="orders: CSV, Parquet or a CDNOW text")
@click.option("--members", type=_FILE, help="members with inviters and ranks: CSV or Parquet")
@click.option("--data", type=_FOLDER, help="a folder that `run --out` wrote, or one with orders and members files")
@click.option("--rulebook", "rulebook_name", help="limits to hold each plan against; none if left out")
@workers_option
@dask_option
@out_option
@lang_option
@json_option
def replay(
    plans: tuple[str, ...],
    then: tuple[tuple[str, str], ...],
    orders: Path | None,
    members: Path | None,
    data: Path | None,
    rulebook_name: str | None,
    workers: int,
    dask: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Replay orders that happened under plans."""
    from sim.cli.replay_large import Output, replay_folder
    from sim.compliance.past import held_on
    from sim.history.breakdown import by_group, tenths
    from sim.history.large.replay import is_large
    from sim.history.replay import compare_members
    from sim.history.replay import replay as replay_log
    from sim.matching.report import held_against, print_matched, record_of, write_matched
    from sim.report.results import rules_told
    from sim.report.watched import print_findings

    rulebook = load_rulebook(rulebook_name) if rulebook_name else None
    if data and is_large(data):
        if then:
            raise InputError("--then is given for a history that is replayed in parts", allowed="a plan for all of it")
        chosen_plans = [load_plan(name) for name in plans or ("three_tier",)]
        return replay_folder(data, chosen_plans, rulebook, Output(workers, dask, out, lang, as_json))
    past = past_given(orders, members, data)
    chosen = _plans(plans, past)
    later = [Version(load_plan(name), day_of(date_given("--then", date)) * DAY) for date, name in then]
    named = [plan for plans_of in chosen for plan in plans_of]
    announce({plan.plan: plan for plan in [*named, *(one.plan for one in later)]}, lang)
    count = f"{len(past.log.events):,}"
    tell({"en": f"replaying {count} events of {past.name}", "zh": f"回放 {past.name} 的 {count} 个事件"}[lang])
    worlds = [_world(plans_of, later) for plans_of in chosen]
    results = replay_log(past.log, worlds, past.start_day, past.opening)
    watched = [held_on(rulebook, past, world) for world in worlds] if rulebook else []
    shifts = [compare_members(results[0], other) for other in results[1:]]
    groups = past.groups(len(results[0].earned))
    record: dict[str, object] = {
        "data": past.name,
        "plans": [one.to_dict() | {"identical_to_run": _identical(past, one)} for one in results],
        "changes": [
            shift.to_dict(past.log.names.member)
            | {"tenths": [one.to_dict() for one in tenths(shift)]}
            | {name: by_group(shift, one) for name, one in groups.items()}
            for shift in shifts
        ],
    }
    recorded = held_against(data, past, worlds)
    if recorded:
        record["recorded"] = record_of(recorded)
    if rulebook:
        record["rulebook"] = rules_told([verdict for verdict, _ in watched])
    if out:
        folder = fresh_folder(out)
        _write(folder, past, results, record)
        write_matched(folder, recorded, command_line(), lang)
    if as_json:
        print_json(record)
    else:
        show_results(past.name, results, record, lang)
        for found in recorded:
            print_matched(console(), found, lang)
        for verdict, seen in watched:
            print_findings(console(), verdict, seen, lang)
    return 0


def _plans(names: tuple[str, ...], past: Past) -> list[list[Plan]]:
    """The plans asked for; else those that the run was made under, else the shipped baseline."""
    if names:
        return [[load_plan(name)] for name in names]
    return [past.plans() or [load_plan("three_tier")]]


def _world(plans: list[Plan], later: list[Version]) -> World:
    """One plan or more that the log itself changes between, or one with dated versions after it."""
    first, *further = plans
    if later and further:
        raise InputError("--then is given for a run whose plan changes by itself", allowed="a plan, or no --then")
    if later:
        return PlanBook([Version(first), *later])
    return plans if further else first


def _identical(past: Past, result: ReplayResult) -> bool | None:
    """Whether the entries are those that the run wrote, all of them in order; None where there is no run."""
    if past.folder is None:
        return None
    from sim.history.log import FIXED, read_entries

    written = read_entries(past.folder)
    return len(written) == len(result.entries) and all(
        bool((written[name] == result.entries[name]).all()) for name in FIXED
    )


def _write(folder: Path, past: Past, results: list[ReplayResult], record: dict[str, object]) -> None:
    from sim.history.breakdown import commission_by_month, in_yuan
    from sim.history.log import entry_table
    from sim.report.files import write_run_json
    from sim.report.parquet import write_table

    for result in results:
        write_table(folder / f"entries-{result.plan}.parquet", entry_table(result.entries, past.log.names))
    months = {result.plan: in_yuan(commission_by_month(result.entries)) for result in results}
    write_run_json(folder, record | {"commission_by_month": months})


def show_results(name: str, results: list[ReplayResult], record: dict[str, object], lang: Lang) -> None:
    """Results in the terminal: a row a plan, its parts, who gains and who loses."""
    heads = {
        "en": ("plan", "orders", "GMV", "refunds", "commissionable", "commission", "of GMV", "paid members"),
        "zh": ("方案", "订单", "成交额", "退款", "计佣金额", "佣金", "佣金率", "得佣会员"),
    }[lang]
    table = Table(*heads, title=name, title_justify="left", box=None, header_style="bold cyan")
    for one in results:
        ratio = "–" if one.payout_ratio is None else f"{one.payout_ratio:.2%}"
        amounts = (yuan(fen) for fen in (one.gmv, one.refunds, one.commissionable, one.commission))
        table.add_row(one.plan, f"{one.orders:,}", *amounts, ratio, f"{int((one.earned > 0).sum()):,}")
    screen = console()
    screen.print(table)
    for one in results:
        parts = ", ".join(f"{name} {yuan(fen)}" for name, fen in one.by_component.items())
        screen.print(f"{one.plan}: {parts}", markup=False)
    for change in record["changes"]:  # type: ignore[attr-defined]
        words = {
            "en": "{before} → {after}: {winning:,} members gain, {losing:,} lose, {unchanged:,} earn the same",
            "zh": "{before} → {after}：{winning:,} 人多得，{losing:,} 人少得，{unchanged:,} 人不变",
        }
        screen.print(words[lang].format(**change), markup=False)
        for name, heads in _GROUP_HEADS.items():
            if any(one["group"] for one in change[name]):
                screen.print(_by_group(change[name], heads.say(lang)))


def _by_group(groups: list[dict[str, Any]], heads: str) -> Table:
    """Who gains and who loses in each group that the data give, the largest first."""
    from sim.report.tables import table_of

    most = sorted(groups, key=lambda one: -one["members"])[:_MOST_GROUPS]
    rows = [[one["group"] or "–", *(f"{one[name]:{form}}" for name, form in _GROUP_COLUMNS.items())] for one in most]
    return table_of(heads, rows)
