"""What a search has found: the verdict, the front to click, and the plan that is chosen on it."""

from __future__ import annotations

import json
from typing import cast

import streamlit as st

from app.choosing import Chosen, shipped_scenario
from app.drawing import chosen_point, show_chart
from app.jobs import Job
from app.pages.compare_settings import adopt
from app.pages.search_settings import folder_of
from app.pages.search_work import FRESH, Asked, check, how_checked
from app.pieces import part
from app.words import common
from app.words import search as words
from app.working import begin, job_of, show_command, show_failure, show_progress
from rules.plan.difference import difference
from rules.plan.model import Plan
from rules.plan.write import write_plan
from sim.cli.rulesheet import glossary_of
from sim.experiments.effects import Effect
from sim.experiments.metric_names import Better, Lang, metric, spoken
from sim.report.figures import change, figure, interval, percentage
from sim.report.files import jsonable
from sim.report.front import front_told, held_words, plan_of
from sim.report.front_chart import TITLE, front_chart, plan_title
from sim.report.words import VERDICTS
from sim.studies.optimise import Found, Search, is_allowed

_PICKED, _CHECK, _CHECKED = "search.picked", "search.check", "search.checked"
_CHART = "search.front"
_LISTED = 40
"""Plans that can be chosen from the list."""


def show_result(asked: Asked, found: Found, lang: Lang) -> None:
    """All of it, the verdict first."""
    number = _chosen(asked, found)
    checked = _checks(asked).get(number, [])
    _show_verdict(asked, found, number, checked, lang)
    show_front(asked, found, number, lang)
    if number is not None:
        _show_plan(asked, found, number, checked, lang)
    _offer(asked, found, lang)


def show_front(asked: Asked, found: Found, number: int | None, lang: Lang) -> None:
    """Every plan tried; with a plan chosen, another one can be clicked."""
    hint = (words.FRONT_HINT if len(asked.objectives) > 1 else words.BEST_HINT).say(lang)
    if len(asked.objectives) > 2:
        hint += words.THIRD_HINT.say(lang).format(metric=metric(asked.objectives[2].metric).title.say(lang))
    chart, key = front_chart(asked.search, found, lang, number), _CHART if number is not None else f"{_CHART}-so-far"
    on_select = (lambda: _click(asked, lang)) if number is not None else None
    show_chart(chart, TITLE.say(lang), lang, key, hint, on_select=on_select)


def _click(asked: Asked, lang: Lang) -> None:
    number = chosen_point(_CHART, lang)
    if isinstance(number, int):
        st.session_state[_PICKED] = asked.key, number


def _chosen(asked: Asked, found: Found) -> int | None:
    """The plan that is looked at: the one picked, else the best in the first goal; None where there is none."""
    key, number = st.session_state.get(_PICKED, ("", 0))
    if key == asked.key and 0 < number < len(found.tried) and found.tried[number].rows:
        return int(number)
    return next((number for number in found.front if number), None)


def _checks(asked: Asked) -> dict[int, list[Effect]]:
    """What is known of plans on new luck, by number."""
    whole = cast(dict[str, dict[int, list[Effect]]], st.session_state.setdefault(_CHECKED, {}))
    kept, job = whole.setdefault(asked.key, {}), job_of(_CHECK)
    if job and job.state == "done" and job.arguments[0].key == asked.key:
        kept[job.arguments[-1]] = job.result
    return kept


def _show_verdict(asked: Asked, found: Found, number: int | None, checked: list[Effect], lang: Lang) -> None:
    search, tried = asked.search, len(found.tried) - 1
    lines = []
    if not found.front:
        headline, tone = words.NOTHING, "breach"
    elif number is None:
        headline, tone = words.NONE_BETTER, ""
    else:
        sure = any(one.name == "contribution" and (one.low or 0.0) > 0 for one in checked)
        headline, tone = words.FRONT, "won" if sure else ""
        best = next((one for one in found.front if one), number)
        lines.append(_promise(search, found, best, lang))
        if checked:
            lines.append(held_words(number, checked, lang))
    out = sum(not is_allowed(one, search) for one in found.tried[1:])
    if out:
        lines.append(words.OUT.say(lang).format(count=out))
    said = headline.say(lang).format(tried=tried, front=len([one for one in found.front if one]))
    facts = words.FACTS.say(lang).format(
        market=asked.market, plan=asked.name, levers=len(asked.levers), tried=tried, people=asked.people,
        days=asked.days, replications=asked.replications,
    )  # fmt: skip
    label = words.RESULT.say(lang)
    st.html(part("common.verdict", lang=lang, label=label, headline=said, lines=lines, facts=facts, tone=tone))


def _promise(search: Search, found: Found, number: int, lang: Lang) -> str:
    """What the best plan of the front has in the search's own runs."""
    told = []
    for objective in search.objectives:
        before, after = (found.tried[one].mean(objective.metric) for one in (0, number))
        title = metric(objective.metric).title.say(lang)
        told.append(f"{title} {figure(objective.metric, before)} → {figure(objective.metric, after)}")
    return words.PROMISE.say(lang).format(number=number, told=("；" if lang == "zh" else "; ").join(told))


def _show_plan(asked: Asked, found: Found, number: int, checked: list[Effect], lang: Lang) -> None:
    """One plan: how it differs, what it does on luck it was not chosen by, its file."""
    answer = found.tried[number]
    st.html(part("common.section", lang=lang, title=words.PLAN.say(lang), hint=words.PLAN_HINT.say(lang)))
    _pick(asked, found, number, lang)
    plan = plan_of(asked.search, found, number)
    base = Chosen(asked.name, asked.text, asked.name)
    verdict = answer.verdict or "unknown"
    chips = [(f"{asked.rulebook} · {VERDICTS[verdict].say(lang)}", verdict)]
    chips += [(words.ON_FRONT.say(lang), "good")] if number in found.front else []
    st.html(part("search.plan", lang=lang, title=plan_title(number, lang), code=plan.plan, chips=chips))
    with st.container(key="search-plan"):
        left, right = st.columns([4, 5], gap="medium")
        with left:
            _show_difference(asked, base, plan, lang)
        with right:
            _show_check(asked, found, number, checked, lang)
    text = write_plan(plan)
    with st.expander(words.FILE.say(lang), icon=":material/description:"):
        st.code(text, language="yaml")
    first, second = st.columns(2)
    if first.button(
        words.ADOPT.say(lang), type="primary", icon=":material/balance:", width="stretch", key="search.adopt"
    ):
        adopt(shipped_scenario(asked.market), base, text)
        st.switch_page(st.Page(lambda: None, title=common.PAGES["compare"].say(lang), url_path="compare"))
    second.download_button(
        words.DOWNLOAD.say(lang),
        data=text,
        file_name=f"{plan.plan}.yaml",
        mime="application/yaml",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="search.download",
    )


def _pick(asked: Asked, found: Found, number: int, lang: Lang) -> None:
    """The plans of the front as a list, for whoever does not click on charts; the clicked one is always in it."""
    offered = list(dict.fromkeys([*(one for one in found.front if one), number]))[:_LISTED]
    if number not in offered:
        offered.append(number)
    key = f"search.pick-{asked.key}"
    st.session_state[key] = number

    def told(one: int) -> str:
        means = [(name.metric, found.tried[one].mean(name.metric)) for name in asked.objectives]
        return " · ".join(
            [plan_title(one, lang), *(f"{metric(name).title.say(lang)} {figure(name, mean)}" for name, mean in means)]
        )

    st.selectbox(words.PICK.say(lang), offered, format_func=told, key=key, on_change=_picked, args=(asked.key, key))


def _picked(question: str, key: str) -> None:
    st.session_state[_PICKED] = question, st.session_state[key]


def _show_difference(asked: Asked, base: Chosen, plan: Plan, lang: Lang) -> None:
    changes = difference(base.plan, plan, glossary_of(shipped_scenario(asked.market)))
    lines: dict[str, list[str]] = {}
    for one in changes:
        if one.kind == "rule":
            lines.setdefault(spoken(one.words, lang), []).append(one.place)
    label, empty = words.CHANGES.say(lang).format(count=len(lines)), words.NO_CHANGES.say(lang)
    st.html(part("compare.changes", lang=lang, label=label, lines=lines, empty=empty))


def _show_check(asked: Asked, found: Found, number: int, checked: list[Effect], lang: Lang) -> None:
    """The plan against the plan as it stands on new luck; begun by itself, unless a search runs or it was stopped."""
    if checked:
        rows = [_row(one, lang) for one in checked]
        st.html(part("search.effects", lang=lang, words=words, rows=rows, runs=FRESH))
        return
    job = job_of(_CHECK)
    mine = job is not None and (job.arguments[0].key, job.arguments[-1]) == (asked.key, number)
    st.html(part("search.check", lang=lang, words=words, runs=FRESH))
    if not mine or job is None:
        job = _begin_check(asked, found, number)
    if not job.is_over:
        show_progress(job, lang, lambda job: how_checked(job, number, lang), "search-check")
    else:
        show_failure(job, lang)
        if st.button(words.CHECK_AGAIN.say(lang), icon=":material/refresh:", key="search.check-again"):
            _begin_check(asked, found, number)
            st.rerun()


def _begin_check(asked: Asked, found: Found, number: int) -> Job:
    return begin(_CHECK, check, asked, folder_of(asked), found, number)


def _row(effect: Effect, lang: Lang) -> dict[str, str]:
    """A metric on new luck, as shown; a tone only where the interval leaves out 0."""
    better, low, high = metric(effect.name).better, effect.low, effect.high
    shown = low is not None and high is not None and (low > 0 or high < 0)
    tone = ""
    if shown and better is not Better.neutral:
        tone = "good" if ((low or 0.0) > 0) == (better is Better.higher) else "bad"
    return {
        "title": metric(effect.name).title.say(lang),
        "formula": metric(effect.name).formula.say(lang),
        "before": figure(effect.name, effect.mean_baseline),
        "after": figure(effect.name, effect.mean),
        "change": change(effect.name, effect.difference, lang),
        "relative": percentage(effect.relative),
        "interval": interval(effect.name, low, high),
        "tone": tone or ("changed" if shown else "plain"),
    }


def _offer(asked: Asked, found: Found, lang: Lang) -> None:
    """All that was found to take away, and the command that finds the same."""
    left, right = st.columns([2, 3])
    told = front_told(asked.search, found, _checks(asked))
    left.download_button(
        words.DOWNLOAD_FRONT.say(lang),
        data=json.dumps(jsonable(told), ensure_ascii=False, indent=2),
        file_name=f"front-{asked.market}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="search.download-front",
    )
    with right:
        show_command(asked.command, lang)
