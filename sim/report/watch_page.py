"""A watched store as a self-contained page, with its record and every day beside it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim.experiments.metric_names import Lang, Text, Unit, metric
from sim.report.charts import BASELINE, COLOURS, faded, figure_of
from sim.report.results import versions
from sim.report.study_page import RESULT, PageChart, StudyPage
from sim.report.tables import LANGS, PageTable
from sim.report.watch import (
    FACTOR_HEADS,
    FACTORS,
    HEADS,
    factor_row,
    notes,
    rate_of,
    row,
    title_of,
    watch_told,
    write_days,
)
from sim.watching.advice import Advice, day_of
from sim.watching.judging import Watch, Watched

_TITLE = Text("线上与预测", "The live store beside its forecast")
_METRICS = Text("近 7 日", "The last seven days")
_LIVE, _WEEK = Text("线上（当日）", "live, each day"), Text("线上（近 7 日）", "live, seven days")
_BAND = Text("预测：十次有九次的单日", "forecast, nine days of ten")
_MIDDLE, _LIMITS = Text("预测（近 7 日）", "forecast, seven days"), Text("报警线（近 7 日）", "alarm, seven days")
_SINCE = Text("偏离起", "off since")
_DAY = Text("第几天", "day")
_HINT = Text(
    "阴影是单日的带：每十天约有一天落在外面，并不报警。报警线是近 7 日均值的界限，另有 28 日与全程两个窗口；"
    "它对所有天、所有指标一起成立。",
    "The shade is of single days: about one in ten lies outside, which is no alarm. The dashed lines are the limits of "
    "seven days together (28 days, and all of them, have limits of their own); they hold for all days and metrics at "
    "once.",
)
_REPEAT = Text(
    "同一种子给出同样的带，与进程数无关；统计方法见 docs/WATCH.md。",
    "The same seed gives the same band, whatever the number of processes; the statistics: docs/WATCH.md.",
)


def write_watch(folder: Path, watch: Watch, advice: Advice, command: str, lang: Lang) -> Path:
    """Write report.html, run.json and watch.parquet to a folder, each whole or not at all; gives the page."""
    write_days(folder, watch)
    record = watch_told(watch, advice) | {"versions": versions()}
    return _page(watch, advice, command).write(folder, RESULT, record, lang)


def _page(watch: Watch, advice: Advice, command: str) -> StudyPage:
    facts = watch.band.facts
    ordered = sorted(watch.metrics, key=lambda one: (one.alarmed is None, one.p))
    tables = [PageTable(_METRICS, HEADS, {lang: [row(watch, one, lang) for one in ordered] for lang in LANGS})]
    if watch.first and advice.factors:
        cells = {lang: [factor_row(one, lang) for one in advice.factors] for lang in LANGS}
        tables.append(PageTable(FACTORS, FACTOR_HEADS, cells))
    said = (advice.head, *advice.sentences, rate_of(watch))
    return StudyPage(
        title=_TITLE,
        name=f"{facts.scenario} · {facts.plan} · {watch.live.name}",
        good=advice.kind == "go_on",
        said={lang: [one.say(lang) for one in said] for lang in LANGS},
        charts=[
            PageChart(
                one.name, metric(one.name).title, {lang: band_chart(watch, one, lang) for lang in LANGS}, one.sign != 0
            )
            for one in ordered
        ],
        tables=tables,
        hint=_HINT,
        notes={lang: [one.say(lang) for one in (title_of(watch), *notes(watch))] for lang in LANGS},
        settings={
            "people": f"{facts.people:,}",
            "days": f"{watch.days} / {facts.days}",
            "start": str(facts.start),
            "seed": str(facts.seed),
            "replications": f"{len(watch.band.plan)} + {len(watch.band.before)}",
            "alpha": f"{watch.asked.alpha:.2%}",
            "scale-days": str(watch.asked.scale_days),
        },
        command=command,
        repeat=_REPEAT,
    )


def band_chart(watch: Watch, one: Watched, lang: Lang) -> go.Figure:
    """One metric: single days with their band; seven days with their forecast and the limits of the alarm."""
    figure = figure_of(metric(one.name).title.say(lang))
    days = [day_at(watch, day) for day in range(watch.days)]
    scale = 100 if metric(one.name).unit.is_money else 1
    edge = {"x": days, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(y=_cells(one.high, scale), showlegend=False, **edge))
    band = {"fill": "tonexty", "fillcolor": faded(BASELINE), "name": _BAND.say(lang)}
    figure.add_trace(go.Scatter(y=_cells(one.low, scale), **edge, **band))
    for values, name, line in (
        (one.middle, _MIDDLE, {"color": BASELINE, "width": 1.5}),
        (one.floor, _LIMITS, {"color": BASELINE, "width": 1.2, "dash": "dash"}),
        (one.ceiling, None, {"color": BASELINE, "width": 1.2, "dash": "dash"}),
        (one.week, _WEEK, {"color": COLOURS[0], "width": 2.4}),
    ):
        shown = {"name": name.say(lang)} if name else {"showlegend": False, "name": _LIMITS.say(lang)}
        figure.add_trace(go.Scatter(x=days, y=_cells(values, scale), mode="lines", line=line, **shown))
    dots = {"size": 4, "color": COLOURS[0], "opacity": 0.55}
    figure.add_trace(go.Scatter(x=days, y=_cells(one.live, scale), mode="markers", marker=dots, name=_LIVE.say(lang)))
    if one.since is not None:
        label = f"{_SINCE.say(lang)} {day_of(watch, one.since).say(lang)}"
        line = {"type": "line", "x0": days[one.since], "x1": days[one.since], "yref": "paper", "y0": 0, "y1": 1}
        figure.add_shape(**line, line={"color": COLOURS[1], "width": 1.5, "dash": "dot"})
        figure.add_annotation(
            x=days[one.since], y=1, yref="paper", text=label, showarrow=False, xanchor="left", font_color=COLOURS[1]
        )
    unit = metric(one.name).unit
    figure.update_yaxes(tickformat=".1%" if unit is Unit.ratio else "~s", tickprefix="¥" if scale == 100 else "")
    figure.update_xaxes(title_text="" if watch.live.first else _DAY.say(lang), tickangle=0, nticks=8)
    return figure.update_layout(height=330, hovermode="x unified")


def day_at(watch: Watch, day: int) -> str | int:
    """Where a day stands on the axis: its date where the live store has dates."""
    first = watch.live.first
    return (first + dt.timedelta(day)).isoformat() if first else day


def _cells(values: NDArray[np.float64], scale: int) -> list[float | None]:
    return [float(value) / scale if np.isfinite(value) else None for value in values]
