"""The page of replays: real orders under any plans, and who would have earned more or less."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.choosing import Chosen, choose_plan, show_notes
from app.jobs import Job
from app.pages.history_work import work
from app.pieces import part
from app.rulebooks import shipped_rulebook
from app.warming import COLD
from app.words import common
from app.words import history as words
from app.working import begin, job_of, show_command, show_failure, show_progress, show_refusal
from rules.errors import InputError
from scenarios.find import names
from sim.experiments.metric_names import Lang, spoken

_JOB, _LAST = "history.job", "history.last"
_FIRST, _SECOND, _THIRD = "three_tier", "three_tier_more", "mall_three_level"
_RULEBOOK = "house"


@dataclass(frozen=True)
class Last:
    """The last replay of a session, and the command that gives the same."""

    found: object
    command: str


def show(lang: Lang) -> None:
    """The page: plans, then what they would have paid, or what is replayed."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    _choose(lang)
    job = job_of(_JOB)
    if job and not job.is_over:
        show_progress(job, lang, lambda job: progress(job, lang), "history")
        return
    if job and job.state == "done":
        st.session_state[_LAST] = Last(job.result, st.session_state["history.command"])
    elif job:
        show_failure(job, lang)
    last = cast(Last | None, st.session_state.get(_LAST))
    if last:
        from app.pages.history_result import show_result

        show_result(last.found, lang)  # type: ignore[arg-type]
    _show_about(lang, is_open=last is None)
    if last:
        show_command(last.command, lang)


def _choose(lang: Lang) -> None:
    """The plans; begins the job when it is asked for."""
    with st.container(border=True, key="settings"):
        is_third = bool(st.session_state.get("history.with-third"))
        places = st.columns(3 if is_third else 2)
        given = [
            choose_plan(places[0], "history.first", words.FIRST, _FIRST, lang),
            choose_plan(places[1], "history.second", words.SECOND, _SECOND, lang),
        ]
        if is_third:
            given.append(choose_plan(places[2], "history.third", words.THIRD, _THIRD, lang))
        left, right = st.columns(2, vertical_alignment="bottom")
        rulebook = _choose_rulebook(left, lang)
        right.toggle(words.WITH_THIRD.say(lang), key="history.with-third", persist_state="session")
        chosen = [one for one in given if isinstance(one, Chosen)]
        wanted = st.button(
            words.RUN.say(lang),
            type="primary",
            icon=":material/history:",
            disabled=len(chosen) < len(given),
            width="stretch",
            key="history.run",
        )
        show_notes(chosen, lang)
    for one in given:
        if isinstance(one, InputError):
            show_refusal(one, lang)
    if wanted and len(chosen) == len(given):
        held = f" --rulebook {rulebook}" if rulebook else ""
        st.session_state["history.command"] = f"fenxiao replay {shlex.join(one.name for one in chosen)}{held}"
        begin(_JOB, work, tuple(one.plan for one in chosen), shipped_rulebook(rulebook) if rulebook else None)


def _choose_rulebook(place: DeltaGenerator, lang: Lang) -> str:
    choices = ["", *names("rulebooks")]
    titles = {name: shipped_rulebook(name).title for name in choices if name}

    def shown(name: str) -> str:
        return f"{spoken(titles[name], lang)} ({name})" if name else words.NO_RULEBOOK.say(lang)

    picked = place.selectbox(
        words.RULEBOOK.say(lang),
        choices,
        index=choices.index(_RULEBOOK),
        format_func=shown,
        key="history.rulebook",
        persist_state="session",
    )
    return str(picked)


def progress(job: Job, lang: Lang) -> tuple[float, str]:
    """How far a replay is: orders are read, replayed, added up, and held against the rulebook plan by plan."""
    if not job.told or job.told[-1] == COLD:
        return 0.05, (common.COLD if job.told else words.STARTING).say(lang)
    kind, what = job.told[-1]
    held = sum(one == "rules" for one, _ in job.told)
    plans = len(job.arguments[0])
    part_done = {"replay": 0.25, "months": 0.45}.get(kind, 0.55 + 0.45 * (held - 1) / plans)
    return part_done, words.STEPS[kind].say(lang).format(count=what, plan=what)


def _show_about(lang: Lang, *, is_open: bool) -> None:
    """What is real, what was added, what a replay does not say: in the open before the first run, below it after."""
    told = [
        (words.REAL, words.REAL_TEXT, "verified"),
        (words.ADDED, words.ADDED_TEXT, "added"),
        (words.KEPT, words.KEPT_TEXT, "kept"),
    ]
    parts = [(name.say(lang), text.say(lang), kind) for name, text, kind in told]
    title = (words.EMPTY if is_open else words.ABOUT).say(lang)
    st.html(part("history.about", lang=lang, title=title, parts=parts))
