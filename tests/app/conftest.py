"""The app as a visitor meets it, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browsing import chromium, serving
from playwright.sync_api import Browser
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


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where an app can be visited with a browser."""
    with serving() as here:
        yield here


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for as many visitors as want one."""
    with chromium() as opened:
        yield opened
