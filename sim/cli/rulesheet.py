"""`fenxiao rulesheet`: the rules of a plan for members, in Chinese and English, with worked examples."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.wording import Glossary
from scenarios.find import names
from sim.cli.common import announce, console, json_option, load_plan, load_scenario, print_json, tell
from sim.experiments.metric_names import Lang
from sim.scenario import Scenario

EXAMPLE = "three_tier"
"""The shipped plan that is explained if none is given."""
LANGS: dict[str, tuple[Lang, ...]] = {"both": ("zh", "en"), "zh": ("zh",), "en": ("en",)}
_FORMS = (".md", ".html")


@click.command(help="The rule sheet of a plan for members: rates, cycle, refunds, disputes, with worked examples.")
@click.argument("plan", default=EXAMPLE)
@click.option("--lang", type=click.Choice(list(LANGS)), default="both", show_default=True, help="Chinese comes first")
@click.option("--scenario", help="titles of categories and day 0 of campaigns; for a shipped plan, its own")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="write it: a file ending in .md or .html")
@json_option
def rulesheet(
    plan: str, lang: Literal["both", "zh", "en"], scenario: str | None, out: Path | None, as_json: bool
) -> int:
    """Print or write the rule sheet of a plan."""
    from sim.report import rulesheet as report

    if out and out.suffix not in _FORMS:
        raise InputError(f"{out.name!r} has no form of a rule sheet", allowed=f"a file ending in {' or '.join(_FORMS)}")
    chosen, langs = load_plan(plan), LANGS[lang]
    announce({plan: chosen}, langs[0])
    sheet = report.make_sheet(chosen, glossary(plan, chosen, scenario))
    if out:
        report.write_sheet(out, (report.html if out.suffix == ".html" else report.markdown)(sheet, langs))
        tell(f"{out}")
    if as_json:
        print_json(report.record(sheet))
    elif not out:
        _show(report.markdown(sheet, langs))
    return 0


def _show(text: str) -> None:
    """Set for a terminal; as Markdown for a file or another program."""
    screen = console()
    if screen.is_terminal:
        from rich.markdown import Markdown

        screen.print(Markdown(text))
    else:
        print(text, end="")


def glossary(name: str, plan: Plan, scenario: str | None) -> Glossary:
    """What the plan's ids are called: in the scenario given, or, for a shipped plan, in the first that plays it."""
    if scenario:
        return glossary_of(load_scenario(scenario))
    if name not in names("plans"):
        return Glossary()
    markets = map(load_scenario, names("markets"))
    return next((glossary_of(market) for market in markets if plan.plan in market.plans), Glossary())


def glossary_of(market: Scenario) -> Glossary:
    """What a market calls its goods, and its day 0 if it has one of its own."""
    start = market.start if "start" in market.model_fields_set else None
    return Glossary({one.id: one.title for one in market.catalogue.categories if one.title}, start)
