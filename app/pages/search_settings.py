"""The settings of a search: market and plan, what may be moved and how far, goals, limits, and how long."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast

import streamlit as st

from app.choosing import Chosen, choose_people, choose_plan, choose_scenario, plans_of, show_notes
from app.pages.search_work import Asked, search, tried_of
from app.rulebooks import shipped_rulebook
from app.words import common
from app.words import search as words
from app.working import begin, job_of, show_refusal
from rules.errors import InputError
from rules.plan.dials import Dial
from rules.plan.yaml import read_yaml
from scenarios.find import names
from sim.cli.rulesheet import glossary_of
from sim.cli.studies import DAYS, PEOPLE
from sim.experiments.metric_names import Lang, metric, spoken
from sim.scenario import Scenario
from sim.studies.chosen import between, default_levers, movable
from sim.studies.levers import Lever, read_lever
from sim.studies.optimise import Bound, Objective
from sim.studies.study import Answer

JOB = "search.job"
"""Where a session keeps its search; the job's first argument is what was asked."""
_FOUND, _FOLDER = "search.found", "search.folder"
GOALS: dict[str, Literal["max", "min"]] = {
    "contribution": "max", "gmv": "max", "new_members": "max", "active_buyers": "max", "repurchase_rate": "max",
    "retention_30": "max", "lifetime_value": "max", "fission_k": "max", "commission": "min", "payout_ratio": "min",
    "acquisition_cost": "min", "income_gini": "min", "promoters_without_income": "min", "promoter_churn": "min",
}  # fmt: skip
"""What can be a goal, and which way is better."""
FIRST_GOALS = ["contribution", "new_members"]
MOST_GOALS, MOST_LEVERS = 3, 20
TRIES = (8, 16, 32, 64, 128, 256, 512)
MINUTES = (1, 2, 5, 10, 30, 60)
SIZES = (500, 1_000, 2_000, 5_000, 10_000, 20_000)
_UNITS = {"percent": "%.{0}f%%", "yuan": "¥%.{0}f", "times": "× %.{0}f", "days": "%d", "count": "%d"}
_WIDEST = {"percent": 10.0, "yuan": 100.0, "times": 2.0, "days": 30.0, "count": 8.0}
"""Ends of sliders of figures that are 0."""


def choose(lang: Lang) -> None:
    """Choose, and begin when asked to. Run again alone when something is changed: the results below stay."""
    with st.container(border=True, key="settings"):
        left, right = st.columns(2)
        market = choose_scenario(left, lang, key="search.scenario")
        plan = choose_plan(right, f"search.plan-{market.scenario}", words.BASELINE, plans_of(market)[0], lang)
        if isinstance(plan, InputError):
            show_refusal(plan, lang)
        if not isinstance(plan, Chosen):
            return
        objectives, bounds, rulebook = _choose_goals(market, lang)
        levers = _choose_levers(plan, market, lang)
        tries, minutes, people, days, replications = _choose_size(market, lang)
        show_notes([plan], lang)
        if isinstance(levers, InputError):
            show_refusal(levers, lang)
            levers = ()
        asked = Asked(
            market.scenario, plan.name, plan.text, levers, objectives, bounds, rulebook, people, days, replications,
            tries, minutes,
        )  # fmt: skip
        _show_run(asked, lang, usable=bool(levers and objectives))


def _choose_goals(market: Scenario, lang: Lang) -> tuple[tuple[Objective, ...], tuple[Bound, ...], str]:
    left, middle, right = st.columns([5, 4, 3])
    wanted = left.multiselect(
        words.GOALS.say(lang),
        list(GOALS),
        default=FIRST_GOALS,
        max_selections=MOST_GOALS,
        format_func=lambda name: f"{metric(name).title.say(lang)} {'↑' if GOALS[name] == 'max' else '↓'}",
        help=words.GOALS_HELP.say(lang),
        key="search.goals",
        persist_state="session",
    )
    books = names("rulebooks")
    rulebook = middle.selectbox(
        words.RULEBOOK.say(lang),
        books,
        index=books.index(market.rulebook),
        format_func=lambda name: f"{spoken(shipped_rulebook(name).title, lang)} ({name})",
        help=words.RULEBOOK_HELP.say(lang),
        key=f"search.rulebook-{market.scenario}",
        persist_state="session",
    )
    most = right.number_input(
        words.BUDGET.say(lang),
        min_value=0.1,
        max_value=100.0,
        value=None,
        step=0.5,
        format="%.1f",
        placeholder=words.NO_LIMIT.say(lang),
        help=words.BUDGET_HELP.say(lang),
        key="search.budget",
        persist_state="session",
    )
    bounds = () if most is None else (Bound("payout_ratio", "<=", round(most / 100, 6)),)
    return tuple(Objective(name, GOALS[name]) for name in wanted), bounds, str(rulebook)


def _choose_levers(plan: Chosen, market: Scenario, lang: Lang) -> tuple[Lever, ...] | InputError:
    """What may be moved: at first rates and rewards, each from half to one and a half of itself."""
    key = f"search.{plan.name}"
    document = read_yaml(plan.text, plan.name)
    offered = movable(document, glossary_of(market))
    try:
        first = [lever.name for lever in default_levers(document) if lever.name in offered][:MOST_LEVERS]
    except InputError:
        first = list(offered)[:1]
    picked = st.multiselect(
        words.LEVERS.say(lang),
        list(offered),
        default=first,
        max_selections=MOST_LEVERS,
        format_func=lambda name: _titled(offered[name], lang),
        help=words.LEVERS_HELP.say(lang),
        key=f"{key}.levers",
        persist_state="session",
    )
    with st.expander(words.RANGES.say(lang).format(count=len(picked)), icon=":material/tune:"):
        levers = [_choose_range(place, name, offered[name], key, lang) for place, name in _places(picked)]
        given = st.text_area(
            words.MORE.say(lang),
            placeholder="scenario.behaviour.reach=0.5:0.9",
            help=words.MORE_HELP.say(lang),
            height=68,
            key=f"{key}.more",
            persist_state="session",
        )
    try:
        levers += [read_lever(line) for line in given.splitlines() if line.strip()]
        if len({lever.name for lever in levers}) < len(levers):
            return InputError("a lever is given twice", allowed="each path once")
    except InputError as error:
        return error
    return tuple(levers)


def _places(picked: list[str]) -> Iterator[tuple[st.delta_generator.DeltaGenerator, str]]:
    for start in range(0, len(picked), 2):
        yield from zip(st.columns(2, gap="large"), picked[start : start + 2], strict=False)


def _titled(dial: Dial, lang: Lang) -> str:
    title = spoken(dial.title, lang)
    return title[:1].upper() + title[1:]


def _choose_range(place: st.delta_generator.DeltaGenerator, name: str, dial: Dial, key: str, lang: Lang) -> Lever:
    """From where to where a figure may go; a slider whose two ends meet is pulled apart by a step."""
    step, most, low, high = span(dial)
    form = _UNITS[dial.unit].format(0 if step >= 1 else 1 if step >= 0.1 else 2)
    if dial.whole:
        step, most, low, high = int(step), int(most), int(low), int(high)
    now = dial.written(dial.value).strip('"')
    label = words.RANGE.say(lang).format(title=_titled(dial, lang), now=f"¥{now}" if dial.unit == "yuan" else now)
    chosen = place.slider(
        label, type(step)(0), most, (low, high), step, form, key=f"{key}.{name}", persist_state="session"
    )
    ends = [Decimal(str(round(end, 4))) for end in chosen]
    return between(name, dial, ends[0], max(ends[1], ends[0] + Decimal(str(step))))


def span(dial: Dial) -> tuple[float, float, float, float]:
    """Of a slider: its step, its upper end, and the range to begin with, from half to one and a half of the figure."""
    value = float(dial.value)
    wide = 2.5 * value if value else _WIDEST[dial.unit]
    size = 10 ** math.floor(math.log10(wide / 40))
    step = max(size * (5 if wide / 40 / size >= 5 else 1), 1.0 if dial.whole else 0.01)
    most = math.ceil(wide / step) * step
    if dial.unit == "percent":
        most = min(100.0, max(most, value))
    low, high = (round(round(part * value / step) * step, 4) for part in (0.5, 1.5))
    return round(step, 4), round(most, 4), low, min(max(high, low + step), round(most, 4))


def _choose_size(market: Scenario, lang: Lang) -> tuple[int, int | None, int, int, int]:
    """Tries, minutes (None = no limit), people, days, replications."""
    first, second, third = st.columns([3, 3, 3], vertical_alignment="bottom")
    tries = first.select_slider(
        words.TRIES.say(lang),
        TRIES,
        value=64,
        help=words.TRIES_HELP.say(lang),
        key="search.tries",
        persist_state="session",
    )
    minutes = second.select_slider(
        words.MINUTES.say(lang),
        (0, *MINUTES),
        value=0,
        format_func=lambda count: words.MINUTES_VALUE.say(lang).format(count=count) if count else words.ANY.say(lang),
        help=words.MINUTES_HELP.say(lang),
        key="search.minutes",
        persist_state="session",
    )
    state, ends = st.session_state, (20, max(DAYS, market.days))
    now = [state.get(f"search.{name}", first) for name, first in (("people", PEOPLE), ("replications", 2))]
    length = state.get(f"search.days-{market.scenario}", min(DAYS, market.days))
    label = words.SIZE.say(lang).format(people=now[0], days=length, replications=now[1])
    with third.popover(label, width="stretch", key="search.size"):
        people = choose_people(st, "search.people", SIZES, PEOPLE, lang)
        days = st.slider(
            common.DAYS.say(lang),
            *ends,
            value=min(DAYS, market.days),
            key=f"search.days-{market.scenario}",
            persist_state="session",
        )
        replications = st.slider(
            words.REPLICATIONS.say(lang),
            1,
            8,
            value=2,
            help=words.REPLICATIONS_HELP.say(lang),
            key="search.replications",
            persist_state="session",
        )
    return int(tries), int(minutes) or None, int(people), int(days), int(replications)


def _show_run(asked: Asked, lang: Lang, *, usable: bool) -> None:
    """The button that begins, or goes on where the same question stood."""
    job = job_of(JOB)
    if job and not job.is_over:
        return
    label, icon = words.RUN.say(lang), ":material/search:"
    before = 0
    if usable:
        try:
            before = max(0, len(kept_answers(asked)) - 1)
        except InputError as error:
            show_refusal(error, lang)
            usable = False
    if before:
        asked = _further(asked, before)
        label, icon = words.GO_ON.say(lang).format(tried=before, tries=asked.tries), ":material/resume:"
    if st.button(label, type="primary", icon=icon, disabled=not usable, width="stretch", key="search.run"):
        begin(JOB, search, asked, folder_of(asked))
        st.rerun()


def _further(asked: Asked, before: int) -> Asked:
    """The same question, with as many tries as bring the next round to its end."""
    return replace(asked, tries=asked.tries * (before // asked.tries + 1))


def folder_of(asked: Asked) -> Path:
    """The folder of a question, inside one that is the session's alone and goes with it."""
    if _FOLDER not in st.session_state:
        st.session_state[_FOLDER] = TemporaryDirectory(prefix="fenxiao-", ignore_cleanup_errors=True)
    return Path(st.session_state[_FOLDER].name) / asked.key


def kept_answers(asked: Asked) -> list[Answer]:
    """What this session has found on a question so far, the plan as it stands first."""
    kept = cast(dict[str, list[Answer]], st.session_state.setdefault(_FOUND, {}))
    job = job_of(JOB)
    if job and len(told := tried_of(job)) > len(kept.get(job.arguments[0].key, [])):
        kept[job.arguments[0].key] = told
    return kept.get(asked.key, [])
