"""How the buyer of an order came, its life as a timeline, and sums that close."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.pages.explain_path import show_path
from app.pieces import part
from app.words import explain as words
from rules.cases.result import explained
from rules.journey.journey import PART_TITLES
from rules.journey.words import clock
from rules.payout.statement import COMPONENTS
from rules.records import Component
from sim.experiments.metric_names import Lang, spoken
from sim.history.lived import Lived
from sim.report.figures import money
from sim.report.order_life import OrderLife, Trait, entries_of_order, is_told, order_life, traits


def show_order(lived: Lived, run: str, lang: Lang) -> None:
    """Choose an order and tell its life."""
    known = known_orders(lived, run)
    present = [trait for trait in words.TRAITS if any(trait in found for found in known.values())]
    left, right = st.columns([3, 4], vertical_alignment="bottom")
    only = right.pills(
        words.SHOW_ONLY.say(lang),
        present,
        format_func=lambda name: words.TRAITS[name].say(lang),
        key=f"explain.only-{run}",
        persist_state="session",
    )
    listed = [number for number, found in known.items() if only is None or only in found]
    number = left.selectbox(
        words.ORDER.say(lang),
        listed,
        format_func=lambda one: _named(lived, one, lang),
        help=words.ORDER_HELP.say(lang),
        key=f"explain.order-{run}-{only}",
        persist_state="session",
    )
    if number is not None:
        _tell(lived, number, known[number], lang)


def known_orders(lived: Lived, run: str) -> dict[int, set[Trait]]:
    """The orders that were paid with what makes them worth a look: the most telling ones first; kept with the run."""
    kept = st.session_state.get("explain.traits")
    if kept and kept[0] == run:
        return dict(kept[1])
    found = {number: traits(lived, number) for number, one in enumerate(lived.state.orders) if is_told(one)}
    ranked = dict(sorted(found.items(), key=lambda one: (-len(one[1]), "withdrawn" not in one[1], one[0])))
    st.session_state["explain.traits"] = run, ranked
    return ranked


def _named(lived: Lived, number: int, lang: Lang) -> str:
    order = lived.state.orders[number]
    commission = sum(lived.state.entries[one].amount for one in order.entries)
    return words.ORDER_NAMED.say(lang).format(
        order=lived.told.order(number),
        paid=money(order.goods + order.freight, exact=True),
        commission=money(commission, exact=True),
    )


def _tell(lived: Lived, number: int, found: set[Trait], lang: Lang) -> None:
    life = order_life(lived, number)
    title = words.LIFE.say(lang).format(order=life.name)
    chips = [words.TRAITS[one].say(lang) for one in words.TRAITS if one in found]
    show_path(lived, number, lang)
    left, right = st.columns([3, 2])
    with left:
        moments = timeline(life, lang)
        st.html(part("explain.timeline", lang=lang, words=words, title=title, chips=chips, moments=moments))
    with right:
        st.html(part("explain.sums", lang=lang, words=words, sums=sums(lived, life, lang), split=split(life, lang)))
        if life.shares:
            with st.expander(words.JOURNEYS.say(lang), icon=":material/receipt_long:"):
                st.html(part("explain.journeys", lang=lang, entries=journeys(lived, number, lang)))


def timeline(life: OrderLife, lang: Lang) -> list[dict[str, Any]]:
    """What happened, ready to be shown."""
    return [
        {
            "sort": one.sort,
            "name": words.STEPS[one.sort].say(lang),
            "time": clock(one.time),
            "title": spoken(one.title, lang),
            "lines": [spoken(line, lang) for line in one.lines],
            "amount": "" if one.amount is None else money(one.amount, exact=True),
        }
        for one in life.moments
    ]


def sums(lived: Lived, life: OrderLife, lang: Lang) -> list[str]:
    """The sums of an order, in words."""

    def fen(amount: int) -> str:
        return money(amount, exact=True)

    told = [words.PAID_SUM.say(lang).format(paid=fen(life.paid), goods=fen(life.goods), freight=fen(life.freight))]
    told.append(
        words.GOODS_SUM.say(lang).format(
            goods=fen(life.goods), refunded=fen(life.refunded), commission=fen(life.commission), kept=fen(life.kept)
        )
    )
    if not life.shares:
        return [*told, words.NO_COMMISSION.say(lang)]
    for one in life.shares:
        who = spoken(lived.told.who(one.member), lang)
        told.append(
            words.SHARE_SUM.say(lang).format(
                who=who, booked=fen(one.booked), back=fen(one.taken_back), left=fen(one.left)
            )
        )
    terms = " + ".join(fen(one.left) for one in life.shares)
    return [*told, words.COMMISSION_SUM.say(lang).format(terms=terms, total=fen(life.commission))]


def split(life: OrderLife, lang: Lang) -> list[dict[str, Any]]:
    """Where the payment for the goods went, in parts of a bar."""
    if life.goods <= 0 or life.kept < 0:
        return []
    parts = (
        ("bad", words.REFUNDED, life.refunded),
        ("changed", words.COMMISSION, life.commission),
        ("good", words.KEPT, life.kept),
    )
    return [
        {
            "tone": tone,
            "name": name.say(lang),
            "amount": money(fen, exact=True),
            "part": round(fen / life.goods * 100, 3),
        }
        for tone, name, fen in parts
        if fen > 0
    ]


def journeys(lived: Lived, number: int, lang: Lang) -> list[dict[str, Any]]:
    """Every entry of an order with its whole way, as the command tells it."""
    wanted = {id(one) for one in entries_of_order(lived, number)}
    shown = []
    for place, entry in enumerate(lived.state.entries):
        if id(entry) not in wanted:
            continue
        told = explained(place, lived.journeys)
        name = COMPONENTS[Component[told.component]]
        what = f"{spoken(name, lang)} {told.bonus or ''}".strip()
        parts: dict[str, list[str]] = {}
        for step in told.steps:
            parts.setdefault(spoken(PART_TITLES[step["part"]], lang), []).append(step[lang])
        who = spoken(lived.told.who(entry.member), lang)
        title = words.ENTRY.say(lang).format(who=who, what=what, amount=money(told.amount, exact=True))
        shown.append({"title": title, "parts": parts})
    return shown
