"""What a replay came to, as the page shows it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.drawing import show_chart
from app.pages.history_recorded import show_recorded
from app.pages.history_work import Found
from app.pieces import part
from app.words import history as words
from rules.money import yuan
from sim.experiments.metric_names import Lang, spoken
from sim.history.breakdown import by_group, sums
from sim.history.replay import ReplayResult, Shift, Shifts
from sim.report.charts import component_title
from sim.report.figures import part as share
from sim.report.figures import percentage
from sim.report.replayed import Replayed
from sim.report.replayed_charts import cumulated_chart, months_chart, tenths_chart
from sim.report.words import VERDICTS


def show_result(result: Found, own: str, lang: Lang) -> None:
    """Verdict, totals, what the platform recorded, winners and losers, money by month, the rulebook.

    Args:
        own: the name of the import; empty for CDNOW.
    """
    found = result.replayed
    names = titles(found, lang)
    _show_verdict(found, names, own or words.CDNOW, lang)
    st.html(part("common.section", lang=lang, title=words.TOTALS.say(lang)))
    rows = [_total(one, names[name], lang) for name, one in zip(found.ids, found.results, strict=True)]
    st.html(part("history.totals", lang=lang, words=words, rows=rows))
    if result.recorded:
        show_recorded(result.recorded, names[found.ids[0]], lang)
    for place, shift in enumerate(found.shifts, 1):
        _show_shift(found, shift, names[found.ids[0]], names[found.ids[place]], place, lang)
    hint = words.MONTHS_HINT.say(lang)
    left, right = st.columns([3, 2])
    with left:
        show_chart(months_chart(found, names, lang), words.MONTHS.say(lang), lang, "history-months", hint)
    with right:
        chart, hint = cumulated_chart(found, names, lang), words.CUMULATED_HINT.say(lang)
        show_chart(chart, words.CUMULATED.say(lang), lang, "history-cumulated", hint)
    if found.rulebook:
        st.html(part("common.section", lang=lang, title=words.RULES.say(lang), hint=words.RULES_HINT.say(lang)))
        book = {"lang": lang, "words": words, "found": found.rulebook, "names": names, "verdicts": VERDICTS}
        st.html(part("compare.rulebooks", **book))


def titles(found: Replayed, lang: Lang) -> dict[str, str]:
    """What each plan is called."""
    told = {}
    for name, plan in zip(found.ids, found.plans, strict=True):
        told[name] = f"{spoken(plan.title, lang)} ({name})" if plan.title else name
    return told


def _show_verdict(found: Replayed, names: dict[str, str], data: str, lang: Lang) -> None:
    first = found.results[0]
    headline = words.ONE.say(lang).format(commission=yuan(first.commission), ratio=share(first.payout_ratio))
    lines = []
    for name, one, shift in zip(found.ids[1:], found.results[1:], found.shifts, strict=True):
        lines += [_costs(first, one, names[name], lang), _gains(shift, lang)]
    if lines:
        headline, lines = lines[0], lines[1:]
    counts = {"orders": f"{first.orders:,}", "members": f"{found.members:,}", "events": f"{found.events:,}"}
    facts = words.FACTS.say(lang).format(data=data, **counts)
    st.html(
        part("common.verdict", lang=lang, label=words.RESULT.say(lang), headline=headline, lines=lines, facts=facts)
    )


def _costs(first: ReplayResult, other: ReplayResult, name: str, lang: Lang) -> str:
    more = other.commission - first.commission
    text = words.MORE if more > 0 else words.LESS if more else words.SAME
    relative = percentage(more / first.commission if first.commission else None)
    return text.say(lang).format(after=name, amount=yuan(abs(more)), percent=relative)


def _gains(shift: Shifts, lang: Lang) -> str:
    told = sums(shift)
    counts = {name: f"{getattr(told, name):,}" for name in ("winning", "losing", "unchanged")}
    return words.WIN_LOSE.say(lang).format(gained=yuan(told.gained), lost=yuan(told.lost), **counts)


def _total(one: ReplayResult, name: str, lang: Lang) -> dict[str, Any]:
    paid = [(component_title(part_name, lang), fen) for part_name, fen in one.by_component.items() if fen]
    paid.sort(key=lambda each: -each[1])
    whole = sum(fen for _, fen in paid) or 1
    return {
        "name": name,
        "orders": f"{one.orders:,}",
        "gmv": yuan(one.gmv),
        "refunds": yuan(one.refunds),
        "commission": yuan(one.commission),
        "ratio": share(one.payout_ratio),
        "paid": f"{int((one.earned > 0).sum()):,}",
        "parts": [f"{title} {yuan(fen)} ({share(fen / whole)})" for title, fen in paid],
    }


def _show_shift(found: Replayed, shift: Shifts, before: str, after: str, place: int, lang: Lang) -> None:
    told = sums(shift)
    earning = max(1, told.winning + told.losing + told.unchanged)
    groups = [
        (words.WINNING.say(lang), told.winning, f"+¥{yuan(told.gained)}", "good"),
        (words.UNCHANGED.say(lang), told.unchanged, "", "plain"),
        (words.LOSING.say(lang), told.losing, f"-¥{yuan(told.lost)}", "bad"),
    ]
    bars = [
        {"name": name, "count": words.PEOPLE.say(lang).format(count=f"{count:,}"), "share": 100 * count / earning}
        | {"amount": amount, "tone": tone, "part": share(count / earning)}
        for name, count, amount, tone in groups
    ]
    title = f"{words.WINNERS_LOSERS.say(lang)} · {after}"
    hint = words.WINNERS_HINT.say(lang).format(before=before)
    st.html(part("common.section", lang=lang, title=title, hint=hint))
    st.html(part("history.bars", lang=lang, bars=bars, label=words.WINNERS_LOSERS.say(lang)))
    hint = words.TENTHS_HINT.say(lang)
    show_chart(tenths_chart(shift, lang), words.TENTHS.say(lang), lang, f"history-tenths-{place}", hint, 280)
    for name, grouping in found.groups.items():
        _show_groups(by_group(shift, grouping), words.GROUPS[name].say(lang), lang)
    left, right = st.columns(2)
    nobody_loses, nobody_gains = words.NOBODY
    with left:
        _show_top(found, shift.winners(), words.TOP_WINNERS.say(lang), nobody_gains.say(lang), lang)
    with right:
        _show_top(found, shift.losers(), words.TOP_LOSERS.say(lang), nobody_loses.say(lang), lang)


def _show_groups(groups: list[dict[str, Any]], title: str, lang: Lang) -> None:
    """The same by the group that the data give; nothing where they give none."""
    if not any(one["group"] for one in groups):
        return
    rows = [
        [one["group"] or words.NO_GROUP.say(lang), f"{one['members']:,}"]
        + [f"{amount:,.2f}" for amount in (one["before"], one["after"])]
        + [f"{one['after'] - one['before']:+,.2f}", f"{one['winning']:,}", f"{one['losing']:,}"]
        for one in groups
    ]
    heads = [head.say(lang) for head in words.GROUP_HEADS]
    st.html(part("common.table", lang=lang, title=title, heads=heads, rows=rows, amounts=True))


def _show_top(found: Replayed, most: list[Shift], title: str, nobody: str, lang: Lang) -> None:
    rows = [
        {
            "member": found.names[one.member],
            "before": yuan(one.before),
            "after": yuan(one.after),
            "change": ("+" if one.difference > 0 else "") + yuan(one.difference),
            "tone": "good" if one.difference > 0 else "bad",
        }
        for one in most
    ]
    st.html(part("history.top", lang=lang, words=words, title=title, rows=rows, nobody=nobody))
