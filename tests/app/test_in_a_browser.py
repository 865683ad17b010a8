"""The app in a real browser: it shows, in both languages and on a phone, and it talks to nobody else."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest
from chromium import CHROMIUM, Tab, browser
from conftest import ROOT

from app import words

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app_streamlit.py"), "--server.headless=true"]
    server = subprocess.Popen([*command, f"--server.port={port}", "--server.address=localhost"], cwd=ROOT)
    try:
        wait_for_server(here)
        yield here
    finally:
        server.terminate()
        server.wait(20)


def wait_for_server(here: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{here}/_stcore/health").close()
            return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.2)


@pytest.fixture
def tab(tmp_path) -> Iterator[Tab]:
    with browser(tmp_path) as opened:
        yield opened


def foreign(tab: Tab, address: str) -> list[str]:
    ours = (address, address.replace("http", "ws", 1), "data:", "blob:")
    return [request for request in tab.requests if not request.startswith(ours)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_app_opens_and_asks_nobody_else(tab, address, lang):
    tab.size(1440, 900)
    tab.open(f"{address}/?lang={lang}")
    tab.wait_for(words.RUN.say(lang))
    tab.wait_for(words.STEPS[2][1].say(lang))
    assert words.TITLE.say(lang) in tab.text()
    assert not foreign(tab, address)
    assert not tab.complaints


def test_a_phone_has_no_sideways_scrolling(tab, address):
    tab.size(390, 844)
    tab.open(f"{address}/?lang=zh")
    tab.wait_for(words.RUN.zh)
    assert tab.ask("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_comparison_from_click_to_charts(tab, address, lang):
    tab.size(1440, 900)
    tab.open(f"{address}/?lang={lang}")
    tab.click(words.RUN.say(lang))
    tab.wait_for(words.METRICS.say(lang), 300)
    tab.wait(lambda: tab.ask("document.querySelectorAll('.js-plotly-plot').length") == 7)
    assert not foreign(tab, address)
    assert not tab.complaints


@pytest.mark.slow
def test_stopping_leaves_the_page_as_it_was(tab, address):
    tab.size(1440, 900)
    tab.open(f"{address}/?lang=en")
    tab.click(words.RUN.en)
    tab.wait_for("of 16 runs done", 120)
    tab.click(words.STOP.en)
    tab.wait(lambda: words.EMPTY.en.upper() in tab.text().upper(), 20)
    assert words.METRICS.en not in tab.text()
    assert not tab.complaints
