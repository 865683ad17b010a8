"""Headroom: one rate of a plan on a slider, decided anew at every step; the largest that holds is marked."""

from __future__ import annotations

import streamlit as st

from app.choosing import Chosen
from app.jobs import Tell
from app.pages.compliance_view import chain_view
from app.pieces import part
from app.rulebooks import shipped_rulebook
from app.words import compliance as words
from app.working import begin, job_of, show_progress
from rules.compliance.decision import Decision
from rules.compliance.headroom import StatedRate, largest_stated, rates_alone, stated_rates, with_stated
from rules.compliance.order_ratio import order_ratio
from rules.compliance.rulebook import Rulebook
from rules.errors import InputError
from rules.money import PPM, percent
from rules.plan.model import Plan
from sim.experiments.metric_names import Lang, spoken
from sim.report.compliance import witnessed
from sim.report.figures import money

_JOB, _LARGEST = "compliance.room", "compliance.largest"
_STEP = 10_000
"""Parts per million of a per cent."""


def show_headroom(chosen: Chosen, book: Rulebook, lang: Lang) -> None:
    """The section; moving the slider runs nothing else of the page again."""
    limit, borrowed = limit_of(book)
    hint = (words.BORROWED if borrowed else words.HEADROOM_HINT).say(lang).format(limit=percent(limit))
    st.html(part("common.section", lang=lang, title=words.HEADROOM.say(lang), hint=hint))
    if stated_rates(chosen.plan):
        st.fragment(_show, key="compliance.headroom")(chosen, limit, lang)
    else:
        st.html(part("common.notice", lang=lang, text=words.NO_RATES.say(lang)))


def limit_of(book: Rulebook) -> tuple[int, bool]:
    """The tightest limit that a rulebook sets an order's ratio; that of the house rules where it sets none."""
    limits = [rule.limit for rule in book.rules if rule.measure == "order_ratio"]
    if limits:
        return min(limits), False
    return min(rule.limit for rule in shipped_rulebook("house").rules if rule.measure == "order_ratio"), True


def _show(chosen: Chosen, limit: int, lang: Lang) -> None:
    rates = stated_rates(chosen.plan)
    with st.container(border=True, key="compliance-headroom"):
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        number = left.selectbox(
            words.WHICH_RATE.say(lang),
            range(len(rates)),
            format_func=lambda one: _named(chosen.plan, rates[one], lang),
            key=f"compliance.rate-{chosen.plan.plan}",
            persist_state="session",
        )
        whole = right.toggle(
            words.WHOLE.say(lang), help=words.WHOLE_HELP.say(lang), key="compliance.whole", persist_state="session"
        )
        one = rates[number]
        plan = chosen.plan if whole else rates_alone(chosen.plan)
        # up to twice what it is and well over the limit; a rate that is whole stays whole
        most = min(100.0, max(one.rate * 2, limit * 2, 100_000) / _STEP)
        rate = st.slider(
            words.RATE.say(lang),
            0.0,
            most,
            one.rate / _STEP,
            0.1,
            format="%.1f%%",
            key=f"compliance.slider-{chosen.plan.plan}-{number}",
            persist_state="session",
        )
        _answer(chosen, plan, one, round(rate * _STEP), limit, most, whole, lang)


def _answer(
    chosen: Chosen, plan: Plan, one: StatedRate, rate: int, limit: int, most: float, whole: bool, lang: Lang
) -> None:
    decision = decided(plan, one, rate, limit)
    largest = _largest_of(chosen, plan, one, limit, whole, lang)
    drawn = witnessed(decision.case) if decision.broken and decision.case else None
    view = chain_view(drawn, limit, lang) if drawn else None
    if drawn:
        share, goods, total = percent(drawn.rate), money(drawn.goods, exact=True), money(drawn.total, exact=True)
        told = words.BREAKS.say(lang).format(rate=percent(rate), goods=goods, total=total, share=share)
    elif decision.broken:
        told = words.BREAKS_BARE.say(lang).format(rate=percent(rate))
    elif decision.broken is None:
        told = words.UNDECIDED.say(lang).format(rate=percent(rate), why=spoken(decision.why, lang))
    else:
        told = words.HOLDS.say(lang).format(rate=percent(rate), worst=percent(decision.worst or 0))
    verdict = {True: "fail", False: "pass", None: "unknown"}[decision.broken]
    st.html(
        part(
            "compliance.gauge",
            lang=lang,
            words=words,
            verdict=verdict,
            told=told,
            rate=rate / _STEP / most * 100,
            now=min(100.0, one.rate / _STEP / most * 100),
            most=None if largest in (None, _UNKNOWN) else min(100.0, largest / _STEP / most * 100),
            edge=_edge(largest, lang),
            now_said=words.NOW.say(lang).format(rate=percent(one.rate)),
            label=words.GAUGE.say(lang).format(rate=percent(rate), most=_edge(largest, lang)),
        )
    )
    if view:
        st.html(part("compliance.chain", lang=lang, words=words, view=view, title="", hint=""))


def decided(plan: Plan, one: StatedRate, rate: int, limit: int) -> Decision:
    """Whether an order can be over the limit with this rate; what a plan file would refuse is not decided."""
    try:
        return order_ratio(with_stated(plan, one, rate), limit)
    except InputError as error:
        return Decision(None, None, why=type(Decision(None, None).why)(zh=str(error), en=str(error)))


_UNKNOWN = -1
"""The largest rate is still being looked for."""


def _edge(largest: int | None, lang: Lang) -> str:
    if largest is None:
        return words.LARGEST_NONE.say(lang)
    if largest == _UNKNOWN:
        return words.LOOKING.say(lang)
    if largest == PPM:
        return words.LARGEST_ANY.say(lang)
    return words.LARGEST.say(lang).format(rate=percent(largest))


def _largest_of(chosen: Chosen, plan: Plan, one: StatedRate, limit: int, whole: bool, lang: Lang) -> int | None:
    """The largest rate that holds: rates alone at once; of a plan with all it has it may take seconds, so by a job."""
    asked = chosen.text, one, limit, whole
    kept = st.session_state.get(_LARGEST)
    if kept and kept[0] == asked:
        return int(kept[1]) if kept[1] is not None else None
    if not whole:
        found = largest_stated(plan, limit, one)
    else:
        job = job_of(_JOB)
        if job is None or st.session_state.get(f"{_JOB}-of") != asked:
            job = begin(_JOB, _look, plan, limit, one)
            st.session_state[f"{_JOB}-of"] = asked
        if not job.is_over:
            show_progress(job, lang, lambda _: (0.5, words.LOOKING.say(lang)), _JOB)
            return _UNKNOWN
        found = job.result
    st.session_state[_LARGEST] = asked, found
    return found


def _look(tell: Tell, plan: Plan, limit: int, one: StatedRate) -> int | None:
    return largest_stated(plan, limit, one)


def _named(plan: Plan, one: StatedRate, lang: Lang) -> str:
    goods = one.sku or one.category or ""
    goods = words.ALL_GOODS.say(lang) if goods == "default" else goods
    told = {"level": one.level, "goods": goods, "rate": percent(one.rate)}
    if one.rank is None:
        return words.NAMED_RATE.say(lang).format(**told)
    rank = next(rank for rank in plan.ranks if rank.id == one.rank)
    return words.RANKED_RATE.say(lang).format(**told, rank=spoken(rank.title, lang) if rank.title else rank.id)
