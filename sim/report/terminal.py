"""Results as tables in the terminal, readable at 100 columns, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text, metric
from sim.report.figures import NONE, change, figure, interval
from sim.report.words import VERDICTS, tone, verdict

if TYPE_CHECKING:
    from sim.experiments.effects import Effect
    from sim.experiments.findings import Findings
    from sim.experiments.statistics import Comparison, Value
    from sim.report.data import RulebookVerdict

WIDTH = 100
"""Columns the tables are made for."""

_METRIC = Text("指标", "Metric")
_VALUE = Text("数值", "Value")
_MEANING = Text("含义", "Meaning")
_DIFFERENCE = Text("差异", "Difference")
_VERDICT = Text("结论", "Verdict")
_RULE = Text("规则", "Rule")
_WORST = Text("最差值", "Worst")
_LIMIT = Text("上限", "Limit")
_SINCE = Text("首次超限", "Since")
_PEOPLE = Text("涉及人数", "People")
_ARM = Text("方案", "Plan")
_AGAINST = Text("{arm} 对比 {baseline}", "{arm} against {baseline}")
_RESULTS = Text("完整结果：", "Full results: ")

_STYLES = {"good": "green", "bad": "red", "changed": "bold", "": "dim"}


def print_run(console: Console, title: str, metrics: Mapping[str, Value], lang: Lang, results: str = "") -> None:
    """One arm: every metric with its value to the fen and what it means."""
    table = _table(title)
    table.add_column(_METRIC.say(lang), no_wrap=True)
    table.add_column(_VALUE.say(lang), justify="right", no_wrap=True)
    table.add_column(_MEANING.say(lang), style="dim", ratio=1)
    for name, value in metrics.items():
        known = metric(name)
        table.add_row(
            Styled(known.title.say(lang)),
            Styled(figure(name, value, exact=isinstance(value, int))),
            Styled(known.formula.say(lang)),
        )
    console.print(table)
    _print_where(console, results, lang)


def print_comparison(
    console: Console,
    comparison: Comparison,
    names: Mapping[str, str],
    lang: Lang,
    rulebooks: Sequence[RulebookVerdict] = (),
    results: str = "",
    findings: Findings | None = None,
) -> None:
    """One table for each arm against the baseline, then the verdict in words.

    Args:
        findings: what was found beyond the metrics; the verdict tells it, too.
    """
    for arm in comparison.arms:
        if arm != comparison.baseline:
            console.print(effects_table(comparison, arm, names, lang), "")
    if rulebooks:
        console.print(rules_table(rulebooks, names, lang), "")
    said = verdict(comparison, names, lang, rulebooks, results, findings)
    console.print(Styled(said.headline, style="bold"))
    for sentence in said.sentences:
        console.print(Styled(sentence), soft_wrap=False)


def effects_table(comparison: Comparison, arm: str, names: Mapping[str, str], lang: Lang) -> Table:
    """Metric, baseline, arm, difference with interval, verdict."""
    baseline = names.get(comparison.baseline, comparison.baseline)
    other = names.get(arm, arm)
    table = _table(_AGAINST.say(lang).format(arm=other, baseline=baseline))
    table.add_column(_METRIC.say(lang), no_wrap=True)
    table.add_column(Styled(baseline, overflow="ellipsis"), justify="right", max_width=16)
    table.add_column(Styled(other, overflow="ellipsis"), justify="right", max_width=16)
    table.add_column(_DIFFERENCE.say(lang), justify="right", no_wrap=True)
    table.add_column(f"{comparison.confidence * 100:g}%", justify="left", no_wrap=True)
    table.add_column(_VERDICT.say(lang), no_wrap=True)
    for effect in comparison.effects:
        if effect.arm == arm:
            table.add_row(*(Styled(cell, style=style) for cell, style in _cells(effect, lang)))
    return table


def rules_table(rulebooks: Sequence[RulebookVerdict], names: Mapping[str, str], lang: Lang) -> Table:
    """Every rule of every rulebook and arm with its verdict; if any was broken, since when and for how many people."""
    table = _table("")
    table.add_column(_ARM.say(lang), overflow="ellipsis", max_width=20)
    table.add_column(_RULE.say(lang), ratio=1)
    for heading in (_WORST, _LIMIT, _VERDICT):
        table.add_column(heading.say(lang), no_wrap=True)
    dated = any(rule.first_day for found in rulebooks for rule in found.rules)
    if dated:
        table.add_column(_SINCE.say(lang), no_wrap=True)
        table.add_column(_PEOPLE.say(lang), no_wrap=True, justify="right")
    styles = {"pass": "green", "fail": "bold red", "lawyer": "yellow", "unknown": "dim"}
    for found in rulebooks:
        for rule in found.rules:
            table.add_row(
                Styled(names.get(found.arm, found.arm)),
                Styled(f"{found.rulebook}: {rule.title.say(lang) or rule.id}"),
                Styled(rule.worst or NONE),
                Styled(rule.limit or NONE),
                Styled(VERDICTS[rule.verdict].say(lang), style=styles[rule.verdict]),
                *([Styled(rule.first_day), Styled(f"{rule.people:,}" if rule.people else "")] if dated else []),
            )
    return table


def _cells(effect: Effect, lang: Lang) -> list[tuple[str, str]]:
    style = _STYLES[tone(effect)]
    return [
        (metric(effect.name).title.say(lang), ""),
        (figure(effect.name, effect.mean_baseline), ""),
        (figure(effect.name, effect.mean), ""),
        (change(effect.name, effect.difference, lang), style),
        (interval(effect.name, effect.low, effect.high), "dim"),
        (VERDICTS[effect.verdict].say(lang), style),
    ]


def _table(title: str) -> Table:
    return Table(
        title=Styled(title, style="bold") if title else None,
        title_justify="left",
        box=None,
        width=None,
        pad_edge=False,
        header_style="bold cyan",
        padding=(0, 1, 0, 0),
    )


def _print_where(console: Console, results: str, lang: Lang) -> None:
    if results:
        console.print(Styled(f"{_RESULTS.say(lang)}{results}"))
