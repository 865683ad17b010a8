"""One chart a claim of the validation, in the style of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from sim.experiments.metric_names import Lang, Text
from sim.report.charts import BASELINE, COLOURS, faded, figure_of
from sim.validation.claim import Claim

_MODEL, _ACTUAL = COLOURS[0], BASELINE
_WEEK = Text("周", "week")
_ACTUAL_NAME, _MODEL_NAME = Text("实际", "actual"), Text("模型", "model")
_CROWD = Text("模拟人群（右轴，每位买家）", "simulated crowd (right, per buyer)")
_CLOSED = Text("闭式解（右轴）", "closed form (right)")
_REPEATS = Text("累计复购", "cumulative repeat orders")
_SPEND = Text("人均每单（美元）", "mean of a customer's orders, dollars")
_LESS = Text("消费不超过此额的客户", "customers who spend at most this")
_STEPS, _PART = Text("深度（步）", "depth, steps"), Text("占比", "part")
_ALL = Text("全部级联", "all cascades")
_CLICKED = Text("有人点击者", "those with a click")
_SHARES, _GROWN = Text("分享级联", "cascades of shares"), Text("邀请树", "recruitment trees")
_PENETRATION = Text("入会时的渗透率", "penetration at joining")
_REFERRED, _OTHERS = Text("转介绍", "referred"), Text("自来", "others")
_DAYS, _VALUE = Text("首单后天数", "days since the first order"), Text("每位买家毛利（元）", "margin per buyer, yuan")
_REWARD = Text("奖励（原方案的倍数）", "reward, times the plan's")
_OR_MORE = Text("{n} 以上", "{n} or more")


def chart(claim: Claim, lang: Lang) -> go.Figure:
    """The chart of a claim."""
    figure = figure_of(claim.title.say(lang))
    _MAKERS[claim.key](figure, claim.figures, lang)
    return figure


def _buying(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _line(figure, found["weeks"], found["actual"], _ACTUAL_NAME.say(lang), _ACTUAL)
    _line(figure, found["weeks"], found["model"], _MODEL_NAME.say(lang), _MODEL, dash="dash")
    _line(figure, found["crowd_weeks"], found["closed_form"], _CLOSED.say(lang), COLOURS[2], dash="dash", axis="y2")
    dots = {"mode": "markers", "marker": {"color": COLOURS[1], "size": 9}, "yaxis": "y2"}
    figure.add_trace(go.Scatter(x=found["crowd_weeks"], y=found["crowd"], name=_CROWD.say(lang), **dots))
    right = {
        "overlaying": "y",
        "side": "right",
        "showgrid": False,
        "rangemode": "tozero",
        "tickmode": "linear",
        "dtick": 0.5,
    }
    figure.update_layout(yaxis2=right)
    _axes(figure, _WEEK.say(lang), _REPEATS.say(lang))


def _spending(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _line(figure, found["spend"], found["actual"], _ACTUAL_NAME.say(lang), _ACTUAL)
    _line(figure, found["spend"], found["model"], _MODEL_NAME.say(lang), _MODEL, dash="dash")
    _axes(figure, _SPEND.say(lang), _LESS.say(lang), ".0%")


def _cascades(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _bars(figure, {_ALL: found["by_depth"], _CLICKED: found["clicked_by_depth"]}, lang)


def _recruitment(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _bars(figure, {_SHARES: found["shares_by_depth"], _GROWN: found["recruitment_by_depth"]}, lang)


def _saturation(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _band(figure, found["penetration"], found, "K")
    _axes(figure, _PENETRATION.say(lang), "K", x_form=".0%")
    for at in (0.1, 0.6):
        figure.add_vline(x=at, line_color=BASELINE, line_width=1, line_dash="dot")


def _worth(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _line(figure, found["days"], found["referred"], _REFERRED.say(lang), _MODEL)
    _line(figure, found["days"], found["others"], _OTHERS.say(lang), _ACTUAL)
    _axes(figure, _DAYS.say(lang), _VALUE.say(lang))


def _reward(figure: go.Figure, found: Mapping[str, Any], lang: Lang) -> None:
    _band(figure, found["reward"], found, "K")
    _axes(figure, _REWARD.say(lang), "K")


_MAKERS: dict[str, Callable[[go.Figure, Mapping[str, Any], Lang], None]] = {
    "buying": _buying,
    "spending": _spending,
    "cascades": _cascades,
    "recruitment": _recruitment,
    "saturation": _saturation,
    "worth": _worth,
    "reward": _reward,
}


def _line(
    figure: go.Figure,
    x: Sequence[float],
    y: Sequence[float],
    name: str,
    colour: str,
    dash: str = "solid",
    axis: str = "y",
) -> None:
    line = {"color": colour, "width": 2.2, "dash": dash}
    figure.add_trace(go.Scatter(x=x, y=y, mode="lines", name=name, line=line, yaxis=axis))


def _band(figure: go.Figure, x: Sequence[float], found: Mapping[str, Any], name: str) -> None:
    """The means `k` at x with their intervals."""
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "x": x}
    figure.add_trace(go.Scatter(y=found["high"], **edge))
    figure.add_trace(go.Scatter(y=found["low"], fill="tonexty", fillcolor=faded(_MODEL), **edge))
    style = {"line": {"color": _MODEL, "width": 2.2}, "marker": {"size": 8}}
    figure.add_trace(go.Scatter(x=x, y=found["k"], mode="lines+markers", name=name, **style))


def _bars(figure: go.Figure, parts: Mapping[Text, Sequence[float]], lang: Lang) -> None:
    """Parts of trees by depth."""
    for (name, part), colour in zip(parts.items(), (_ACTUAL, _MODEL), strict=True):
        labels = [str(depth) for depth in range(len(part) - 1)] + [_OR_MORE.say(lang).format(n=len(part) - 1)]
        figure.add_trace(go.Bar(x=labels, y=list(part), name=name.say(lang), marker_color=colour))
    figure.update_xaxes(type="category")
    _axes(figure, _STEPS.say(lang), _PART.say(lang), ".0%")


def _axes(figure: go.Figure, x: str, y: str, y_form: str = "", x_form: str = "") -> None:
    figure.update_xaxes(title_text=x, tickformat=x_form)
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(yaxis={"title": {"text": y}, "tickformat": y_form}, hovermode="x unified")
