"""The app as a visitor meets it, without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from visiting import ROOT


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
