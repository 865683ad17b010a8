"""A job as a page shows it: how far it is, a button that stops it, what went wrong, the command that does the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import streamlit as st

from app.jobs import Job
from app.pieces import part
from app.words import common as words
from sim.experiments.metric_names import Lang

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


def show_progress(job: Job, lang: Lang, progress: Progress, key: str) -> None:
    """A bar and a button while it runs; the whole page is run again when it is over."""
    st.fragment(_progress, run_every=EVERY, key=f"{key}-progress")(job, lang, progress, key)


def _progress(job: Job, lang: Lang, progress: Progress, key: str) -> None:
    job.look()
    if job.is_over:
        st.rerun()
    part_done, said = (0.0, words.WAITING.say(lang)) if job.state == "waiting" else progress(job)
    if job.state == "running" and 0.03 < part_done < 1 and job.seconds > 2:
        said += words.LEFT.say(lang).format(seconds=round(job.seconds / part_done * (1 - part_done)))
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.progress(min(1.0, part_done), said)
    if right.button(words.STOP.say(lang), icon=":material/stop:", key=f"{key}-stop", width="stretch"):
        job.stop()
        st.rerun()


def show_failure(job: Job, lang: Lang) -> None:
    """Why it failed and what to do; nothing if it did not."""
    if job.state == "failed":
        hint = "" if job.refused else words.UNEXPECTED.say(lang)
        last = job.error.strip().splitlines()[-1:] or [""]
        message = str(job.refused) if job.refused else last[0]
        st.html(part("common.failure", lang=lang, title=words.FAILED.say(lang), message=message, hint=hint))
    elif job.state == "stopped":
        st.html(part("common.notice", lang=lang, text=words.STOPPED.say(lang)))


def show_refusal(error: Exception, lang: Lang) -> None:
    """What is wrong with what was given."""
    st.html(part("common.failure", lang=lang, title=words.FAILED.say(lang), message=str(error), hint=""))


def show_command(command: str, lang: Lang) -> None:
    """The command that gives the same result, for who wants to see it."""
    with st.expander(words.SAME_ON_COMMAND_LINE.say(lang), icon=":material/terminal:"):
        st.code(command, language="bash", wrap_lines=True)
