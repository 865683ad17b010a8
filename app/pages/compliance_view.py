"""What was found of a plan, ready to be shown: rules with their bars, orders as chains."""

from __future__ import annotations

from typing import Any

from app.words import compliance as words
from rules.compliance.check import Checked
from rules.compliance.rulebook import in_words
from rules.money import percent
from rules.payout.statement import COMPONENTS
from rules.records import Component
from sim.experiments.metric_names import Lang, spoken
from sim.report.compliance import Link, Witnessed
from sim.report.figures import money

ICONS = {"pass": "✓", "fail": "✕", "lawyer": "§", "unknown": "?"}
"""A verdict's sign, beside its colour and its word."""


def rule_view(one: Checked, lang: Lang) -> dict[str, Any]:
    """A rule as its card shows it."""
    rule, decision = one.rule, one.decision
    limit = in_words(rule.measure, rule.limit)
    return {
        "id": rule.id,
        "title": spoken(rule.title, lang),
        "verdict": one.verdict,
        "icon": ICONS[one.verdict],
        "word": words.STATES[one.verdict].say(lang),
        "evidence": spoken(decision.evidence, lang),
        "why": spoken(decision.why, lang),
        "worst": one.worst,
        "limit": limit,
        "bar": bar(decision.worst, rule.limit, decision.broken is not None),
        "label": words.BAR.say(lang).format(worst=one.worst, limit=limit),
        "source": rule.source,
        "kind": words.KINDS[rule.kind].say(lang),
        "verified": (words.VERIFIED if rule.verified else words.UNVERIFIED).say(lang),
    }


def bar(worst: int | None, limit: int, known: bool) -> dict[str, float] | None:
    """Where a bar ends and where its limit stands, in per cent of its width; None where nobody knows the worst."""
    if not known:
        return None
    if worst is None:
        return {"worst": 100, "limit": 60 if limit else 2}
    whole = max(limit, worst) * 5 / 4 or 1
    return {"worst": round(worst / whole * 100, 2), "limit": round(max(limit / whole * 100, 0.6), 2)}


def chain_view(found: Witnessed, limit: int | None, lang: Lang) -> dict[str, Any]:
    """An order as a chain: who pays, who gets how much, and the sum; `limit` in parts per million, None = no ratio."""
    people = [_person(one, found, lang) for one in found.chain]
    terms = " + ".join(money(one.amount, exact=True) for one in found.chain if one.paid) or money(0, exact=True)
    total, goods, rate = money(found.total, exact=True), money(found.goods, exact=True), percent(found.rate)
    told = " → ".join(f"{one['title']} {one['name']} {one['does']}" for one in people)
    return {
        "order": found.order,
        "people": people,
        "sum": words.SUM.say(lang).format(terms=terms, total=total),
        "against": words.AGAINST.say(lang).format(total=total, goods=goods, rate=rate) if limit is not None else "",
        "limit": words.LIMIT.say(lang).format(limit=percent(limit)) if limit is not None else "",
        "bar": bar(found.rate, limit, True) if limit is not None else None,
        "over": limit is not None and found.rate > limit,
        "said": words.CHAIN.say(lang).format(order=found.order, said=told),
        "besides": [
            words.BESIDES.say(lang).format(who=one.name, amount=money(one.amount, exact=True))
            for one in found.besides
            if one.amount
        ],
    }


def _person(one: Link, found: Witnessed, lang: Lang) -> dict[str, Any]:
    amount = money(one.amount, exact=True)
    title = words.LEVEL.say(lang).format(place=one.place) if one.place else words.BUYER.say(lang)
    does = words.GETS.say(lang).format(amount=amount) if one.paid else words.NOTHING.say(lang)
    if one.place == 0:
        pays = words.PAYS.say(lang).format(amount=money(found.goods, exact=True))
        does = f"{pays} · {does}" if one.paid else pays
    return {
        "name": one.name,
        "title": title,
        "rank": spoken(one.rank, lang),
        "frozen": words.FROZEN.say(lang) if one.frozen else "",
        "amount": amount if one.paid else "",
        "pays": money(found.goods, exact=True) if one.place == 0 else "",
        "does": does,
        "rate": words.OF_GOODS.say(lang).format(rate=percent(one.rate)) if one.paid else "",
        "parts": [
            {
                "name": f"{spoken(COMPONENTS[Component[paid.component]], lang)} {paid.bonus or ''}".strip(),
                "steps": [step.say(lang) for step in paid.steps],
            }
            for paid in one.paid
        ],
    }
