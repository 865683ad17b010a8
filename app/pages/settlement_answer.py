"""What a store bears, as the page shows it: the verdict, tiles beside those of the last answer, charts, tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.drawing import show_chart
from app.pieces import part
from app.words import settlement as words
from app.working import show_command
from sim.experiments.metric_names import Lang, Text
from sim.report.capacity import HEADS, RESOURCES, TITLES, capacity_told, few, milliseconds, notes, rows, verdict
from sim.report.capacity_charts import CHARTS, chart
from sim.stress.capacity.study import Study

if TYPE_CHECKING:
    from app.pages.settlement_capacity import Answer

_TABLES = ("latency", "sizes", "worth", "usage", "backlog")


def show_answer(now: Answer, before: Answer | None, labels: Mapping[str, Text], lang: Lang) -> None:
    """The last answer, and what a what-if has changed."""
    found = now.found
    told = capacity_told(found)
    peak: Any = told["peak"]
    headline = (words.HOLDS if found.kept else words.FAILS).say(lang).format(orders=few(peak["orders_per_second"]))
    facts = words.FACTS.say(lang).format(
        scenario=now.asked.market.scenario,
        plan=now.asked.plan.plan,
        date=found.promo.date,
        count=f"{found.promo.transactions:,}",
    )
    changed = _changed(now, before, labels, lang) if before else ""
    tone = "won" if found.kept else "breach"
    said = {"label": words.RESULT.say(lang), "headline": headline, "lines": verdict(found, lang)}
    st.html(part("settlement.verdict", lang=lang, tone=tone, facts=facts, changed=changed, **said))
    st.html(part("settlement.tiles", lang=lang, tiles=_tiles(found, before.found if before else None, lang)))
    st.html(part("common.section", lang=lang, title=words.CHARTS_TITLE.say(lang), hint=words.MODEL.say(lang)))
    _show(found, "backlog", lang)
    for column, name in zip(st.columns(2), ("load", "busy"), strict=True):
        with column:
            _show(found, name, lang)
    _show_tables(found, lang)
    st.html(part("common.notes", lang=lang, notes=notes(found, lang)))
    show_command(now.asked.command, lang)


def _changed(now: Answer, before: Answer, labels: Mapping[str, Text], lang: Lang) -> str:
    """Which settings differ, in words."""
    said = []
    if (now.asked.market.scenario, now.asked.plan.plan) != (before.asked.market.scenario, before.asked.plan.plan):
        said.append(f"{before.asked.plan.plan} → {now.asked.plan.plan}")
    for name, label in labels.items():
        old, new = getattr(before.asked, name), getattr(now.asked, name)
        if old != new:
            said.append(f"{label.say(lang)} {_shown(old)} → {_shown(new)}")
    return words.CHANGED.say(lang).format(changes=", ".join(said)) if said else words.UNCHANGED.say(lang)


def _shown(value: int | bool) -> str:
    return ("✓" if value else "✗") if isinstance(value, bool) else f"{value:,}"


def _tiles(found: Study, before: Study | None, lang: Lang) -> list[dict[str, str]]:
    now = figures(found, lang)
    if before is None:
        return [
            {"title": title.say(lang), "value": now[name][0], "tone": "", "last": ""}
            for name, title in words.TILES.items()
        ]
    old = figures(before, lang)
    return [
        {"title": title.say(lang), "value": now[name][0], "tone": tone, "last": _last(tone, old[name][0], lang)}
        for name, title in words.TILES.items()
        for tone in [_tone(name, now[name][1], old[name][1])]
    ]


def _last(tone: str, value: str, lang: Lang) -> str:
    """What it was before, and whether it is better now."""
    said = words.LAST.say(lang).format(value=value)
    return f"{words.TONES[tone].say(lang)} · {said}" if tone in words.TONES else said


def _tone(name: str, now: float | None, old: float | None) -> str:
    """Whether a figure is better than before: more borne is, longer waits are not."""
    if now is None or old is None or abs(now - old) <= 0.02 * max(abs(now), abs(old)):
        return "plain"
    return "good" if (now > old) == (name in ("orders", "multiple")) else "bad"


def figures(found: Study, lang: Lang) -> dict[str, tuple[str, float | None]]:
    """Each tile's figure, as shown and as a number."""
    slowest = max((each["p95"] for each in found.peak.by_side.values()), default=0.0)
    booked = found.promo.latency_ms.get("book", {}).get("p95")
    broken, waiting = found.broken, found.promo.backlog_max["settlement"]
    return {
        "p95": (milliseconds(slowest), slowest),
        "orders": (few(broken.orders_per_second), broken.orders_per_second),
        "multiple": (f"{few(broken.multiple)}×", broken.multiple),
        "bottleneck": (RESOURCES[broken.bottleneck].say(lang), None),
        "booked": (milliseconds(booked), booked),
        "backlog": (f"{waiting:,}", float(waiting)),
    }


def _show(found: Study, name: str, lang: Lang) -> None:
    title, hint = CHARTS[name].say(lang), words.HINTS[name].say(lang)
    show_chart(chart(found, name, lang), title, lang, f"settlement-{name}", hint, 300 if name == "backlog" else 340)


def _show_tables(found: Study, lang: Lang) -> None:
    st.html(part("common.section", lang=lang, title=words.TABLES.say(lang)))
    given = {"date": found.promo.date, "days": found.days}
    for name in _TABLES:
        title = TITLES[name].say(lang).format(**given)
        heads = HEADS[name].say(lang).split("|")
        st.html(part("settlement.table", lang=lang, title=title, heads=heads, rows=rows(found, name, lang)))
