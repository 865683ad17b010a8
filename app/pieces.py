"""Pieces of pages that Streamlit has no element for, as HTML; everything that is put in is escaped.

A piece is a macro of a template in `app/parts`: `part("story.tiles", …)` is the macro `tiles` of `story.html.j2`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2


def part(name: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """The HTML of a macro."""
    template, _, macro = name.partition(".")
    return str(getattr(_macros(template), macro)(**values))


@cache
def _macros(template: str) -> Any:  # noqa: ANN401 - a Jinja module has the macros as attributes
    return _templates().get_template(f"{template}.html.j2").module


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "parts"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
