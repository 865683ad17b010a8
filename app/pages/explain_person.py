"""A member's account as she would see it on her phone."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.pieces import part
from app.words import explain as words
from rules.journey.words import clock
from sim.experiments.metric_names import Lang, spoken
from sim.history.lived import Lived
from sim.report.figures import money
from sim.report.member_centre import Centre, centre_of, promoters


def choose_member(lived: Lived, run: str, lang: Lang) -> int | None:
    """A member who earned anything or has a team, the one who earned most first."""
    chosen: int | None = st.selectbox(
        words.PERSON.say(lang),
        promoters(lived),
        format_func=lambda number: words.PERSON_NAMED.say(lang).format(
            who=lived.past.log.names.member(number),
            earned=money(lived.state.members[number].earned, exact=True),
            team=len(lived.state.members[number].team),
        ),
        key=f"explain.member-{run}",
        persist_state="session",
    )
    return chosen


def show_person(lived: Lived, run: str, lang: Lang) -> None:
    """The member centre."""
    member = choose_member(lived, run, lang)
    if member is None:
        st.html(part("common.notice", lang=lang, text=words.NO_ENTRIES.say(lang)))
        return
    view = centre_view(lived, centre_of(lived, member), lang)
    st.html(part("explain.centre", lang=lang, words=words, view=view))


def centre_view(lived: Lived, one: Centre, lang: Lang) -> dict[str, Any]:
    """An account, ready to be shown."""
    month = one.month
    goals = [
        {
            "name": words.GOALS[goal.measure].say(lang),
            "have": money(goal.have, exact=True) if goal.is_money else f"{goal.have:,}",
            "need": money(goal.need, exact=True) if goal.is_money else f"{goal.need:,}",
            "part": min(100, round(goal.have / goal.need * 100)) if goal.need else 100,
        }
        for goal in one.goals
    ]
    who = spoken(lived.told.who(one.member), lang)
    inviter = None if one.inviter is None else spoken(lived.told.who(one.inviter), lang)
    return {
        "who": who,
        "rank": spoken(one.rank, lang),
        "invited": words.INVITED_BY.say(lang).format(who=inviter) if inviter else words.INVITED_BY_NOBODY.say(lang),
        "available": money(one.balances["available"], exact=True),
        "pockets": [
            (words.POCKETS[name].say(lang), money(fen, exact=True))
            for name, fen in one.balances.items()
            if name != "available"
        ],
        "earned": words.IN_ALL.say(lang).format(earned=money(lived.state.members[one.member].earned, exact=True)),
        "month": words.THIS_MONTH.say(lang).format(month=f"{month.first:%Y-%m}"),
        "income": money(month.earned - month.reversed, exact=True),
        "back": words.TAKEN_BACK.say(lang).format(back=money(month.reversed, exact=True)) if month.reversed else "",
        "team": [
            (
                words.TEAM_LEVEL.say(lang).format(level=level.level),
                words.TEAM_PEOPLE.say(lang).format(people=level.people, buyers=level.buyers),
            )
            for level in one.team
            if level.people
        ],
        "next": words.NEXT_RANK.say(lang).format(rank=spoken(one.next_rank, lang)) if one.next_rank else "",
        "goals": goals,
        "months": words.ON_TARGET.say(lang).format(have=one.months[0], need=one.months[1]) if one.months else "",
        "latest": [
            {
                "time": clock(line.time),
                "amount": money(line.amount, exact=True, sign="+"),
                "reason": spoken(line.reason, lang),
                "tone": "good" if line.amount > 0 else "bad",
            }
            for line in one.latest
        ],
    }
