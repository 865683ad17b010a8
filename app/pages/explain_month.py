"""A month: the statement of a member, and the sums of the whole shop."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.pages.explain_person import choose_member
from app.pieces import part
from app.words import explain as words
from rules.calendar import month_of
from rules.events import DAY, Period
from rules.journey.words import clock
from rules.payout.certificate import certificates
from rules.payout.stages import TITLES, balances, journal
from rules.payout.statement import LABELS, Statement, statement_of, statements
from sim.experiments.metric_names import Lang, spoken
from sim.history.lived import Lived
from sim.report.figures import money
from sim.report.member_centre import last_day

_SUMS = ("opening", "earned", "reversed", "paid_out", "closing")


def show_month(lived: Lived, run: str, lang: Lang) -> None:
    """Choose a member and a month."""
    left, right = st.columns([3, 2])
    with left:
        member = choose_member(lived, run, lang)
    months = months_of(lived)
    month = right.selectbox(
        words.MONTH.say(lang),
        months,
        index=len(months) - 1,
        format_func=month_name,
        key=f"explain.month-{run}",
        persist_state="session",
    )
    names = lived.past.log.names
    if member is not None:
        one = statement_of(lived.book, member, Period.month, month, names)
        title = words.STATEMENT.say(lang).format(who=one.member, month=month_name(month))
        st.html(part("explain.statement", lang=lang, words=words, title=title, view=statement_view(one, lang)))
        taxed = [
            one_paid
            for one_paid in certificates(lived.book, names)
            if one_paid.member == one.member and one.first <= one_paid.paid <= one.last
        ]
        shown = [
            {
                "title": words.CERTIFICATE.say(lang).format(number=paid.withdrawal),
                "lines": [(spoken(label, lang), spoken(value, lang)) for label, value in paid.lines()],
            }
            for paid in taxed
        ]
        if shown:
            st.html(part("explain.certificates", lang=lang, words=words, shown=shown))
    _show_everybody(lived, month, lang)


def months_of(lived: Lived) -> list[int]:
    """The months of a run, the first one first."""
    first = month_of(int(lived.past.log.events["time"][0]) // DAY)
    return list(range(first, month_of(last_day(lived)) + 1))


def month_name(month: int) -> str:
    """A month as `2026-02`."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def statement_view(one: Statement, lang: Lang) -> dict[str, Any]:
    """A statement, ready to be shown."""
    figures = dict(one.figures())
    return {
        "heads": [spoken(LABELS[name], lang) for name in ("time", "amount", "balance", "reason")],
        "lines": [
            {
                "time": clock(line.time),
                "amount": money(line.amount, exact=True, sign="+"),
                "balance": money(line.balance, exact=True),
                "reason": spoken(line.reason, lang),
            }
            for line in one.lines
        ],
        "figures": [(spoken(LABELS[name], lang), money(fen, exact=True)) for name, fen in one.figures()],
        "balanced": words.BALANCED.say(lang).format(**{name: money(figures[name], exact=True) for name in _SUMS}),
    }


def _show_everybody(lived: Lived, month: int, lang: Lang) -> None:
    """The sums of all wallets that moved, and where the money of payouts stands."""
    found = statements(lived.book, Period.month, month, lived.past.log.names)
    names = ("opening", "earned", "reversed", "paid_out", "fee", "tax", "closing")
    figures = {name: sum(getattr(one, name) for one in found) for name in names}
    accounts = {account: fen for account, fen in balances(journal(lived.book)).items() if fen}
    st.html(
        part(
            "explain.everybody",
            lang=lang,
            words=words,
            title=words.EVERYBODY.say(lang).format(month=month_name(month)),
            hint=words.EVERYBODY_HINT.say(lang).format(members=len(found)),
            figures=[(spoken(LABELS[name], lang), money(fen, exact=True)) for name, fen in figures.items()],
            balanced=words.BALANCED.say(lang).format(**{name: money(figures[name], exact=True) for name in _SUMS}),
            accounts=[(spoken(TITLES[account], lang), money(fen, exact=True)) for account, fen in accounts.items()],
        )
    )
