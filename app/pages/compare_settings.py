"""The settings of a comparison: a market, two to four plans, each as it is or edited, and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from os.path import commonprefix
from typing import cast

import streamlit as st

from app.choosing import (
    OWN,
    PEOPLE,
    Chosen,
    choose_people,
    choose_plan,
    choose_scenario,
    plans_of,
    shipped_plan,
    show_notes,
)
from app.pages.compare_drafts import Draft, draft_of, edit, plan_of
from app.pages.compare_situations import show_situations
from app.pages.comparing import Settings, compare, how_far
from app.pieces import part
from app.words import common
from app.words import compare as words
from app.working import begin, job_of, show_progress, show_refusal
from rules.errors import InputError
from rules.plan.difference import difference
from rules.plan.model import Plan
from rules.plan.wording import Glossary
from scenarios.find import names
from sim.cli.rulesheet import glossary_of
from sim.experiments.metric_names import Lang, Text, spoken
from sim.report.charts import BASELINE, COLOURS
from sim.scenario import Scenario

DAYS = (30, 365)
REPLICATIONS = (2, 32)
MOST_PLANS = 4
JOB, RUNNING = "compare.job", "compare.running"
"""Where a session keeps its job, and the settings that it runs with."""
_OWN_MARKET = "compare.own-market"
"""A market that another page gave, and what its file is called in commands."""
_SLOTS = "compare.slots"
"""Numbers of the plans beside the baseline, which has 0."""
Found = Chosen | InputError | None


@dataclass(frozen=True)
class _Slot:
    """One plan to choose: its number, its place in the row, the beginning of the keys of its widgets."""

    number: int
    place: int
    key: str

    @property
    def colour(self) -> str:
        """The plan's in all charts."""
        return COLOURS[self.place - 1] if self.place else BASELINE

    @property
    def role(self) -> Text:
        """What it is called in the page."""
        letter = "ABCD"[self.place]
        return words.BASELINE if not self.place else Text(f"{words.CHALLENGER.zh} {letter}", f"Plan {letter}")


def adopt(scenario: Scenario, baseline: Chosen, text: str) -> None:
    """Have the page begin with a plan against another one of this text, which can be edited there."""
    state = st.session_state
    state["compare.scenario"], state[_SLOTS] = scenario.scenario, [1]
    shipped = baseline.name if baseline.name in names("plans") else plans_of(scenario)[0]
    for number, wanted in ((0, baseline.text), (1, text)):
        key, origin = f"compare.{scenario.scenario}.{number}", shipped_plan(shipped).text
        state[f"{key}.plan"], state[f"{key}.edit"] = shipped, wanted != origin
        if wanted != origin:
            before = cast(Draft | None, state.get(f"{key}.draft"))
            state[f"{key}.draft"] = Draft(origin, wanted, wanted, before.stamp + 1 if before else 0)


def adopt_market(scenario: Scenario, place: str) -> None:
    """Have the page compare plans on a market of one's own.

    Args:
        place: what its file is called in commands that are shown.
    """
    state, name = st.session_state, scenario.scenario
    for setting in (f"compare.people-{name}", f"compare.days-{name}"):
        state.pop(setting, None)  # they were of another market of this name
    state[_OWN_MARKET], state["compare.scenario"] = (scenario, place), OWN


def choose(lang: Lang) -> None:
    """Choose, and begin when asked to. Run again alone when something is changed: the results below stay."""
    with st.container(border=True, key="settings"):
        own, place = cast(tuple[Scenario | None, str], st.session_state.get(_OWN_MARKET, (None, "")))
        scenario = choose_scenario(st.container(), lang, key="compare.scenario", own=own)
        slots = _slots(scenario)
        chosen = _choose_plans(slots, scenario, lang)
        found = _edit(slots, chosen, glossary_of(scenario), lang)
        sizes = _size(scenario, lang)
        usable = [one for one in found if isinstance(one, Chosen)]
        if len(usable) == len(found):
            show_notes(usable, lang)
        place = place if scenario is own else ""
        _show_run(scenario, usable, sizes, place, lang, disabled=len(usable) < len(found))


def _slots(scenario: Scenario) -> list[_Slot]:
    numbers = [0, *cast(list[int], st.session_state.setdefault(_SLOTS, [1]))]
    return [_Slot(number, place, f"compare.{scenario.scenario}.{number}") for place, number in enumerate(numbers)]


def _choose_plans(slots: list[_Slot], scenario: Scenario, lang: Lang) -> list[Found]:
    """Two cards in a row; below them the button for one plan more."""
    offered, chosen = _offered(scenario), list[Found]()
    for start in range(0, len(slots), 2):
        row = slots[start : start + 2]
        columns = st.columns(2)
        for column, slot in zip(columns, row, strict=False):
            with column, st.container(border=True, height="stretch", key=f"fx-slot-{slot.number}"):
                chosen.append(_choose_plan(slot, offered[slot.number], lang))
        if len(row) == 1:
            with columns[1]:
                _show_add(lang)
    if len(slots) % 2 == 0 and len(slots) < MOST_PLANS:
        _show_add(lang)
    return chosen


def _offered(scenario: Scenario) -> list[str]:
    """Plans to begin with: those of the market, then those that are called most like its first."""
    own, shipped = plans_of(scenario)[: len(scenario.plans)], plans_of(scenario)
    others = [name for name in reversed(shipped) if name not in own]
    alike = {name: len(commonprefix([name, own[0]])) for name in others}  # noqa: RUF071 - these are no paths
    return [*own, *sorted(others, key=lambda name: -alike[name])]


def _show_add(lang: Lang) -> None:
    st.button(words.ADD.say(lang), icon=":material/add:", key="compare.add", on_click=_add)


def _choose_plan(slot: _Slot, first: str, lang: Lang) -> Found:
    st.html(part("compare.slot", lang=lang, title=slot.role.say(lang), colour=slot.colour))
    chosen = choose_plan(st.container(), f"{slot.key}.plan", slot.role, first, lang)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.toggle(
        words.EDIT.say(lang), key=f"{slot.key}.edit", persist_state="session", disabled=not isinstance(chosen, Chosen)
    )
    if slot.place > 1:
        right.button(
            words.REMOVE.say(lang),
            icon=":material/close:",
            key=f"{slot.key}.remove",
            on_click=_remove,
            args=(slot.number,),
            type="tertiary",
        )
    if isinstance(chosen, InputError):
        show_refusal(chosen, lang)
    return chosen


def _add() -> None:
    others = cast(list[int], st.session_state[_SLOTS])
    st.session_state[_SLOTS] = [*others, next(n for n in range(1, MOST_PLANS + 1) if n not in others)]


def _remove(number: int) -> None:
    st.session_state[_SLOTS] = [other for other in st.session_state[_SLOTS] if other != number]


def _edit(slots: list[_Slot], chosen: list[Found], glossary: Glossary, lang: Lang) -> list[Found]:
    """What is to be compared: as chosen, or as edited; an editor for each that is."""
    drafts: dict[_Slot, Draft] = {}
    for slot, one in zip(slots, chosen, strict=True):
        if isinstance(one, Chosen) and st.session_state.get(f"{slot.key}.edit"):
            drafts[slot] = draft_of(f"{slot.key}.draft", one, slot.place)
    now = {slot: plan_of(drafts[slot]) if slot in drafts else one for slot, one in zip(slots, chosen, strict=True)}
    baseline = now[slots[0]]
    for slot in slots:
        one = now[slot]
        if slot in drafts:
            label = f"{words.EDITING.say(lang)} · {slot.role.say(lang)}"
            with st.expander(label, expanded=True, icon=":material/edit:"):
                left = edit(drafts[slot], f"{slot.key}.form", glossary, lang)
                if slot.place and isinstance(baseline, Chosen) and isinstance(one, Chosen):
                    with left:
                        differ = _show_difference(slot, baseline.plan, one.plan, glossary, lang)
                    if differ:
                        show_situations(slot.key, baseline.plan, one.plan, glossary, lang)
        elif slot.place and isinstance(baseline, Chosen) and isinstance(one, Chosen):
            label = f"{words.READ.say(lang)} · {slot.role.say(lang)}"
            place = st.expander(label, icon=":material/difference:", key=f"{slot.key}.read", on_change="rerun")
            with place:
                if _show_difference(slot, baseline.plan, one.plan, glossary, lang) and place.open:
                    show_situations(slot.key, baseline.plan, one.plan, glossary, lang)
    return [now[slot] for slot in slots]


def _show_difference(slot: _Slot, before: Plan, after: Plan, glossary: Glossary, lang: Lang) -> bool:
    """In words, as `fenxiao diff` says it; whether there is any."""
    changes = [one for one in difference(before, after, glossary) if one.kind == "rule"]
    lines: dict[str, list[str]] = {}
    for change in changes:
        lines.setdefault(spoken(change.words, lang), []).append(change.place)
    label = words.CHANGES.say(lang).format(plan=slot.role.say(lang), count=len(lines))
    st.html(part("compare.changes", lang=lang, label=label, lines=lines, empty=words.NO_CHANGES.say(lang)))
    return bool(lines)


def _show_run(
    scenario: Scenario, usable: list[Chosen], sizes: tuple[int, int, int], place: str, lang: Lang, disabled: bool
) -> None:
    job = job_of(JOB)
    if job and not job.is_over:
        settings = cast(Settings, st.session_state[RUNNING])
        show_progress(job, lang, lambda job: how_far(job, settings, lang), "compare")
    elif st.button(
        words.RUN.say(lang), type="primary", icon=":material/play_arrow:", disabled=disabled, width="stretch", key="run"
    ):
        plans, names, texts = zip(*((one.plan, one.name, one.text) for one in usable), strict=True)
        settings = Settings(scenario, plans, names, texts, *sizes, place)
        st.session_state[RUNNING] = settings
        begin(JOB, compare, settings)
        st.rerun()


def _size(scenario: Scenario, lang: Lang) -> tuple[int, int, int]:
    """People, days, replications; at first those of the scenario."""
    left, middle, right = st.columns(3)
    key, people = scenario.scenario, min(scenario.people, PEOPLE[-1])
    return (
        choose_people(left, f"compare.people-{key}", sorted({*PEOPLE, people}), people, lang),
        middle.slider(
            common.DAYS.say(lang),
            *DAYS,
            value=min(max(scenario.days, DAYS[0]), DAYS[1]),
            key=f"compare.days-{key}",
            persist_state="session",
        ),
        right.slider(
            words.REPLICATIONS.say(lang),
            *REPLICATIONS,
            value=8,
            help=words.REPLICATIONS_HELP.say(lang),
            key=f"compare.replications-{key}",
            persist_state="session",
        ),
    )
