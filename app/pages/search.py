"""The page that looks for a better plan: what is moved, the front as it grows, and each plan of it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import cast

import streamlit as st

from app.jobs import Job
from app.pages.search_settings import JOB, choose, kept_answers
from app.pages.search_work import Asked, found_of, how_far, tried_of
from app.pieces import part
from app.words import search as words
from app.working import job_of, show_failure, show_progress
from sim.experiments.metric_names import Lang


def show(lang: Lang) -> None:
    """The page: what was found stays while the next search runs, and when one is stopped."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    if find_spec("optuna") is None:
        title, text = words.MISSING.say(lang), words.MISSING_TEXT.say(lang)
        st.html(part("search.missing", lang=lang, title=title, text=text, command=words.INSTALL))
        return
    st.fragment(choose, key="search.settings")(lang)
    job = job_of(JOB)
    asked = cast(Asked, job.arguments[0]) if job else None
    if job and asked and not job.is_over:
        show_progress(
            job, lang, lambda job: how_far(job, asked, lang), "search", lambda job: _show_so_far(job, asked, lang)
        )
        return
    if job:
        show_failure(job, lang, words.STOPPED)
    tried = kept_answers(asked) if asked else []
    if asked and tried:
        from app.pages.search_result import show_result  # charts take a while to import

        show_result(asked, found_of(asked, tried), lang)
    else:
        st.html(part("common.empty", lang=lang, title=words.EMPTY, steps=words.STEPS))


def _show_so_far(job: Job, asked: Asked, lang: Lang) -> None:
    """The front as it grows."""
    tried = tried_of(job)
    if tried:
        from app.pages.search_result import show_front

        show_front(asked, found_of(asked, tried), None, lang)
