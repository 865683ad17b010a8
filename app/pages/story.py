"""The page on which a market grows: settings, the picture that plays, and what happened, in words."""

from __future__ import annotations

import shlex
import time
import uuid
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from app.choosing import (
    PEOPLE,
    Chosen,
    choose_market,
    choose_people,
    choose_plan,
    plans_of,
    shipped_scenario,
    show_notes,
)
from app.jobs import Job
from app.pages.story_work import tell_days
from app.pieces import part
from app.warming import COLD
from app.words import common
from app.words import story as words
from app.working import begin, job_of, show_command, show_failure, show_refusal
from rules.errors import InputError
from scenarios.outline import outline
from sim.defaults import SEED
from sim.experiments.metric_names import Lang, spoken

if TYPE_CHECKING:
    from sim.report.story import Ending
    from sim.scenario import Scenario

DAYS = (30, 365)
FIRST_PEOPLE, FIRST_DAYS = 2_000, 120
MOST_SEED = 2**53 - 1
"""The largest whole number that a browser holds exactly."""
LOOK_EVERY = 0.2
"""Seconds between two looks at a story that is being told."""
_JOB, _SETTINGS, _ASKED = "story.job", "story.settings", "story.asked"
_FRESH = 8
"""Seconds after which a story that is opened again is not played from its first day."""
_PATIENCE = 1.5
"""Seconds of work that need no bar."""
_COMPONENTS = Path(__file__).parents[1] / "components"


@dataclass(frozen=True)
class Settings:
    """What story is told; `run` is another for each one."""

    market: str
    plan: Chosen
    people: int
    days: int
    seed: int
    run: str = ""

    @property
    def scenario(self) -> Scenario:
        """The market itself."""
        return shipped_scenario(self.market)

    @property
    def command(self) -> str:
        """The command that gives the same figures, to the fen."""
        sizes = f"--people {self.people} --days {self.days} --seed {self.seed}"
        return f"fenxiao run {shlex.join([self.market, '--plan', self.plan.name])} {sizes}"


def show(lang: Lang) -> None:
    """The page: a story stays until the next one is asked for."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    settings, wanted = _choose(lang)
    asked = st.session_state.pop(_ASKED, False)
    if isinstance(settings, InputError):
        show_refusal(settings, lang)
    elif settings and (wanted or asked):
        st.session_state[_SETTINGS] = Settings(**{**vars(settings), "run": uuid.uuid4().hex})
        begin(_JOB, tell_days, settings.scenario, settings.plan.plan, settings.people, settings.days, settings.seed)
    job = job_of(_JOB)
    running = job is not None and not job.is_over
    st.fragment(_stage, run_every=LOOK_EVERY if running else None, key="story-stage")(lang)
    if job:
        show_failure(job, lang)
    if isinstance(settings, Settings):
        show_notes([settings.plan], lang)
    if job and job.state == "done":
        _show_ending(cast(Settings, st.session_state[_SETTINGS]), cast("Ending", job.result), lang)


def _choose(lang: Lang) -> tuple[Settings | InputError | None, bool]:
    """The settings as chosen, or why they cannot be used (None = a file is still to come); whether to play them."""
    with st.container(border=True, key="settings"):
        left, middle, size, right = st.columns([2.5, 2.5, 2.4, 1.2], vertical_alignment="bottom")
        market = choose_market(left, lang, "story.scenario")
        first = plans_of(outline("markets", market))[0]
        plan = choose_plan(middle, f"story.plan-{market}", common.PLAN, first, lang)
        people, days, seed = _size(size, lang)
        wanted = right.button(
            words.PLAY.say(lang),
            type="primary",
            icon=":material/play_arrow:",
            disabled=not isinstance(plan, Chosen),
            width="stretch",
            key="story.play",
        )
        if not isinstance(plan, Chosen):
            return plan, False
    return Settings(market, plan, people, days, seed), wanted


def _size(place: st.delta_generator.DeltaGenerator, lang: Lang) -> tuple[int, int, int]:
    """People, days, seed."""
    state = st.session_state
    people, days = state.get("story.people", FIRST_PEOPLE), state.get("story.days", FIRST_DAYS)
    with place.popover(words.SIZE.say(lang).format(people=people, days=days), width="stretch", key="story.size"):
        return (
            choose_people(st, "story.people", PEOPLE, FIRST_PEOPLE, lang),
            st.slider(common.DAYS.say(lang), *DAYS, value=FIRST_DAYS, key="story.days", persist_state="session"),
            st.number_input(
                common.SEED.say(lang),
                0,
                MOST_SEED,
                SEED,
                help=words.SEED_HELP.say(lang),
                key="story.seed",
                persist_state="session",
            ),
        )


def _stage(lang: Lang) -> None:
    """The picture; while the story is being told, it is looked at again and again."""
    if st.session_state.get(_ASKED):
        st.rerun()
    job, settings = job_of(_JOB), cast(Settings | None, st.session_state.get(_SETTINGS))
    _await_first_day(job)
    # in a list, since what is in a dictionary Streamlit holds against data frames, for which it imports pandas
    _component()(data=[_data(job, settings, lang)], key="story.stage", on_play_change=_ask)
    if job and not job.is_over and job.seconds > _PATIENCE:
        _show_progress(job, cast(Settings, settings), lang)
    if job and job.is_over and st.session_state.get("story.over") != cast(Settings, settings).run:
        st.session_state["story.over"] = cast(Settings, settings).run
        st.rerun()


def _await_first_day(job: Job | None) -> None:
    """Give a story that has just begun a moment, so that its first day is there with the next picture."""
    until = time.monotonic() + LOOK_EVERY
    while job and not job.is_over and not job.told and job.seconds < _PATIENCE and time.monotonic() < until:
        time.sleep(0.01)
        job.look()


def _ask() -> None:
    """The button in the picture was pressed."""
    st.session_state[_ASKED] = True


def _show_progress(job: Job, settings: Settings, lang: Lang) -> None:
    done = len(_frames(job))
    left, right = st.columns([5, 1], vertical_alignment="center")
    said = words.RUNNING.say(lang).format(day=done, days=settings.days)
    left.progress(done / settings.days, common.WAITING.say(lang) if job.state == "waiting" else said)
    if right.button(common.STOP.say(lang), icon=":material/stop:", key="story.stop", width="stretch"):
        job.stop()
        st.rerun()


def _component() -> Any:  # noqa: ANN401 - Streamlit's own
    """The picture; Streamlit takes the same one again and again."""
    folder = _COMPONENTS
    return st.components.v2.component(
        "fenxiao_story",
        css=(folder / "story.css").read_text("utf-8"),
        js="\n".join((folder / name).read_text("utf-8") for name in ("forest.js", "story.js")),
    )


def _frames(job: Job | None) -> list[list[Any]]:
    """All days that were told."""
    return list(chain.from_iterable(bundle for bundle in job.told if bundle != COLD)) if job else []


def _data(job: Job | None, settings: Settings | None, lang: Lang) -> dict[str, Any]:
    """What the browser shows."""
    said: dict[str, Any] = {"lang": lang, "words": {name: text.say(lang) for name, text in words.STAGE.items()}}
    if job is None or settings is None:
        return said | {"run": "", "state": "idle", "frames": []}
    from sim.report.story import occasions

    ranks = settings.plan.plan.ranks
    titles = [spoken(rank.title, lang) if rank.title else rank.id for rank in ranks]
    state = "compiling" if job.told == [COLD] and not job.is_over else job.state
    return said | {
        "run": settings.run,
        "state": state,
        "fresh": job.seconds < _FRESH,
        "days": settings.days,
        "people": settings.people,
        "start": settings.scenario.start.isoformat(),
        "ranks": titles,
        "occasions": {str(day): name for day, name in occasions(settings.scenario, lang).items()},
        "frames": _frames(job),
    }


def _show_ending(settings: Settings, ending: Ending, lang: Lang) -> None:
    """What happened in words, the command that repeats it, and where to go next."""
    from sim.report.story import story_sentences  # needs the statistics, which the first page does not wait for

    st.html(
        part(
            "story.ending",
            lang=lang,
            title=words.WHAT_HAPPENED.say(lang),
            sentences=story_sentences(ending, settings.scenario, settings.plan.plan, lang),
        )
    )
    left, right = st.columns([2, 1], vertical_alignment="top")
    with left:
        show_command(settings.command, lang)
    compare = st.Page(lambda: None, title=common.PAGES["compare"].say(lang), url_path="compare")
    right.page_link(compare, label=words.NEXT.say(lang), icon=":material/balance:", width="stretch")
