"""What tests do with a page that a visitor opened, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
ONE_A_DAY = ["zh", pytest.param("en", marks=pytest.mark.slow)]
"""Languages of a test whose page takes a while: every day in Chinese, in English with `make test-slow`. What a page
says at first sight is looked at in both every day, and so is that no word is missing in either."""


def page(app: AppTest) -> str:
    """All HTML of a page."""
    return "\n".join(element.body for element in [*app.main.get("html"), *app.sidebar.get("html")])


def press(app: AppTest, key: str = "run") -> AppTest:
    """Press a button."""
    return app.button(key=key).click().run()
