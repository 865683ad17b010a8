"""What a calibration found, as the page shows it: verdict, what is not known, parameters, fit, what one does next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.choosing import titled
from app.drawing import show_chart
from app.pages.calibrate_work import FOLDER, Asked, Calibrated
from app.pages.compare_settings import adopt_market
from app.pieces import part
from app.words import calibrate as words
from app.words import common
from rules.calendar import date_of
from rules.events import DAY
from scenarios.outline import outline
from sim.behaviour.parameters import settled
from sim.calibration.found import WAYS
from sim.calibration.market import SCENARIO
from sim.experiments.metric_names import Lang
from sim.report.calibrated import HINT, facts, sentences
from sim.report.calibrated_page import Drawing, calibration_page, drawings, is_good
from sim.report.finding_words import value_of
from sim.report.parameter_words import GROUPS, PARAMETERS


def show_result(asked: Asked, made: Calibrated, lang: Lang) -> None:
    """All of it: what is not known stands before what is."""
    base = titled(outline("markets", asked.base), lang)
    _show_verdict(asked, made, base, lang)
    _show_next(asked, made, lang)
    assumed = _assumed(made)
    _show_unknown(made, assumed, base, lang)
    _show_parameters(made, assumed, lang)
    _show_charts(made, lang)
    st.html(part("common.section", lang=lang, title=words.GOODS.say(lang)))
    for table in facts(made.found):
        heads = table.heads.say(lang).split("|")
        st.html(part("common.table", lang=lang, title=table.title.say(lang), heads=heads, rows=table.cells[lang]))


def _show_verdict(asked: Asked, made: Calibrated, base: str, lang: Lang) -> None:
    told, shop = made.found.found, made.found.shop
    counts = {"found": len(told.values), "unknown": len(made.found.warnings)}
    first, last = (date_of(day * DAY).isoformat() for day in (shop.first_day, shop.last_day))
    facts = words.FACTS.say(lang).format(
        data=asked.title.say(lang),
        orders=len(shop.orders.member),
        members=shop.members,
        first=first,
        last=last,
        base=base,
    )
    lines = [
        words.SURELY.say(lang).format(known=len(told.intervals), cautious=len(told.cautions)),
        *sentences(made.found, made.track, lang)[1:],
    ]
    headline, label = words.HEADLINE.say(lang).format(**counts), words.RESULT.say(lang)
    tone = "won" if is_good(made.track) else ""
    st.html(part("common.verdict", lang=lang, label=label, headline=headline, lines=lines, facts=facts, tone=tone))


def _show_unknown(made: Calibrated, assumed: dict[str, str], base: str, lang: Lang) -> None:
    """Every parameter that is assumed, by reason, with its value and what would tell it."""
    warnings = made.found.warnings
    title = words.UNKNOWN.say(lang).format(count=len(warnings))
    hint = words.UNKNOWN_HINT.say(lang).format(base=base)
    st.html(part("common.section", lang=lang, title=title, hint=hint))
    by_reason: dict[str, list[str]] = {}
    for name, why in warnings.items():
        by_reason.setdefault(why.say(lang), []).append(name)
    telling = {name: text.say(lang) for names, text in words.TELLING.items() for name in names}
    cards = [
        {
            "why": why[:1].upper() + why[1:],
            "parameters": [(PARAMETERS[name].say(lang), name, assumed[name]) for name in names],
            "telling": next((telling[name] for name in names if name in telling), ""),
        }
        for why, names in by_reason.items()
    ]
    st.html(part("calibrate.unknown", lang=lang, words=words, cards=cards))


def _assumed(made: Calibrated) -> dict[str, str]:
    """What is assumed of each parameter that was not found: a value, or the range that the base market gives."""
    given = made.market.behaviour
    values, shown = settled(given), {}
    for name in made.found.warnings:
        one = given.get(name)
        ends = one if isinstance(one, list) and len(one) == 2 else None
        shown[name] = (
            " – ".join(value_of(name, float(end)) for end in ends) if ends else _shown(name, getattr(values, name))
        )
    return shown


def _show_parameters(made: Calibrated, assumed: dict[str, str], lang: Lang) -> None:
    st.html(part("common.section", lang=lang, title=words.TABLE.say(lang), hint=words.TABLE_HINT.say(lang)))
    is_all = st.toggle(words.WITH_ASSUMED.say(lang), key="calibrate.all", persist_state="session")
    groups = []
    for title, names in GROUPS.items():
        wanted = [name for name in names if is_all or name in made.found.found.values]
        if wanted:
            groups.append((title.say(lang), [_row(name, made, assumed, lang) for name in wanted]))
    halves = made.found.fit is not None
    st.html(part("calibrate.parameters", lang=lang, words=words, groups=groups, halves=halves))
    st.html(part("common.notes", lang=lang, notes=[HINT.say(lang)]))


def _row(name: str, made: Calibrated, assumed: dict[str, str], lang: Lang) -> dict[str, Any]:
    """A parameter as the table shows it."""
    told, half = made.found.found, made.found.fit.parameters if made.found.fit else {}
    ends, caution = told.intervals.get(name), told.cautions.get(name)
    row = {"name": PARAMETERS[name].say(lang), "key": name, "interval": "–", "cases": "–", "half": "–", "note": ""}
    if name not in told.values:
        return row | {"value": assumed[name], "origin": words.ASSUMED.say(lang), "tone": ""}
    return row | {
        "value": _shown(name, told.values[name]),
        "interval": " – ".join(value_of(name, end) for end in ends) if ends else "–",
        "cases": f"{told.cases[name]:,}" if name in told.cases else "–",
        "half": value_of(name, half[name]) if name in half else "–",
        "origin": (words.CAUTIOUS if caution else words.DATA).say(lang),
        "tone": "lawyer" if caution else "good",
        "note": caution.say(lang) if caution else WAYS[told.ways[name]].say(lang),
    }


def _shown(name: str, value: float | list[float] | tuple[float, ...]) -> str:
    """A value; the week's, day by day."""
    return " · ".join(f"{one:.2f}" for one in value) if isinstance(value, list | tuple) else value_of(name, value)


def _show_charts(made: Calibrated, lang: Lang) -> None:
    """The fit plots of the report: wide ones by themselves, the others two in a row."""
    drawn = drawings(made.found, made.track, made.groups)
    if drawn:
        st.html(part("common.section", lang=lang, title=words.CHARTS.say(lang)))
    narrow = [one for one in drawn if not one.wide]
    for one in drawn:
        if one.wide:
            _show_chart(one, lang)
    for start in range(0, len(narrow), 2):
        pair = narrow[start : start + 2]
        for column, one in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                _show_chart(one, lang)


def _show_chart(one: Drawing, lang: Lang) -> None:
    hint = words.CHART_HINTS[one.key].say(lang)
    show_chart(one.draw(lang), one.title.say(lang), lang, f"calibrate-{one.key}", hint)


def _show_next(asked: Asked, made: Calibrated, lang: Lang) -> None:
    """The market to compare plans on, and everything to take away."""
    st.html(part("common.section", lang=lang, title=words.NEXT.say(lang), hint=words.NEXT_HINT.say(lang)))
    first, *others = st.columns(4)
    if first.button(
        words.ADOPT.say(lang), type="primary", icon=":material/balance:", width="stretch", key="calibrate.adopt"
    ):
        adopt_market(made.market, f"{FOLDER}/{SCENARIO}")
        st.switch_page(st.Page(lambda: None, title=common.PAGES["compare"].say(lang), url_path="compare"))
    for place, (name, text) in zip(others, sorted(made.files.items(), reverse=True), strict=False):
        _offer(place, words.DOWNLOAD.say(lang).format(name=name), text, name, "application/yaml", f"calibrate.{name}")
    page = calibration_page(made.found, made.track, made.groups, asked.command)
    report = f"calibrated-{made.market.scenario}.html"
    _offer(
        others[-1], words.DOWNLOAD_REPORT.say(lang), lambda: page.render(lang), report, "text/html", "calibrate.html"
    )
    command = f"fenxiao compare {FOLDER}/{SCENARIO} {' '.join(made.market.plans)}"
    st.html(part("common.notes", lang=lang, notes=[words.ON_COMMAND_LINE.say(lang)]))
    st.code(command, language="bash", wrap_lines=True)


def _offer(place: DeltaGenerator, label: str, data: str | Callable[[], str], name: str, kind: str, key: str) -> None:
    place.download_button(
        label,
        data=data,
        file_name=name,
        mime=kind,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key=key,
    )
