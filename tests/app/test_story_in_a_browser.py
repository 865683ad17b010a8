"""The story as a visitor plays it, in a real browser."""

from __future__ import annotations

import time

import pytest
from chromium import CHROMIUM, Tab
from test_in_a_browser import address, foreign, tab

from app.words import story as words

__all__ = ["address", "tab"]
pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"), pytest.mark.slow]

ROOT = "[...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map(e => e.shadowRoot)[0]"


def ask(tab: Tab, script: str):
    """What a piece of JavaScript says of the stage, `root`."""
    return tab.ask(
        f"(() => {{ const root = {ROOT}; return root && root.querySelector('.stage') ? {script} : null }})()"
    )


def day(tab: Tab) -> int:
    """The day that the stage shows; 0 = none."""
    return int("".join(c for c in ask(tab, "root.querySelector('.day span').textContent") or "" if c.isdigit()) or 0)


def opened(tab: Tab, address: str, lang: str = "en", width: int = 1440) -> None:
    tab.size(width, 900)
    tab.open(f"{address}/?lang={lang}")
    tab.wait(lambda: bool(ask(tab, "!root.querySelector('.begin').hidden")))
    time.sleep(5)  # until jobs can begin at once
    ask(tab, "root.querySelector('.begin').click()")
    tab.wait(lambda: day(tab) > 0)


def test_a_story_plays_pauses_and_jumps(tab, address):
    opened(tab, address)
    tab.wait(lambda: day(tab) >= 5)
    ask(tab, "root.querySelector('.toggle').click()")
    time.sleep(0.5)
    stood = day(tab)
    time.sleep(1)
    assert day(tab) == stood
    key = "root.querySelector('canvas').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))"
    ask(tab, key)
    tab.wait(lambda: day(tab) == stood + 1)
    slider = "(s => { s.value = 120; s.dispatchEvent(new Event('input')); return true })(root.querySelector('input'))"
    tab.wait(lambda: ask(tab, "Number(root.querySelector('input').max)") == 120)
    ask(tab, slider)
    tab.wait(lambda: day(tab) == 120)
    assert "409 members" in ask(tab, "root.querySelector('canvas').getAttribute('aria-label')")
    assert words.WHAT_HAPPENED.en in tab.text()
    assert not foreign(tab, address)
    assert not tab.complaints


def test_the_picture_fits_a_phone(tab, address):
    opened(tab, address, "zh", 390)
    assert tab.ask("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert ask(tab, "root.querySelector('.stage').scrollWidth") <= 390
    assert not tab.complaints


def test_a_language_switch_does_not_begin_the_story_again(tab, address):
    opened(tab, address)
    tab.wait(lambda: day(tab) >= 8)
    tab.click("中文")
    tab.wait(lambda: words.STAGE["gmv"].zh in (ask(tab, "root.querySelector('.tiles').textContent") or ""))
    assert day(tab) >= 8
