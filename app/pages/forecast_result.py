"""What a forecast came to: the verdict, a fan ahead beside that of the back-test, tables, the page to take away."""

from __future__ import annotations

import streamlit as st

from app.drawing import show_chart
from app.pages.forecast_work import Asked, Found
from app.pieces import part
from app.words import forecast as words
from app.working import show_command
from sim.experiments.metric_names import Lang, spoken
from sim.forecast.customers import RECENT
from sim.report.forecast import Called, day_of, hint, sentences, tables, title_of
from sim.report.forecast_page import fan_chart, figures_of, forecast_page

_FIGURE, _FIRST = "forecast.figure", "gmv"


def show_result(asked: Asked, command: str, found: Found, lang: Lang) -> None:
    """All of it, the verdict first."""
    called = _called(asked)
    _show_verdict(asked, found, called, lang)
    _show_fans(found, called, lang)
    for one in tables(found.outlook, found.tested, called):
        title, heads = one.title.say(lang), one.heads.say(lang).split("|")
        st.html(part("common.table", lang=lang, title=title, heads=heads, rows=one.cells[lang], amounts=True))
    notes = [hint(lang)] if asked.data.called else [hint(lang), words.ADDED.say(lang)]
    st.html(part("common.notes", lang=lang, notes=notes))
    _offer(asked, command if found.tested else f"{command} --no-back-test", found, lang)


def _called(asked: Asked) -> Called:
    """Plans by title and name, as they were chosen."""
    titles = {plan.plan: plan.title for plan in asked.plans}

    def called(plan: str, lang: Lang) -> str:
        title = titles[plan]
        return f"{spoken(title, lang)} ({plan})" if title else plan

    return called


def _show_verdict(asked: Asked, found: Found, called: Called, lang: Lang) -> None:
    headline, *said = sentences(found.outlook, found.tested, lang, called)
    if not found.tested:
        text = words.TOO_SHORT if found.testable else words.FAR_TOO_SHORT
        sizes = {"known": found.known, "weeks": asked.weeks, "most": found.testable, "least": RECENT + 1}
        said.append(text.say(lang).format(**sizes))
    facts = words.FACTS.say(lang).format(
        data=asked.data.called or words.CDNOW.say(lang),
        customers=f"{len(found.outlook.customers.member):,}",
        end=day_of(found.outlook),
        weeks=asked.weeks,
        futures=asked.futures,
    )
    tone = "" if found.tested and found.outlook.customers.is_clear else "fx-open"
    label = words.RESULT.say(lang)
    st.html(part("common.verdict", lang=lang, label=label, headline=headline, lines=said, facts=facts, tone=tone))


def _show_fans(found: Found, called: Called, lang: Lang) -> None:
    """The fan of one figure, ahead and of the back-test."""
    st.html(part("common.section", lang=lang, title=words.FANS.say(lang), hint=words.FANS_HINT.say(lang)))
    fans = figures_of(found.outlook)
    titles = {name: title_of(name, lang, called) for name in fans}
    if st.session_state.get(_FIGURE) not in fans:
        st.session_state[_FIGURE] = _FIRST
    place, _ = st.columns(2)
    picked = place.selectbox(
        words.FIGURE.say(lang), list(fans), format_func=titles.__getitem__, key=_FIGURE, persist_state="session"
    )
    before = dict(zip(("purchases", "gmv"), found.outlook.before, strict=True)).get(picked)
    ahead = fan_chart("", found.outlook, picked, fans[picked], lang, before=before)
    title = words.CHART_AHEAD.say(lang).format(name=titles[picked])
    if not found.tested:
        show_chart(ahead, title, lang, "forecast-ahead")
        return
    left, right = st.columns(2)
    with left:
        show_chart(ahead, title, lang, "forecast-ahead")
    tested = found.tested
    fan = figures_of(tested.outlook)[picked]
    back = fan_chart("", tested.outlook, picked, fan, lang, actual=tested.actual[picked])
    with right:
        show_chart(back, words.CHART_BACK.say(lang).format(name=titles[picked]), lang, "forecast-back")


def _offer(asked: Asked, command: str, found: Found, lang: Lang) -> None:
    """The report to take away, and the command that repeats it."""
    left, right = st.columns([2, 3])
    name = asked.data.called or asked.data.name
    left.download_button(
        words.DOWNLOAD.say(lang),
        data=lambda: forecast_page(name, found.outlook, found.tested, command).render(lang),
        file_name="forecast.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="forecast.download",
    )
    with right:
        show_command(command, lang)
