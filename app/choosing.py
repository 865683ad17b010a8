"""The settings of a comparison: what can be chosen, within bounds, and the files behind the choice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import words
from app.parts import part
from app.running import Failure, Settings
from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.notes import notes
from rules.plan.read import read_plan
from scenarios.find import find, names
from sim.experiments.metric_names import Lang, Text
from sim.scenario import Scenario, read_scenario

PEOPLE = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
DAYS = (30, 365)
REPLICATIONS = (2, 32)
_OWN = "*"
"""The choice of a file of one's own; no shipped plan has this name."""


@dataclass(frozen=True)
class Chosen:
    """A plan that was chosen: its name for the command line, and the text of its file."""

    name: str
    text: str
    plan: Plan


def choose(lang: Lang) -> tuple[Settings | Failure | None, bool]:
    """The settings as chosen, or why they cannot be used (None = a file is still to come); whether to run them now."""
    with st.container(border=True, key="settings"):
        left, middle, right = st.columns(3)
        scenario = _scenario(left, lang)
        first, second = _two(scenario)
        baseline = _plan(middle, f"baseline-{scenario.scenario}", words.BASELINE, first, lang)
        other = _plan(right, f"other-{scenario.scenario}", words.CHALLENGER, second, lang)
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
            return baseline, False
        if not isinstance(other, Chosen):
            return other, False
        _show_notes((baseline, other), lang)
        _show_files((baseline, other), lang)
    plans, named = (baseline.plan, other.plan), (baseline.name, other.name)
    return Settings(scenario, plans, named, people, days, replications), wanted


def _show_notes(chosen: tuple[Chosen, Chosen], lang: Lang) -> None:
    """What has to be known of the plans."""
    told = {f"{one.name}: {note.zh if lang == 'zh' else note.en}": None for one in chosen for note in notes(one.plan)}
    if told:
        st.html(part("notes", lang=lang, notes=list(told)))


def _show_files(chosen: tuple[Chosen, Chosen], lang: Lang) -> None:
    with st.expander(words.FILES.say(lang), icon=":material/description:"):
        for column, one in zip(st.columns(2), chosen, strict=True):
            column.code(one.text, language="yaml", height=380)


def _scenario(place: DeltaGenerator, lang: Lang) -> Scenario:
    shipped = {name: _shipped_scenario(*find("markets", name)) for name in names("markets")}
    name = place.selectbox(
        words.SCENARIO.say(lang),
        list(shipped),
        index=list(shipped).index("three_tier"),
        format_func=lambda name: _titled(shipped[name], name, lang),
        help=words.SCENARIO_HELP.say(lang),
        key="scenario",
    )
    return shipped[name]


def _titled(thing: Scenario | Plan, name: str, lang: Lang) -> str:
    title = thing.title
    return f"{title.zh if lang == 'zh' else title.en} ({name})" if title else name


def _two(scenario: Scenario) -> tuple[str, str]:
    """The plans that are chosen at first: those of the scenario."""
    shipped = names("plans")
    wanted = [name for name in scenario.plans if name in shipped] or shipped
    return wanted[0], wanted[1] if len(wanted) > 1 else wanted[0]


def _plan(place: DeltaGenerator, key: str, label: Text, first: str, lang: Lang) -> Chosen | Failure | None:
    """A shipped plan or a file of one's own; None while there is no file, a failure if it holds no plan."""
    shipped = {name: _shipped_plan(*find("plans", name), name) for name in names("plans")}
    choices = [*shipped, _OWN]
    name = place.selectbox(
        label.say(lang),
        choices,
        index=choices.index(first),
        format_func=lambda name: words.OWN.say(lang) if name == _OWN else _titled(shipped[name].plan, name, lang),
        key=key,
    )
    if name != _OWN:
        return shipped[name]
    given = place.file_uploader(words.OWN_HELP.say(lang), type=["yaml", "yml"], key=f"{key}-file")
    if given is None:
        return None
    try:
        return _read(decoded(given.getvalue(), given.name), given.name, given.name)
    except InputError as error:
        return Failure(Text(str(error), str(error)))


def decoded(data: bytes, name: str) -> str:
    """The text of an uploaded file.

    Raises:
        InputError: it is no text.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8", allowed="a text file saved as UTF-8") from None


@lru_cache(256)
def _shipped_scenario(text: str, place: str) -> Scenario:
    """A shipped scenario, read once: the page asks for all of them each time that something is clicked."""
    return read_scenario(text, place)


@lru_cache(256)
def _shipped_plan(text: str, place: str, name: str) -> Chosen:
    """A shipped plan, read once; what visitors bring is never kept."""
    return _read(text, place, name)


def _read(text: str, place: str, name: str) -> Chosen:
    return Chosen(name, text, read_plan(text, place))


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
