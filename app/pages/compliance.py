"""Compliance: a plan against a rulebook, rule by rule; the order that shows a breach; how far a rate can go."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import cast

import streamlit as st

from app.choosing import Chosen, choose_plan
from app.jobs import Job, Tell
from app.pages.compliance_headroom import show_headroom
from app.pages.compliance_view import ICONS, chain_view, rule_view
from app.pieces import part
from app.rulebooks import shipped_rulebook
from app.words import common
from app.words import compliance as words
from app.working import begin, job_of, show_failure, show_progress, show_refusal
from rules.compliance.check import Checked, check_plan, verdict_of
from rules.compliance.headroom import nearest_order
from rules.compliance.rulebook import Rulebook
from rules.compliance.verdict import GRAVITY
from rules.errors import InputError
from rules.jit import is_cold
from rules.plan.read import read_plan
from scenarios.find import find, names
from sim.experiments.metric_names import Lang, spoken
from sim.report.compliance import PLAN_WORDS, Witnessed, witnessed

FIRST = "three_tier", "house"
FAILING = (("three_tier_5x", "house"), ("three_level", "cn"), ("mini_mixed", "house"))
"""Shipped plans and the rulebooks that they break: an order's ratio, levels, a team's share."""
_PLAN, _TURN, _JOB = "compliance.plan", "compliance.turn", "compliance.job"
_RATIOS = ("order_ratio", "person_ratio", "refund_ratio")
Found = tuple[list[Checked], dict[str, Witnessed]]
"""What was found of each rule, and by rule the order that shows it."""


def show(lang: Lang) -> None:
    """The page."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    turn = st.session_state.get(_TURN, 0)
    plan, rulebook = FAILING[(turn - 1) % len(FAILING)] if turn else FIRST
    with st.container(border=True, key="settings"):
        left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
        chosen = choose_plan(left, f"{_PLAN}-{turn}", common.PLAN, plan, lang)
        books = names("rulebooks")
        name = middle.selectbox(
            words.RULEBOOK.say(lang),
            books,
            index=books.index(rulebook),
            format_func=lambda one: f"{spoken(shipped_rulebook(one).title, lang)} ({one})",
            key=f"compliance.book-{turn}",
            persist_state="session",
        )
        failing = words.FAILING.say(lang)
        right.button(
            failing, on_click=_show_failing, icon=":material/error:", width="stretch", key="compliance.failing"
        )
    if chosen is None:
        st.html(part("common.notice", lang=lang, text=words.NO_FILE.say(lang)))
    elif isinstance(chosen, InputError):
        show_refusal(chosen, lang)
    else:
        _show_checked(chosen, shipped_rulebook(name), lang)


def _show_failing() -> None:
    """Choose the next shipped plan that breaks a rulebook, by new widgets that begin with it."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _show_checked(chosen: Chosen, book: Rulebook, lang: Lang) -> None:
    found = _found(chosen, book, lang)
    if not found:
        return
    checked, shown = found
    st.html(_verdict(chosen, book, checked, lang))
    hint = words.RULES_HINT.say(lang)
    st.html(part("common.section", lang=lang, title=words.RULES.say(lang), hint=hint))
    worst_first = sorted(checked, key=lambda one: -GRAVITY.index(one.verdict))
    rules = [rule_view(one, lang) for one in worst_first]
    st.html(part("compliance.rules", lang=lang, words=words, rules=rules))
    _show_witness([one for one in worst_first if one.rule.id in shown], shown, lang)
    show_headroom(chosen, book, lang)


def _verdict(chosen: Chosen, book: Rulebook, checked: list[Checked], lang: Lang) -> str:
    verdict, count = verdict_of(checked), Counter(one.verdict for one in checked)
    summary = words.SUMMARY.say(lang).format(
        plan=chosen.name, book=spoken(book.title, lang), date=book.checked, rules=len(checked), broken=count["fail"]
    )
    chips = [
        {"verdict": one, "icon": ICONS[one], "word": words.STATES[one].say(lang), "count": count[one]}
        for one in reversed(GRAVITY)
        if count[one]
    ]
    told, label, note = PLAN_WORDS[verdict].say(lang), words.VERDICT.say(lang), words.NO_OPINION.say(lang)
    return part(
        "compliance.verdict",
        lang=lang,
        verdict=verdict,
        label=label,
        said=told[:1].upper() + told[1:],
        summary=summary,
        chips=chips,
        note=note,
    )


def _show_witness(rules: list[Checked], shown: dict[str, Witnessed], lang: Lang) -> None:
    st.html(part("common.section", lang=lang, title=words.WITNESS.say(lang)))
    if not rules:
        st.html(part("common.notice", lang=lang, text=words.NO_WITNESS.say(lang)))
        return
    by_id = {one.rule.id: one for one in rules}
    first = next((one.rule.id for one in rules if one.decision.broken or one.rule.measure in _RATIOS), rules[0].rule.id)
    chosen = first
    if len(rules) > 1:
        chosen = st.selectbox(
            words.WHICH.say(lang),
            list(by_id),
            index=list(by_id).index(first),
            format_func=lambda id: f"{ICONS[by_id[id].verdict]} {spoken(by_id[id].rule.title, lang)}",
            key=f"compliance.which-{'-'.join(by_id)}",
            persist_state="session",
        )
    one = by_id[chosen]
    of_ratio = one.rule.measure in _RATIOS
    hint = words.WITNESS_BROKEN if one.decision.broken else words.WITNESS_NEAR if of_ratio else words.WITNESS_LEVELS
    view = chain_view(shown[chosen], one.rule.limit if of_ratio else None, lang)
    title = spoken(one.rule.title, lang)
    st.html(part("compliance.chain", lang=lang, words=words, view=view, title=title, hint=hint.say(lang)))


def _found(chosen: Chosen, book: Rulebook, lang: Lang) -> Found | None:
    """What was found, at once where it is a shipped plan; a file of one's own, or a new machine, takes a job."""
    if _is_shipped(chosen) and not is_cold():
        with st.spinner(words.CHECKING.say(lang)):
            return _found_of_shipped(chosen.name, book.rulebook)
    asked = chosen.text, book.rulebook
    job = job_of(_JOB)
    if job is None or st.session_state.get(f"{_JOB}-of") != asked:
        job = begin(_JOB, find_out, chosen.text, chosen.name, book)
        st.session_state[f"{_JOB}-of"] = asked
    if not job.is_over:
        show_progress(job, lang, lambda one: _progress(one, lang), _JOB)
        return None
    show_failure(job, lang)
    return cast(Found | None, job.result)


def _is_shipped(chosen: Chosen) -> bool:
    return chosen.name in names("plans") and find("plans", chosen.name)[0] == chosen.text


def _progress(job: Job, lang: Lang) -> tuple[float, str]:
    return 0.5, (common.COLD if job.seconds > 5 and is_cold() else words.CHECKING).say(lang)


def find_out(tell: Tell | None, text: str, place: str, book: Rulebook) -> Found:
    """A plan against a rulebook, with orders that show what was found."""
    plan = read_plan(text, place)
    checked = check_plan(plan, book, book.checked)
    shown: dict[str, Witnessed] = {}
    for one in checked:
        decision = one.decision
        if one.rule.measure == "order_ratio" and decision.broken is False:
            nearest = nearest_order(plan, decision)
            decision = nearest or decision
        if decision.case and (drawn := witnessed(decision.case)):
            shown[one.rule.id] = drawn
    return checked, shown


@lru_cache(64)
def _found_of_shipped(name: str, book: str) -> Found:
    """Of shipped plans alone: what visitors bring is never kept."""
    text, place = find("plans", name)
    return find_out(None, text, place, shipped_rulebook(book))
