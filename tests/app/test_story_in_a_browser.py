"""The story as a visitor plays it, in a real browser."""

from __future__ import annotations

import time

import pytest
from browsing import CHROMIUM, PHONE, WIDE, Visitor
from playwright.sync_api import Browser

from app.words import story as words

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium (apt-get install chromium)"),
    pytest.mark.slow,
]


def day(visitor: Visitor) -> int:
    """The day that the stage shows; 0 = none."""
    said = visitor.page.locator(".stage .day span").inner_text()
    return int("".join(sign for sign in said if sign.isdigit()) or 0)


def reach(visitor: Visitor, wanted: int, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while day(visitor) < wanted:
        assert time.monotonic() < until, f"still on day {day(visitor)}"
        visitor.page.wait_for_timeout(50)


def playing(browser: Browser, address: str, lang: str = "en", size: tuple[int, int] = WIDE) -> Visitor:
    visitor = Visitor(browser, address, lang, size)
    visitor.open("story").locator(".begin").click()
    reach(visitor, 1)
    return visitor


def test_a_story_plays_pauses_and_jumps(browser, address):
    visitor = playing(browser, address)
    page = visitor.page
    reach(visitor, 5)
    page.locator(".toggle").click()
    page.wait_for_timeout(500)
    stood = day(visitor)
    page.wait_for_timeout(700)
    assert day(visitor) == stood
    page.locator(".view canvas").press("ArrowRight")
    page.wait_for_timeout(300)
    assert day(visitor) == stood + 1
    page.locator(".stage input[type=range]").fill("120")
    reach(visitor, 120)
    page.wait_for_timeout(300)
    assert ": 409 members" in (page.locator(".view canvas").get_attribute("aria-label") or "")
    assert page.get_by_role("heading", name=words.WHAT_HAPPENED.en).is_visible()
    assert not visitor.foreign + visitor.complaints
    visitor.close()


def test_the_picture_fits_a_phone(browser, address):
    visitor = playing(browser, address, "zh", PHONE)
    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE[0]
    assert visitor.page.locator(".stage").evaluate("one => one.scrollWidth") <= PHONE[0]
    assert not visitor.complaints
    visitor.close()


def test_a_language_switch_does_not_begin_the_story_again(browser, address):
    visitor = playing(browser, address)
    reach(visitor, 8)
    page = visitor.page
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).first.click()
    page.locator(".tiles", has_text=words.STAGE["gmv"].zh).wait_for()
    assert day(visitor) >= 8
    visitor.close()


def test_who_wants_no_motion_sees_whole_days(browser, address):
    visitor = Visitor(browser, address, "en")
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.open("story").locator(".begin").click()
    reach(visitor, 3)
    visitor.page.locator(".toggle").click()
    assert not visitor.complaints
    visitor.close()
