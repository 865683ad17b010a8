"""The chart of the money flow: what moves by day, and what has to be held against what there is."""

from __future__ import annotations

import plotly.graph_objects as go

from rules.calendar import date_of
from rules.events import DAY
from sim.experiments.metric_names import Lang, Text
from sim.report.charts import BASELINE, COLOURS, figure_of
from sim.stress.flows import Flows

_TITLE = Text("资金流（元）", "Money flow, yuan")
_BARS = (
    ("came_in", Text("收款", "in"), COLOURS[0], 1),
    ("went_back", Text("退款", "refunds"), COLOURS[1], -1),
    ("earned", Text("佣金", "earned"), COLOURS[2], -1),
    ("paid_out", Text("到账", "paid out"), COLOURS[3], -1),
)
_MUST, _CASH = Text("应持有（右轴）", "must hold (right)"), Text("现金（右轴）", "cash (right)")


def flows_chart(flows: Flows, lang: Lang) -> go.Figure:
    """Bars by day, lines of what stands at its end."""
    figure = figure_of(_TITLE.say(lang))
    days = [date_of(one.day * DAY) for one in flows.days]
    for name, title, colour, sign in _BARS:
        figure.add_bar(
            x=days, y=[sign * getattr(one, name) / 100 for one in flows.days], name=title.say(lang), marker_color=colour
        )
    for values, title, colour in (
        ([one.must_hold / 100 for one in flows.days], _MUST, COLOURS[4]),
        ([one.cash / 100 for one in flows.days], _CASH, BASELINE),
    ):
        figure.add_scatter(x=days, y=values, name=title.say(lang), mode="lines", line_color=colour, yaxis="y2")
    axis = {"overlaying": "y", "side": "right", "rangemode": "tozero", "showgrid": False}
    figure.update_layout(barmode="relative", height=420, yaxis2=axis)
    return figure
