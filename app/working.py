"""A job as a page shows it: how far it is, a button that stops it, what went wrong, the command that does the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import streamlit as st

from app.jobs import Job
from app.pieces import part
from app.refusals import refusal
from app.words import common as words
from sim.experiments.metric_names import Lang, Text

EVERY = 0.4
"""Seconds between two looks at a job that runs."""
Progress = Callable[[Job], tuple[float, str]]
"""How far a job is, from 0 to 1, and that in words."""


def job_of(name: str) -> Job | None:
    """The session's job of this name, if it was ever begun; no other session sees it."""
    job = cast(Job | None, st.session_state.get(name))
    if job:
        job.look()
    return job


def begin(name: str, work: Callable[..., Any], *arguments: Any) -> Job:  # noqa: ANN401 - whatever the work takes
    """Begin a job; one of the same name that still runs is stopped."""
    before = job_of(name)
    if before:
        before.stop()
    job = st.session_state[name] = Job(work, *arguments)
    return job


def last_of(
    name: str, lang: Lang, progress: Progress, key: str, taken: Callable[[Job], object]
) -> tuple[object | None, bool]:
    """What the session's last job of this name came to that was done, and whether one is running now.

    A job that runs is shown as far as it is, one that failed with what went wrong: the last result stays below.

    Args:
        key: of the session, under which the result is kept. taken: what is kept of a job that is done.
    """
    job, kept = job_of(name), f"{key}.last"
    is_running = job is not None and not job.is_over
    if job and is_running:
        show_progress(job, lang, progress, key)
    elif job and job.state == "done":
        st.session_state[kept] = taken(job)
    elif job:
        show_failure(job, lang)
    return st.session_state.get(kept), is_running


def show_progress(
    job: Job, lang: Lang, progress: Progress, key: str, below: Callable[[Job], None] | None = None
) -> None:
    """A bar and a button while it runs; the whole page is run again when it is over.

    Args:
        below: shows what has come of it so far.
    """
    st.fragment(_progress, run_every=EVERY, key=f"{key}-progress")(job, lang, progress, key, below)


def _progress(job: Job, lang: Lang, progress: Progress, key: str, below: Callable[[Job], None] | None) -> None:
    job.look()
    if job.is_over:
        st.rerun()
    part_done, said = (0.0, words.WAITING.say(lang)) if job.state == "waiting" else progress(job)
    if job.state == "running" and 0.03 < part_done < 1 and job.seconds > 2:
        said += words.LEFT.say(lang).format(seconds=round(job.seconds / part_done * (1 - part_done)))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.progress(min(1.0, part_done), said)
        if st.button(words.STOP.say(lang), icon=":material/stop:", key=f"{key}-stop"):
            job.stop()
            st.rerun()
    if below:
        below(job)


def show_failure(job: Job, lang: Lang, stopped: Text = words.STOPPED) -> None:
    """Why it failed and what to do, or that it was stopped; nothing if neither happened."""
    if job.state == "failed":
        if job.refused:
            show_refusal(job.refused, lang)
            return
        message = (job.error.strip().splitlines()[-1:] or [""])[0]
        title, hint = words.FAILED.say(lang), words.UNEXPECTED.say(lang)
        st.html(part("common.failure", lang=lang, title=title, message=message, hint=hint))
    elif job.state == "stopped":
        st.html(part("common.notice", lang=lang, text=stopped.say(lang)))


def show_refusal(error: Exception, lang: Lang) -> None:
    """What is wrong with what was given."""
    st.html(part("common.refused", lang=lang, words=words, error=refusal(error, lang)))


def show_command(command: str, lang: Lang) -> None:
    """The command that gives the same result, for who wants to see it."""
    with st.expander(words.SAME_ON_COMMAND_LINE.say(lang), icon=":material/terminal:"):
        st.code(command, language="bash", wrap_lines=True)
