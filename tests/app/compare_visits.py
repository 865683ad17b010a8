"""What tests do on the page that compares plans: with its first market, where the second plan is what is edited."""

from __future__ import annotations

import html
from pathlib import Path

from streamlit.testing.v1 import AppTest
from visiting import ROOT, page

BASELINE, OTHER = "compare.three_tier.0", "compare.three_tier.1"
PLAN = (ROOT / "scenarios" / "plans" / "three_tier.yaml").read_text("utf-8")
FMCG = f"{OTHER}.form-0-commission.base.levels.0.rates.fmcg"


def visit_compare(lang: str = "en") -> AppTest:
    """The page in a session of its own."""
    app = AppTest.from_file(Path(__file__).with_name("compare_script.py"), default_timeout=240)
    app.query_params["lang"] = lang
    return app.run()


def shown(app: AppTest) -> str:
    """All HTML of the page, unescaped."""
    return html.unescape(page(app))


def editing(app: AppTest) -> AppTest:
    """With the second plan to be edited."""
    return app.toggle(key=f"{OTHER}.edit").set_value(True).run()


def type_in(app: AppTest, text: str) -> AppTest:
    """What the YAML editor does when something was typed."""
    app.session_state[f"{OTHER}.draft"].text = text
    return app.run()


def draft(app: AppTest) -> str:
    """The edited copy as it stands."""
    text: str = app.session_state[f"{OTHER}.draft"].text
    return text
