"""The app in a real browser: a server of its own, a Chromium that is installed, and what it complains of."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.frame import FIRST
from app.words import common as words
from sim.experiments.metric_names import Lang

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDE, PHONE = (1440, 900), (390, 844)
_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""Where Streamlit's front end looks for its server first, if a page other than the first is opened by its address."""


@contextmanager
def serving(*program: str) -> Iterator[str]:
    """The address of an app that runs as long as this: ours, or what `python -m PROGRAM…` serves."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = f"http://localhost:{port}"
    command = [sys.executable, "-m", *(program or ["app.serving"]), "--server.headless=true"]
    server = subprocess.Popen([*command, f"--server.port={port}", "--server.address=localhost"], cwd=ROOT)
    try:
        _wait_for(here)
        yield here
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(here: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{here}/_stcore/health").close()
            return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.05)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, closed at the end."""
    assert CHROMIUM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser window of her own.

    Attributes:
        page: the window. complaints: errors on its console. foreign: addresses elsewhere that it asked.
    """

    def __init__(self, browser: Browser, address: str, lang: Lang, size: tuple[int, int] = WIDE, dark: bool = False):
        width, height = size
        self.address, self.lang = address, lang
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=size == PHONE,
            locale="zh-CN" if lang == "zh" else "en-GB",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", lambda got: self._answered(got.url, got.status))
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("request", lambda asked: self._asked(asked.url))
        self.page.on("websocket", lambda asked: self._asked(asked.url))

    def _answered(self, url: str, status: int) -> None:
        if status >= 400 and not _PROBE.search(url):
            self.complaints.append(f"{status} {url}")

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # these are noted where they are answered
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        ours = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:")
        if not url.startswith(ours):
            self.foreign.append(url)

    def open(self, name: str = "") -> Page:
        """A page of the app, when its heading is there and nothing runs any more."""
        path = "" if name == FIRST else name  # the page that is shown where none is asked for has no address of its own
        self.page.goto(f"{self.address}/{path}?lang={self.lang}")
        self.is_on(name or FIRST)
        return self.page

    def is_on(self, name: str) -> None:
        """Wait until a page is there, whole."""
        self.page.wait_for_function("title => document.title.startsWith(title)", arg=words.PAGES[name].say(self.lang))
        self.page.locator("h1").first.wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until the server has nothing more to say, and what it said is drawn."""
        busy = "[data-testid=stStatusWidget], [data-testid=stSkeleton]"
        self.page.wait_for_function("busy => !document.querySelector(busy)", arg=busy)
        self.page.wait_for_timeout(300)

    def close(self) -> None:
        """Go."""
        self.context.close()
