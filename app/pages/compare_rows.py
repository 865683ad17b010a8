"""What the page of a comparison shows of each plan and each metric, in words and figures."""

from __future__ import annotations

from typing import Any

from sim.experiments.effects import Effect
from sim.experiments.metric_names import Lang, metric
from sim.report import charts
from sim.report.data import ReportData
from sim.report.figures import change, figure, interval, p_value, percentage
from sim.report.words import VERDICTS, tone

TILES = ("contribution", "gmv", "commission", "new_members", "fission_k", "income_gini")
"""The metrics that stand above the table."""


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
