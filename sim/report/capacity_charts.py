"""The charts of a store's capacity: backlog, how busy, latency over the window, and latency against load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from sim.experiments.metric_names import Lang, Text
from sim.report.capacity import KINDS, QUEUES, RESOURCES
from sim.report.charts import BASELINE, COLOURS, figure_of
from sim.stress.capacity.kinds import Side
from sim.stress.capacity.study import Study

CHARTS: Mapping[str, Text] = {
    "backlog": Text("积压：每分钟有多少在等", "Backlog: how much waits, minute by minute"),
    "busy": Text("利用率：每十分钟", "How busy, in steps of ten minutes"),
    "latency": Text("95% 时延：每小时", "95 % of latencies, by hour"),
    "load": Text("时延随负载的变化", "Latency against load"),
    "load_busy": Text("利用率随负载的变化", "How busy against load"),
}
_TARGET = Text("目标", "target")
_HOUR, _MS = Text("小时（自首日零点起）", "hours from the first midnight"), Text("毫秒", "milliseconds")
_COUNT = Text("个", "waiting")
_LOAD = Text("单/秒", "orders a second")
_SIDES: Mapping[Side, Text] = {
    "orders": Text("订单", "orders"),
    "members": Text("会员", "members"),
    "settlement": Text("提现", "withdrawals"),
}
_PAINT = (*COLOURS, BASELINE, "#0f766e", "#9f1239", "#4d7c0f")


def chart(found: Study, name: str, lang: Lang) -> go.Figure:
    """A chart by name."""
    figure = figure_of(CHARTS[name].say(lang))
    _MAKERS[name](figure, found, lang)
    return figure.update_layout(hovermode="x unified")


def _backlog(figure: go.Figure, found: Study, lang: Lang) -> None:
    seen = found.promo.timeline
    hours = [at / 3600 for at in seen.at]
    for colour, (name, title) in zip(_PAINT, QUEUES.items(), strict=False):
        _line(figure, hours, seen.waiting[name], title.say(lang), colour)
    _axes(figure, _HOUR.say(lang), _COUNT.say(lang))


def _busy(figure: go.Figure, found: Study, lang: Lang) -> None:
    seen = found.promo.timeline
    for colour, (name, used) in zip(_PAINT, seen.usage(10).items(), strict=False):
        hours = found.promo.begins / 3600 + (np.arange(len(used)) + 0.5) / 6
        _line(figure, list(hours), list(used), RESOURCES[name].say(lang), colour)
    _axes(figure, _HOUR.say(lang), "")
    figure.update_yaxes(tickformat=".0%")


def _latency(figure: go.Figure, found: Study, lang: Lang) -> None:
    for colour, (name, slow) in zip(_PAINT, found.promo.hourly_p95.items(), strict=False):
        hours = found.promo.begins / 3600 + np.arange(len(slow)) + 0.5
        shown = [None if np.isnan(value) else float(value) for value in slow]
        _line(figure, list(hours), shown, KINDS[name].say(lang), colour)
    _axes(figure, _HOUR.say(lang), _MS.say(lang))
    figure.update_yaxes(type="log")


def _load(figure: go.Figure, found: Study, lang: Lang) -> None:
    placed = _placed(found)
    for colour, (name, title) in zip(_PAINT, _SIDES.items(), strict=False):
        slow = [run.by_side.get(name, {}).get("p95") for run in found.curve.values()]
        _line(figure, placed, slow, title.say(lang), colour)
    _line(figure, placed, [found.target.latency_ms] * len(placed), _TARGET.say(lang), BASELINE, dash="dash")
    _axes(figure, _LOAD.say(lang), _MS.say(lang))
    figure.update_yaxes(type="log")


def _load_busy(figure: go.Figure, found: Study, lang: Lang) -> None:
    placed, runs = _placed(found), list(found.curve.values())
    for colour, name in zip(_PAINT, runs[0].usage, strict=False):
        _line(figure, placed, [run.usage[name] for run in runs], RESOURCES[name].say(lang), colour)
    _axes(figure, _LOAD.say(lang), "")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])


def _placed(found: Study) -> list[float]:
    """Orders a second of each load of the curve."""
    broken = found.broken
    each = broken.orders_per_second / broken.multiple if broken.multiple else 0.0
    return [load * each for load in found.curve]


def _line(
    figure: go.Figure, x: Sequence[float], y: Sequence[float | None], name: str, colour: str, dash: str = "solid"
) -> None:
    style = {"color": colour, "width": 2, "dash": dash}
    figure.add_trace(go.Scatter(x=x, y=y, mode="lines", name=name, line=style))


def _axes(figure: go.Figure, x: str, y: str) -> None:
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y, rangemode="tozero")


_MAKERS: Mapping[str, Callable[[go.Figure, Study, Lang], None]] = {
    "backlog": _backlog,
    "busy": _busy,
    "latency": _latency,
    "load": _load,
    "load_busy": _load_busy,
}
