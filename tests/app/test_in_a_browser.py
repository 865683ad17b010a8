"""The app in a real browser: the ten-minute tour of all pages, in both languages, in light and dark, and on a phone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import tour
from accessibility import serious_findings
from browsing import CHROMIUM, PHONE, ROOT, Visitor, serving

from app.frame import SECTIONS
from app.words import common as words
from app.words import compliance

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium (apt-get install chromium)")
PAGES = [name for pages in SECTIONS.values() for name in pages]
KEPT = Path(os.environ.get("FENXIAO_SCREENSHOTS", ROOT / "results" / "screenshots"))
"""Where pictures of the tour are left."""


def at_peace(visitor: Visitor) -> None:
    assert not visitor.complaints
    assert not visitor.foreign
    assert visitor.page.locator("[data-testid=stException]").count() == 0


@pytest.mark.parametrize(
    ("lang", "dark", "short"),
    [
        pytest.param("zh", False, True, id="Chinese, light, short"),
        pytest.param("zh", False, False, id="Chinese, light", marks=pytest.mark.slow),
        pytest.param("en", True, False, id="English, dark", marks=pytest.mark.slow),
    ],
)
def test_the_tour_of_all_pages(browser, address, lang, dark, short):
    """Every page until there is something to see: no complaint on the console, nothing serious found by axe-core.

    On the short tour, of every day, pages that take their time are looked at as they are at first.
    """
    visitor = Visitor(browser, address, lang, dark=dark)
    serious: list[str] = []
    begun = time.monotonic()
    for name in PAGES:
        visitor.open(name)
        if not short or name not in tour.LONG_STOPS:
            tour.STOPS[name](visitor)
        at_peace(visitor)
        serious += [f"{name}: {one}" for one in serious_findings(visitor)]
        KEPT.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=KEPT / f"{name}-{lang}.png")
    assert not serious
    assert time.monotonic() - begun < 600
    visitor.close()


def test_the_sidebar_leads_everywhere_and_keeps_the_language(browser, address):
    visitor = Visitor(browser, address, "zh")
    page = visitor.open()
    for name in PAGES[1:]:
        page.get_by_role("link", name=words.PAGES[name].zh).click()
        visitor.is_on(name)
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    page.get_by_role("link", name=words.PAGES["compare"].en).click()
    visitor.lang = "en"
    visitor.is_on("compare")
    assert "lang=en" in page.url
    at_peace(visitor)
    visitor.close()


def test_a_phone_has_no_sideways_scrolling(browser, address):
    visitor = Visitor(browser, address, "zh", PHONE)
    wide = []
    for name in PAGES:
        page = visitor.open(name)
        if page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") > PHONE[0]:
            wide.append(name)
        at_peace(visitor)
    assert not wide
    visitor.close()


def test_what_two_visitors_do_stays_apart(browser, address):
    first, second = (Visitor(browser, address, "en") for _ in range(2))
    for visitor in (first, second):
        visitor.open("compliance")
        visitor.page.get_by_text(compliance.LARGEST.en.split("{")[0]).first.wait_for()
    before = second.page.get_by_role("slider").first.input_value()
    tour.STOPS["compliance"](first)
    assert first.page.get_by_role("slider").first.input_value() != before
    second.page.get_by_role("slider").first.press("Tab")
    second.settle()
    assert second.page.get_by_role("slider").first.input_value() == before
    first.close()
    second.close()


def test_the_first_page_is_there_soon(browser):
    """Three seconds from the start of the server are what a free machine needs; tests have neighbours."""
    begun = time.monotonic()
    with serving() as here:
        visitor = Visitor(browser, here, "zh")
        visitor.page.goto(here)
        visitor.page.locator("h1").first.wait_for()
        seconds = time.monotonic() - begun
        visitor.close()
    print(f"first page after {seconds:.1f} s")
    assert seconds < 15
