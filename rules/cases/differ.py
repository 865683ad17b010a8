"""Where what came out of a case differs from what it says must come out, one sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from rules.cases.history import History
from rules.cases.model import Case, ExpectedEntry, ExpectedPayout
from rules.cases.result import BALANCES, CaseResult, Explained
from rules.engine import Engine
from rules.money import yuan
from rules.records import WithdrawalStatus
from rules.trace import ReadableEngine

WALLET = ("pending", "held", "available", "withdrawing", "withdrawn", "earned")
"""The parts of a wallet that both engines keep."""


def disagreements(compiled: Engine, readable: ReadableEngine) -> Iterable[str]:
    """Where the two engines differ: never, or one of them is wrong."""
    ours = [(int(row["member"]), int(row["amount"])) for row in compiled.book.rows("entries")]
    theirs = [(entry.member, entry.amount) for entry in readable.state.entries]
    if ours != theirs:
        yield f"the two engines disagree: compiled {ours}, readable {theirs} (member number, fen)"
    rows = compiled.book.rows("withdrawals")
    sent = [(number, *_payout(row)) for number, row in enumerate(rows) if row["known"]]
    payouts = sorted(readable.state.withdrawals.items())
    read = [(number, one.amount, one.fee, one.tax, one.net) for number, one in payouts]
    if sent != read:
        yield f"the two engines disagree: compiled {sent}, readable {read} (withdrawal, gross, fee, tax, net in fen)"
    for part in WALLET:
        fen = compiled.book.members[part].tolist()
        if fen != (other := [getattr(member, part) for member in readable.state.members]):
            yield f"the two engines disagree on {part}: compiled {fen}, readable {other} (by member number, fen)"
    points = compiled.book.members["points"].tolist()
    if points != (other := [member.points for member in readable.state.members]):
        yield f"the two engines disagree on points: compiled {points}, readable {other} (by member number)"


def unexpected(
    case: Case, result: CaseResult, compiled: Engine, readable: ReadableEngine, history: History
) -> Iterable[str]:
    """What differs from what a case expects, but for payouts."""
    expect, members = case.expect, history.names.members
    if expect.error is not None and not any(expect.error in refusal for refusal in result.refusals):
        yield f"expected the error {expect.error!r}, got {'; '.join(result.refusals) or 'none'}"
    if expect.entries is not None:
        yield from _entries_differ(expect.entries, result.entries, expect.partial)
    for name, amount in (expect.totals or {}).items():
        total = sum(entry.amount for entry in result.entries if entry.member == name)
        if total != amount:
            yield f"total of {name}: expected {yuan(amount)}, got {yuan(total)}"
    for name, balance in (expect.balances or {}).items():
        row = compiled.book.members[members.index(name)]
        for part in BALANCES:
            wanted = getattr(balance, part)
            if wanted is not None and wanted != row[part]:
                yield f"{part} of {name}: expected {yuan(wanted)}, got {yuan(row[part])}"
    refused = sorted({one.event for one in result.refused})
    if expect.refused is not None and sorted(expect.refused) != refused:
        yield f"expected events {sorted(expect.refused)} to be refused, got {'; '.join(result.refusals) or 'none'}"
    yield from _points_differ(case, readable, members)
    yield from _coupons_differ(case, readable, members)
    yield from _pools_differ(case, compiled)
    for name, amount in (expect.budgets or {}).items():
        spent = compiled.budgets_used().get(name, 0)
        if spent != amount:
            yield f"budget of {name}: expected {yuan(amount)} spent, got {yuan(spent)}"
    yield from _lines_differ(case, compiled, history)


def _points_differ(case: Case, readable: ReadableEngine, members: Sequence[str]) -> Iterable[str]:
    for name, wanted in (case.expect.points or {}).items():
        number = members.index(name)
        got = readable.state.members[number].points
        if got != wanted:
            moves = [move for move in readable.state.movements if move.member == number]
            why = "; ".join(f"{move.points:+} {move.reason.zh} ({move.reason.en})" for move in moves)
            yield f"points of {name}: expected {wanted}, got {got}: {why or 'none came or went'}"


def _coupons_differ(case: Case, readable: ReadableEngine, members: Sequence[str]) -> Iterable[str]:
    for name, wanted in (case.expect.coupons or {}).items():
        free = [one for one in readable.state.coupons if one.order is None and readable.state.now < one.expires]
        held = [one for one in free if one.member == members.index(name)]
        if sorted(one.coupon for one in held) != sorted(wanted):
            why = "; ".join(f"{one.coupon} {one.reason.zh} ({one.reason.en})" for one in held)
            yield f"coupons of {name}: expected {', '.join(wanted) or 'none'}, got {why or 'none'}"


def _pools_differ(case: Case, compiled: Engine) -> Iterable[str]:
    if case.expect.pools is None:
        return
    rows = compiled.book.rows("pools")
    if len(rows) != len(case.expect.pools):
        yield f"expected {len(case.expect.pools)} pools, got {len(rows)}"
    for number, (wanted, row) in enumerate(zip(case.expect.pools, rows, strict=False), 1):
        for part in type(wanted).model_fields:
            amount = getattr(wanted, part)
            if amount is not None and amount != row[part]:
                yield f"{part} of pool {number}: expected {yuan(amount)}, got {yuan(row[part])}"


def _entries_differ(expected: list[ExpectedEntry], got: list[Explained], partial: bool) -> Iterable[str]:
    """Expected entries without a partner, and, unless the list is partial, the other way round."""
    left = list(got)
    for wanted in expected:
        found = next((entry for entry in left if _matches(wanted, entry)), None)
        if found is None:
            yield f"expected entry {_said(wanted)}; it did not come out"
        else:
            left.remove(found)
    if not partial:
        for entry in left:
            yield f"unexpected entry: {entry.component} {entry.order or ''} {entry.member} {yuan(entry.amount)}"


def _matches(wanted: ExpectedEntry, entry: Explained) -> bool:
    return (
        wanted.member == entry.member
        and wanted.amount == entry.amount
        and wanted.order in (None, entry.order)
        and wanted.line in (None, entry.line)
        and wanted.level in (None, entry.level)
        and wanted.component in (None, entry.component, entry.bonus)
        and wanted.value in (None, entry.value)
    )


def _said(wanted: ExpectedEntry) -> str:
    parts = [wanted.component or "", wanted.order or "", wanted.member, yuan(wanted.amount)]
    return " ".join(part for part in parts if part)


def _lines_differ(case: Case, compiled: Engine, history: History) -> Iterable[str]:
    for wanted in case.expect.lines or []:
        order = compiled.book.orders[history.names.orders.index(wanted.order)]
        paid = int(compiled.book.lines[order["first_line"] + wanted.line - 1]["paid"])
        if paid != wanted.paid:
            yield f"{wanted.order} line {wanted.line}: expected {yuan(wanted.paid)} paid, got {yuan(paid)}"


def payouts_differ(case: Case, compiled: Engine, history: History) -> Iterable[str]:
    """Expected payouts that were not paid, and the other way round."""
    if case.expect.payouts is None:
        return
    rows = compiled.book.rows("withdrawals")
    paid = [row for row in rows if row["known"] and row["status"] == WithdrawalStatus.paid]
    got = Counter((history.names.member(row["member"]), *_payout(row)) for row in paid)
    for wanted in case.expect.payouts:
        found = next((one for one in got if _is_payout(one, wanted)), None)
        if found is None:
            yield f"expected a payout to {wanted.member}; got {dict(got)} (member, gross, fee, tax, net in fen)"
        else:
            got = got - Counter([found])
    for extra in got:
        yield f"unexpected payout {extra} (member, gross, fee, tax, net in fen)"


def why_paid(readable: ReadableEngine, history: History) -> Iterable[str]:
    """How every payout was worked out."""
    for number, payout in sorted(readable.state.withdrawals.items()):
        why = " ".join(f"{step.zh}; {step.en}." for step in payout.steps)
        yield f"{history.names.member(payout.member)} {history.withdrawals[number]}: {why}"


def _payout(row: np.void) -> tuple[int, int, int, int]:
    gross, fee, tax = int(row["amount"]), int(row["fee"]), int(row["tax"])
    return gross, fee, tax, gross - fee - tax


def _is_payout(got: tuple[str, int, int, int, int], wanted: ExpectedPayout) -> bool:
    given = [getattr(wanted, name) for name in ("gross", "fee", "tax", "net")]
    return got[0] == wanted.member and all(want in (None, have) for want, have in zip(given, got[1:], strict=True))
