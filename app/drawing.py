"""A chart on a page: its title as a heading, what it shows in a line, and colours that hold in both themes."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from app.pieces import part
from sim.experiments.metric_names import Lang
from sim.report.charts import CONFIG, for_both_themes


def show_chart(figure: go.Figure, title: str, lang: Lang, key: str, hint: str = "", height: int | None = None) -> None:
    """A chart in a frame of its own."""
    bare = for_both_themes(figure).update_layout(title=None, margin={"t": 40})
    bare.update_layout(legend={"itemclick": "toggle"}, hoverlabel={"bgcolor": None})
    for axis in (bare.layout.xaxis, bare.layout.yaxis):
        if axis.type == "log":
            axis.dtick = 1
    if height:
        bare.update_layout(height=height)
    with st.container(border=True, height="stretch"):
        st.html(part("common.legend", lang=lang, title=title, hint=hint))
        st.plotly_chart(bare, config=CONFIG, theme="streamlit", key=f"{key}-{lang}", alt=title)
