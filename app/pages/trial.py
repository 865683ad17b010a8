"""The page of trials: what a live A/B test of two plans would have said, where the truth is known."""

from __future__ import annotations

from typing import cast

import streamlit as st

from app.pages.trial_settings import JOB, choose, kept_readings
from app.pages.trial_work import Asked, how_far, tried_of
from app.pieces import part
from app.words import trial as words
from app.working import job_of, show_failure, show_progress
from sim.experiments.metric_names import Lang
from sim.trials.study import LEAST


def show(lang: Lang) -> None:
    """The page: what was done stays when a trial is stopped."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    st.fragment(choose, key="trial.settings")(lang)
    job = job_of(JOB)
    if job and not job.is_over:
        show_progress(job, lang, lambda job: how_far(job, lang), "trial")
        return
    asked = cast(Asked, job.arguments[0]) if job else None
    done = kept_readings(asked) if asked else {}
    if job:
        show_failure(job, lang, words.STOPPED if done else words.STOPPED_EARLY)
    if asked and len(done) >= LEAST:
        from app.pages.trial_result import show_result  # charts take a while to import

        show_result(asked, tried_of(asked, done), lang)
    else:
        told = [(name.say(lang), text.say(lang)) for name, text in words.DESIGNS_TOLD.values()]
        st.html(part("trial.empty", lang=lang, title=words.EMPTY.say(lang), hint=words.EMPTY_HINT.say(lang), told=told))
