"""The ten-minute tour: what a visitor does on each page until there is something to see."""

from __future__ import annotations

from collections.abc import Callable

from browsing import ROOT, Visitor

from app.words import (
    calibrate,
    common,
    compare,
    compliance,
    data,
    explain,
    forecast,
    history,
    redteam,
    search,
    settlement,
    story,
    trial,
)

LONG_STOPS = {"search", "redteam", "forecast", "trial", "settlement"}
"""Pages on which it takes a while until there is something to see."""
LONG = 90_000
"""Milliseconds that the longest stop may take on a busy machine."""


def _press(visitor: Visitor, label: str) -> None:
    visitor.page.get_by_role("button", name=label, exact=True).first.click()


def _see(visitor: Visitor, text: str) -> None:
    visitor.page.get_by_text(text).first.wait_for(timeout=LONG)
    visitor.settle()


def _slide(visitor: Visitor, label: str, key: str, times: int = 1) -> None:
    """Move the slider of that label by so many keys."""
    slider = visitor.page.get_by_role("slider", name=label)
    slider.focus()
    for _ in range(times):
        slider.press(key)
    visitor.settle()


def _story(visitor: Visitor) -> None:
    """A market lives; then its last days at once."""
    _press(visitor, story.PLAY.say(visitor.lang))
    _see(visitor, story.WHAT_HAPPENED.say(visitor.lang))
    visitor.page.locator("input[type=range]").fill("118")
    visitor.page.wait_for_timeout(3_000)


def _compare(visitor: Visitor) -> None:
    lang = visitor.lang
    _slide(visitor, compare.REPLICATIONS.say(lang), "Home")
    _press(visitor, compare.RUN.say(lang))
    _see(visitor, compare.METRICS.say(lang))


def _search(visitor: Visitor) -> None:
    """Eight plans in a small market; the best of them is checked on new luck."""
    lang = visitor.lang
    _slide(visitor, search.TRIES.say(lang), "Home")
    visitor.page.locator(".st-key-search-size button").first.click()
    _slide(visitor, common.PEOPLE.say(lang), "Home")
    visitor.page.keyboard.press("Escape")
    _press(visitor, search.RUN.say(lang))
    visitor.page.locator(".fx-fresh").wait_for(timeout=LONG)
    visitor.settle()


def _trial(visitor: Visitor) -> None:
    lang = visitor.lang
    _slide(visitor, common.PEOPLE.say(lang), "ArrowLeft", times=2)
    _slide(visitor, trial.REPLICATIONS.say(lang), "ArrowLeft", times=2)
    _press(visitor, trial.RUN.say(lang))
    _see(visitor, trial.TABLE.say(lang).split("{")[0])


def _compliance(visitor: Visitor) -> None:
    """The rate is dragged until the rule breaks."""
    lang = visitor.lang
    _see(visitor, compliance.HEADROOM.say(lang))
    _slide(visitor, compliance.RATE.say(lang), "End")
    visitor.page.wait_for_timeout(500)


def _redteam(visitor: Visitor) -> None:
    lang = visitor.lang
    _slide(visitor, redteam.BUDGET.say(lang), "Home")
    _press(visitor, redteam.RUN.say(lang))
    _see(visitor, redteam.TRIED.say(lang))


def _explain(visitor: Visitor) -> None:
    _see(visitor, explain.SUMS.say(visitor.lang))


def _data(visitor: Visitor) -> None:
    """Two tables are uploaded, understood, and imported with what is wrong in them set aside."""
    lang = visitor.lang
    visitor.page.get_by_text(data.UPLOAD.say(lang)).first.click()
    given = sorted((ROOT / "scenarios" / "exports" / "handmade").iterdir())
    visitor.page.locator("input[type=file]").set_input_files(given)
    _see(visitor, given[0].name)
    _press(visitor, data.LOOK.say(lang))
    _see(visitor, data.GUESSED.say(lang))
    _press(visitor, data.CONFIRM.say(lang))
    _see(visitor, data.ASIDE_HINT.say(lang))


def _history(visitor: Visitor) -> None:
    _press(visitor, history.RUN.say(visitor.lang))
    _see(visitor, history.WINNERS_LOSERS.say(visitor.lang))


def _forecast(visitor: Visitor) -> None:
    """Few futures of few weeks."""
    lang = visitor.lang
    _slide(visitor, forecast.WEEKS.say(lang), "ArrowLeft", times=2)
    _slide(visitor, forecast.FUTURES.say(lang), "Home")
    _press(visitor, forecast.RUN.say(lang))
    _see(visitor, forecast.FANS.say(lang))


def _calibrate(visitor: Visitor) -> None:
    """The public sample; what is found, and what is not."""
    _press(visitor, calibrate.RUN.say(visitor.lang))
    _see(visitor, calibrate.GOODS.say(visitor.lang))


def _settlement(visitor: Visitor) -> None:
    _press(visitor, settlement.RUN.say(visitor.lang))
    _see(visitor, settlement.CHARTS_TITLE.say(visitor.lang))


STOPS: dict[str, Callable[[Visitor], None]] = {
    "story": _story,
    "compare": _compare,
    "search": _search,
    "compliance": _compliance,
    "redteam": _redteam,
    "explain": _explain,
    "data": _data,
    "history": _history,
    "calibrate": _calibrate,
    "forecast": _forecast,
    "trial": _trial,
    "settlement": _settlement,
}
