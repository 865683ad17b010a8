"""Learning against the best fixed plan as a page: plans from look to look, and regret as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go

from sim.experiments.metric_names import Lang, Text
from sim.report.adapt import HINT, TITLE, adapted_told, asked_line, sentences, tables, title_of
from sim.report.charts import BASELINE, COLOURS, faded, figure_of
from sim.report.results import versions
from sim.report.study_page import PageChart, StudyPage
from sim.report.tables import LANGS
from sim.studies.adapt import Adaptation, Adapted
from sim.studies.regret import Strategy, Summary

REGRET = Text("后悔值：最优固定方案至今多赚的", "Regret: what the best fixed plan has earned more so far")
STRIP = Text("生效方案：{name}", "Plan in force: {name}")
_DAY, _WORLD = Text("第几天", "day"), Text("重复", "replication")
_MOST = 60
"""Strips that a chart shows."""
_REPEAT = Text(
    "同一种子给出同样的结果，与进程数无关；做法与实测见 docs/ADAPT.md。",
    "The same seed gives the same answer, whatever the number of processes; method and measurements: docs/ADAPT.md.",
)


def write_adapted(folder: Path, adapted: Adapted, found: Summary, command: str, lang: Lang) -> Path:
    """Write adapt.html and adapt.json to a folder, each whole or not at all; gives the page."""
    record = adapted_told(adapted, found) | {"versions": versions()}
    return _page(adapted, found, command).write(folder, ("adapt.html", "adapt.json"), record, lang)


def _page(adapted: Adapted, found: Summary, command: str) -> StudyPage:
    asked = adapted.asked
    regret = {lang: regret_chart(found, asked, lang) for lang in LANGS}
    strips = [
        PageChart(f"strip{'abcdefghijklmnop'[place]}", _strip_title(one, asked), _strips(one, asked), wide=True)
        for place, one in enumerate(found.learners)
    ]
    return StudyPage(
        title=TITLE,
        name=f"{asked.scenario.scenario} · {' / '.join(plan.plan for _, plan in asked.plans)}",
        good=any(one.against and one.against.verdict == "higher" for one in found.learners),
        said={lang: sentences(adapted, found, lang) for lang in LANGS},
        charts=[PageChart("regret", REGRET, regret, wide=True), *strips],
        tables=tables(adapted, found),
        hint=HINT,
        notes={lang: [asked_line(adapted, lang)] for lang in LANGS},
        settings={
            "people": f"{asked.people:,}",
            "days": str(asked.days),
            "every": str(asked.every),
            "seed": str(asked.seed),
            "replications": str(adapted.replications),
        }
        | {name: _settings(given.model_dump(mode="json")) for name, given in asked.learners},
        command=command,
        repeat=_REPEAT,
    )


def _settings(given: dict[str, object]) -> str:
    shown = ("learn", "forget", "explore", "ahead", "plans")
    return ", ".join(f"{name} {given[name]}" for name in shown if name in given)


def regret_chart(found: Summary, asked: Adaptation, lang: Lang) -> go.Figure:
    """Cumulative regret of every strategy but the best; learners with the 95 % interval of its mean."""
    figure = figure_of(REGRET.say(lang))
    days = [min(asked.days, first + asked.every) for first in range(0, asked.days, asked.every)]
    others = [one for one in found.strategies if one.regret]
    for place, one in enumerate(others):
        name, paint = title_of(one.name, asked).say(lang), COLOURS[place % len(COLOURS)]
        if one.learns:
            _band(figure, days, one, paint, name)
        style = {"color": paint, "width": 2.2} if one.learns else {"color": paint, "dash": "dot"}
        means = [point.mean / 100 for point in one.regret]
        figure.add_trace(go.Scatter(x=days, y=means, mode="lines", name=name, legendgroup=name, line=style))
    figure.add_hline(y=0, line_color=BASELINE)
    figure.update_yaxes(tickprefix="¥")
    figure.update_xaxes(title_text=_DAY.say(lang))
    return figure.update_layout(height=420, hovermode="x unified")


def _band(figure: go.Figure, days: Sequence[int], one: Strategy, paint: str, name: str) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "legendgroup": name}
    for ends, fill in (([p.high for p in one.regret], {}), ([p.low for p in one.regret], {"fill": "tonexty"})):
        yuan = [None if fen is None else fen / 100 for fen in ends]
        figure.add_trace(go.Scatter(x=days, y=yuan, fillcolor=faded(paint), **edge, **fill))


def _strip_title(one: Strategy, asked: Adaptation) -> Text:
    name = title_of(one.name, asked)
    return Text(*(STRIP.say(lang).format(name=name.say(lang)) for lang in LANGS))


def _strips(one: Strategy, asked: Adaptation) -> dict[Lang, go.Figure]:
    return {lang: strip_chart(one, asked, lang) for lang in LANGS}


def strip_chart(one: Strategy, asked: Adaptation, lang: Lang) -> go.Figure:
    """The plan in force from look to look, a row for each replication."""
    plans = [plan.plan for _, plan in asked.plans]
    figure = figure_of(_strip_title(one, asked).say(lang))
    rows = [[plans.index(plan) for plan in strip] for strip in one.strips[:_MOST]]
    paints = [COLOURS[place % len(COLOURS)] for place in range(len(plans))]
    steps = [(edge / len(plans), paint) for place, paint in enumerate(paints) for edge in (place, place + 1)]
    figure.add_trace(
        go.Heatmap(
            z=rows, x=list(range(0, asked.days, asked.every)), y=list(range(1, len(rows) + 1)), colorscale=steps,
            zmin=-0.5, zmax=len(plans) - 0.5, showscale=False, xgap=1, ygap=1,
            text=[[plans[place] for place in row] for row in rows], hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    for plan, paint in zip(plans, paints, strict=True):  # a heat map has no legend of its own
        square = {"symbol": "square", "size": 11, "color": paint}
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="markers", name=plan, marker=square))
    figure.update_xaxes(title_text=_DAY.say(lang))
    figure.update_yaxes(title_text=_WORLD.say(lang), autorange="reversed")
    return figure.update_layout(height=140 + 9 * max(len(rows), 8))
