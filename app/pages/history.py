"""The page of replays: real orders under any plans, and who would have earned more or less."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.choosing import Chosen, choose_plans, choose_third, show_notes
from app.histories import Data
from app.jobs import Job
from app.own_data import choose_data
from app.pages.history_work import work
from app.pieces import part
from app.rulebooks import shipped_rulebook
from app.warming import COLD
from app.words import common
from app.words import history as words
from app.working import begin, last_of, show_command, show_refusal
from rules.errors import InputError
from scenarios.find import names
from sim.experiments.metric_names import Lang, spoken

_JOB = "history.job"
_FIRSTS = ("three_tier", "three_tier_more", "mall_three_level")
_RULEBOOK = "house"


@dataclass(frozen=True)
class Last:
    """The last replay of a session, what was replayed, and the command that gives the same."""

    found: object
    data: Data
    command: str


def show(lang: Lang) -> None:
    """The page: orders and plans, then what they would have paid, or what is replayed."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    data = _choose(lang)
    found, is_running = last_of(
        _JOB,
        lang,
        lambda job: progress(job, lang),
        "history",
        lambda job: Last(job.result, job.arguments[0], job.arguments[-1]),
    )
    if is_running:
        return
    last = cast(Last | None, found)
    if last:
        from app.pages.history_result import show_result

        show_result(last.found, last.data.called, lang)  # type: ignore[arg-type]
    _show_about(last.data if last else data, lang, is_open=last is None)
    if last:
        show_command(last.command, lang)


def _choose(lang: Lang) -> Data:
    """Orders, rulebook and plans; begins the job when it is asked for."""
    with st.container(border=True, key="settings"):
        left, right = st.columns(2)
        data = choose_data(left, "history", ("cdnow",), lang)
        rulebook = _choose_rulebook(right, lang)
        given = choose_plans("history", (words.FIRST, words.SECOND, words.THIRD), _FIRSTS, lang)
        choose_third(st.container(), "history", lang)
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
        command = f"fenxiao replay {shlex.join(one.name for one in chosen)}{data.option}{held}"
        plans = tuple(one.plan for one in chosen)
        begin(_JOB, work, data, plans, shipped_rulebook(rulebook) if rulebook else None, command)
    return data


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
    """How far a replay is: orders are read, replayed, added up, held against rulebook and records."""
    if not job.told or job.told[-1] == COLD:
        return 0.05, (common.COLD if job.told else words.STARTING).say(lang)
    kind, what = job.told[-1]
    held = sum(one == "rules" for one, _ in job.told)
    plans = len(job.arguments[1])
    part_done = {"replay": 0.25, "months": 0.45, "recorded": 0.8}.get(kind, 0.55 + 0.25 * (held - 1) / plans)
    return part_done, words.STEPS[kind].say(lang).format(count=what, plan=what)


def _show_about(data: Data, lang: Lang, *, is_open: bool) -> None:
    """What is real, what was added, what a replay does not say: in the open before the first run, below it after."""
    told = words.ABOUT_OWN if data.called else words.ABOUT_CDNOW
    filled = {"name": data.called, "orders": f"{data.orders:,}"}
    parts = [(name.say(lang), text.say(lang).format(**filled), kind) for name, text, kind in told]
    after = words.ABOUT_OWN_TITLE if data.called else words.ABOUT
    title = (words.EMPTY if is_open else after).say(lang)
    st.html(part("history.about", lang=lang, title=title, parts=parts))
