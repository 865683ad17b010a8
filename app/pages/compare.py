"""The page that compares plans: settings, the run, what came of it."""

from __future__ import annotations

from typing import cast

import streamlit as st

from app.pages.compare_settings import JOB, RUNNING, choose
from app.pages.comparing import Settings
from app.pieces import part
from app.words import compare as words
from app.working import job_of, show_failure
from sim.experiments.metric_names import Lang
from sim.report.data import ReportData

RESULT = "compare.result"
"""Where a session keeps its last result and the settings that it came of; no other session sees it."""


def show(lang: Lang) -> None:
    """The page: what is kept of the last run stays until the next one is done."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    _take_result()
    st.fragment(choose, key="compare.settings")(lang)
    job = job_of(JOB)
    if job:
        show_failure(job, lang)
    last = cast(tuple[ReportData, Settings] | None, st.session_state.get(RESULT))
    if last:
        from app.pages.compare_result import show_result  # charts take a while to import

        show_result(*last, lang)
    else:
        st.html(part("common.empty", lang=lang, title=words.EMPTY, steps=words.STEPS))


def _take_result() -> None:
    """Keep what a job has answered: it stays when the next one is stopped or fails."""
    job = job_of(JOB)
    if job and job.result:
        st.session_state[RESULT] = job.result, st.session_state[RUNNING]
        job.result = None
