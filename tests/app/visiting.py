"""What tests do with a page that a visitor opened, without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


def page(app: AppTest) -> str:
    """All HTML of a page."""
    return "\n".join(element.body for element in [*app.main.get("html"), *app.sidebar.get("html")])


def press(app: AppTest, key: str = "run") -> AppTest:
    """Press a button."""
    return app.button(key=key).click().run()
