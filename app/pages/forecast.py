"""The page of forecasts: what customers will buy, and what plans would pay for it."""

from __future__ import annotations

import shlex
from typing import cast

import streamlit as st

from app.choosing import Chosen, choose_plans, choose_third, show_notes
from app.own_data import choose_data
from app.pages.forecast_work import Asked, Found, how_far, work
from app.pieces import part
from app.words import forecast as words
from app.working import begin, last_of, show_refusal
from rules.errors import InputError
from sim.experiments.metric_names import Lang

_JOB = "forecast.job"
_FIRSTS = ("three_tier", "three_level", "mall_three_level")
WEEKS, FUTURES = (2, 4, 8, 13, 26, 39, 52), (10, 20, 40, 60, 100, 200)


def show(lang: Lang) -> None:
    """The page: orders, plans and sizes, then what is to come, or how that is found."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    _choose(lang)
    last, is_running = last_of(
        _JOB, lang, lambda job: how_far(job, lang), "forecast", lambda job: (*job.arguments, job.result)
    )
    if is_running:
        return
    if last:
        from app.pages.forecast_result import show_result  # charts take a while to import

        show_result(*cast(tuple[Asked, str, Found], last), lang)
    else:
        st.html(part("common.empty", lang=lang, title=words.EMPTY, steps=words.STEPS))


def _choose(lang: Lang) -> None:
    """Orders, plans and sizes; begins the job when it is asked for."""
    with st.container(border=True, key="settings"):
        left, middle, right = st.columns([4, 3, 3])
        data = choose_data(left, "forecast", ("cdnow_sample",), lang)
        weeks = middle.select_slider(
            words.WEEKS.say(lang),
            WEEKS,
            value=26,
            help=words.WEEKS_HELP.say(lang),
            key="forecast.weeks",
            persist_state="session",
        )
        futures = right.select_slider(
            words.FUTURES.say(lang),
            FUTURES,
            value=60,
            help=words.FUTURES_HELP.say(lang),
            key="forecast.futures",
            persist_state="session",
        )
        given = choose_plans("forecast", (words.FIRST, words.SECOND, words.THIRD), _FIRSTS, lang)
        choose_third(st.container(), "forecast", lang)
        chosen = [one for one in given if isinstance(one, Chosen)]
        wanted = st.button(
            words.RUN.say(lang),
            type="primary",
            icon=":material/timeline:",
            disabled=len(chosen) < len(given),
            width="stretch",
            key="forecast.run",
        )
        show_notes(chosen, lang)
    for one in given:
        if isinstance(one, InputError):
            show_refusal(one, lang)
    if wanted and len(chosen) == len(given):
        plans, names = tuple(one.plan for one in chosen), tuple(one.name for one in chosen)
        asked = Asked(data, plans, names, weeks, futures)
        command = f"fenxiao forecast {shlex.join(names)} --weeks {weeks} --futures {futures}{data.option}"
        begin(_JOB, work, asked, command)
