"""The story as a visitor plays it, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from browsing import CHROMIUM, Visitor, chromium, serving
from playwright.sync_api import Browser

from app.words import story as words

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"), pytest.mark.slow]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as here:
        yield here


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def day(visitor: Visitor) -> int:
    """The day that the stage shows; 0 = none."""
    said = visitor.page.locator(".stage .day span").first.text_content() or ""
    return int("".join(one for one in said if one.isdigit()) or 0)


def until(ready: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.1)


def begun(browser: Browser, address: str) -> Visitor:
    """Somebody who has pressed play, and sees a first day."""
    visitor = Visitor(browser, address, "en")
    visitor.open()
    visitor.page.wait_for_timeout(5_000)  # until jobs can begin at once
    visitor.page.locator(".stage .begin").click()
    until(lambda: day(visitor) > 0)
    return visitor


def test_a_story_plays_pauses_and_jumps(browser, address):
    visitor = begun(browser, address)
    page = visitor.page
    until(lambda: day(visitor) >= 5)
    page.locator(".stage .toggle").click()
    page.wait_for_timeout(500)
    stood = day(visitor)
    page.wait_for_timeout(1_000)
    assert day(visitor) == stood
    page.locator(".stage canvas").first.focus()
    page.keyboard.press("ArrowRight")
    until(lambda: day(visitor) == stood + 1)
    slider = page.locator(".stage input[type=range]")
    until(lambda: slider.get_attribute("max") == "120")
    slider.fill("120")
    until(lambda: day(visitor) == 120)
    assert "409 members" in (page.locator(".stage canvas").first.get_attribute("aria-label") or "")
    page.get_by_text(words.WHAT_HAPPENED.en).wait_for()
    assert not visitor.foreign
    assert not visitor.complaints
    visitor.close()


def test_a_language_switch_does_not_begin_the_story_again(browser, address):
    visitor = begun(browser, address)
    until(lambda: day(visitor) >= 8)
    visitor.page.get_by_text("中文", exact=True).click()
    until(lambda: words.STAGE["gmv"].zh in (visitor.page.locator(".stage .tiles").text_content() or ""))
    assert day(visitor) >= 8
    visitor.close()
