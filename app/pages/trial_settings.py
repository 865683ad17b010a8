"""The settings of a trial: a market, plans A and B, the designs, how far links travel, and how large it is."""

from __future__ import annotations

from typing import cast

import streamlit as st

from app.choosing import Chosen, choose_people, choose_plan, choose_scenario, plans_of, show_notes
from app.pages.trial_work import Asked, Done, done_of, try_out
from app.words import trial as words
from app.working import begin, job_of, show_refusal
from rules.errors import InputError
from sim.defaults import SEED
from sim.experiments.metric_names import Lang
from sim.report.trial import SPILLOVER
from sim.scenario import Scenario
from sim.trials.designs import TITLES
from sim.trials.settings import DESIGNS, Spillover, Trial, check

JOB = "trial.job"
"""Where a session keeps its trial; the job's first argument is what was asked."""
_DONE = "trial.done"
PEOPLE = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
BLOCK, WASHOUT = 7, 2
DAYS, BEFORE = tuple(range(4 * BLOCK, 25 * BLOCK, 2 * BLOCK)), (7, 14, 28, 42, 56)
REPLICATIONS = (2, 4, 8, 16, 32, 64, 128)


def choose(lang: Lang) -> None:
    """Choose, and begin when asked to. Run again alone when something is changed: the results below stay."""
    with st.container(border=True, key="settings"):
        left, middle, right = st.columns(3)
        market = choose_scenario(left, lang, key="trial.scenario")
        offered = plans_of(market)
        plans = [
            choose_plan(place, f"trial.plan-{letter}-{market.scenario}", label, offered[at], lang)
            for at, (place, letter, label) in enumerate(((middle, "a", words.PLAN_A), (right, "b", words.PLAN_B)))
        ]
        designs, spillover = _choose_designs(lang)
        sizes = _choose_size(market, lang)
        chosen = [one for one in plans if isinstance(one, Chosen)]
        for one in plans:
            if isinstance(one, InputError):
                show_refusal(one, lang)
        show_notes(chosen, lang)
        if len(chosen) < len(plans):
            return
        trial = Trial(market, (chosen[0].plan, chosen[1].plan), *sizes, spillover, designs)
        asked = Asked(trial, (chosen[0].name, chosen[1].name), (chosen[0].text, chosen[1].text))
        _show_run(asked, lang)


def _choose_designs(lang: Lang) -> tuple[tuple[str, ...], Spillover]:
    left, right = st.columns([3, 2])
    picked = left.pills(
        words.DESIGNS.say(lang),
        DESIGNS,
        selection_mode="multi",
        default=DESIGNS,
        format_func=lambda name: TITLES[name].say(lang),
        help=words.DESIGNS_HELP.say(lang),
        key="trial.designs",
        persist_state="session",
    )
    spillover = right.selectbox(
        words.SPILLOVER.say(lang),
        list(SPILLOVER),
        format_func=lambda name: SPILLOVER[name].say(lang),
        help=words.SPILLOVER_HELP.say(lang),
        key="trial.spillover",
        persist_state="session",
    )
    return tuple(name for name in DESIGNS if name in picked), cast(Spillover, spillover)


def _choose_size(market: Scenario, lang: Lang) -> tuple[int, int, int, int, int, int, int]:
    """People, days before, days, block, washout, seed, replications."""
    first, second, third, fourth = st.columns(4)
    people = choose_people(first, "trial.people", PEOPLE, 5_000, lang)
    days = second.select_slider(
        words.DAYS.say(lang),
        DAYS,
        value=56,
        help=words.DAYS_HELP.say(lang).format(block=BLOCK),
        key="trial.days",
        persist_state="session",
    )
    before = third.select_slider(
        words.BEFORE.say(lang),
        BEFORE,
        value=28,
        help=words.BEFORE_HELP.say(lang),
        key="trial.before",
        persist_state="session",
    )
    replications = fourth.select_slider(
        words.REPLICATIONS.say(lang),
        REPLICATIONS,
        value=16,
        help=words.REPLICATIONS_HELP.say(lang),
        key="trial.replications",
        persist_state="session",
    )
    return people, before, days, BLOCK, WASHOUT, SEED, replications


def _show_run(asked: Asked, lang: Lang) -> None:
    """The button that begins, or does what is left of the same question."""
    job = job_of(JOB)
    if job and not job.is_over:
        return
    usable = True
    try:
        check(asked.trial)
    except InputError as error:
        show_refusal(error, lang)
        usable = False
    kept, total = kept_readings(asked), asked.trial.replications
    label, icon = words.RUN.say(lang), ":material/science:"
    if kept and len(kept) < total:
        label, icon = words.GO_ON.say(lang).format(done=len(kept), total=total), ":material/resume:"
    if st.button(label, type="primary", icon=icon, disabled=not usable, width="stretch", key="trial.run"):
        begin(JOB, try_out, asked, kept)
        st.rerun()


def kept_readings(asked: Asked) -> Done:
    """What this session has done of a question so far."""
    kept = cast(list[tuple[Asked, Done]], st.session_state.setdefault(_DONE, []))
    job = job_of(JOB)
    if job:
        question, done = job.arguments[0].question, done_of(job)
        before = next((one for known, one in kept if known == question), {})
        kept[:] = [(question, {**before, **done}), *((known, one) for known, one in kept if known != question)]
    found = next((one for known, one in kept if known == asked.question), {})
    return {number: one for number, one in found.items() if number < asked.trial.replications}
