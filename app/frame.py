"""The frame around every page: title, style, language, navigation."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from pathlib import Path

import streamlit as st

from app.language import choose_language
from app.pieces import part
from app.words import common as words
from sim.experiments.metric_names import Lang, Text
from sim.processes import get_ready

_HERE = Path(__file__).parent
SECTIONS: dict[Text, dict[str, str]] = {
    words.TRY: {"story": "play_circle", "compare": "balance", "search": "travel_explore"},
    words.CHECK: {"compliance": "gavel", "redteam": "bug_report", "explain": "receipt_long"},
    words.OWN_DATA: {"data": "upload_file", "history": "history", "calibrate": "tune", "forecast": "timeline"},
    words.OPERATE: {"trial": "science", "settlement": "speed"},
}
"""Pages by section, each with its icon: `app/pages/NAME.py` shows it, `app/words/NAME.py` is what it says."""
FIRST = "story"


def show() -> None:
    """Show the page that was asked for."""
    st.set_page_config(page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.html(f"<style>{_style()}</style>")
    with st.sidebar:
        st.html(part("common.brand", icon=base64.b64encode((_HERE / "icon.svg").read_bytes()).decode()))
        lang = choose_language()
    pages = {
        section.say(lang): [_page(name, icon, lang) for name, icon in names.items()]
        for section, names in SECTIONS.items()
    }
    asked = st.navigation(pages)
    with st.sidebar:
        st.html(part("common.about", lang=lang, text=words.ABOUT.say(lang)))
    asked.run()
    get_ready()  # after the first page is there


@cache
def _style() -> str:
    """The style sheets of all pages: `common` before the others, by name."""
    files = sorted((_HERE / "style").glob("*.css"), key=lambda file: (file.stem != "common", file.stem))
    return "".join(file.read_text("utf-8") for file in files)


def _page(name: str, icon: str, lang: Lang) -> st.Page:
    return st.Page(
        partial(_shown, name, lang),
        title=words.PAGES[name].say(lang),
        icon=f":material/{icon}:",
        url_path=name,
        default=name == FIRST,
    )


def _shown(name: str, lang: Lang) -> None:
    """A page is imported when it is first asked for, so that the first one is there at once."""
    show_page: Callable[[Lang], None] = import_module(f"app.pages.{name}").show
    show_page(lang)
