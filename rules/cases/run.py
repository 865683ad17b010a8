"""Running case files: a tiny history through both engines, held against what it says must come out."""

from __future__ import annotations

import numpy as np

from rules.cases.differ import disagreements, payouts_differ, unexpected, why_paid
from rules.cases.history import Resolve, as_history, engines
from rules.cases.model import Case
from rules.cases.result import BALANCES, CaseResult, Refused, explained
from rules.errors import InputError
from rules.events import Records
from rules.journey.journey import Journeys
from rules.lifecycle import REFUSED, Refusal
from rules.plan.model import Plan
from rules.stock import Shelf
from rules.trace import ReadableEngine


def no_names(name: str) -> Plan:
    """Refuse plans by name: for callers that have no files."""
    raise InputError(f"plan {name!r} is given by name, and there are no files to look in", allowed="a plan in the case")


def run_case(case: Case, resolve: Resolve = no_names) -> CaseResult:
    """Run a case through both engines and hold the outcome against what it expects."""
    result = CaseResult(case.name)
    try:
        history = as_history(case, resolve)
        compiled, readable = engines(case, history)
        compiled.apply(history.events)
        shelf = _on_the_shelf(case, readable, history.events)
    except InputError as error:
        if not (case.expect.error and case.expect.error in str(error)):
            raise
        return result
    journeys = Journeys(readable.state, history.names)
    result.entries = [explained(number, journeys) for number in range(len(readable.state.entries))]
    result.state = readable.state
    refused = [_refused(history.sources[row], code) for row, code in readable.state.refusals]
    result.refused = sorted([*history.refused, *refused], key=lambda one: one.event)
    result.balances = {
        name: {part: int(compiled.book.members[number][part]) for part in BALANCES}
        for number, name in enumerate(history.names.members)
    }
    result.problems += disagreements(compiled, readable)
    result.problems += unexpected(case, result, compiled, readable, history)
    for sku, pieces in (case.expect.stock or {}).items():
        if pieces != shelf.pieces.get(sku, 0):
            result.problems.append(f"stock of {sku}: expected {pieces}, got {shelf.pieces.get(sku, 0)}")
    if payouts := list(payouts_differ(case, compiled, history)):
        result.problems += [*payouts, *why_paid(readable, history)]
    return result


def _on_the_shelf(case: Case, readable: ReadableEngine, events: Records) -> Shelf:
    """Run the events through the readable engine; what is then in stock, if the case asks."""
    shelf = Shelf(case.stock)
    for batch in np.split(events, len(events)) if case.expect.stock and len(events) else [events]:
        readable.apply(batch)
        shelf.observe(readable.state)
    return shelf


def _refused(event: int, code: Refusal) -> Refused:
    english, chinese = REFUSED[code]
    return Refused(event, code.name, f"{english} ({chinese})")
