"""The chart of winners and losers: which part of promoters earns more under a plan, and which part less."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from sim.experiments.gains import Gains
from sim.experiments.metric_names import Lang, Text
from sim.report.charts import BASELINE, TITLES, colours, figure_of

_FIFTHS = (
    Text("收入最低的五分之一", "lowest fifth"),
    Text("次低", "second"),
    Text("中间", "third"),
    Text("次高", "fourth"),
    Text("收入最高的五分之一", "highest fifth"),
)
_MORE, _LESS = Text("多得", "more"), Text("少得", "less")


def gains_chart(
    gains: Sequence[Gains], names: Mapping[str, str], lang: Lang, *, arms: Sequence[str], baseline: str
) -> go.Figure:
    """Of each fifth of promoters, the part that earns more than under the baseline (up) and less (down)."""
    figure = figure_of(TITLES["gains"].say(lang))
    paint = colours(arms, baseline)
    fifths = [fifth.say(lang) for fifth in _FIFTHS]
    for one in gains:
        for sign, pattern, said in ((1, "", _MORE), (-1, "/", _LESS)):
            counts = [turn.more if sign > 0 else turn.less for turn in one.fifths]
            parts = [count / turn.people if turn.people else 0 for count, turn in zip(counts, one.fifths, strict=True)]
            figure.add_trace(
                go.Bar(
                    x=fifths,
                    y=[sign * part for part in parts],
                    name=f"{html.escape(names[one.arm], quote=False)} · {said.say(lang)}",
                    offsetgroup=one.arm,
                    marker={
                        "color": paint[one.arm],
                        "pattern": {"shape": pattern, "solidity": 0.4},
                        "line": {"color": paint[one.arm], "width": 1},
                    },
                    customdata=parts,
                    hovertemplate="%{customdata:.0%}",
                )
            )
    figure.add_hline(y=0, line_color=BASELINE, line_width=1)
    ticks = [-1, -0.5, 0, 0.5, 1]
    figure.update_yaxes(tickvals=ticks, ticktext=[f"{abs(tick):.0%}" for tick in ticks], range=[-1.02, 1.02])
    return figure.update_layout(barmode="relative", bargap=0.3, hovermode="x unified")
