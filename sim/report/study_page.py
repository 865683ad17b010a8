"""A page for one study: verdict, charts, tables, settings, and how to repeat it; in both languages, loading nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import plotly.graph_objects as go
from markupsafe import Markup
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from sim.experiments.metric_names import Lang, Text
from sim.report import charts
from sim.report.files import replace_file, write_json
from sim.report.html import environment, figures_json, policy_of, template
from sim.report.tables import PageTable


@dataclass(frozen=True)
class PageChart:
    """A chart: a key of letters, title, and its figure in each language; `wide` takes the whole width."""

    key: str
    title: Text
    figures: Mapping[Lang, go.Figure]
    wide: bool = False


@dataclass(frozen=True)
class StudyPage:
    """What stands on the page.

    Attributes:
        title: of the kind of study. name: of what was studied. good: whether the answer is the hoped-for one.
        said: the verdict, a headline and more sentences, in each language.
        hint: how far it can be trusted. notes: what else happened. settings: texts by name.
        command: how to repeat it, and `repeat`: what to expect then.
    """

    title: Text
    name: str
    good: bool
    said: Mapping[Lang, Sequence[str]]
    charts: Sequence[PageChart] = ()
    tables: Sequence[PageTable] = ()
    hint: Text | None = None
    notes: Mapping[Lang, Sequence[str]] = field(default_factory=lambda: {"zh": [], "en": []})
    settings: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    repeat: Text | None = None

    def render(self, lang: Lang) -> str:
        """The page, opening in `lang`."""
        library, script = get_plotlyjs(), template("report.js")
        drawn = {chart.key: dict(chart.figures) for chart in self.charts}
        return (
            environment()
            .get_template("study.html.j2")
            .render(
                lang=lang,
                title=self.title,
                name=self.name,
                good=self.good,
                said=list(zip(self.said["zh"], self.said["en"], strict=True)),
                hint=self.hint,
                notes=list(zip(self.notes["zh"], self.notes["en"], strict=True)),
                tables=[table.told() for table in self.tables],
                charts=[(chart.key, chart.title, chart.figures["en"].layout.height) for chart in self.charts],
                wide=[chart.key for chart in self.charts if chart.wide],
                settings=self.settings,
                command=self.command,
                repeat=self.repeat,
                figures=Markup(figures_json(drawn, own_legend=frozenset(drawn))),
                config=Markup(to_json_plotly(charts.CONFIG)),
                style=Markup(template("report.css")),
                library=Markup(library),
                script=Markup(script),
                policy=policy_of(library, script),
            )
        )

    def write(self, folder: Path, names: tuple[str, str], record: Mapping[str, object], lang: Lang) -> Path:
        """Write page and figures to a folder, each whole or not at all; returns the page.

        Args:
            folder: where. names: of the page and of the figures. record: the figures; the command is added.
            lang: in which the page opens.
        """
        page, text = folder / names[0], self.render(lang)
        write_json(folder / names[1], dict(record) | {"command": self.command})
        replace_file(page, lambda path: path.write_text(text, encoding="utf-8"))
        return page


RESULT = ("report.html", "run.json")
"""Page and figures of a command that has one result."""
