"""The page of capacity and load: what a promo day does to the settlement path, modelled and tried on a database."""

from __future__ import annotations

import streamlit as st

from app.pages import settlement_capacity, settlement_load
from app.pieces import part
from app.words import settlement as words
from sim.experiments.metric_names import Lang


def show(lang: Lang) -> None:
    """The page: two ways to ask, each with its own settings and results."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    ways = {"capacity": words.CAPACITY.say(lang), "load": words.LOAD.say(lang)}
    picked = st.segmented_control(
        words.TITLE.say(lang),
        list(ways),
        format_func=ways.__getitem__,
        default="capacity",
        label_visibility="collapsed",
        key="settlement.way",
        persist_state="session",
    )
    (settlement_load if picked == "load" else settlement_capacity).show(lang)
