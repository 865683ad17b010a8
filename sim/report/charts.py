"""The charts of report and app as plotly figures. Names from user files are escaped: plotly reads some HTML.

Show them with `CONFIG`: by default plotly's tool bar offers to upload a chart to its makers' cloud.
"""

from __future__ import annotations

import datetime as dt
import html
import itertools
import math
import textwrap
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from sim.experiments.effects import Effect
from sim.experiments.metric_names import NAMES, Lang, Text, Unit, metric
from sim.experiments.statistics import Comparison
from sim.report.data import Components, Daily, Funnel, Incomes
from sim.report.figures import change, interval, percentage
from sim.report.words import VERDICTS

CONFIG: dict[str, object] = {
    "displaylogo": False,
    "responsive": True,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtons": [["toImage", "resetScale2d"]],
}
"""Plotly settings under which a chart talks to nobody."""

BASELINE = "#64748b"
COLOURS = ("#2563eb", "#ea580c", "#059669", "#9333ea", "#db2777", "#0891b2", "#ca8a04")
_PARTS = ("#312e81", "#6366f1", "#a5b4fc", "#0f766e", "#2dd4bf", "#a16207", "#facc15", "#9f1239", "#fb7185")
"""Colours of commission by component and level: not those of arms."""
FONT = (
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", '
    '"Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
)
_INK, _GRID = "#334155", "#e2e8f0"
_BOTH, _NOTHING = "rgba(128,144,170,0.28)", "rgba(0,0,0,0)"

TITLES: Mapping[str, Text] = {
    "daily": Text("每日{metric}", "{metric} per day"),
    "effects": Text("相对基准方案的变化", "Change against the baseline plan"),
    "histogram": Text("推广员收入分布", "What promoters earn"),
    "lorenz": Text("推广员收入集中度（洛伦兹曲线）", "How unevenly promoters earn (Lorenz curve)"),
    "gains": Text("谁多得、谁少得", "Who earns more, who less"),
    "funnel": Text("漏斗：从分享到首单", "Funnel: from share to first order"),
    "commission": Text("佣金构成", "What commission is paid for"),
}
_DAY = Text("第几天", "day")
_STEPS = (
    Text("分享", "Shares"),
    Text("点击", "Clicks"),
    Text("注册", "Registrations"),
    Text("首单", "First orders"),
)
_COMPONENTS: Mapping[str, Text] = {
    "base": Text("基础佣金", "Base"),
    "ladder": Text("阶梯奖励", "Ladder"),
    "team": Text("团队绩效", "Team"),
    "differential": Text("级差", "Differential"),
    "peer": Text("平级奖", "Peer bonus"),
    "dividend": Text("分红", "Dividend"),
    "bonus": Text("奖励", "Bonus"),
    "campaign": Text("活动", "Campaign"),
    "area": Text("区域奖", "Area"),
    "margin": Text("差价", "Margin"),
    "influence": Text("影响力津贴", "Influence"),
    "contest": Text("竞赛奖金", "Contest"),
}


def component_title(name: str, lang: Lang) -> str:
    """What a component of commission is called."""
    return _COMPONENTS[name].say(lang) if name in _COMPONENTS else name


_FURTHEST = 3.0
"""Relative change (300 %) at which the forest plot stops; further points sit on its edge."""


def colours(arms: Sequence[str], baseline: str) -> dict[str, str]:
    """One colour per arm, the same in every chart: grey for the baseline."""
    others = [arm for arm in arms if arm != baseline]
    return {baseline: BASELINE} | {arm: COLOURS[i % len(COLOURS)] for i, arm in enumerate(others)}


def daily_chart(
    daily: Daily,
    name: str,
    names: Mapping[str, str],
    lang: Lang,
    *,
    baseline: str | None = None,
    start: str = "",
) -> go.Figure:
    """One metric per day and arm: the mean of the replications and the band that holds 80 % of them."""
    paint = colours(tuple(daily), baseline or next(iter(daily), ""))
    curves = {arm: _by_day(tables, name) for arm, tables in daily.items()}
    money = metric(name).unit.is_money
    highest = max((float(np.nanmax(np.abs(c))) for c in curves.values() if _some(c)), default=0.0)
    divisor, suffix = money_scale(highest / 100, lang) if money else (1.0, "")
    figure = figure_of(TITLES["daily"].say(lang).format(metric=metric(name).title.say(lang)))
    for arm, curve in curves.items():
        if _some(curve):
            _add_band(figure, curve / divisor, _days(curve.shape[1], start), names[arm], paint[arm])
    figure.update_yaxes(title_text=suffix, tickformat=".0%" if metric(name).unit is Unit.ratio else "~s")
    if money and lang == "en":
        figure.update_yaxes(tickprefix="¥", title_text="")
    figure.update_xaxes(title_text="" if start else _DAY.say(lang), tickformat="%m-%d\n%Y" if start else "")
    figure.update_xaxes(nticks=5, tickangle=0)
    figure.update_yaxes(rangemode="tozero")
    return figure.update_layout(hovermode="x unified")


def effects_chart(
    comparison: Comparison, names: Mapping[str, str], lang: Lang, metrics: Sequence[str] = NAMES
) -> go.Figure:
    """Forest plot: relative change of each metric with its interval; filled where a difference is shown."""
    figure = figure_of(TITLES["effects"].say(lang))
    paint = colours(comparison.arms, comparison.baseline)
    arms = [arm for arm in comparison.arms if arm != comparison.baseline]
    drawn = [n for n in metrics if any((e := comparison.effect(n, a)) and e.relative is not None for a in arms)]
    for place, arm in enumerate(arms):
        effects = [e for n in drawn if (e := comparison.effect(n, arm)) and e.relative is not None]
        shift = (place - (len(arms) - 1) / 2) * 0.6 / max(len(arms), 1)
        figure.add_trace(_forest(effects, drawn, shift, names[arm], paint[arm], lang))
    figure.add_vline(x=0, line_color=_INK, line_width=1)
    figure.update_xaxes(tickformat="+~%", zeroline=False, tickangle=0, nticks=4)
    titles = [_safe(metric(n).title.say(lang)) for n in drawn]
    figure.update_yaxes(
        tickvals=list(range(len(drawn))), ticktext=titles, range=[len(drawn) - 0.4, -0.6], title_text=""
    )
    return figure.update_layout(height=120 + max(26, 12 * len(arms)) * len(drawn), hovermode="closest")


def histogram_chart(
    incomes: Incomes, names: Mapping[str, str], lang: Lang, *, baseline: str | None = None
) -> go.Figure:
    """Share of promoters by income; four bars make a factor of ten, those without income stand apart."""
    figure = figure_of(TITLES["histogram"].say(lang))
    paint = colours(tuple(incomes), baseline or next(iter(incomes), ""))
    pooled = {arm: _pooled(runs) / 100 for arm, runs in incomes.items()}
    top = max((float(x.max()) for x in pooled.values() if x.size), default=1.0)
    edges = 10.0 ** np.arange(0, max(1.0, math.ceil(math.log10(max(top, 1.0)) * 4) / 4) + 0.26, 0.25)
    none, under = ("无收入", "不足 ¥1") if lang == "zh" else ("none", "under ¥1")
    labels = [none, under, *(f"¥{_short(a)}–{_short(b)}" for a, b in itertools.pairwise(edges))]
    for arm, income in pooled.items():
        if income.size:
            counts = [np.sum(income <= 0), np.sum((income > 0) & (income < 1))]
            shares = np.array([*counts, *np.histogram(income, edges)[0]]) / income.size
            figure.add_trace(go.Bar(x=labels, y=shares, name=_safe(names[arm]), marker_color=paint[arm], opacity=0.9))
    figure.update_yaxes(tickformat=".0%")
    figure.update_xaxes(type="category", tickangle=-40, nticks=12)
    return figure.update_layout(bargap=0.15, bargroupgap=0.05, hovermode="x unified")


def lorenz_chart(incomes: Incomes, names: Mapping[str, str], lang: Lang, *, baseline: str | None = None) -> go.Figure:
    """Which part of all income the lower-earning part of promoters gets; the diagonal is equality."""
    figure = figure_of(TITLES["lorenz"].say(lang))
    paint = colours(tuple(incomes), baseline or next(iter(incomes), ""))
    equal = "完全均等" if lang == "zh" else "all equal"
    line = {"color": "#94a3b8", "dash": "dot", "width": 1.5}
    figure.add_trace(go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name=equal, line=line, hoverinfo="skip"))
    at = np.linspace(0, 1, 201)
    for arm, runs in incomes.items():
        income = np.sort(np.maximum(_pooled(runs), 0))
        if income.size and income.sum() > 0:
            share = np.concatenate([[0.0], np.cumsum(income) / income.sum()])
            y = np.interp(at, np.linspace(0, 1, share.size), share)
            style = {"color": paint[arm], "width": 2.5}
            figure.add_trace(go.Scatter(x=at, y=y, mode="lines", name=_safe(names[arm]), line=style))
    axis = Text("推广员（由低到高）", "promoters, lowest income first")
    figure.update_xaxes(tickformat=".0%", title_text=axis.say(lang), range=[0, 1])
    figure.update_yaxes(tickformat=".0%", range=[0, 1.01])
    return figure.update_layout(hovermode="x unified")


def funnel_chart(funnel: Funnel, names: Mapping[str, str], lang: Lang, *, baseline: str | None = None) -> go.Figure:
    """Shares, clicks, registrations, first orders; each with its part of the step before."""
    figure = figure_of(TITLES["funnel"].say(lang))
    paint = colours(tuple(funnel), baseline or next(iter(funnel), ""))
    steps = [step.say(lang) for step in _STEPS]
    highest = max((max(counts, default=0) for counts in funnel.values()), default=0) or 1
    for arm, counts in funnel.items():
        before = [None, *counts]
        texts = [
            f"{count:,.0f}" + (f" · {count / b:.1%}" if b else "") for count, b in zip(counts, before, strict=False)
        ]
        figure.add_trace(
            go.Bar(
                y=steps,
                x=list(counts),
                orientation="h",
                name=_safe(names[arm]),
                marker_color=paint[arm],
                text=texts,
                textposition="outside",
                cliponaxis=False,
                hoverinfo="name+text",
            )
        )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(range=[0, highest * 1.3], tickformat="~s", nticks=6)
    return figure.update_layout(bargap=0.25, bargroupgap=0.08, height=max(340, 130 + 4 * 26 * max(1, len(funnel))))


def commission_chart(components: Components, names: Mapping[str, str], lang: Lang) -> go.Figure:
    """Net commission of each arm, stacked by component and level."""
    figure = figure_of(TITLES["commission"].say(lang))
    order = list(_COMPONENTS)
    keys = sorted(
        {key for parts in components.values() for key in parts},
        key=lambda key: (order.index(key[0]) if key[0] in order else len(order), key),
    )
    highest = max((sum(parts.values()) for parts in components.values()), default=0.0)
    divisor, suffix = money_scale(highest / 100, lang)
    rows = list(range(len(components)))
    for i, key in enumerate(keys):
        figure.add_trace(
            go.Bar(
                y=rows,
                x=[parts.get(key, 0.0) / divisor for parts in components.values()],
                orientation="h",
                width=0.6,
                name=_safe(_component(key, lang)),
                marker_color=_PARTS[i % len(_PARTS)],
                marker_pattern_shape="/" if i >= len(_PARTS) else "",
            )
        )
    figure.update_xaxes(title_text=suffix if lang == "zh" else "", tickformat="~s", nticks=6)
    if lang == "en":
        figure.update_xaxes(tickprefix="¥")
    figure.update_yaxes(autorange="reversed", tickvals=rows, ticktext=[_wrapped(names[a]) for a in components])
    return figure.update_layout(barmode="relative", height=max(300, 170 + 60 * len(rows)))


def figure_of(title: str) -> go.Figure:
    """An empty figure in the house's style; its legend lies above the plot, so that phones keep the width."""
    figure = go.Figure()
    figure.update_layout(
        template="plotly_white",
        title={"text": _safe(title), "x": 0, "xref": "container", "font": {"size": 16}},
        font={"family": FONT, "size": 13, "color": _INK},
        margin={"l": 8, "r": 20, "t": 64, "b": 8},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "title": {"text": ""},
        },
        height=340,
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font": {"family": FONT}, "namelength": -1},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": "#cbd5e1", "activecolor": BASELINE},
        showlegend=True,
    )
    figure.update_xaxes(automargin=True, gridcolor=_GRID, zerolinecolor=_GRID, title_font_size=12)
    figure.update_yaxes(automargin=True, gridcolor=_GRID, zerolinecolor=_GRID, title_font_size=12)
    return figure


def _add_band(figure: go.Figure, curve: np.ndarray, days: list[object], name: str, colour: str) -> None:
    """The mean of `curve` (replication × day) with its 10 % to 90 % band; a gap where a day has no value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy's word for such a gap
        low, high = np.nanquantile(curve, [0.1, 0.9], axis=0)
        mean = np.nanmean(curve, axis=0)
    if curve.shape[0] > 1:
        edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        shared = edge | {"x": days, "legendgroup": _safe(name)}
        figure.add_trace(go.Scatter(y=high, **shared))
        figure.add_trace(go.Scatter(y=low, fill="tonexty", fillcolor=faded(colour), **shared))
    figure.add_trace(
        go.Scatter(
            x=days,
            y=mean,
            mode="lines",
            name=_safe(name),
            legendgroup=_safe(name),
            line={"color": colour, "width": 2.2},
        )
    )


def _forest(
    effects: Sequence[Effect], rows: Sequence[str], shift: float, name: str, colour: str, lang: Lang
) -> go.Scatter:
    """The points of one arm, with bars from `low` to `high` in parts of the baseline's mean."""

    def part(effect: Effect, value: float | None) -> float:
        scale = abs(effect.mean_baseline or 0.0)
        shown = effect.relative if value is None or not scale else value / scale
        return float(np.clip(shown or 0.0, -_FURTHEST, _FURTHEST))

    at = [part(e, e.difference) for e in effects]
    return go.Scatter(
        x=at,
        y=[rows.index(e.name) + shift for e in effects],
        mode="markers",
        name=_safe(name),
        marker={
            "size": 9,
            "color": [colour if e.verdict in {"higher", "lower"} else "#ffffff" for e in effects],
            "line": {"color": colour, "width": 2},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [part(e, e.high) - x for e, x in zip(effects, at, strict=True)],
            "arrayminus": [x - part(e, e.low) for e, x in zip(effects, at, strict=True)],
            "color": colour,
            "thickness": 1.8,
            "width": 0,
        },
        text=[
            f"{metric(e.name).title.say(lang)}: {change(e.name, e.difference, lang)} "
            f"{interval(e.name, e.low, e.high)}<br>{percentage(e.relative)} · {VERDICTS[e.verdict].say(lang)}"
            for e in effects
        ],
        hoverinfo="text+name",
    )


def _by_day(tables: Sequence[Mapping[str, Sequence[float | int | None]]], name: str) -> np.ndarray:
    """Replication × day; missing values are NaN, shorter replications are filled up with it."""
    columns = [[math.nan if v is None else float(v) for v in table.get(name, ())] for table in tables]
    days = max((len(column) for column in columns), default=0)
    return np.array([column + [math.nan] * (days - len(column)) for column in columns]).reshape(-1, days)


def _some(curve: np.ndarray) -> bool:
    return bool(curve.size) and not bool(np.all(np.isnan(curve)))


def _days(count: int, start: str) -> list[object]:
    if not start:
        return list(range(count))
    first = dt.date.fromisoformat(start)
    return [(first + dt.timedelta(days=day)).isoformat() for day in range(count)]


def money_scale(yuan: float, lang: Lang) -> tuple[float, str]:
    """What to divide fen by, and the unit: Chinese counts in tens of thousands."""
    if lang == "zh" and yuan >= 100_000:
        return 1_000_000.0, "万元"
    return 100.0, "元" if lang == "zh" else "¥"


def _pooled(runs: Sequence[Sequence[int]]) -> np.ndarray:
    return np.concatenate([np.asarray(run, dtype=np.float64) for run in runs] or [np.empty(0)])


def _component(key: tuple[str, int], lang: Lang) -> str:
    component, level = key
    title = _COMPONENTS[component].say(lang) if component in _COMPONENTS else component
    if not level:
        return title
    return f"{title} {level} 级" if lang == "zh" else f"{title}, level {level}"


def _short(yuan: float) -> str:
    """`1.8`, `32`, `1k`, `18k`."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if yuan >= size * 0.9995:
            return f"{_short(yuan / size)}{unit}"
    return f"{yuan:.0f}" if yuan >= 10 else f"{yuan:.2g}"


def for_both_themes(figure: go.Figure) -> go.Figure:
    """A copy that can be read on a light and on a dark page: what stands around the plot takes its colours from there.

    Whoever shows it sets the colour of text; grid and lines are grey enough for either.
    """
    copy = go.Figure(figure)
    copy.update_layout(font_color=None, template=None, modebar_color="#94a3b8")
    copy.update_xaxes(gridcolor=_BOTH, zerolinecolor=_BOTH)
    copy.update_yaxes(gridcolor=_BOTH, zerolinecolor=_BOTH)
    copy.update_shapes({"line_color": "#94a3b8"})
    for trace in copy.data:
        if isinstance(trace, go.Scatter) and isinstance(trace.marker.color, list | tuple):
            trace.marker.color = [_NOTHING if colour == "#ffffff" else colour for colour in trace.marker.color]
    return copy


def faded(colour: str, strength: float = 0.14) -> str:
    """A colour for the band around a line of it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength})"


def _safe(name: str) -> str:
    """`name` as plotly shows it letter by letter: no tags, no links."""
    return html.escape(name, quote=False)


def _wrapped(name: str, width: int = 22) -> str:
    """A long name in two lines, for axes on narrow screens."""
    return "<br>".join(_safe(line) for line in textwrap.wrap(name, width, max_lines=2, placeholder="…"))
