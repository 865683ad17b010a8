"""`fenxiao redteam`: cheats look for the most profitable abuse of a plan."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text as Styled

from rules.money import yuan
from sim.cli.common import (
    announce,
    console,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    load_scenario,
    out_option,
    print_json,
    seed_option,
    tell,
)
from sim.cli.options import rate_given, write_case
from sim.experiments.metric_names import Lang
from sim.redteam.closing import Change, closing
from sim.redteam.search import Exploit, red_team
from sim.redteam.world import Means, World, returns_of, world_of
from sim.report.progress import Progress
from sim.report.redteam import redteam_told, told_steps

_WORDS: dict[str, dict[Lang, str]] = {
    "heads": {
        "en": "exploit|profit|laid out|accounts|days|closed by",
        "zh": "手法|获利|垫资|账号|天数|一项修改即可堵住",
    },
    "none": {
        "en": "none found in {made} evaluations; that is not to say that there is none",
        "zh": "{made} 次尝试未发现获利手法；这不等于不存在",
    },
    "found": {
        "en": "{found} found in {made} evaluations: {accounts} accounts, {days} days, {capital} yuan to lay out",
        "zh": "{made} 次尝试发现 {found} 种：{accounts} 个账号，{days} 天，可垫资 {capital} 元",
    },
    "open": {"en": "no single setting of those tried", "zh": "试过的单项修改均不足以堵住"},
    "again": {
        "en": "written to {out}; run them again with: fenxiao cases {out}",
        "zh": "已写入 {out}；复核：fenxiao cases {out}",
    },
    "search": {"en": "evaluations", "zh": "次尝试"},
}


@click.command(help="Cheats with several accounts look for the most profitable abuse of a plan.")
@click.argument("plan", default="three_tier")
@click.argument("scenario", required=False)
@seed_option
@click.option("--budget", type=click.IntRange(1, 1_000_000), default=2_000, show_default=True, help="evaluations")
@click.option("--accounts", type=click.IntRange(1, 500), default=10, show_default=True, help="that cheats can open")
@click.option("--names", type=click.IntRange(0, 500), help="of these, with a real name and tax papers [all]")
@click.option("--days", type=click.IntRange(1, 730), default=90, show_default=True, help="until the money must be out")
@click.option(
    "--capital", type=click.IntRange(1, 10_000_000), default=20_000, show_default=True, help="yuan to lay out"
)
@click.option(
    "--returns", type=click.IntRange(0, 90), help="days after receipt to send goods back [the scenario's, or 7]"
)
@click.option("--resale", default="0%", metavar="RATE", show_default=True, help="what goods they keep are worth")
@click.option("--guard/--no-guard", default=None, help="a risk desk watches [where the scenario has one]")
@click.option("--sets", type=click.IntRange(1, 500), default=10, show_default=True, help="of phone, card and address")
@click.option("--set-cost", type=click.IntRange(0, 1_000_000), default=200, show_default=True, help="yuan a set")
@click.option("--account-cost", type=click.IntRange(0, 1_000_000), default=0, show_default=True, help="yuan an account")
@out_option
@lang_option
@json_option
def redteam(
    plan: str,
    scenario: str | None,
    seed: int,
    budget: int,
    accounts: int,
    names: int | None,
    days: int,
    capital: int,
    returns: int | None,
    resale: str,
    guard: bool | None,
    sets: int,
    set_cost: int,
    account_cost: int,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Search for exploits of a plan."""
    rules, market = load_plan(plan), load_scenario(scenario) if scenario else None
    means = Means(
        accounts=accounts,
        names=names,
        days=days,
        capital=capital * 100,
        resale=rate_given("--resale", resale, "70%"),
        account_cost=account_cost * 100,
        returns=returns_of(market) if returns is None else returns,
        sets=min(sets, accounts),
        set_cost=set_cost * 100,
    )
    if not as_json:
        announce({rules.plan: rules}, lang)
    folder = fresh_folder(out) if out else None
    world = world_of(rules, market, means, guard)
    found, made = _searched(world, budget, seed, lang)
    closed = [closing(one, world, seed) for one in found]
    if folder:
        for one in found:
            write_case(folder, one.template.name, one.case)
    if as_json:
        print_json(redteam_told(world, market, found, closed, made, seed))
    else:
        _show(world, found, closed, made, folder, lang)
    return 0


def _searched(world: World, budget: int, seed: int, lang: Lang) -> tuple[list[Exploit], int]:
    with Progress(f"{world.plan.plan}, {_WORDS['search'][lang]}", budget) as bar:
        return red_team(world, budget, seed, bar.advance)


def _show(
    world: World, found: list[Exploit], closed: list[list[Change]], made: int, folder: Path | None, lang: Lang
) -> None:
    if not found:
        console().print(_WORDS["none"][lang].format(made=f"{made:,}"))
        return
    heads = _WORDS["heads"][lang].split("|")
    table = Table(heads[0], title=world.plan.plan, title_justify="left", box=None, header_style="bold cyan")
    for head in heads[1:5]:
        table.add_column(head, justify="right")
    table.add_column(heads[5])
    for one, changes in zip(found, closed, strict=True):
        closer = f"{changes[0].setting}  {getattr(changes[0].title, lang)}" if changes else _WORDS["open"][lang]
        came = one.outcome
        figures = (yuan(one.profit), yuan(came.outlay), str(came.accounts), str(came.days))
        table.add_row(Styled(getattr(one.template.title, lang)), *figures, Styled(closer))
    screen, means = console(), world.means
    screen.print(table)
    for one in found:
        screen.print(Styled(getattr(one.template.title, lang), style="bold"))
        for when, what in told_steps(one, lang):
            screen.print(Styled(f"  {when}: {what}"))
    sizes = {"accounts": means.accounts, "days": means.days, "capital": yuan(means.capital)}
    screen.print(_WORDS["found"][lang].format(found=len(found), made=f"{made:,}", **sizes))
    if folder:
        tell(_WORDS["again"][lang].format(out=folder))
