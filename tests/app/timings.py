"""How soon the app answers, in a real browser: `PYTHONPATH=.:tests/app python tests/app/timings.py`.

Medians of five, in seconds: from the start of the server until the first page is there, with the button that begins a
story, in a browser that keeps nothing; the same for an empty page of Streamlit, in turns, which is the limit; from
pressing play until the first day stands on the stage (jobs warm); from a move of the headroom slider until the new
answer is there.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from browsing import CHROMIUM, Visitor, chromium, serving
from playwright.sync_api import Browser

from app.words import compliance

ROUNDS = 5
_DAY = """() => {
    const stage = document.querySelector('[data-testid=stBidiComponentIsolated]')?.shadowRoot;
    const said = stage?.querySelector('.day span');
    return said && /[1-9]/.test(said.textContent);
}"""


def first_page(browser: Browser, awaited: str, *program: str) -> float:
    """Seconds from nothing to the first page of an app, where something is awaited."""
    begun = time.monotonic()
    with serving(*program) as here:
        visitor = Visitor(browser, here, "zh")
        visitor.page.goto(here)
        visitor.page.locator(awaited).first.wait_for()
        seconds = time.monotonic() - begun
        visitor.close()
    return seconds


def first_day(browser: Browser, here: str) -> float:
    """Seconds from pressing play to a day on the stage."""
    visitor = Visitor(browser, here, "en")
    page = visitor.open()
    page.wait_for_timeout(6_000)  # the process that jobs are forked from gets ready after the first page
    begun = time.monotonic()
    page.locator(".stage .begin").click()
    page.wait_for_function(_DAY, polling=20)
    seconds = time.monotonic() - begun
    visitor.close()
    return seconds


def slider(browser: Browser, here: str) -> list[float]:
    """Seconds from each key on the slider until the page says what that rate does."""
    visitor = Visitor(browser, here, "en")
    page = visitor.open("compliance")
    page.get_by_text(compliance.HEADROOM.en).first.wait_for()
    thumb = page.get_by_role("slider", name=compliance.RATE.en)
    thumb.focus()
    taken = []
    for _ in range(ROUNDS + 1):
        before = page.locator("[data-testid=stMain]").inner_text()
        begun = time.monotonic()
        thumb.press("ArrowRight")
        page.wait_for_function(
            "before => document.querySelector('[data-testid=stMain]').innerText !== before", arg=before, polling=10
        )
        page.wait_for_function("!document.querySelector('[data-stale=true]')", polling=10)
        taken.append(time.monotonic() - begun)
        page.wait_for_timeout(700)
    visitor.close()
    return taken[1:]


def main() -> int:
    """All figures."""
    if CHROMIUM is None:
        print("there is no Chromium (apt-get install chromium)", file=sys.stderr)
        return 2
    with chromium() as browser, TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.title('empty')\n")
        pages, empties = list[float](), list[float]()
        for _ in range(ROUNDS):
            pages.append(first_page(browser, ".stage .begin"))
            empties.append(first_page(browser, "h1", "streamlit", "run", str(empty)))
        with serving() as here:
            days = [first_day(browser, here) for _ in range(ROUNDS)]
            moves = slider(browser, here)
    figures = {
        "first page": pages,
        "an empty page of Streamlit": empties,
        "first day of a story": days,
        "headroom slider": moves,
    }
    for name, taken in figures.items():
        print(f"{name}: {median(taken):.2f} s ({', '.join(f'{one:.2f}' for one in sorted(taken))})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
