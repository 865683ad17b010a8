"""Editing a plan in a real browser, while who gains is worked out beside it."""

from __future__ import annotations

import pytest
from accessibility import serious_findings
from browsing import CHROMIUM, PHONE, WIDE, Visitor

from app.words import compare as words

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium (apt-get install chromium)")
_REMARK = "# typed with a pause\n# now and then\n"
_AT_REST = "() => document.querySelector('.fx-situations[aria-busy=false]')?.innerText.includes('20.00')"


@pytest.mark.parametrize(
    ("lang", "size", "dark"),
    [
        pytest.param("zh", WIDE, False, id="Chinese, wide"),
        pytest.param("en", PHONE, True, id="English, phone, dark", marks=pytest.mark.slow),
    ],
)
def test_what_is_typed_stays_while_who_gains_is_worked_out(browser, address, lang, size, dark):
    """Two figures in a row, so that the browser still tells the form of before; then text with pauses in it."""
    visitor = Visitor(browser, address, lang, size, dark)
    page = visitor.open("compare")
    page.get_by_text(words.EDIT.say(lang)).nth(1).click()
    text = page.locator("textarea")
    text.evaluate(
        "one => { const at = one.value.indexOf('fmcg: 12%') + 6; one.focus(); one.setSelectionRange(at, at + 2) }"
    )
    for digit in "20":
        page.keyboard.type(digit)
        page.wait_for_timeout(350)
    text.evaluate("one => { one.focus(); one.setSelectionRange(0, 0) }")
    for line in _REMARK.splitlines(keepends=True):
        page.keyboard.type(line, delay=40)
        page.wait_for_timeout(400)
    page.wait_for_function(_AT_REST, timeout=120_000)
    visitor.settle()
    assert text.input_value().startswith(_REMARK)
    assert "fmcg: 20%" in text.input_value()
    assert page.locator("[data-testid=stNumberInputField]").first.input_value() == "20.0"
    assert page.locator(".fx-situations details[open] tbody tr").count() >= 10
    assert not serious_findings(visitor)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]
    assert not visitor.complaints + visitor.foreign
    visitor.close()
