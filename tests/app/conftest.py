"""The app as a visitor meets it, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Opens the app in a session of its own."""

    def visit(asked: str | None = None, locale: str | None = None) -> AppTest:
        app = AppTest.from_file(ROOT / "app_streamlit.py", default_timeout=240)
        if asked:
            app.query_params["lang"] = asked
        app.context["locale"] = locale
        return app.run()

    return visit


def page(app: AppTest) -> str:
    """All HTML of a page."""
    return "\n".join(element.body for element in [*app.main.get("html"), *app.sidebar.get("html")])


def smallest(app: AppTest) -> AppTest:
    """The settings with which a comparison takes a second."""
    app.select_slider[0].set_value(1_000)
    days, replications = app.slider
    days.set_value(30)
    replications.set_value(2)
    return app


def press(app: AppTest, key: str = "run") -> AppTest:
    """Press a button."""
    return app.button(key=key).click().run()
