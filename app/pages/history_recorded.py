"""What the platform recorded beside a replay: how much agrees, and a cause for every difference."""

from __future__ import annotations

import streamlit as st

from app.pieces import part
from app.words import history as words
from sim.experiments.metric_names import Lang
from sim.matching.report import HEADS, HINT, TITLE, causes, explained, lines, verdict
from sim.matching.result import UNEXPLAINED, Matched


def show_recorded(found: Matched, name: str, lang: Lang) -> None:
    """The verdict, the causes as a table, and each with its examples.

    Args:
        name: what the plan is called.
    """
    st.html(part("common.section", lang=lang, title=TITLE.say(lang), hint=HINT.say(lang)))
    agrees = not found.differences
    said = [verdict(found, lang)] if agrees else [explained(found, lang), verdict(found, lang)]
    facts = words.RECORDED_FACTS.say(lang).format(plan=name, rows=f"{found.rows:,}", tried=f"{found.tried:,}")
    st.html(
        part(
            "common.verdict",
            lang=lang,
            label=words.RECORDED.say(lang),
            headline=said[0],
            lines=[*said[1:], *(note.say(lang) for note in found.notes)],
            facts=facts,
            tone="breach" if found.unexplained else "won",
        )
    )
    if agrees:
        return
    heads = HEADS.say(lang).split("|")
    st.html(
        part(
            "common.table", lang=lang, title=words.CAUSES.say(lang), heads=heads, rows=causes(found, lang), amounts=True
        )
    )
    told = [
        (group.title.say(lang), f"{group.count:,}", lines(group, lang), group.key == UNEXPLAINED)
        for group in found.groups
    ]
    with st.expander(words.EXAMPLES.say(lang), icon=":material/calculate:"):
        st.html(part("history.examples", lang=lang, words=words, causes=told))
