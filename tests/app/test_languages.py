from __future__ import annotations

import re

import pytest
from conftest import page

from app import words
from sim.experiments.metric_names import Text

CHINESE = re.compile(r"[一-鿿]")


def texts() -> list[tuple[str, Text]]:
    found = []
    for name, value in vars(words).items():
        if name.isupper():
            parts = value.values() if isinstance(value, dict) else [value]
            for part in parts:
                flat = [text for row in part for text in row] if isinstance(part, tuple) else [part]
                found += [(name, text) for text in flat]
    return found


@pytest.mark.parametrize(("name", "text"), texts())
def test_every_text_is_there_in_both_languages(name, text):
    assert CHINESE.search(text.zh), name
    assert text.en, name
    assert not CHINESE.search(text.en), name
    assert re.findall(r"{\w+", text.zh) == re.findall(r"{\w+", text.en)


@pytest.mark.parametrize(
    ("asked", "locale", "expected"),
    [
        (None, None, "zh"),
        (None, "zh-CN", "zh"),
        (None, "en-GB", "en"),
        (None, "de-DE", "en"),
        ("en", "zh-CN", "en"),
        ("zh", "en-US", "zh"),
        ("fr", "zh-CN", "zh"),
    ],
)
def test_the_address_decides_and_else_the_browser(visit, asked, locale, expected):
    app = visit(asked, locale)
    assert words.TITLE.say(expected) in page(app)
    assert app.query_params["lang"] in (expected, [expected])


def test_the_switch_is_kept_in_session_and_address(visit):
    app = visit("zh")
    app.sidebar.segmented_control[0].set_value("en").run()
    assert words.TITLE.en in page(app)
    assert app.query_params["lang"] in ("en", ["en"])
    app.run()
    assert words.TITLE.en in page(app)


def test_clicking_the_chosen_language_again_changes_nothing(visit):
    app = visit("en")
    app.sidebar.segmented_control[0].set_value(None).run()
    assert not app.exception
    assert words.TITLE.en in page(app)
    app.run()
    assert words.TITLE.en in page(app)
