"""The frame around every page: title, style, language, navigation."""

from __future__ import annotations

import base64
from pathlib import Path

import streamlit as st

from app import compare, words
from app.language import choose_language
from app.parts import part

_HERE = Path(__file__).parent


def show() -> None:
    """Show the page that was asked for."""
    st.set_page_config(page_title="fenxiao", page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.html(_HERE / "style.css")
    with st.sidebar:
        st.html(part("brand", icon=base64.b64encode((_HERE / "icon.svg").read_bytes()).decode()))
        lang = choose_language()
        st.html(part("about", lang=lang, text=words.ABOUT.say(lang)))
    title = f"{words.COMPARE.say(lang)} · fenxiao"
    page = st.Page(lambda: compare.show(lang), title=title, url_path="compare", default=True)
    st.navigation([page], position="hidden").run()
