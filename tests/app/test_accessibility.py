"""What axe-core finds on the pages: nothing serious in ours, in light and dark; what Streamlit brings is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import tour
from axe_playwright_python.sync_playwright import Axe
from browsing import CHROMIUM, Visitor, chromium, serving
from playwright.sync_api import Browser

from app.frame import SECTIONS

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium (apt-get install chromium)")
PAGES = [name for pages in SECTIONS.values() for name in pages]
STREAMLITS = {"list": "[data-testid=stSidebarNav]", "listitem": "[data-testid=stSidebarNav]"}
"""What Streamlit itself draws and a page cannot mend, by rule: the navigation's list has headings among its items."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as here:
        yield here


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def serious(visitor: Visitor) -> list[str]:
    """Rule, element and advice of each serious or critical finding that is not Streamlit's own."""
    found = Axe().run(visitor.page).response["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not _is_streamlits(visitor, rule["id"], node["target"])
    ]


def _is_streamlits(visitor: Visitor, rule: str, target: list[str]) -> bool:
    inside = STREAMLITS.get(rule)
    if inside is None or len(target) != 1:
        return False
    return bool(visitor.page.locator(target[0]).first.evaluate("(one, inside) => !!one.closest(inside)", inside))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_is_found(browser, address, name, dark):
    visitor = Visitor(browser, address, "en", dark=dark)
    visitor.open(name)
    tour.STOPS[name](visitor)
    assert not serious(visitor)
    visitor.close()
