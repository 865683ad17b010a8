"""The red team's page: cheats attack a plan, and whatever pays is told step by step."""

from __future__ import annotations

from typing import cast

import streamlit as st

from app.choosing import Chosen, choose_plan, choose_scenario, grouped, plans_of
from app.jobs import Job
from app.pages.redteam_work import Asked, Attack, attack
from app.pieces import part
from app.warming import COLD
from app.words import common
from app.words import redteam as words
from app.working import begin, last_of, show_command, show_refusal
from rules.errors import InputError
from rules.money import yuan
from rules.plan.model import Plan
from sim.experiments.metric_names import Lang, spoken
from sim.redteam.world import Means, returns_of
from sim.scenario import Scenario

_JOB = "redteam.job"
BUDGETS = (200, 500, 1_000, 2_000, 5_000, 10_000)
CAPITALS = (1_000, 5_000, 20_000, 50_000, 100_000, 500_000)


def show(lang: Lang) -> None:
    """The page: settings, then what came of the last attack, or what the next one will try."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    asked = _choose(lang)
    last, is_running = last_of(_JOB, lang, lambda job: progress(job, lang), "redteam", lambda job: job.result)
    if is_running:
        return
    if last:
        _show_attack(cast(Attack, last), lang)
    elif asked:
        _show_empty(asked.plan, lang)


def _choose(lang: Lang) -> Asked | None:
    """The settings; None where the plan cannot be used. Begins the job when it is asked for."""
    with st.container(border=True, key="settings"):
        left, right = st.columns(2)
        market = choose_scenario(left, lang, key="redteam.scenario")
        chosen = choose_plan(right, f"redteam.plan-{market.scenario}", common.PLAN, plans_of(market)[0], lang)
        means, budget = _sizes(market, lang)
        guard = st.toggle(
            words.GUARD.say(lang),
            value=market.risk is not None,
            help=words.GUARD_HELP.say(lang),
            key=f"redteam.guard-{market.scenario}",
            persist_state="session",
        )
        wanted = st.button(
            words.RUN.say(lang),
            type="primary",
            icon=":material/bug_report:",
            disabled=not isinstance(chosen, Chosen),
            width="stretch",
            key="redteam.run",
        )
    if isinstance(chosen, InputError):
        show_refusal(chosen, lang)
    if not isinstance(chosen, Chosen):
        return None
    asked = Asked(market, chosen.plan, chosen.name, means, guard, budget)
    if wanted:
        begin(_JOB, attack, asked)
    return asked


def _sizes(market: Scenario, lang: Lang) -> tuple[Means, int]:
    first, second, third, fourth = st.columns(4)
    budget = first.select_slider(
        words.BUDGET.say(lang),
        BUDGETS,
        value=1_000,
        format_func=grouped,
        help=words.BUDGET_HELP.say(lang),
        key="redteam.budget",
        persist_state="session",
    )
    accounts = second.slider(words.ACCOUNTS.say(lang), 1, 50, value=10, key="redteam.accounts", persist_state="session")
    days = third.slider(words.DAYS.say(lang), 14, 365, value=90, key="redteam.days", persist_state="session")
    capital = fourth.select_slider(
        words.CAPITAL.say(lang),
        CAPITALS,
        value=20_000,
        format_func=grouped,
        key="redteam.capital",
        persist_state="session",
    )
    sets = min(Means.sets, accounts)
    return Means(accounts=accounts, days=days, capital=capital * 100, returns=returns_of(market), sets=sets), budget


def progress(job: Job, lang: Lang) -> tuple[float, str]:
    """How far an attack is: the search is most of it, what closes the finds the rest."""
    from sim.redteam.templates import TEMPLATES

    asked = cast(Asked, job.arguments[0])
    if not job.told or job.told[-1] == COLD:
        return 0.0, (common.COLD if job.told else words.STARTING).say(lang)
    fitting = sum(template.applies(asked.plan) for template in TEMPLATES)
    kind, number, other = job.told[-1]
    if kind == "closing":
        said = words.CLOSING.say(lang).format(number=number, count=other)
        return 0.7 + 0.3 * (number - 1) / other, said
    told = [one for one in job.told if one[0] == "tries"]
    name = next(template.title for template in TEMPLATES if template.name == other)
    made = sum(one[1] for one in told)
    said = words.RUNNING.say(lang).format(name=spoken(name, lang), made=f"{made:,}", budget=f"{asked.budget:,}")
    return 0.7 * len(told) / max(1, fitting), said


def _show_empty(plan: Plan, lang: Lang) -> None:
    from sim.redteam.templates import TEMPLATES

    ways = [spoken(template.title, lang) for template in TEMPLATES if template.applies(plan)]
    title = (words.EMPTY if ways else words.EMPTY_NONE).say(lang)
    st.html(part("redteam.empty", lang=lang, title=title, ways=ways, hint=words.EXAMPLE_HINT.say(lang)))
    if st.button(words.EXAMPLE.say(lang), icon=":material/lightbulb:", key="redteam.example"):
        from app.pages.redteam_example import example

        begin(_JOB, attack, example())
        st.rerun()


def _show_attack(found: Attack, lang: Lang) -> None:
    asked, best = found.asked, max((one.profit for one in found.findings), default=0)
    headline = words.NONE if not found.findings else words.FOUND_ONE if len(found.findings) == 1 else words.FOUND_MANY
    facts = words.FACTS.say(lang).format(
        plan=asked.plan.plan,
        scenario=asked.market.scenario,
        made=f"{found.made:,}",
        accounts=asked.means.accounts,
        days=asked.means.days,
        capital=yuan(asked.means.capital),
        guard=(words.WATCHED if asked.guard else words.UNWATCHED).say(lang),
    )
    said = headline.say(lang).format(count=len(found.findings), profit=yuan(best))
    line = (words.CERTAIN if found.findings else words.NOT_A_PROOF).say(lang)
    tone = "breach" if found.findings else "won"
    result = words.RESULT.say(lang)
    st.html(part("common.verdict", lang=lang, label=result, headline=said, lines=[line], facts=facts, tone=tone))
    for number, one in enumerate(found.findings, 1):
        st.html(part("redteam.exploit", lang=lang, words=words, number=number, one=one, yuan=yuan))
    _show_tried(found, lang)
    show_command(asked.command, lang)


def _show_tried(found: Attack, lang: Lang) -> None:
    from sim.redteam.templates import TEMPLATES

    paid = {one.name: one.profit for one in found.findings}
    rows = [
        {
            "title": spoken(template.title, lang),
            "tries": f"{found.tried[template.name]:,}" if template.name in found.tried else "–",
            "tone": "bad" if template.name in paid else "",
            "outcome": _outcome(template.name, paid, found.tried, lang),
        }
        for template in sorted(TEMPLATES, key=lambda one: (one.name not in paid, one.name not in found.tried))
    ]
    st.html(part("common.section", lang=lang, title=words.TRIED.say(lang), hint=words.TRIED_HINT.say(lang)))
    st.html(part("redteam.tried", lang=lang, words=words, rows=rows))


def _outcome(name: str, paid: dict[str, int], tried: dict[str, int], lang: Lang) -> str:
    if name in paid:
        return words.PAYS.say(lang).format(profit=yuan(paid[name]))
    return (words.NOTHING if name in tried else words.UNFIT).say(lang)
