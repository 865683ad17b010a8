"""A short real load on a PostgreSQL of its own: throughput, latency, kills, and whether the books are sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from app.choosing import Chosen, choose_plan, choose_scenario, plans_of
from app.drawing import show_chart
from app.jobs import Job
from app.pages.settlement_work import Load, load
from app.pieces import part
from app.warming import COLD
from app.words import common
from app.words import settlement as words
from app.working import begin, last_of, show_command, show_refusal
from rules.errors import InputError
from sim.experiments.metric_names import Lang
from sim.store.needs import require_store

if TYPE_CHECKING:
    from sim.stress.load.figures import LoadResult

_JOB = "settlement.load"


def show(lang: Lang) -> None:
    """Settings, then what the last load came to; a notice where the extra is not installed."""
    try:
        require_store()
    except InputError as error:
        said = words.MISSING.say(lang).format(allowed=error.allowed, message=error.message)
        st.html(part("common.notice", lang=lang, text=said))
        return
    _choose(lang)
    last, is_running = last_of(
        _JOB,
        lang,
        lambda job: progress(job, lang),
        "settlement-load",
        lambda job: (job.arguments[0], job.result),
    )
    if is_running:
        return
    if last:
        _show_result(*cast("tuple[Load, LoadResult]", last), lang)
    else:
        st.html(part("settlement.idle", lang=lang, title=words.LOAD_EMPTY.say(lang), text=words.LOAD_HINT.say(lang)))


def _choose(lang: Lang) -> None:
    with st.container(border=True, key="settings"):
        left, right = st.columns(2)
        market = choose_scenario(left, lang, key="settlement.load-scenario")
        chosen = choose_plan(right, f"settlement.load-plan-{market.scenario}", common.PLAN, plans_of(market)[0], lang)
        first, second, third = st.columns([2, 2, 1], vertical_alignment="center")
        seconds = first.slider(
            words.SECONDS.say(lang), 3, 30, value=10, key="settlement.seconds", persist_state="session"
        )
        clients = second.slider(
            words.CLIENTS.say(lang), 1, 16, value=4, key="settlement.clients", persist_state="session"
        )
        kill = third.toggle(
            words.KILL.say(lang), help=words.KILL_HELP.say(lang), key="settlement.kill", persist_state="session"
        )
        wanted = st.button(
            words.RUN_LOAD.say(lang),
            type="primary",
            icon=":material/bolt:",
            disabled=not isinstance(chosen, Chosen),
            width="stretch",
            key="settlement.run-load",
        )
    if isinstance(chosen, InputError):
        show_refusal(chosen, lang)
    if wanted and isinstance(chosen, Chosen):
        begin(_JOB, load, Load(market, chosen.plan, chosen.name, seconds, clients, kill))


def progress(job: Job, lang: Lang) -> tuple[float, str]:
    """How far a load is: the market lives, the server starts, the load goes on, all is counted."""
    if not job.told or job.told[-1] == COLD:
        return 0.0, (common.COLD if job.told else words.LOAD_STEPS["market"]).say(lang)
    asked = cast(Load, job.arguments[0])
    kind, number = job.told[-1]
    part_done = {"market": 0.1, "open": 0.25, "second": 0.35 + 0.5 * number / asked.seconds, "count": 0.88}[kind]
    return part_done, words.LOAD_STEPS[kind].say(lang).format(number=number, seconds=asked.seconds)


def _show_result(asked: Load, result: LoadResult, lang: Lang) -> None:
    from sim.report.load import HEADS, KEYS, TITLES, load_told, rows, verdict
    from sim.report.load_page import LATENCY, THROUGHPUT, latency_chart, throughput_chart

    told = load_told(asked.market.scenario, asked.plan.plan, result, None)
    headline = (words.LOAD_SOUND if result.sound else words.LOAD_UNSOUND).say(lang).format(**told)
    facts = words.LOAD_FACTS.say(lang).format(**(told | {"flush": told["flush_ms"]}))
    said = {"label": words.RESULT.say(lang), "headline": headline, "lines": verdict(result, lang), "facts": facts}
    tone = "won" if result.sound else "breach"
    st.html(part("settlement.verdict", lang=lang, tone=tone, changed="", **said))
    st.html(part("settlement.tiles", lang=lang, tiles=_tiles(told, lang)))
    left, right = st.columns([3, 2])
    with left:
        show_chart(throughput_chart(result, lang), THROUGHPUT.say(lang), lang, "settlement-throughput")
    with right:
        show_chart(latency_chart(result, lang), LATENCY.say(lang), lang, "settlement-latency")
    for key in KEYS:
        cells = rows(result, None, key, lang)
        if cells:
            heads = HEADS[key].say(lang).split("|")
            st.html(part("settlement.table", lang=lang, title=TITLES[key].say(lang), heads=heads, rows=cells))
    show_command(asked.command, lang)


def _tiles(told: dict[str, object], lang: Lang) -> list[dict[str, str]]:
    latency = cast(dict[str, float], told["latency_ms"])
    wrong = [told[name] for name in ("lost", "duplicated", "unbalanced")]
    shown = {
        "events": f"{told['events_per_second']:,.0f}",
        "p50": f"{latency['p50']:.1f} ms",
        "p99": f"{latency['p99']:.1f} ms",
        "acknowledged": f"{told['acknowledged']:,}",
        "kills": f"{told['kills']:,}",
        "wrong": " / ".join(str(count) for count in wrong),
    }
    return [
        {"title": title.say(lang), "value": shown[name], "last": "", "tone": ""}
        for name, title in words.LOAD_TILES.items()
    ]
