"""What a visitor has set stays when she looks at another page."""

from __future__ import annotations

import ast

import pytest
from browsing import CHROMIUM, Visitor
from visiting import ROOT

from app.words import common, compare

WIDGETS = {
    "checkbox", "date_input", "multiselect", "number_input", "pills", "radio", "segmented_control", "select_slider",
    "selectbox", "slider", "text_area", "text_input", "toggle",
}  # fmt: skip
SET_EACH_TIME = {"compare_drafts.py", "search_result.py", "language.py", "data_mapping.py"}
"""Their widgets show what the session holds elsewhere."""


def test_every_setting_is_kept_for_the_session():
    lost = []
    for file in (ROOT / "app").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in WIDGETS:
                given = {one.arg: one.value for one in call.keywords}
                kept = given.get("persist_state")
                if file.name not in SET_EACH_TIME and not (isinstance(kept, ast.Constant) and kept.value == "session"):
                    lost.append(f"{file.name}:{call.lineno}")
                assert "key" in given, f"{file.name}:{call.lineno}"
    assert not lost


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium (apt-get install chromium)")
def test_what_is_set_is_there_when_one_comes_back(browser, address):
    visitor = Visitor(browser, address, "en")
    page = visitor.open("compare")
    slider = page.get_by_role("slider", name=compare.REPLICATIONS.en)
    slider.focus()
    slider.press("End")
    visitor.settle()
    page.get_by_role("link", name=common_title("redteam")).click()
    visitor.is_on("redteam")
    page.get_by_role("link", name=common_title("compare")).click()
    visitor.is_on("compare")
    assert page.get_by_role("slider", name=compare.REPLICATIONS.en).get_attribute("aria-valuenow") in ("32", None)
    assert page.get_by_role("slider", name=compare.REPLICATIONS.en).input_value() == "32"
    assert not visitor.complaints
    visitor.close()


def common_title(name: str) -> str:
    return common.PAGES[name].en
