"""The capacity of a store as a self-contained page, with the figures beside it as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from markupsafe import Markup
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from sim.experiments.metric_names import Lang, Text
from sim.report import charts
from sim.report.capacity import HEADS, TITLES, notes, rows, verdict
from sim.report.capacity_charts import CHARTS, chart
from sim.report.html import environment, figures_json, policy_of, template
from sim.report.parquet import jsonable, replace_file
from sim.stress.capacity.study import Study

PAGE, FIGURES = "capacity.html", "capacity.json"
TITLE = Text("容量：大促当日与首个瓶颈", "Capacity: the promo day and the first bottleneck")
TABLES = ("latency", "backlog", "usage", "sizes", "worth")
_LANGS: tuple[Lang, Lang] = ("zh", "en")


def write_capacity(
    folder: Path, found: Study, name: str, record: Mapping[str, object], command: str, lang: Lang
) -> Path:
    """Write page and figures to a folder, each whole or not at all; the page opens in `lang`."""
    figures = json.dumps(jsonable(dict(record) | {"command": command}), ensure_ascii=False, indent=1) + "\n"
    for file, text in ((FIGURES, figures), (PAGE, render(found, name, command, lang))):
        replace_file(folder / file, lambda path, text=text: path.write_text(text, encoding="utf-8"))  # type: ignore[misc]
    return folder / PAGE


def render(found: Study, name: str, command: str, lang: Lang) -> str:
    """The answer as one page that carries both languages and loads nothing."""
    drawn = {key: {each: chart(found, key, each) for each in _LANGS} for key in CHARTS}
    library, script = get_plotlyjs(), template("report.js")
    given = {"date": found.promo.date, "days": found.days}
    return (
        environment()
        .get_template("capacity.html.j2")
        .render(
            lang=lang,
            title=TITLE,
            name=name,
            kept=found.kept,
            said=list(zip(verdict(found, "zh"), verdict(found, "en"), strict=True)),
            notes=list(zip(notes(found, "zh"), notes(found, "en"), strict=True)),
            tables=[_table(found, key, given) for key in TABLES],
            charts=[(key, title, drawn[key]["en"].layout.height) for key, title in CHARTS.items()],
            settings=_settings(found),
            command=command,
            figures=Markup(figures_json(drawn, own_legend=frozenset(drawn))),
            config=Markup(to_json_plotly(charts.CONFIG)),
            style=Markup(template("report.css")),
            library=Markup(library),
            script=Markup(script),
            policy=policy_of(library, script),
        )
    )


def _table(found: Study, key: str, given: Mapping[str, object]) -> dict[str, object]:
    """A table in both languages: title, heads, rows of cells."""
    title = Text(*(TITLES[key].say(lang).format(**given) for lang in _LANGS))
    heads = list(zip(*(HEADS[key].say(lang).split("|") for lang in _LANGS), strict=True))
    both = zip(*(rows(found, key, lang) for lang in _LANGS), strict=True)
    return {"title": title, "heads": heads, "rows": [list(zip(zh, en, strict=True)) for zh, en in both]}


def _settings(found: Study) -> dict[str, str]:
    """What was assumed of shop, habits and service times, as they were given."""
    works = {kind: asdict(work) for kind, work in found.times.works.items()}
    given = {"shop": asdict(found.shop), "habits": asdict(found.demand.habits), "service": works}
    return {name: json.dumps(value, ensure_ascii=False, indent=1) for name, value in given.items()}
