"""A calibration as a page: forecast and truth, parameters with intervals, and what the data do not say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import plotly.graph_objects as go

from sim.calibration.backtest import ByFrequency, Tracking
from sim.calibration.estimate import Calibration
from sim.experiments.metric_names import Lang, Text
from sim.report.calibrated import HINT, TITLE, WEEKDAYS, name_of, record_of, sentences, tables
from sim.report.charts import BASELINE, COLOURS, figure_of
from sim.report.results import versions
from sim.report.study_page import PageChart, StudyPage
from sim.report.tables import LANGS

PAGE, RECORD = "report.html", "fit.json"
GOOD_ERROR = 0.10
"""Mean error of the cumulative curve up to which a fit is called good."""
_TRACK = Text("复购累计：拟合段与检验段", "Cumulative repeat purchases: fitted, and foretold")
_WEEKS = Text("每周复购", "Repeat purchases by week")
_FREQUENCY = Text("前半段复购次数的分布", "How often customers came back in the first half")
_SPEND = Text("复购次数与单均消费", "Mean order by how often they came back")
_WEEKDAY = Text("各星期几的客流（平均 1）", "Traffic by weekday (mean 1)")
_INTERVALS = Text("参数：90% 区间相对于估计值", "Parameters: 90 % interval relative to the estimate")
_ACTUAL, _MODEL = Text("实际", "actual"), Text("模型", "model")
_SEEN = Text("拟合用到这里", "fitted up to here")
_WEEK, _TIMES, _PEOPLE = Text("第几周", "week"), Text("复购次数", "repeat purchases"), Text("人", "customers")
_REPEAT = Text(
    "同样的数据给出同样的结果；方法与实测见 docs/CALIBRATION.md。",
    "The same data give the same result; method and measurements: docs/CALIBRATION.md.",
)


class Drawing(NamedTuple):
    """A chart that can be drawn: key, title, and how; `wide` takes the whole width."""

    key: str
    title: Text
    draw: Callable[[Lang], go.Figure]
    wide: bool = False


def write_calibration(
    folder: Path, found: Calibration, track: Tracking | None, groups: list[ByFrequency], command: str, lang: Lang
) -> Path:
    """Write report.html and fit.json to a folder, each whole or not at all; gives the page."""
    record = record_of(found, track, groups) | {"versions": versions()}
    return calibration_page(found, track, groups, command).write(folder, (PAGE, RECORD), record, lang)


def calibration_page(found: Calibration, track: Tracking | None, groups: list[ByFrequency], command: str) -> StudyPage:
    """The page, in both languages."""
    drawn = drawings(found, track, groups)
    return StudyPage(
        title=TITLE,
        name=found.shop.name,
        good=is_good(track),
        said={lang: sentences(found, track, lang) for lang in LANGS},
        charts=[PageChart(one.key, one.title, {lang: one.draw(lang) for lang in LANGS}, one.wide) for one in drawn],
        tables=tables(found),
        hint=HINT,
        command=command,
        repeat=_REPEAT,
    )


def is_good(track: Tracking | None) -> bool:
    """Whether the second half came as the first foretold."""
    return track is not None and track.cumulative_error is not None and track.cumulative_error <= GOOD_ERROR


def drawings(found: Calibration, track: Tracking | None, groups: Sequence[ByFrequency]) -> list[Drawing]:
    """All charts that these data have."""
    drawn: list[Drawing] = []
    if track and found.fit:
        fit = found.fit
        drawn += [
            Drawing("track", _TRACK, lambda lang: tracking_chart(track, lang), True),
            Drawing("weeks", _WEEKS, lambda lang: weeks_chart(track, lang), True),
            Drawing("frequency", _FREQUENCY, lambda lang: frequency_chart(groups, lang)),
            Drawing("spend", _SPEND, lambda lang: spend_chart(groups, fit.spending.model.mean(), lang)),
        ]
    if found.seasons.week:
        drawn.append(Drawing("weekday", _WEEKDAY, lambda lang: weekday_chart(found, lang)))
    if found.found.intervals:
        drawn.append(Drawing("intervals", _INTERVALS, lambda lang: intervals_chart(found, lang)))
    return drawn


def tracking_chart(track: Tracking, lang: Lang) -> go.Figure:
    """Cumulative repeat purchases, week by week."""
    return _curves(_TRACK, track, track.actual, track.model, lang)


def weeks_chart(track: Tracking, lang: Lang) -> go.Figure:
    """Repeat purchases of each week."""
    actual, model = ([b - a for a, b in zip([0.0, *side], side, strict=False)] for side in (track.actual, track.model))
    return _curves(_WEEKS, track, actual, model, lang)


def _curves(title: Text, track: Tracking, actual: Sequence[float], model: Sequence[float], lang: Lang) -> go.Figure:
    figure = figure_of(title.say(lang))
    for name, values, line in (
        (_ACTUAL, actual, {"color": BASELINE, "width": 3}),
        (_MODEL, model, {"color": COLOURS[0], "dash": "dash"}),
    ):
        figure.add_trace(go.Scatter(x=track.weeks, y=values, mode="lines", name=name.say(lang), line=line))
    figure.add_vline(x=track.fitted, line_dash="dot", line_color=BASELINE, annotation_text=_SEEN.say(lang))
    figure.update_xaxes(title_text=_WEEK.say(lang))
    return figure.update_layout(hovermode="x unified")


def frequency_chart(groups: Sequence[ByFrequency], lang: Lang) -> go.Figure:
    """Customers by repeat purchases: actual and model."""
    figure = figure_of(_FREQUENCY.say(lang))
    labels = _labels(groups)
    figure.add_bar(x=labels, y=[one.customers for one in groups], name=_ACTUAL.say(lang), marker_color=BASELINE)
    figure.add_bar(x=labels, y=[one.expected for one in groups], name=_MODEL.say(lang), marker_color=COLOURS[0])
    figure.update_xaxes(title_text=_TIMES.say(lang), type="category")
    figure.update_yaxes(title_text=_PEOPLE.say(lang))
    return figure.update_layout(barmode="group")


def spend_chart(groups: Sequence[ByFrequency], mean: float, lang: Lang) -> go.Figure:
    """Mean order by repeat purchases; Gamma-Gamma takes both to be independent, so its line is level."""
    figure = figure_of(_SPEND.say(lang))
    known = [(label, one.spend) for label, one in zip(_labels(groups), groups, strict=True) if one.spend is not None]
    labels, spend = [label for label, _ in known], [value for _, value in known]
    figure.add_bar(x=labels, y=spend, name=_ACTUAL.say(lang), marker_color=BASELINE)
    line = {"color": COLOURS[0], "dash": "dash"}
    figure.add_trace(go.Scatter(x=labels, y=[mean] * len(labels), mode="lines", name=_MODEL.say(lang), line=line))
    figure.update_xaxes(title_text=_TIMES.say(lang), type="category")
    return figure.update_yaxes(tickprefix="¥")


def weekday_chart(found: Calibration, lang: Lang) -> go.Figure:
    """Traffic of the week with its intervals."""
    week, low, high = found.seasons.week or (), found.seasons.low, found.seasons.high
    figure = figure_of(_WEEKDAY.say(lang))
    above = [end - middle for middle, end in zip(week, high, strict=True)]
    below = [middle - end for middle, end in zip(week, low, strict=True)]
    errors = {"type": "data", "symmetric": False, "array": above, "arrayminus": below}
    figure.add_bar(x=WEEKDAYS.say(lang).split("|"), y=week, error_y=errors, marker_color=COLOURS[0], showlegend=False)
    figure.add_hline(y=1, line_color=BASELINE, line_dash="dot")
    return figure


def intervals_chart(found: Calibration, lang: Lang) -> go.Figure:
    """How surely each parameter is known, side by side: the ends of its interval ÷ its value."""
    figure = figure_of(_INTERVALS.say(lang))
    known = [
        (name, ends) for name, ends in found.found.intervals.items() if isinstance(found.found.values[name], float)
    ]
    values = [float(found.found.values[name]) for name, _ in known]  # type: ignore[arg-type]
    above = [high / value - 1 for (_, (_, high)), value in zip(known, values, strict=True)]
    below = [1 - low / value for (_, (low, _)), value in zip(known, values, strict=True)]
    errors = {"type": "data", "symmetric": False, "array": above, "arrayminus": below}
    names = [name_of(name, lang) for name, _ in known]
    style = {"color": COLOURS[0], "size": 9}
    figure.add_trace(
        go.Scatter(x=[1.0] * len(known), y=names, error_x=errors, mode="markers", marker=style, showlegend=False)
    )
    figure.update_xaxes(tickformat=".2f")
    figure.update_yaxes(autorange="reversed")
    return figure.update_layout(height=max(300, 90 + 26 * len(known)))


def _labels(groups: Sequence[ByFrequency]) -> list[str]:
    return [*(str(one.repeats) for one in groups[:-1]), f"{groups[-1].repeats}+"]
