"""compliance."""

from __future__ import annotations

import streamlit as st

from app.pieces import part
from app.words import common as words
from sim.experiments.metric_names import Lang


def show(lang: Lang) -> None:
    """The page."""
    st.html(part("common.heading", lang=lang, title=words.PAGES["compliance"].say(lang), lead=""))
