"""A point of the front is clicked in a real browser, and its plan is taken to the page that compares."""

from __future__ import annotations

import pytest
import tour
from accessibility import serious_findings
from browsing import CHROMIUM, Visitor

from app.words import search as words

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium (apt-get install chromium)")
_POINTS = "[data-testid=stPlotlyChart] .scatterlayer .trace .points path"


@pytest.mark.slow
def test_a_point_is_clicked_and_its_plan_taken_to_compare(browser, address):
    visitor = Visitor(browser, address, "en")
    page = visitor.open("search")
    tour.STOPS["search"](visitor)
    page.wait_for_function("points => document.querySelectorAll(points).length >= 10", arg=_POINTS)
    chosen = page.locator(".fx-chosen h3").inner_text()
    page.locator("[data-testid=stPlotlyChart]").scroll_into_view_if_needed()
    points = page.locator(_POINTS)
    for place in range(points.count() - 1):  # the last is the ring around the chosen one
        box = points.nth(place).bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(1_500)
        if page.locator(".fx-chosen h3").inner_text() != chosen:
            break
    now = page.locator(".fx-chosen h3").inner_text()
    name = page.locator(".fx-chosen code").inner_text()
    assert now != chosen
    assert name == f"three_tier_{now.split()[-1]}"
    assert not serious_findings(visitor)
    page.get_by_role("button", name=words.ADOPT.en).click()
    visitor.is_on("compare")
    page.locator("textarea").wait_for()
    assert f"plan: {name}" in page.locator("textarea").input_value()
    page.get_by_role("link", name="Search").click()
    visitor.is_on("search")
    page.locator(".fx-chosen code", has_text=name).wait_for()
    assert not visitor.complaints + visitor.foreign
    visitor.close()
