"""The page that compares two plans: settings, the run, what came of it."""

from __future__ import annotations

from typing import cast

import plotly.graph_objects as go
import streamlit as st

from app.pages.compare_rows import TILES, arms, rows
from app.pages.compare_settings import choose
from app.pages.comparing import Failure, Settings, compare
from app.pieces import part
from app.words import compare as words
from sim.experiments.metric_names import Lang
from sim.report import charts
from sim.report.data import ReportData
from sim.report.html import render, report_figures
from sim.report.words import VERDICTS, verdict

_OWN_LEGEND = "commission"
"""The chart whose colours are not those of the plans."""
_WIDE = "effects"
"""The chart that takes the whole width."""
_RESULT = "comparison"
"""Where a session keeps its last result; no other session sees it."""


def show(lang: Lang) -> None:
    """The page: what is kept of the last run stays until the next one is done."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    settings, wanted = choose(lang)
    if isinstance(settings, Failure):
        _show_failure(settings, lang)
    elif settings and wanted:
        _run(settings, lang)
    _show_last(lang)


def _run(settings: Settings, lang: Lang) -> None:
    """Run with a bar; the bar goes when the result is there."""
    spot = st.empty()
    with spot.container():
        found = compare(settings, lang)
    spot.empty()
    st.session_state[_RESULT] = found


def _show_last(lang: Lang) -> None:
    last = cast(ReportData | Failure | None, st.session_state.get(_RESULT))
    if last is None:
        steps = [(name.say(lang), text.say(lang)) for name, text in words.STEPS]
        st.html(part("common.empty", lang=lang, title=words.EMPTY.say(lang), steps=steps))
    elif isinstance(last, Failure):
        _show_failure(last, lang)
    else:
        _show_result(last, lang)


def _show_failure(failure: Failure, lang: Lang) -> None:
    hint = words.UNEXPECTED.say(lang) if failure.unexpected else ""
    message = failure.message.say(lang)
    st.html(part("common.failure", lang=lang, title=words.FAILED.say(lang), message=message, hint=hint))


def _show_result(data: ReportData, lang: Lang) -> None:
    names, found = data.names(lang), rows(data, lang)
    said = verdict(data.comparison, names, lang, data.rulebooks)
    facts = words.FACTS.say(lang).format(
        scenario=data.title.say(lang),
        people=data.people,
        days=data.days,
        replications=data.comparison.replications,
        seconds=data.seconds or 0,
    )
    reason, label = data.comparison.winner.reason, words.VERDICT.say(lang)
    st.html(part("compare.verdict", lang=lang, label=label, reason=reason, said=said, facts=facts))
    _offer(data, lang)
    st.html(
        part(
            "compare.tiles",
            lang=lang,
            rows=sorted((row for row in found if row["name"] in TILES), key=lambda row: TILES.index(row["name"])),
        )
    )
    st.html(part("common.section", lang=lang, title=words.CHARTS.say(lang)))
    _show_charts(data, lang)
    hint = words.INTERVALS.say(lang).format(confidence=f"{data.comparison.confidence * 100:g}%")
    st.html(part("common.section", lang=lang, title=words.METRICS.say(lang), hint=hint))
    st.html(part("compare.metrics", lang=lang, words=words, arms=arms(data, lang), rows=found))
    st.html(part("common.section", lang=lang, title=words.RULEBOOK.say(lang), hint=words.OBSERVED.say(lang)))
    st.html(part("compare.rulebooks", lang=lang, words=words, found=data.rulebooks, names=names, verdicts=VERDICTS))


def _offer(data: ReportData, lang: Lang) -> None:
    """The report to take away, and the command that repeats it."""
    left, right = st.columns([1, 2], vertical_alignment="center")
    left.download_button(
        words.DOWNLOAD.say(lang),
        data=lambda: render(data, lang),
        file_name=f"{data.scenario}.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="download",
    )
    with right.expander(words.REPEAT.say(lang), icon=":material/terminal:"):
        st.code(data.command, language="bash", wrap_lines=True)


def _show_charts(data: ReportData, lang: Lang) -> None:
    """The charts of the report: the widest first, then two in a row."""
    drawn = report_figures(data)
    narrow = [key for key in drawn if key != _WIDE]
    if _WIDE in drawn:
        _show_chart(data, _WIDE, drawn[_WIDE][lang], lang)
    for pair in zip(narrow[::2], [*narrow[1::2], None], strict=False):
        for column, key in zip(st.columns(2), pair, strict=True):
            if key:
                with column:
                    _show_chart(data, key, drawn[key][lang], lang)


def _show_chart(data: ReportData, key: str, figure: go.Figure, lang: Lang) -> None:
    own = key == _OWN_LEGEND
    title = charts.TITLES[key].say(lang) if key in charts.TITLES else figure.layout.title.text
    hint = words.CHART_HINTS.get(key.partition("_")[0])
    shown = [] if own else arms(data, lang)[key == _WIDE :]
    bare = go.Figure(figure).update_layout(title=None, showlegend=own, margin_t=56 if own else 28)
    with st.container(border=True, height="stretch"):
        st.html(part("compare.legend", lang=lang, title=title, hint=hint.say(lang) if hint else "", arms=shown))
        st.plotly_chart(bare, config=charts.CONFIG, theme=None, key=f"chart-{key}-{lang}", alt=title)
