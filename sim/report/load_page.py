"""A load as a page: events answered second by second with the kills, latency by kind, the terminal's tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import plotly.graph_objects as go

from rules.events import Kind
from sim.experiments.metric_names import Lang, Text
from sim.report.charts import BASELINE, COLOURS, figure_of
from sim.report.load import EVENTS, HEADS, KEYS, TITLES, load_told, rows, verdict
from sim.report.study_page import PageChart, StudyPage
from sim.report.tables import LANGS, PageTable
from sim.stress.load.figures import LoadResult
from sim.stress.load.ramp import Ramp

TITLE = Text("压测：真实数据库、并发客户端、随机击杀", "Load: a real database, many clients, killed at random")
_HINT = Text(
    "见证程序只用 SQL 与客户端的确认日志，不引用本项目的任何代码。",
    "The witness uses SQL and what clients were told, and imports nothing of this project.",
)
TITLE_OUTSIDE = Text("压测：自有测试商城，HTTP 接口", "Load: a staging shop of one's own, over HTTP")
_HINT_OUTSIDE = Text(
    "从外面只能看到商城的答复：已确认的事件在压测后逐个再问；重复记账与借贷平衡未清点。",
    "From outside only answers are seen: every acknowledged event is asked for again; doubled money and balances are "
    "not counted.",
)
_SECOND, _EVENTS = Text("秒", "second"), Text("事件/秒", "events a second")
_MS, _PART = Text("毫秒（对数轴）", "ms, log scale"), Text("不超过的比例", "part not above")
THROUGHPUT = Text("吞吐（竖线为击杀）", "Throughput (lines are kills)")
LATENCY = Text("时延分布", "Distribution of latency")
_RAMP = Text("逐级加压：p99 与目标", "The rate step by step: p99 and its target")
_SHOWN = (Kind.order, Kind.pay, Kind.ship, Kind.receive, Kind.refund, Kind.withdraw)


def write_load(
    folder: Path, scenario: str, plan: str, result: LoadResult, ramp: Ramp | None, command: str, lang: Lang
) -> Path:
    """Write the page and its figures to a folder; returns the page."""
    shown = [key for key in KEYS if rows(result, ramp, key, "en")]
    tables = [
        PageTable(TITLES[key], HEADS[key], {each: rows(result, ramp, key, each) for each in LANGS}) for key in shown
    ]
    drawn = [
        PageChart("throughput", THROUGHPUT, {each: throughput_chart(result, each) for each in LANGS}, wide=True),
        PageChart("latency", LATENCY, {each: latency_chart(result, each) for each in LANGS}, wide=True),
    ]
    if ramp and ramp.steps:
        drawn.append(PageChart("ramp", _RAMP, {each: _steps(ramp, each) for each in LANGS}, wide=True))
    said = {each: verdict(result, each) for each in LANGS}
    title, hint = (TITLE_OUTSIDE, _HINT_OUTSIDE) if result.from_outside else (TITLE, _HINT)
    page = StudyPage(title, f"{scenario} · {plan}", result.sound, said, drawn, tables, hint, command=command)
    return page.write(folder, ("load.html", "load.json"), load_told(scenario, plan, result, ramp), lang)


def throughput_chart(result: LoadResult, lang: Lang) -> go.Figure:
    """Events that took effect in each second, and when somebody was killed."""
    figure = figure_of(THROUGHPUT.say(lang))
    counted = result.per_second()
    figure.add_scatter(
        x=list(range(len(counted))),
        y=counted,
        mode="lines",
        line={"color": COLOURS[0]},
        fill="tozeroy",
        showlegend=False,
    )
    for at in result.killed_at:
        figure.add_vline(x=at, line={"color": BASELINE, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=_SECOND.say(lang))
    figure.update_yaxes(title=_EVENTS.say(lang), rangemode="tozero")
    return figure


def latency_chart(result: LoadResult, lang: Lang) -> go.Figure:
    """Latency as distribution functions: part of the events not above so many milliseconds."""
    figure = figure_of(LATENCY.say(lang))
    for place, kind in enumerate(_SHOWN):
        taken = np.sort([line.us / 1000 for line in result.done if line.kind == kind])
        if len(taken) > 1:
            keep = np.unique(np.linspace(0, len(taken) - 1, 200).astype(int))
            colour = {"color": COLOURS[place % len(COLOURS)]}
            figure.add_scatter(
                x=taken[keep].tolist(),
                y=((keep + 1) / len(taken)).tolist(),
                name=EVENTS[kind].say(lang),
                mode="lines",
                line=colour,
            )
    figure.update_xaxes(title=_MS.say(lang), type="log")
    figure.update_yaxes(title=_PART.say(lang), tickformat=".0%")
    return figure


def _steps(ramp: Ramp, lang: Lang) -> go.Figure:
    figure = figure_of(_RAMP.say(lang))
    figure.add_scatter(
        x=[one.rate for one in ramp.steps], y=[one.p99 for one in ramp.steps], mode="lines+markers", showlegend=False
    )
    figure.add_hline(y=ramp.target, line={"color": BASELINE, "dash": "dot"})
    figure.update_xaxes(title=_EVENTS.say(lang))
    figure.update_yaxes(title="p99, ms", type="log")
    return figure
