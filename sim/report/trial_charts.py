"""The charts of a trial: what each design says beside the truth, how crossing moves it, and power by days."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from sim.experiments.metric_names import Lang, Text
from sim.report.charts import BASELINE, COLOURS, figure_of
from sim.report.trial import PER
from sim.trials.advice import way_title
from sim.trials.figures import Credit
from sim.trials.settings import DESIGNS
from sim.trials.summary import POWER, Scored

ESTIMATES, POWERS = Text("试验会说什么", "What a trial would say"), Text("检出率随天数", "Power by days")
_TRUTH = Text("真值", "truth")
_SAYS = Text("平均估计与偏差的 95% 区间", "mean estimate, 95 % interval of its bias")
_UNCROSSED = Text("若无跨组影响", "if nothing crossed")
_DAYS = Text("试验天数", "days of the trial")
_DASHES: dict[Credit, str] = {"buyer": "dot", "promoter": "solid", "shop": "solid"}


def estimates_chart(scored: Sequence[Scored], name: str, lang: Lang) -> go.Figure:
    """Every design's mean estimate of one metric, with the interval of its bias, against the truth."""
    figure = figure_of(ESTIMATES.say(lang))
    scores = [one.score(name) for one in scored]
    titles = [way_title(one).say(lang) for one in scored]
    scale = PER / (100 if scores[0].metric.money else 1)
    ends = [((s.bias.high or s.bias.mean) - s.bias.mean) * scale for s in scores]
    clean = [(s.estimate - s.crossing.mean) * scale for s in scores]
    figure.add_trace(
        go.Scatter(
            x=clean, y=titles, mode="markers", name=_UNCROSSED.say(lang),
            marker={"symbol": "circle-open", "size": 9, "color": BASELINE},
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[s.estimate * scale for s in scores], y=titles, mode="markers", name=_SAYS.say(lang),
            error_x={"type": "data", "array": ends}, marker={"size": 9, "color": COLOURS[0]},
        )
    )  # fmt: skip
    figure.add_vline(
        x=scores[0].truth.mean * scale, line_color=COLOURS[1], annotation_text=_TRUTH.say(lang),
        annotation_position="bottom right",
    )  # fmt: skip
    figure.update_xaxes(tickprefix="¥" if scores[0].metric.money else "", zeroline=True)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure.update_layout(height=120 + 34 * len(scored))


def powers_chart(scored: Sequence[Scored], name: str, horizons: Sequence[int], lang: Lang) -> go.Figure:
    """Power by days, design by design."""
    figure = figure_of(POWERS.say(lang))
    for one in scored:
        paint = COLOURS[DESIGNS.index(one.design)]
        figure.add_trace(
            go.Scatter(
                x=list(horizons), y=list(one.score(name).powers), mode="lines+markers", name=way_title(one).say(lang),
                line={"color": paint, "dash": _DASHES[one.credit]},
            )
        )  # fmt: skip
    figure.add_hline(y=POWER, line_color=BASELINE, line_dash="dash")
    figure.update_yaxes(tickformat=".0%", range=[-0.03, 1.03])
    figure.update_xaxes(title_text=_DAYS.say(lang), tickvals=list(horizons))
    return figure.update_layout(height=460)
