"""`fenxiao statement`: what moved in a wallet, line by line; certificates of tax; where the money of payouts stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from rules.calendar import day_of, moment_of, period_of
from rules.errors import InputError
from rules.events import DAY, Period
from rules.money import yuan
from rules.payout.certificate import Certificate, certificates
from rules.payout.stages import TITLES, Posting, balances, journal, uncleared
from rules.payout.statement import LABELS, Statement, statement_of, statements
from rules.plan.model import Plan
from sim.cli.common import announce, console, json_option, lang_option, load_plan, print_json, tell
from sim.cli.options import date_given
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from rules.book import Book
    from rules.engine import Engine
    from sim.history.shipped import Past

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(help="Statements of a run or of your orders (the shipped CDNOW orders if none are given).")
@click.argument("run_dir", type=_FOLDER, required=False)
@click.option("--plan", "plan_name", help="for orders: the plan they are paid under  [default: three_tier]")
@click.option("--member", help="whose statement; left out, whoever moved most")
@click.option("--period", type=click.Choice([one.name for one in Period]), default="month", show_default=True)
@click.option("--date", metavar="DATE", help="a day of the period; left out, the last on which a wallet moved")
@lang_option
@json_option
def statement(
    run_dir: Path | None,
    plan_name: str | None,
    member: str | None,
    period: str,
    date: str | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Statements of a run or of orders."""
    past = _past(run_dir)
    plans = _plans(past, plan_name)
    announce({plan.plan: plan for plan in plans}, lang)
    engine = _walked(past, plans, lang)
    number = period_of(_day(date, engine.book), Period[period])
    chosen = _chosen(engine.book, past, member, Period[period], number)
    posted = journal(engine.book)
    taxed = [one for one in certificates(engine.book, past.log.names) if _in(one, chosen)]
    if as_json:
        print_json({"statement": _told(chosen), "certificates": [_lines(one) for one in taxed]} | _stages(posted))
    else:
        _show(chosen, taxed, posted, lang)
    return 0


def _past(folder: Path | None) -> Past:
    from sim.history import shipped

    return shipped.past_of_folder(folder) if folder else shipped.cdnow()


def _plans(past: Past, name: str | None) -> list[Plan]:
    if past.folder and name:
        raise InputError("a run has its own plan, and --plan is given", allowed="replay, for a run under another plan")
    return past.plans() or [load_plan(name or "three_tier")]


def _walked(past: Past, plans: list[Plan], lang: Lang) -> Engine:
    from sim.history.replay import walk

    count = f"{len(past.log.events):,}"
    tell({"en": f"reading {count} events of {past.name}", "zh": f"读取 {past.name} 的 {count} 个事件"}[lang])
    return walk(past.log, plans, past.start_day, past.opening)


def _day(date: str | None, book: Book) -> int:
    if date is None:
        moved = book.rows("entries")["time"].max(initial=0), book.rows("withdrawals")["done_at"].max(initial=0)
        return int(max(moved)) // DAY
    return day_of(date_given("--date", date))


def _chosen(book: Book, past: Past, member: str | None, period: Period, number: int) -> Statement:
    names = past.log.names
    if member is not None:
        return statement_of(book, past.member(member), period, number, names)
    found = statements(book, period, number, names)
    if not found:
        raise InputError("no wallet moved in this period", allowed="--date with a day of another, or --member")
    return max(found, key=lambda one: (sum(abs(line.amount) for line in one.lines), one.member))


def _in(one: Certificate, of: Statement) -> bool:
    return one.member == of.member and of.first <= one.paid <= of.last


def _told(one: Statement) -> dict[str, object]:
    """A statement for JSON: amounts in yuan."""
    figures = {name: fen / 100 for name, fen in one.figures()}
    lines = [
        {"amount": line.amount / 100, "balance": line.balance / 100, "zh": line.reason.zh, "en": line.reason.en}
        for line in one.lines
    ]
    days = {"period": one.period.name, "first": str(one.first), "last": str(one.last)}
    return {"member": one.member} | days | figures | {"lines": lines}


def _lines(one: Certificate) -> list[dict[str, object]]:
    return [{"label": label.model_dump(), "value": value.model_dump()} for label, value in one.lines()]


def _stages(posted: list[Posting]) -> dict[str, object]:
    return {
        "accounts": {account.value: fen / 100 for account, fen in balances(posted).items()},
        "uncleared": [
            {"stage": one.stage.value, "amount": one.amount / 100, "withdrawals": list(one.withdrawals)}
            for one in uncleared(posted)
        ],
    }


def _show(one: Statement, taxed: list[Certificate], posted: list[Posting], lang: Lang) -> None:
    screen = console()
    title = f"{getattr(one.title, lang)} · {one.member} · {one.first} – {one.last}"
    heads = [getattr(LABELS[name], lang) for name in ("time", "amount", "balance", "reason")]
    table = Table(*heads, title=title, title_justify="left", box=None, header_style="bold cyan")
    for line in one.lines:
        moment = moment_of(line.time)
        table.add_row(f"{moment:%Y-%m-%d %H:%M}", yuan(line.amount), yuan(line.balance), getattr(line.reason, lang))
    screen.print(table)
    figures = ", ".join(f"{getattr(LABELS[name], lang)} {yuan(fen)}" for name, fen in one.figures())
    screen.print(figures, markup=False)
    for certificate in taxed:
        screen.print()
        for label, value in certificate.lines():
            screen.print(f"  {getattr(label, lang)}: {getattr(value, lang)}", markup=False)
    accounts = {account: fen for account, fen in balances(posted).items() if fen}
    if accounts:
        head = {"en": "payouts of everybody (debit +)", "zh": "全体提现的资金三段（借 +）"}[lang]
        told = ", ".join(f"{getattr(TITLES[account], lang)} {yuan(fen)}" for account, fen in accounts.items())
        screen.print(f"{head}: {told}", markup=False)
