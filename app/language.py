"""Which language a visitor reads: asked for in the address, else the browser's; kept for the session."""

from __future__ import annotations

import streamlit as st

from sim.experiments.metric_names import Lang

LANGS: dict[Lang, str] = {"zh": "中文", "en": "English"}
_KEY = "lang"


def choose_language() -> Lang:
    """The switch; what it says is kept in the address, so that a link opens in the same language."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _asked_for()
    before: Lang = st.session_state.get("_lang", st.session_state[_KEY])
    given = st.segmented_control(
        "语言 · Language", list(LANGS), format_func=lambda lang: LANGS[lang], key=_KEY, width="stretch"
    )
    lang = given or before  # clicking the chosen language takes the choice away
    st.session_state["_lang"] = lang
    st.query_params[_KEY] = lang
    return lang


def _asked_for() -> Lang:
    asked = st.query_params.get(_KEY)
    if asked in LANGS:
        return asked
    return "zh" if (st.context.locale or "zh").lower().startswith("zh") else "en"
