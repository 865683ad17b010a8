"""A chart on a page: its title as a heading, what it shows in a line, and colours that hold in both themes."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from app.pieces import part
from sim.experiments.metric_names import Lang
from sim.report.charts import CONFIG, for_both_themes


def show_chart(
    figure: go.Figure,
    title: str,
    lang: Lang,
    key: str,
    hint: str = "",
    height: int | None = None,
    on_select: Callable[[], None] | None = None,
) -> None:
    """A chart in a frame of its own.

    Args:
        on_select: called when a point is clicked; `chosen_point` then says which.
    """
    bare = for_both_themes(figure).update_layout(title=None, margin={"t": 40})
    bare.update_layout(legend={"itemclick": "toggle"}, hoverlabel={"bgcolor": None})
    for axis in (bare.layout.xaxis, bare.layout.yaxis):
        if axis.type == "log":
            axis.dtick = 1
    if height:
        bare.update_layout(height=height)
    with st.container(border=True, height="stretch"):
        st.html(part("common.legend", lang=lang, title=title, hint=hint))
        st.plotly_chart(
            bare,
            config=CONFIG,
            theme="streamlit",
            key=f"{key}-{lang}",
            alt=title,
            on_select=on_select or "ignore",
            selection_mode="points",
        )


def chosen_point(key: str, lang: Lang) -> object:
    """The `customdata` of the point of a chart that was clicked; None if none was."""
    points = (st.session_state.get(f"{key}-{lang}") or {}).get("selection", {}).get("points", [])
    given = points[-1].get("customdata") if points else None
    return given[0] if isinstance(given, list) else given
