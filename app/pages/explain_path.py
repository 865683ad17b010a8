"""How the buyer of an order came: the path of invitations, and who of it the order pays."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.pieces import part
from app.words import explain as words
from rules.journey.words import clock
from sim.experiments.metric_names import Lang, spoken
from sim.history.lived import Lived
from sim.report.figures import money
from sim.report.referral_path import Person, ReferralPath, referral_path


def show_path(lived: Lived, number: int, lang: Lang) -> None:
    """The path as a strip."""
    path = referral_path(lived.told, number)
    hints = [words.PATH_FIXED.say(lang).format(fixed=spoken(path.fixed, lang))]
    if path.elsewhere:
        hints.append(words.PATH_ELSEWHERE.say(lang).format(count=path.elsewhere))
    st.html(part("explain.path", lang=lang, words=words, hints=hints, people=hops(path, lang)))


def hops(path: ReferralPath, lang: Lang) -> list[dict[str, Any]]:
    """The people of a path, ready to be shown; those left out of a long one as a hop of their own."""
    first, left_out, last = path.shortened()
    buyer = path.people[-1]
    shown = [_hop(one, lang, is_buyer=False) for one in first]
    if left_out:
        paid = sum(bool(one.earned) for one in left_out)
        more = words.PATH_MORE_PAID if paid else words.PATH_MORE
        shown.append({"more": more.say(lang).format(count=len(left_out), paid=paid)})
    return shown + [_hop(one, lang, is_buyer=one is buyer) for one in last]


def _hop(one: Person, lang: Lang, is_buyer: bool) -> dict[str, Any]:
    earned = ""
    if one.earned is not None:
        said = words.PATH_EARNED if one.earned else words.PATH_TAKEN_BACK
        earned = said.say(lang).format(earned=money(one.earned, exact=True))
    return {
        "more": "",
        "name": spoken(one.name, lang),
        "how": spoken(one.how, lang),
        "time": "" if one.time is None else clock(one.time)[:10],
        "buyer": words.BUYER.say(lang) if is_buyer else "",
        "earned": earned,
        "paid": bool(one.earned),
    }
