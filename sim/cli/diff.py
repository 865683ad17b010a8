"""`fenxiao diff`: what changed between two plans, in words, and who gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from rules.errors import InputError
from rules.gains import Effect, Summary, effects, summaries
from rules.plan.difference import Change, difference
from rules.plan.wording import Glossary, Words
from rules.situations import Unit
from sim.cli.common import announce, console, json_option, lang_option, load_plan, print_json
from sim.cli.rulesheet import glossary
from sim.experiments.metric_names import Lang, spoken
from sim.report import situations

EXAMPLE = ("three_tier", "three_tier_more")
"""The shipped plans that are compared if none are given."""


@click.command(help="What changed between two plans, in words, and who gains: typical situations under both.")
@click.argument("plans", metavar="[BEFORE AFTER]", nargs=-1)
@click.option("--scenario", help="titles of categories and day 0 of campaigns; for a shipped plan, its own")
@lang_option
@json_option
def diff(plans: tuple[str, ...], scenario: str | None, lang: Lang, as_json: bool) -> int:
    """Tell two plans apart; 0 also where there is no difference."""
    if len(plans) not in (0, 2):
        raise InputError(f"diff takes two plans, got {len(plans)}", allowed="names or paths of plans: BEFORE AFTER")
    before, after = plans or EXAMPLE
    old, new = load_plan(before), load_plan(after)
    words = _glossary(*(glossary(name, plan, scenario) for name, plan in ((before, old), (after, new))))
    changes = difference(old, new, words)
    found: list[Effect] = []
    if any(one.kind == "rule" for one in changes):
        announce({before: old, after: new}, lang)
        found = effects(old, new, words)
    if as_json:
        print_json(_record(changes, found))
    else:
        _show(console(), f"{before} → {after}", changes, found, lang)
        _next_step(console(), before, after, changes, lang)
    return 0


def _glossary(old: Glossary, new: Glossary) -> Glossary:
    """What both markets call their goods; day 0 where they agree on it."""
    return Glossary({**old.categories, **new.categories}, old.start if old.start == new.start else None)


def _record(changes: Sequence[Change], found: Sequence[Effect]) -> Mapping[str, object]:
    return {
        "changes": [
            {
                "path": one.place,
                "kind": one.kind,
                "before": one.before,
                "after": one.after,
                "zh": one.words.zh,
                "en": one.words.en,
            }
            for one in changes
        ],
        "effects": [
            {
                "situation": one.situation,
                "role": one.role,
                "unit": one.unit,
                "before": _number(one.before, one.unit),
                "after": _number(one.after, one.unit),
                "difference": _number(one.difference, one.unit),
                "zh": one.words.zh,
                "en": one.words.en,
            }
            for one in found
        ],
        "roles": [
            {
                "role": one.role,
                "more": one.more,
                "less": one.less,
                "same": one.same,
                "zh": one.verdict.zh,
                "en": one.verdict.en,
            }
            for one in summaries(found)
        ],
    }


def _number(value: int | None, unit: Unit) -> float | int | None:
    """Yuan, per cent as a ratio, days or points."""
    if value is None or unit in ("days", "points"):
        return value
    return float(Decimal(value) / (100 if unit == "yuan" else 1_000_000))


_WORDS: dict[str, Words] = {
    "none": Words("没有差别。", "No difference."),
    "names": Words("规则没有差别，只有名称不同。", "No difference in the rules; names differ."),
    "changes": Words("改了什么", "What changed"),
    "gains": Words("谁得谁失", "Who gains"),
    "role": Words("角色", "role"),
    "verdict": Words("结果", "result"),
    "counts": Words("增 / 减 / 平", "more / less / same"),
    "see": Words("见 --json。", " See --json."),
    "next": Words(
        "下一步，用真实订单算一遍：fenxiao replay {before} {after} --orders 订单文件",
        "Next, with orders that happened: fenxiao replay {before} {after} --orders FILE",
    ),
}


def _say(key: str, lang: Lang) -> str:
    return spoken(_WORDS[key], lang)


def _show(screen: Console, title: str, changes: Sequence[Change], found: Sequence[Effect], lang: Lang) -> None:
    screen.print(Styled(title, style="bold"))
    if not changes:
        screen.print(_say("none", lang))
        return
    screen.print(Styled(f"\n{_say('changes', lang)}", style="bold cyan"))
    for words in dict.fromkeys(one.words for one in changes):
        places = ", ".join(one.place for one in changes if one.words == words)
        screen.print(Padding(Styled(places, style="dim"), (0, 0, 0, 2), expand=False))
        screen.print(Padding(Styled(spoken(words, lang)), (0, 0, 0, 4), expand=False))
    if not found:
        screen.print(_say("names", lang))
        return
    screen.print(Styled(f"\n{_say('gains', lang)}", style="bold cyan"))
    screen.print(_roles(summaries(found), lang))
    _show_effects(screen, found, lang)


def _roles(found: Sequence[Summary], lang: Lang) -> Table:
    table = Table(*(_say(key, lang) for key in ("role", "verdict", "counts")), box=None, header_style="bold")
    for one in found:
        counts = f"{one.more} / {one.less} / {one.same}"
        table.add_row(Styled(spoken(one.title, lang)), Styled(spoken(one.verdict, lang)), counts)
    return table


def _show_effects(screen: Console, found: Sequence[Effect], lang: Lang) -> None:
    """The situations that differ, and how many do not."""
    told = situations.sort_out(found)
    screen.print()
    if told.differing:
        screen.print(_situations(told.differing, lang))
    elif not told.apart:
        screen.print(situations.NO_EFFECT.say(lang))
        return
    if told.alike:
        screen.print(Styled(situations.ALIKE.say(lang).format(n=told.alike), style="dim"))
    if told.apart:
        screen.print(Styled(situations.APART.say(lang).format(n=told.apart) + _say("see", lang), style="dim"))


def _situations(found: Sequence[Effect], lang: Lang) -> Table:
    table = Table(situations.SITUATION.say(lang), box=None, header_style="bold")
    for head in (situations.BEFORE, situations.AFTER, situations.DIFFERENCE):
        table.add_column(head.say(lang), justify="right")
    for one in found:
        figures = [situations.figure(value, one.unit, lang) for value in (one.before, one.after)]
        table.add_row(Styled(spoken(one.words, lang)), *figures, situations.change(one, lang))
    return table


def _next_step(screen: Console, before: str, after: str, changes: Sequence[Change], lang: Lang) -> None:
    if any(one.kind == "rule" for one in changes):
        screen.print(Styled(f"\n{_say('next', lang).format(before=before, after=after)}", style="dim"))
