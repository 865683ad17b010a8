"""The capacity of a store as a self-contained page, with the figures beside it as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from sim.experiments.metric_names import Lang, Text
from sim.report.capacity import HEADS, TITLES, notes, rows, verdict
from sim.report.capacity_charts import CHARTS, chart
from sim.report.study_page import PageChart, StudyPage
from sim.report.tables import LANGS, PageTable
from sim.stress.capacity.study import Study

TITLE = Text("容量：大促当日与首个瓶颈", "Capacity: the promo day and the first bottleneck")
TABLES = ("latency", "backlog", "usage", "sizes", "worth")
_WIDE = "backlog"
_HINT = Text(
    "这是排队模型的结论，只在所列的服务时间、习惯与配置下有效。",
    "This is what a queueing model says, under the service times, habits and settings that are listed.",
)
_REPEAT = Text(
    "同一种子给出同样的结果；各配置遇到同样的运气。公式与假设见 docs/CAPACITY.md。",
    "The same seed gives the same answer; all settings meet the same luck. Formulas and assumptions: docs/CAPACITY.md.",
)


def write_capacity(
    folder: Path, found: Study, name: str, record: Mapping[str, object], command: str, lang: Lang
) -> Path:
    """Write page and figures to a folder, each whole or not at all; the page opens in `lang`."""
    page = StudyPage(
        TITLE,
        name,
        found.kept,
        {each: verdict(found, each) for each in LANGS},
        [
            PageChart(key, title, {each: chart(found, key, each) for each in LANGS}, wide=key == _WIDE)
            for key, title in CHARTS.items()
        ],
        [_table(found, key) for key in TABLES],
        _HINT,
        {each: notes(found, each) for each in LANGS},
        _settings(found),
        command,
        _REPEAT,
    )
    return page.write(folder, ("capacity.html", "capacity.json"), record, lang)


def _table(found: Study, key: str) -> PageTable:
    given = {"date": found.promo.date, "days": found.days}
    title = Text(*(TITLES[key].say(lang).format(**given) for lang in LANGS))
    return PageTable(title, HEADS[key], {lang: rows(found, key, lang) for lang in LANGS})


def _settings(found: Study) -> dict[str, str]:
    """What was assumed of shop, habits and service times, as they were given."""
    works = {kind: asdict(work) for kind, work in found.times.works.items()}
    given = {"shop": asdict(found.shop), "habits": asdict(found.demand.habits), "service": works}
    return {name: json.dumps(value, ensure_ascii=False, indent=1) for name, value in given.items()}
