"""Pieces of pages that Streamlit has no element for, as HTML; everything that is put in is escaped.

A piece is a macro of a template in `app/parts`: `part("story.tiles", …)` is the macro `tiles` of `story.html.j2`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from sim.experiments.effects import Effect
from sim.experiments.metric_names import Lang, metric
from sim.report import charts
from sim.report.data import ReportData
from sim.report.figures import change, figure, interval, p_value, percentage
from sim.report.words import VERDICTS, tone

TILES = ("contribution", "gmv", "commission", "new_members", "fission_k", "income_gini")
"""The metrics that stand above the table."""


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


def arms(data: ReportData, lang: Lang) -> list[dict[str, str]]:
    """Every plan with its name and its colour in the charts, the baseline first."""
    paint = charts.colours([arm.id for arm in data.arms], data.comparison.baseline)
    names = data.names(lang)
    return [{"id": arm.id, "name": names[arm.id], "colour": paint[arm.id]} for arm in data.arms]


def rows(data: ReportData, lang: Lang) -> list[dict[str, Any]]:
    """Every metric with what it came to under each plan, as shown."""
    comparison = data.comparison
    return [
        {
            "name": name,
            "title": metric(name).title.say(lang),
            "formula": metric(name).formula.say(lang),
            "cells": [
                {
                    "arm": arm,
                    "value": figure(name, comparison.means[arm["id"]].get(name)),
                    "effect": _effect(comparison.effect(name, arm["id"]), lang),
                }
                for arm in arms(data, lang)
            ],
        }
        for name in comparison.means[comparison.baseline]
    ]


def _effect(effect: Effect | None, lang: Lang) -> dict[str, str] | None:
    if effect is None:
        return None
    return {
        "change": change(effect.name, effect.difference, lang),
        "relative": percentage(effect.relative),
        "interval": interval(effect.name, effect.low, effect.high),
        "p": p_value(effect.p_adjusted),
        "verdict": VERDICTS[effect.verdict].say(lang),
        "tone": tone(effect),
    }
