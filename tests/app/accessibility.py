"""What axe-core finds on a page, less what Streamlit itself draws."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor

STREAMLITS = {"list": "[data-testid=stSidebarNav]", "listitem": "[data-testid=stSidebarNav]"}
"""What Streamlit itself draws and a page cannot mend, by rule: the navigation's list has headings among its items."""


def serious_findings(visitor: Visitor) -> list[str]:
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
