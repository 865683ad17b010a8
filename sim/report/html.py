"""One self-contained HTML file: verdict, charts, tables, assumptions, in Chinese and English; no network.

Two walls keep text from user files harmless: everything is escaped where it stands (also inside scripts), and
the page's own policy lets a browser run only the two scripts of this report and load nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import plotly.graph_objects as go
from markupsafe import Markup
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from sim.experiments.effects import Effect
from sim.experiments.metric_names import Lang, Metric, Text, metric
from sim.report import charts
from sim.report.data import Arm, ReportData
from sim.report.figures import change, figure, interval, p_value, percentage
from sim.report.files import replace_file
from sim.report.finding_tables import tables_of
from sim.report.gains_chart import gains_chart
from sim.report.tables import LANGS
from sim.report.words import VERDICTS, Said, tone, verdict

_TEMPLATES = Path(__file__).parent / "templates"
_TILES = ("contribution", "gmv", "commission", "new_members", "fission_k", "income_gini")
"""The metrics at the top of the page."""
_OWN_LEGEND = frozenset({"commission"})
"""Charts whose colours are not those of the arms: the others share the legend of the page."""
_WIDE = frozenset({"effects"})
"""Charts that take the whole width."""


def write_report(target: Path, data: ReportData, lang: Lang = "zh") -> Path:
    """Write the report to `target`, whole or not at all; it opens in `lang`."""
    page = render(data, lang)
    replace_file(target, lambda path: path.write_text(page, encoding="utf-8"))
    return target


def render(data: ReportData, lang: Lang = "zh") -> str:
    """The report as one HTML page that opens in `lang` and carries both languages."""
    figures = report_figures(data)
    library, script = get_plotlyjs(), template("report.js")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            data=data,
            lang=lang,
            said={each: _said(data, each) for each in LANGS},
            tables=[one.told() for one in tables_of(data)],
            arms=_arms(data),
            names=_names(data),
            tiles=[_row(data, name) for name in _TILES if name in _present(data)],
            rows=[_row(data, name) for name in _present(data)],
            charts=[(key, charts_of["en"].layout.height, key in _WIDE) for key, charts_of in figures.items()],
            titles={key: _chart_title(per_language) for key, per_language in figures.items()},
            figures=Markup(figures_json(figures)),
            config=Markup(to_json_plotly(charts.CONFIG)),
            style=Markup(template("report.css")),
            library=Markup(library),
            script=Markup(script),
            policy=policy_of(library, script),
            verdicts=VERDICTS,
            own_legend=_OWN_LEGEND,
        )
    )


def report_figures(data: ReportData) -> dict[str, dict[Lang, go.Figure]]:
    """The charts for which `data` has something to draw, in both languages, by key."""
    base = data.comparison.baseline
    makers: dict[str, Callable[[Mapping[str, str], Lang], go.Figure]] = {}
    if data.comparison.effects:
        makers["effects"] = lambda names, lang: charts.effects_chart(data.comparison, names, lang)
    for name in ("gmv", "commission"):
        if any(name in table for tables in data.daily.values() for table in tables):
            makers[f"daily_{name}"] = lambda names, lang, name=name: charts.daily_chart(  # type: ignore[misc]
                data.daily, name, names, lang, baseline=base, start=data.start
            )
    if data.funnel:
        makers["funnel"] = lambda names, lang: charts.funnel_chart(data.funnel, names, lang, baseline=base)
    if data.components:
        makers["commission"] = lambda names, lang: charts.commission_chart(data.components, names, lang)
    if any(len(run) for runs in data.incomes.values() for run in runs):
        makers["histogram"] = lambda names, lang: charts.histogram_chart(data.incomes, names, lang, baseline=base)
        makers["lorenz"] = lambda names, lang: charts.lorenz_chart(data.incomes, names, lang, baseline=base)
    if data.findings.gains:
        ids = [arm.id for arm in data.arms]
        makers["gains"] = lambda names, lang: gains_chart(data.findings.gains, names, lang, arms=ids, baseline=base)
    return {key: {lang: make(data.names(lang), lang) for lang in LANGS} for key, make in makers.items()}


def figures_json(figures: Mapping[str, Mapping[Lang, go.Figure]], own_legend: frozenset[str] = _OWN_LEGEND) -> str:
    """`{key: {lang: {data, layout}}}` with `<`, `>` and `/` as escapes; the page shows the titles itself."""
    plain: dict[str, dict[str, Any]] = {}
    for key, per_language in figures.items():
        plain[key] = {}
        for lang, drawn in per_language.items():
            own = key in own_legend
            bare = go.Figure(drawn).update_layout(title=None, showlegend=own, margin_t=56 if own else 28)
            plain[key][lang] = bare.to_plotly_json()
    return str(to_json_plotly(plain))


def _said(data: ReportData, lang: Lang) -> Said:
    return verdict(data.comparison, data.names(lang), lang, data.rulebooks, data.results, data.findings)


def _chart_title(per_language: Mapping[Lang, go.Figure]) -> dict[str, Markup]:
    """Figures hold their titles already escaped."""
    return {lang: Markup(drawn.layout.title.text) for lang, drawn in per_language.items()}


def policy_of(*scripts: str) -> str:
    """A content policy that runs these scripts alone and loads nothing."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def environment() -> jinja2.Environment:
    """What fills in the templates, escaping everything."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> str:
    """The text of a file beside the templates."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _present(data: ReportData) -> list[str]:
    return list(data.comparison.means[data.comparison.baseline])


def _names(data: ReportData) -> dict[str, Text]:
    zh, en = data.names("zh"), data.names("en")
    return {key: Text(zh[key], en[key]) for key in zh}


def _arms(data: ReportData) -> list[tuple[Arm, str]]:
    """Every arm with its colour."""
    paint = charts.colours([arm.id for arm in data.arms], data.comparison.baseline)
    return [(arm, paint[arm.id]) for arm in data.arms]


def _row(data: ReportData, name: str) -> dict[str, Any]:
    """One metric over all arms, as shown."""
    known: Metric = metric(name)
    paint = {arm.id: colour for arm, colour in _arms(data)}
    exact = data.comparison.replications == 1
    cells = []
    for arm in data.arms:
        effect = data.comparison.effect(name, arm.id)
        value = data.comparison.means[arm.id].get(name)
        shown = figure(name, value, exact=exact and isinstance(value, int))
        cells.append({"arm": arm.id, "colour": paint[arm.id], "value": shown, "effect": _effect(effect)})
    return {"metric": known, "cells": cells}


def _effect(effect: Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "change": {lang: change(effect.name, effect.difference, lang) for lang in LANGS},
        "relative": percentage(effect.relative),
        "interval": interval(effect.name, effect.low, effect.high),
        "p": p_value(effect.p_adjusted),
        "verdict": VERDICTS[effect.verdict],
        "tone": tone(effect),
    }
