"""What came of a comparison: verdict, tiles, who gains, charts, tables, files to take away."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from app.pages.compare_rows import TILES, arms, rows
from app.pages.comparing import Settings
from app.pieces import part
from app.words import common
from app.words import compare as words
from sim.experiments.gains import Gains
from sim.experiments.metric_names import Lang
from sim.report import charts
from sim.report.data import ReportData
from sim.report.figures import money, percentage
from sim.report.figures import part as share
from sim.report.finding_tables import tables_of
from sim.report.html import render, report_figures
from sim.report.words import VERDICTS, verdict

_OWN_LEGEND = "commission"
"""The chart whose colours are not those of the plans."""
_INCOME = ("gains", "histogram", "lorenz")
_WIDE = ("effects",)
"""Charts that take the whole width."""


def show_result(data: ReportData, settings: Settings, lang: Lang) -> None:
    """All of it, the verdict first."""
    with st.container(key="compare-result"):
        _show(data, settings, lang)


def _show(data: ReportData, settings: Settings, lang: Lang) -> None:
    names, found = data.names(lang), rows(data, lang)
    said = verdict(data.comparison, names, lang, data.rulebooks, findings=data.findings)
    facts = words.FACTS.say(lang).format(
        scenario=data.title.say(lang),
        people=data.people,
        days=data.days,
        replications=data.comparison.replications,
        seconds=data.seconds or 0,
    )
    reason, label = data.comparison.winner.reason, words.VERDICT.say(lang)
    st.html(part("compare.verdict", lang=lang, label=label, reason=reason, said=said, facts=facts))
    _offer(data, settings, lang)
    tiles = sorted((row for row in found if row["name"] in TILES), key=lambda row: TILES.index(row["name"]))
    st.html(part("compare.tiles", lang=lang, rows=tiles))
    drawn = {key: charts.for_both_themes(figures[lang]) for key, figures in report_figures(data).items()}
    _show_effects(data, drawn, lang)
    _show_incomes(data, drawn, lang)
    st.html(part("common.section", lang=lang, title=words.CHARTS.say(lang)))
    _show_charts(data, {key: chart for key, chart in drawn.items() if key not in (*_INCOME, *_WIDE)}, lang)
    hint = words.INTERVALS.say(lang).format(confidence=f"{data.comparison.confidence * 100:g}%")
    st.html(part("common.section", lang=lang, title=words.METRICS.say(lang), hint=hint))
    st.html(part("compare.metrics", lang=lang, words=words, arms=arms(data, lang), rows=found))
    _show_findings(data, lang)
    st.html(part("common.section", lang=lang, title=words.RULEBOOK.say(lang), hint=words.OBSERVED.say(lang)))
    st.html(part("compare.rulebooks", lang=lang, words=words, found=data.rulebooks, names=names, verdicts=VERDICTS))


def _offer(data: ReportData, settings: Settings, lang: Lang) -> None:
    """The report and the plans to take away, and the command that repeats it."""
    left, middle, right = st.columns([2, 2, 3])
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
    with middle.popover(words.PLANS.say(lang), icon=":material/description:", width="stretch"):
        for place, (arm, name, text) in enumerate(zip(arms(data, lang), settings.names, settings.texts, strict=True)):
            file = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
            st.download_button(
                f"{arm['name'].replace('[', '(').replace(']', ')')} · {file}",
                data=text,
                file_name=file,
                mime="application/yaml",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
                key=f"download-plan-{place}",
            )
    with right.expander(common.SAME_ON_COMMAND_LINE.say(lang), icon=":material/terminal:"):
        st.code(data.command, language="bash", wrap_lines=True)
        if any(name.endswith((".yaml", ".yml")) for name in settings.names):
            st.html(part("common.notice", lang=lang, text=words.FILES_FIRST.say(lang)))


def _show_findings(data: ReportData, lang: Lang) -> None:
    """What was found beyond the metrics: chances, quantiles of income, who gains by rank, what tips it."""
    tables = tables_of(data)
    if not tables:
        return
    st.html(part("common.section", lang=lang, title=words.FINDINGS.say(lang), hint=words.FINDINGS_HINT.say(lang)))
    for one in tables:
        heads, rows = one.heads.say(lang).split("|"), one.cells[lang]
        st.html(part("common.table", lang=lang, title=one.title.say(lang), heads=heads, rows=rows))


def _show_effects(data: ReportData, drawn: dict[str, go.Figure], lang: Lang) -> None:
    for key in _WIDE:
        if key in drawn:
            _show_chart(data, key, drawn[key], lang)


def _show_incomes(data: ReportData, drawn: dict[str, go.Figure], lang: Lang) -> None:
    """Winners and losers, and how incomes are spread."""
    st.html(part("common.section", lang=lang, title=words.INCOMES.say(lang), hint=words.INCOMES_HINT.say(lang)))
    if data.findings.gains:
        paint = {arm["id"]: arm for arm in arms(data, lang)}
        cards = [_gain(gains, lang) | {"arm": paint[gains.arm]} for gains in data.findings.gains]
        st.html(part("compare.gains", lang=lang, words=words, cards=cards))
    _show_charts(data, {key: drawn[key] for key in _INCOME if key in drawn}, lang)


def _gain(gains: Gains, lang: Lang) -> dict[str, object]:
    """Winners and losers of one plan, as shown."""
    turn = gains.whole
    counts = {"more": turn.more, "less": turn.less, "same": turn.same}
    said = words.GAIN.say(lang).format(
        people=f"{turn.people:,.0f}",
        more=share(turn.more / turn.people),
        less=share(turn.less / turn.people),
        gained=money(gains.gained),
        lost=money(gains.lost),
    )
    total = percentage(turn.after / turn.before - 1) if turn.before else ""
    return {
        "said": said,
        "total": words.GAIN_TOTAL.say(lang).format(before=money(turn.before), after=money(turn.after), change=total),
        "parts": {key: 100 * count / turn.people for key, count in counts.items()},
        "labels": {key: share(count / turn.people) for key, count in counts.items()},
    }


def _show_charts(data: ReportData, drawn: dict[str, go.Figure], lang: Lang) -> None:
    """Two in a row; the last alone if they are odd."""
    keys = list(drawn)
    alone = keys.pop(0) if len(keys) % 2 else None
    if alone:
        _show_chart(data, alone, drawn[alone], lang)
    for pair in zip(keys[::2], keys[1::2], strict=True):
        for column, key in zip(st.columns(2), pair, strict=True):
            with column:
                _show_chart(data, key, drawn[key], lang)


def _show_chart(data: ReportData, key: str, figure: go.Figure, lang: Lang) -> None:
    own = key == _OWN_LEGEND
    title = charts.TITLES[key].say(lang) if key in charts.TITLES else figure.layout.title.text
    hint = words.CHART_HINTS.get(key.partition("_")[0])
    shown = [] if own else arms(data, lang)[key in ("effects", "gains") :]
    bare = go.Figure(figure).update_layout(title=None, showlegend=own, margin_t=56 if own else 28)
    with st.container(border=True, height="stretch"):
        st.html(part("compare.legend", lang=lang, title=title, hint=hint.say(lang) if hint else "", arms=shown))
        st.plotly_chart(bare, config=charts.CONFIG, theme="streamlit", key=f"chart-{key}-{lang}", alt=title)
