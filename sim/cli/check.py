"""`fenxiao check`: a plan against a rulebook, for everything that the plan lets happen."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text as Styled

from rules.compliance.check import Checked, check_plan, verdict_of
from rules.compliance.decision import Assumptions
from rules.compliance.headroom import largest_multiplier
from rules.compliance.rulebook import Rulebook, in_words
from rules.money import PPM
from rules.plan.model import Plan
from sim.cli.common import (
    announce,
    console,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    out_option,
    print_json,
)
from sim.cli.options import date_given, rate_given, write_case
from sim.experiments.metric_names import Lang
from sim.report.compliance import PLAN_WORDS, RULE_WORDS
from sim.rulebooks import load_rulebook

_MOST = 100
"""The largest multiplier that headroom looks at."""
_STYLES = {"pass": "green", "fail": "bold red", "lawyer": "yellow", "unknown": "magenta"}


@click.command(help="Check a plan against a rulebook, for all orders and histories that it allows.")
@click.argument("plan", default="three_tier")
@click.option("--rulebook", "rulebook_name", default="house", show_default=True, help="shipped name or file")
@click.option("--date", metavar="DATE", help="the day whose rules count; left out, when the rulebook was checked")
@click.option("--discount", default="0", metavar="RATE", help="largest share of prices taken off outside the plan")
@click.option("--headroom", is_flag=True, help="how far base rates can be multiplied before an order ratio breaks")
@out_option
@lang_option
@json_option
def check(
    plan: str,
    rulebook_name: str,
    date: str | None,
    discount: str,
    headroom: bool,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Check a plan against a rulebook; 0 only if it is proved."""
    rules, book = load_plan(plan), load_rulebook(rulebook_name)
    if not as_json:
        announce({rules.plan: rules}, lang)
    day = book.checked if date is None else date_given("--date", date)
    found = check_plan(rules, book, day, Assumptions(discount=rate_given("--discount", discount, "20%")))
    room = _headroom(rules, found) if headroom else {}
    if out:
        _write(fresh_folder(out), found)
    if as_json:
        print_json(
            {"verdict": verdict_of(found), "rules": [_told(one) for one in found]}
            | ({"headroom": room} if headroom else {})
        )
    else:
        _show(rules, book, found, room, lang)
    return 0 if verdict_of(found) == "proved" else 1


def _headroom(plan: Plan, found: list[Checked]) -> dict[str, float | None]:
    """By rule: what all base rates can be multiplied by."""
    ratios = [one.rule for one in found if one.rule.measure == "order_ratio"]
    room = {rule.id: largest_multiplier(plan, rule.limit) for rule in ratios}
    return {name: None if most is None else most / PPM for name, most in room.items()}


def _told(one: Checked) -> dict[str, object]:
    rule, decision = one.rule, one.decision
    return {
        "id": rule.id,
        "title": rule.title.model_dump(),
        "measure": rule.measure,
        "verdict": one.verdict,
        "worst": one.worst,
        "limit": in_words(rule.measure, rule.limit),
        "evidence": decision.evidence.model_dump(),
        "why": decision.why.model_dump(),
        "case": decision.case,
        "source": rule.source,
        "verified": rule.verified,
    }


def _write(folder: Path, found: list[Checked]) -> None:
    """Every case that shows a breach."""
    for one in found:
        if one.decision.case is not None:
            write_case(folder, one.rule.id, one.decision.case)


def _show(plan: Plan, book: Rulebook, found: list[Checked], room: dict[str, float | None], lang: Lang) -> None:
    heads = {"en": ("rule", "verdict", "worst", "limit", "because"), "zh": ("规则", "结论", "最坏", "上限", "依据")}[
        lang
    ]
    title = f"{plan.plan} · {getattr(book.title, lang)}"
    table = Table(*heads, title=title, title_justify="left", box=None, header_style="bold cyan")
    for one in found:
        words = [getattr(text, lang) for text in (one.decision.evidence, one.decision.why)]
        table.add_row(
            Styled(getattr(one.rule.title, lang)),
            Styled(RULE_WORDS[one.verdict].say(lang), style=_STYLES[one.verdict]),
            one.worst,
            in_words(one.rule.measure, one.rule.limit),
            Styled("; ".join(word for word in words if word)),
        )
    screen = console()
    screen.print(table)
    screen.print(PLAN_WORDS[verdict_of(found)].say(lang), markup=False)
    for name, most in room.items():
        said = {"en": "base rates can be multiplied by up to", "zh": "基础费率最多可乘以"}[lang]
        end = "+" if most == _MOST else ""  # where the search ends; a cap on orders lets rates grow for ever
        screen.print(f"{name}: {said} {'–' if most is None else f'{most:g}{end}'}", markup=False)
