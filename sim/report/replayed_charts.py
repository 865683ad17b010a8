"""The charts of a replay: commission by month, in all, and what each tenth of the members gains or loses."""

from __future__ import annotations

from itertools import accumulate

import plotly.graph_objects as go

from sim.experiments.metric_names import Lang, Text
from sim.history.breakdown import tenths
from sim.history.replay import Shifts
from sim.report.charts import BASELINE, colours, figure_of
from sim.report.replayed import Replayed

GAIN, LOSS = "#059669", "#dc2626"
CHARTS = {
    "months": Text("每月入账的佣金", "Commission booked each month"),
    "cumulated": Text("累计佣金", "Commission so far"),
    "tenths": Text("每 10% 会员的收入变化", "Change of each tenth of the members"),
}
_YUAN, _SALES = Text("佣金（元）", "commission, yuan"), Text("成交额", "sales")
_SALES_YUAN = Text("成交额（元）", "sales, yuan")
_TENTH = Text("第几组（1 = 原来挣得最多的 10%）", "tenth (1 = the tenth that earned most)")
_CHANGE = Text("合计变化（元）", "change in all, yuan")


def months_chart(found: Replayed, names: dict[str, str], lang: Lang) -> go.Figure:
    """Commission of each month under each plan, and sales behind them."""
    figure = figure_of(CHARTS["months"].say(lang))
    months = list(found.sales)
    bars = [found.sales[month] / 100 for month in months]
    figure.add_bar(x=months, y=bars, name=_SALES.say(lang), yaxis="y2", marker_color="rgba(128,140,160,.22)")
    for name, colour, line in _lines(found):
        shown = [line.get(month, 0) / 100 for month in months]
        _line(figure, months, shown, names[name], colour)
    figure.update_layout(
        yaxis={"overlaying": "y2", "side": "left", "title": _YUAN.say(lang), "tickmode": "auto"},
        yaxis2={"side": "right", "title": _SALES_YUAN.say(lang), "showgrid": False, "automargin": True},
        hovermode="x unified",
    )
    figure.update_yaxes(rangemode="tozero", tickformat="~s")
    return figure.update_xaxes(tickformat="%Y-%m", nticks=5, tickangle=0)


def cumulated_chart(found: Replayed, names: dict[str, str], lang: Lang) -> go.Figure:
    """What the store has paid since the first day, under each plan."""
    figure = figure_of(CHARTS["cumulated"].say(lang))
    for name, colour, line in _lines(found):
        so_far = [fen / 100 for fen in accumulate(line.values())]
        _line(figure, list(line), so_far, names[name], colour)
    figure.update_yaxes(title=_YUAN.say(lang), rangemode="tozero", tickformat="~s")
    return figure.update_xaxes(tickformat="%Y-%m", nticks=6, tickangle=0).update_layout(hovermode="x unified")


def tenths_chart(shifts: Shifts, lang: Lang) -> go.Figure:
    """What each tenth of those who earn gains or loses in all."""
    figure = figure_of(CHARTS["tenths"].say(lang))
    found = tenths(shifts)
    more = [(one.after - one.before) / 100 for one in found]
    paint = [GAIN if each >= 0 else LOSS for each in more]
    figure.add_bar(x=[str(one.number) for one in found], y=more, marker_color=paint, showlegend=False)
    figure.update_xaxes(title=_TENTH.say(lang), type="category")
    figure.update_yaxes(title=_CHANGE.say(lang), tickformat="+~s")
    return figure


def _lines(found: Replayed) -> list[tuple[str, str, dict[str, int]]]:
    """Plan, colour, commission by month."""
    paint = colours(found.ids, found.ids[0])
    return [(name, paint[name], months) for name, months in zip(found.ids, found.months, strict=True)]


def _line(figure: go.Figure, x: list[str], y: list[float], name: str, colour: str) -> None:
    dash = "dot" if colour == BASELINE else "solid"
    figure.add_scatter(x=x, y=y, name=name, mode="lines+markers", line={"color": colour, "width": 2.5, "dash": dash})
