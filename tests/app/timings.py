"""How soon the app answers, in a real browser: `PYTHONPATH=.:tests/app python tests/app/timings.py`.

Medians of five, in seconds: from the start of the server until the first page is there; from pressing play until the
first day stands on the stage (jobs warm); from a move of the headroom slider until the new answer is there.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from browsing import CHROMIUM, Visitor, chromium, serving
from playwright.sync_api import Browser

from app.words import compliance

ROUNDS = 5
_DAY = """() => {
    const stage = document.querySelector('[data-testid=stBidiComponentIsolated]')?.shadowRoot;
    const said = stage?.querySelector('.day span');
    return said && /[1-9]/.test(said.textContent);
}"""


def first_page(browser: Browser) -> float:
    """Seconds from nothing to the first page."""
    begun = time.monotonic()
    with serving() as here:
        visitor = Visitor(browser, here, "zh")
        visitor.page.goto(here)
        visitor.page.locator("h1").first.wait_for()
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
    """The three figures."""
    if CHROMIUM is None:
        print("there is no Chromium (apt-get install chromium)", file=sys.stderr)
        return 2
    with chromium() as browser:
        pages = [first_page(browser) for _ in range(ROUNDS)]
        with serving() as here:
            days = [first_day(browser, here) for _ in range(ROUNDS)]
            moves = slider(browser, here)
    for name, taken in (("first page", pages), ("first day of a story", days), ("headroom slider", moves)):
        print(f"{name}: {median(taken):.2f} s ({', '.join(f'{one:.2f}' for one in sorted(taken))})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
