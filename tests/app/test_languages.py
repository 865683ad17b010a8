from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from visiting import page

from app import words
from app.words import common
from sim.experiments.metric_names import Text

CHINESE = re.compile(r"[一-鿿]")


def texts() -> list[tuple[str, Text]]:
    """Every text in capitals of every module of words, with the name that it is found under."""
    found = []
    for module in pkgutil.iter_modules(words.__path__):
        for name, value in vars(importlib.import_module(f"app.words.{module.name}")).items():
            if name.isupper():
                found += [(f"{module.name}.{name}", text) for text in inside(value)]
    return found


def inside(value: object) -> Iterator[Text]:
    """The texts in a value: itself, or what its dicts and tuples hold."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (*inside(key), *inside(one))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from inside(one)


def test_texts_are_found_wherever_they_stand():
    one, other = Text("一", "one"), Text("二", "two")
    assert list(inside({"a": (one, {other: 3})})) == [one, other]
    assert {"common.BRAND", "common.PAGES", "compare.STEPS"} <= {name for name, _ in texts()}


@pytest.mark.parametrize(("name", "text"), texts())
def test_every_text_is_there_in_both_languages(name, text):
    assert text.zh, name
    assert text.en, name
    assert CHINESE.search(text.zh) or text.zh == text.en, name
    assert not CHINESE.search(text.en), name
    assert sorted(re.findall(r"{\w*[^}]*}", text.zh)) == sorted(re.findall(r"{\w*[^}]*}", text.en)), name


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
    assert common.ABOUT.say(expected) in page(app)
    assert app.query_params["lang"] in (expected, [expected])


def test_the_switch_is_kept_in_session_and_address(visit):
    app = visit("zh")
    app.sidebar.segmented_control[0].set_value("en").run()
    assert common.ABOUT.en in page(app)
    assert app.query_params["lang"] in ("en", ["en"])
    app.run()
    assert common.ABOUT.en in page(app)


def test_clicking_the_chosen_language_again_changes_nothing(visit):
    app = visit("en")
    app.sidebar.segmented_control[0].set_value(None).run()
    assert not app.exception
    assert common.ABOUT.en in page(app)
    app.run()
    assert common.ABOUT.en in page(app)
