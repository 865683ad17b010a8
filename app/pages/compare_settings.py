"""The settings of a comparison: what can be chosen, within bounds, and the files behind the choice."""

from __future__ import annotations

import streamlit as st

from app.choosing import PEOPLE, Chosen, choose_plan, choose_scenario, plans_of, show_notes
from app.pages.comparing import Failure, Settings
from app.words import compare as words
from rules.errors import InputError
from sim.experiments.metric_names import Lang, Text
from sim.scenario import Scenario

DAYS = (30, 365)
REPLICATIONS = (2, 32)


def choose(lang: Lang) -> tuple[Settings | Failure | None, bool]:
    """The settings as chosen, or why they cannot be used (None = a file is still to come); whether to run them now."""
    with st.container(border=True, key="settings"):
        left, middle, right = st.columns(3)
        scenario = choose_scenario(left, lang)
        first, second = plans_of(scenario)[:2]
        baseline = choose_plan(middle, f"baseline-{scenario.scenario}", words.BASELINE, first, lang)
        other = choose_plan(right, f"other-{scenario.scenario}", words.CHALLENGER, second, lang)
        people, days, replications = _size(scenario, lang)
        usable = isinstance(baseline, Chosen) and isinstance(other, Chosen)
        wanted = st.button(
            words.RUN.say(lang),
            type="primary",
            icon=":material/play_arrow:",
            disabled=not usable,
            width="stretch",
            key="run",
        )
        if not isinstance(baseline, Chosen):
            return _refused(baseline), False
        if not isinstance(other, Chosen):
            return _refused(other), False
        show_notes([baseline, other], lang)
        _show_files((baseline, other), lang)
    plans, named = (baseline.plan, other.plan), (baseline.name, other.name)
    return Settings(scenario, plans, named, people, days, replications), wanted


def _show_files(chosen: tuple[Chosen, Chosen], lang: Lang) -> None:
    with st.expander(words.FILES.say(lang), icon=":material/description:"):
        for column, one in zip(st.columns(2), chosen, strict=True):
            column.code(one.text, language="yaml", height=380)


def _refused(error: InputError | None) -> Failure | None:
    return Failure(Text(str(error), str(error))) if error else None


def _size(scenario: Scenario, lang: Lang) -> tuple[int, int, int]:
    """People, days, replications; at first those of the scenario."""
    left, middle, right = st.columns(3)
    key, people = scenario.scenario, min(scenario.people, PEOPLE[-1])
    return (
        left.select_slider(
            words.PEOPLE.say(lang),
            sorted({*PEOPLE, people}),
            value=people,
            format_func=lambda count: f"{count:,}",
            key=f"people-{key}",
        ),
        middle.slider(words.DAYS.say(lang), *DAYS, value=min(max(scenario.days, DAYS[0]), DAYS[1]), key=f"days-{key}"),
        right.slider(
            words.REPLICATIONS.say(lang),
            *REPLICATIONS,
            value=8,
            help=words.REPLICATIONS_HELP.say(lang),
            key=f"replications-{key}",
        ),
    )
