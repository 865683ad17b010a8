"""Who gains in typical situations under the baseline and another plan, worked out by a job beside the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import streamlit as st

from app.jobs import Job
from app.pages.comparing import situations_of
from app.pieces import part
from app.warming import COLD
from app.words import common
from app.words import compare as words
from app.working import begin, job_of, show_failure
from rules.gains import Effect, Summary, summaries
from rules.plan.model import Plan
from rules.plan.wording import Glossary
from rules.plan.wording.words import listed
from sim.experiments.metric_names import Lang, spoken
from sim.report import situations

_AGAIN = Path(__file__).parents[1] / "components" / "again.js"
_OPEN = 12
"""Situations that are shown at once; the others are opened role by role."""


def show_situations(key: str, before: Plan, after: Plan, glossary: Glossary, lang: Lang) -> None:
    """Who gains, as soon as that is known; until then what was known before, in grey."""
    st.fragment(_show)(key, before, after, glossary, lang)


def _show(key: str, before: Plan, after: Plan, glossary: Glossary, lang: Lang) -> None:
    """Runs again by itself until the job is done, and leaves the rest of the page alone."""
    job, known = _job(f"{key}.situations", (before, after, glossary)), f"{key}.effects"
    if job.state == "done":
        st.session_state[known] = job.result
    found = cast(list[Effect] | None, st.session_state.get(known))
    st.html(part("compare.situations_title", lang=lang, words=words))
    if not job.is_over:
        said = common.COLD if COLD in job.told else words.WORKING_OUT
        st.html(part("common.notice", lang=lang, text=said.say(lang)))
    if found is not None and job.state != "failed":
        st.html(part("compare.situations", lang=lang, old=not job.is_over, view=table(found, lang)))
    show_failure(job, lang)
    if not job.is_over:
        again = st.components.v2.component("fx_again", html="<i></i>", js=_AGAIN.read_text("utf-8"))
        again(key=f"{key}.again", on_again_change=lambda: None, height="content")


def _job(name: str, wanted: tuple[Plan, Plan, Glossary]) -> Job:
    """The job of these plans; one of others is stopped, but never while it compiles, for that would begin anew."""
    job = job_of(name)
    if job is None or (job.arguments != wanted and (job.is_over or COLD not in job.told)):
        job = begin(name, situations_of, *wanted)
    return job


def table(found: Sequence[Effect], lang: Lang) -> dict[str, Any]:
    """The situations that differ, by role, ready to be shown; and in words those that do not."""
    told, roles = situations.sort_out(found), summaries(found)
    besides = []
    if not told.differing and not told.apart:
        besides.append(situations.NO_EFFECT.say(lang))
    elif unchanged := [one.title for one in roles if one.same and not (one.more or one.less)]:
        besides.append(words.UNCHANGED.say(lang).format(roles=spoken(listed(unchanged), lang)))
    if told.differing and told.alike:
        besides.append(situations.ALIKE.say(lang).format(n=told.alike))
    if told.apart:
        besides.append(situations.APART.say(lang).format(n=told.apart))
    return {
        "roles": _roles([one for one in roles if one.more or one.less], told.differing, lang),
        "besides": besides,
        "heads": [one.say(lang) for one in (situations.SITUATION, situations.BEFORE, situations.AFTER)],
        "difference": situations.DIFFERENCE.say(lang),
    }


def _roles(found: Sequence[Summary], differing: Sequence[Effect], lang: Lang) -> list[dict[str, Any]]:
    """Roles for which anything differs; the first is open, and more as long as they are short together."""
    roles, rows = [], 0
    for one in found:
        rows += one.more + one.less
        roles.append(_role(one, differing, lang) | {"opened": not roles or rows <= _OPEN})
    return roles


def _role(one: Summary, differing: Sequence[Effect], lang: Lang) -> dict[str, Any]:
    """A role with what it gets in each situation that differs."""
    return {
        "title": spoken(one.title, lang),
        "verdict": spoken(one.verdict, lang),
        "tone": "changed" if one.more and one.less else situations.tone(one.role, one.more - one.less),
        "count": words.SITUATIONS_COUNTED.say(lang).format(n=one.more + one.less),
        "rows": [
            {
                "situation": spoken(effect.words, lang),
                "before": situations.figure(effect.before, effect.unit, lang),
                "after": situations.figure(effect.after, effect.unit, lang),
                "difference": situations.change(effect, lang),
                "tone": situations.tone(effect.role, effect.difference or 0),
            }
            for effect in differing
            if effect.role == one.role
        ],
    }
