"""What if: workers, batches, queue and cache on the busiest day, as a queueing model answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import streamlit as st

from app.choosing import Chosen, choose_plan, choose_scenario, plans_of
from app.jobs import Job
from app.pages.settlement_work import SIZES, WhatIf, model
from app.pieces import part
from app.words import common
from app.words import settlement as words
from app.working import begin, job_of, show_failure, show_progress, show_refusal
from rules.errors import InputError
from sim.experiments.metric_names import Lang, Text

if TYPE_CHECKING:
    from sim.stress.capacity.study import Study

_JOB, _RESULTS = "settlement.capacity", "settlement.results"
ORDERS = (1_000, 5_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000)
BATCHES = (1, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000)
_STEPS = {"promo": 48, "peak": 1, "break": 30, "curve": 9, "recommend": 60, "worth": 60}
"""How often each phase tells that it goes on, about."""
_LABELS = {
    "orders_per_day": words.ORDERS,
    "target": words.TARGET,
    "order_workers": words.ORDER_WORKERS,
    "member_workers": words.MEMBER_WORKERS,
    "settlement_workers": words.SETTLEMENT_WORKERS,
    "batch": words.BATCH,
    "pool": words.POOL,
    "cores": words.CORES,
    "queue": words.QUEUE,
    "cache": words.CACHE,
}


@dataclass(frozen=True)
class Answer:
    """What was asked, and what came out."""

    asked: WhatIf
    found: Study


def show(lang: Lang) -> None:
    """Settings, then the last answer beside the one before."""
    asked = _choose(lang)
    job = job_of(_JOB)
    if job and not job.is_over:
        show_progress(job, lang, lambda job: progress(job, lang), "settlement")
        return
    kept = cast(list[Answer], st.session_state.setdefault(_RESULTS, []))
    if job and job.state == "done":
        if not kept or kept[-1].found is not job.result:
            kept.append(Answer(job.arguments[0], job.result))
            del kept[:-2]
    elif job:
        show_failure(job, lang)
    if kept:
        from app.pages.settlement_answer import show_answer

        show_answer(kept[-1], kept[-2] if len(kept) > 1 else None, _LABELS, lang)
    elif asked:
        st.html(part("common.empty", lang=lang, title=words.EMPTY, steps=words.STEPS))


def _choose(lang: Lang) -> WhatIf | None:
    with st.container(border=True, key="settings"):
        left, middle, right, last = st.columns([2, 2, 1.6, 1.2])
        market = choose_scenario(left, lang, key="settlement.scenario")
        chosen = choose_plan(middle, f"settlement.plan-{market.scenario}", common.PLAN, plans_of(market)[0], lang)
        orders = right.select_slider(
            words.ORDERS.say(lang),
            ORDERS,
            value=20_000,
            format_func=lambda n: f"{n:,}",
            key="settlement.orders",
            persist_state="session",
        )
        target = last.number_input(
            words.TARGET.say(lang), 10, 10_000, 200, step=50, key="settlement.target", persist_state="session"
        )
        sizes, queue, cache = _machines(lang)
        wanted = st.button(
            words.RUN.say(lang),
            type="primary",
            icon=":material/speed:",
            disabled=not isinstance(chosen, Chosen),
            width="stretch",
            key="settlement.run",
        )
    if isinstance(chosen, InputError):
        show_refusal(chosen, lang)
    if not isinstance(chosen, Chosen):
        return None
    asked = WhatIf(market, chosen.plan, chosen.name, orders, int(target), **sizes, queue=queue, cache=cache)
    if wanted:
        begin(_JOB, model, asked)
    return asked


def _machines(lang: Lang) -> tuple[dict[str, int], bool, bool]:
    given = {"order_workers": (1, 64, 4), "member_workers": (1, 64, 2), "settlement_workers": (1, 64, 1)}
    given |= {"pool": (1, 500, 10), "cores": (1, 64, 2)}
    sizes = {}
    places = st.columns(6, vertical_alignment="bottom")
    for place, name in zip(places, SIZES, strict=True):
        label, key = _LABELS[name].say(lang), f"settlement.{name}"
        if name == "batch":
            sizes[name] = place.selectbox(label, BATCHES, index=BATCHES.index(500), key=key, persist_state="session")
        else:
            sizes[name] = int(place.number_input(label, *given[name], key=key, persist_state="session"))
    left, right, _ = st.columns([1, 1, 1])
    queue = left.toggle(
        words.QUEUE.say(lang),
        value=True,
        help=words.QUEUE_HELP.say(lang),
        key="settlement.queue",
        persist_state="session",
    )
    cache = right.toggle(
        words.CACHE.say(lang),
        value=True,
        help=words.CACHE_HELP.say(lang),
        key="settlement.cache",
        persist_state="session",
    )
    return sizes, queue, cache


def progress(job: Job, lang: Lang) -> tuple[float, str]:
    """How far a study is, by the phases that it has told."""
    from sim.report.capacity import PHASES

    if not job.told:
        return 0.0, words.STARTING.say(lang)
    now = job.told[-1]
    begun = list(_STEPS)[: list(_STEPS).index(now)]
    done = sum(_STEPS[name] for name in begun) + min(_STEPS[now], job.told.count(now))
    title: Text = PHASES[now]
    return 0.98 * done / sum(_STEPS.values()), title.say(lang)
