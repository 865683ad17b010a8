"""Every cent: an order, a person or a month of a small market, told from click to bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import streamlit as st

from app.choosing import Chosen, choose_plan, choose_scenario, grouped, plans_of, shipped_plan, shipped_scenario
from app.jobs import Job, Tell
from app.pieces import part
from app.words import common
from app.words import explain as words
from app.working import begin, job_of, show_failure, show_progress, show_refusal
from rules.errors import InputError
from rules.jit import is_cold
from rules.plan.model import Plan
from sim.experiments.metric_names import Lang, spoken
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.history.lived import Lived

_JOB, _RESULT, _SHOWN = "explain.job", "explain.result", "explain.view"
SIZES = (600, 1_000, 2_000, 5_000, 10_000)
PEOPLE, DAYS, SEED = 2_000, 90, 1
"""What is lived at first sight: it takes a second, and somebody in it was paid out."""


@dataclass(frozen=True)
class Asked:
    """A market to live."""

    scenario: Scenario
    plan: Plan
    people: int
    days: int
    seed: int


def show(lang: Lang) -> None:
    """The page."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    job = job_of(_JOB)
    if job is None:
        job = begin(_JOB, live_it, _first())
    _choose(lang)
    job = job_of(_JOB) or job
    if not job.is_over:
        show_progress(job, lang, lambda one: _progress(one, lang), _JOB)
    elif job.state == "done":
        st.session_state[_RESULT] = job.result
    else:
        show_failure(job, lang)
    kept = cast("tuple[Asked, Lived] | None", st.session_state.get(_RESULT))
    if kept:
        _show_lived(*kept, lang)


def _first() -> Asked:
    return Asked(shipped_scenario("three_tier"), shipped_plan("three_tier").plan, PEOPLE, DAYS, SEED)


def _choose(lang: Lang) -> None:
    with st.expander(words.RUN.say(lang), icon=":material/tune:"):
        left, right = st.columns(2)
        market = choose_scenario(left, lang, key="explain.scenario")
        plan = choose_plan(right, f"explain.plan-{market.scenario}", common.PLAN, plans_of(market)[0], lang)
        columns = st.columns([2, 3, 2, 2], vertical_alignment="bottom")
        people = columns[0].selectbox(
            common.PEOPLE.say(lang),
            SIZES,
            index=SIZES.index(PEOPLE),
            format_func=grouped,
            key="explain.people",
            persist_state="session",
        )
        days = columns[1].slider(common.DAYS.say(lang), 30, 180, DAYS, key="explain.days", persist_state="session")
        seed = columns[2].number_input(
            common.SEED.say(lang), 0, 1_000_000, SEED, key="explain.seed", persist_state="session"
        )
        usable = isinstance(plan, Chosen)
        wanted = columns[3].button(
            words.AGAIN.say(lang),
            type="primary",
            icon=":material/play_arrow:",
            disabled=not usable,
            width="stretch",
            key="explain.run",
        )
        if isinstance(plan, InputError):
            show_refusal(plan, lang)
        elif isinstance(plan, Chosen) and wanted:
            begin(_JOB, live_it, Asked(market, plan.plan, people, days, int(seed)))


def live_it(tell: Tell, asked: Asked) -> tuple[Asked, Lived]:
    """Live a market, and read it again."""
    from sim.history.lived import live

    lived = live(
        asked.scenario, asked.plan, asked.people, asked.days, asked.seed, lambda done, days: tell((done, days))
    )
    return asked, lived


def _progress(job: Job, lang: Lang) -> tuple[float, str]:
    if not job.told:
        return 0.0, (common.COLD if is_cold() else words.STARTING).say(lang)
    done, total = job.told[-1]
    return done / total, words.LIVING.say(lang).format(done=done, total=total)


def _show_lived(asked: Asked, lived: Lived, lang: Lang) -> None:
    from app.pages.explain_month import show_month
    from app.pages.explain_order import show_order
    from app.pages.explain_person import show_person

    facts = words.LIVED.say(lang).format(
        scenario=spoken(asked.scenario.title, lang) if asked.scenario.title else asked.scenario.scenario,
        plan=asked.plan.plan,
        people=asked.people,
        days=asked.days,
        seed=asked.seed,
        orders=sum(one.paid_at is not None for one in lived.state.orders),
        entries=len(lived.state.entries),
    )
    st.html(part("explain.facts", lang=lang, text=facts))
    if not any(one.paid_at is not None for one in lived.state.orders):
        st.html(part("common.notice", lang=lang, text=words.EMPTY.say(lang)))
        return
    view = st.segmented_control(
        words.VIEW.say(lang),
        list(words.VIEWS),
        default="order",
        format_func=lambda name: words.VIEWS[name].say(lang),
        required=True,
        key=_SHOWN,
        persist_state="session",
        width="stretch",
        label_visibility="collapsed",
    )
    run = f"{asked.scenario.scenario}-{asked.plan.plan}-{asked.people}-{asked.days}-{asked.seed}"
    {"order": show_order, "person": show_person, "month": show_month}[view or "order"](lived, run, lang)
