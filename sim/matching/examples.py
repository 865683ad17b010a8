"""A difference in words: what is recorded, how the plan comes to its amount, and how the cause would."""

from __future__ import annotations

from decimal import Decimal

from rules.events import Records as Entries
from rules.money import PPM, percent, yuan
from sim.experiments.metric_names import Text
from sim.matching.grid import Grid

_TERMS = 3
"""Entries that are written out."""


def arithmetic(recorded: int, plan: str, cause: str | None) -> Text:
    """Both sides of a difference, and what becomes of the replay under its cause."""
    zh, en = f"记录 {yuan(recorded)}；按方案 {plan}", f"recorded {yuan(recorded)}; by the plan {plan}"
    if cause is not None:
        zh, en = f"{zh}；按此原因 {cause}", f"{en}; by this cause {cause}"
    return Text(zh, en)


def worked_out(grid: Grid, entries: Entries, code: int) -> str:
    """How entries of a place come to their sum: `16.05 × 8% = 1.284 → 1.28`; 0.00 where there are none."""
    own = entries[grid.codes_of(entries) == code]
    if len(own) == 0:
        return yuan(0)
    terms = [_term(entry) for entry in own[:_TERMS]]
    if len(own) > _TERMS:
        terms.append("…")
    text = terms[0] + "".join(term if term.startswith(" ") else f" + {term}" for term in terms[1:])
    return text if len(own) == 1 else f"{text} = {yuan(int(own['amount'].sum()))}"


def _term(entry: Entries) -> str:
    amount, rate, base = int(entry["amount"]), int(entry["rate"]), int(entry["base"])
    if amount < 0:
        return f" − {yuan(-amount)}"
    if rate == 0 or base == 0:
        return yuan(amount)
    exact = (Decimal(base) * rate / PPM / 100).normalize()
    product = f"{yuan(base)} × {percent(rate)} = {exact:f}"
    return product if exact * 100 == amount else f"{product} → {yuan(amount)}"
