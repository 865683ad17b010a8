"""What the monitor saw of one world, in the terminal: rules with their evidence, further evidence, alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.compliance.words import further
from sim.experiments.metric_names import Lang, Text, metric, spoken
from sim.report.figures import figure, money
from sim.report.terminal import rules_table
from sim.report.words import VERDICTS

if TYPE_CHECKING:
    from rules.compliance.evidence import Evidence
    from sim.compliance.alerts import Alert, Watched
    from sim.report.data import RulebookVerdict

MOST = 12
"""Alerts shown; the rest is counted."""

_BUSIEST = Text("最忙会员的佣金", "commission of the busiest member")
_HEADING = Text("异常预警", "Alerts")
_COLUMNS = (
    Text("日期", "day"),
    Text("指标", "figure"),
    Text("当日", "value"),
    Text("平常", "usual"),
    Text("偏离", "score"),
    Text("会员", "member"),
)
_REST = Text("另有 {more} 条", "and {more} more")
_CALM = Text("无异常预警", "No alerts")
_OBSERVED = Text("仅为观察结果，并未证明", "what was observed, not a proof")


def print_findings(console: Console, found: RulebookVerdict, seen: Evidence, lang: Lang) -> None:
    """A rulebook held against what was seen: verdicts, then the evidence rule by rule."""
    console.print()
    title, verdict = found.title.say(lang) or found.rulebook, VERDICTS[found.verdict].say(lang)
    console.print(Styled(f"{title} · {found.arm}: {verdict} ({_OBSERVED.say(lang)})", style="bold"))
    console.print(rules_table([found], {}, lang))
    for rule in found.rules:
        console.print(Styled(f"{rule.id}: {rule.evidence.say(lang)}"))
    for said in further(seen):
        console.print(Styled(spoken(said, lang)))


def print_alerts(console: Console, alerts: Sequence[Alert], lang: Lang) -> None:
    """The alerts with the largest scores, in order of time."""
    console.print()
    if not alerts:
        console.print(_CALM.say(lang))
        return
    table = Table(
        *(heading.say(lang) for heading in _COLUMNS), title=_HEADING.say(lang), title_justify="left", box=None
    )
    largest = sorted(alerts, key=lambda alert: -abs(alert.score))[:MOST]
    for alert in sorted(largest, key=lambda alert: alert.day):
        figures = (_figure(alert, alert.value), _figure(alert, alert.usual), f"{alert.score:+.1f}")
        table.add_row(alert.day.isoformat(), _name(alert.figure, lang), *figures, Styled(alert.member))
    console.print(table)
    if len(alerts) > MOST:
        console.print(_REST.say(lang).format(more=len(alerts) - MOST))


def _name(watched: Watched, lang: Lang) -> str:
    return _BUSIEST.say(lang) if watched == "busiest_member" else metric(watched).title.say(lang)


def _figure(alert: Alert, value: float) -> str:
    return money(value) if alert.figure == "busiest_member" else figure(alert.figure, value)
