"""The page of calibration: what one's own data say of people, what they do not, and the market made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from app.choosing import choose_market
from app.histories import IN_COMMANDS, Data
from app.jobs import Job
from app.own_data import choose_data
from app.pages.calibrate_work import Asked, Calibrated, work
from app.pieces import part
from app.words import calibrate as words
from app.words.own_data import SHIPPED
from app.working import begin, last_of, show_command
from sim.experiments.metric_names import Lang, Text

JOB = "calibrate.job"
_SHIPPED = ("cdnow_sample", "cdnow")
_PARTS = {"seasons": 0.1, "buying": 0.15, "people": 0.5, "halves": 0.6}
"""How far a calibration is when it begins a step."""


@dataclass(frozen=True)
class Last:
    """The last calibration of a session."""

    asked: Asked
    made: Calibrated


def show(lang: Lang) -> None:
    """The page: what was found last stays when the next one is stopped or fails."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    _choose(lang)
    found, is_running = last_of(
        JOB, lang, lambda job: how_far(job, lang), "calibrate", lambda job: Last(job.arguments[0], job.result)
    )
    if is_running:
        return
    last = cast(Last | None, found)
    if last:
        from app.pages.calibrate_result import show_result  # charts take a while to import

        show_result(last.asked, last.made, lang)
        show_command(last.asked.command, lang)
    else:
        st.html(part("common.empty", lang=lang, title=words.EMPTY, steps=words.STEPS))


def _choose(lang: Lang) -> None:
    """Data and the base market; begins the job when it is asked for."""
    with st.container(border=True, key="settings"):
        left, right = st.columns(2)
        data = choose_data(left, "calibrate.data", _SHIPPED, lang)
        with right:
            base = choose_market(st.container(), lang, "calibrate.base")
        st.html(part("common.notes", lang=lang, notes=[words.BASE_HINT.say(lang)]))
        wanted = st.button(
            words.RUN.say(lang), type="primary", icon=":material/tune:", width="stretch", key="calibrate.run"
        )
    if wanted:
        begin(JOB, work, _asked(data, base))


def _asked(data: Data, base: str) -> Asked:
    """The question, as the job and the command line take it."""
    if data.folder:
        return Asked(data.folder, IN_COMMANDS, Text(data.called, data.called), data.option, base)
    option = "" if data.name == _SHIPPED[0] else f" --orders {data.name}"
    return Asked(None, data.name, SHIPPED[data.name], option, base)


def how_far(job: Job, lang: Lang) -> tuple[float, str]:
    """How far a calibration is, and what it is at."""
    if not job.told:
        return 0.03, words.STARTING.say(lang)
    from sim.report.calibrated import STEPS

    return _PARTS[job.told[-1]], f"{STEPS[job.told[-1]].say(lang)}…"
