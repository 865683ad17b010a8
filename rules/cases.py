"""Running case files: a tiny history through both engines, held against what it says must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rules.book import Component, WithdrawalStatus
from rules.cases_model import ORDER_VERBS, WITHDRAWAL_VERBS, Case, Event, ExpectedEntry, ExpectedPayout, Member
from rules.engine import CommissionEngine, Engine
from rules.errors import InputError
from rules.events import DAY, Kind, Mark, Names, Period, Records, blank
from rules.lifecycle import REFUSED, Refusal
from rules.money import yuan
from rules.opening import Opening
from rules.people.identity import Identities
from rules.plan.model import Plan
from rules.pricing import BasketLine, Discounts, price_order
from rules.readable import Entry
from rules.trace import ReadableEngine

Resolve = Callable[[str], Plan]
"""Finds a plan by the name or path that a case gives."""


@dataclass(frozen=True)
class Explained:
    """One entry that came out, with the names of the case, and why."""

    order: str | None
    line: int
    member: str
    level: int
    component: str
    bonus: str | None
    amount: int
    steps: list[dict[str, str]]

    def to_dict(self) -> dict[str, object]:
        """For `--json`: amounts in yuan with two decimals, as text."""
        return {
            "order": self.order,
            "line": self.line,
            "member": self.member,
            "level": self.level,
            "component": self.component,
            "bonus": self.bonus,
            "amount": yuan(self.amount).replace(",", ""),
            "steps": self.steps,
        }


@dataclass
class CaseResult:
    """What came of a case.

    Attributes:
        problems: what differs from the expectation, one sentence each; empty = passed.
        entries: everything that came out.
        refusals: events that changed nothing, and why.
    """

    name: str
    problems: list[str] = field(default_factory=list)
    entries: list[Explained] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems


@dataclass
class History:
    """A case as the engines take it: numbers for names, events in order."""

    names: Names
    events: Records
    plans: list[Plan]
    withdrawals: list[str]
    identities: Identities


def no_names(name: str) -> Plan:
    """Refuse plans by name: for callers that have no files."""
    raise InputError(f"plan {name!r} is given by name, and there are no files to look in", allowed="a plan in the case")


def run_case(case: Case, resolve: Resolve = no_names) -> CaseResult:
    """Run a case through both engines and hold the outcome against what it expects."""
    result = CaseResult(case.name)
    try:
        history = as_history(case, resolve)
        compiled, readable = _engines(case, history)
        compiled.apply(history.events)
        readable.apply(history.events)
    except InputError as error:
        if not (case.expect.error and case.expect.error in str(error)):
            raise
        return result
    result.entries = [explained(entry, history.names, history.plans) for entry in readable.state.entries]
    result.refusals = [
        f"event {number + 1}: {REFUSED[code][0]} ({REFUSED[code][1]})" for number, code in readable.state.refusals
    ]
    result.problems += _disagreements(compiled, readable)
    result.problems += _unexpected(case, result, compiled, history)
    return result


def as_history(case: Case, resolve: Resolve) -> History:
    """Give everything in a case a number, and every event its row."""
    plans = [case.plan if isinstance(case.plan, Plan) else resolve(case.plan)]
    identities = Identities({account: member.id for member in case.members for account in member.accounts})
    names = Names(members=_members(case, identities), ranks=[rank.id for rank in plans[0].ranks])
    for event in case.events:
        if event.plan is not None:
            plans.append(event.plan if isinstance(event.plan, Plan) else resolve(event.plan))
            names.ranks += [rank.id for rank in plans[-1].ranks if rank.id not in names.ranks]
    history = History(names, blank(0), plans, [], identities)
    rows: list[Records] = []
    current = 0
    last = -(10**18)
    for number, event in enumerate(case.events):
        if event.at < last:
            raise InputError(
                "the event is earlier than the one before it", case.place("events", number, "at"), "order of time"
            )
        last = event.at
        current += event.plan is not None
        rows.append(_rows(case, number, event, history, current))
    history.events = np.concatenate(rows) if rows else blank(0)
    return history


def _members(case: Case, identities: Identities) -> list[str]:
    people = [member.id for member in case.members]
    for event in case.events:
        people += [identities.member(one) for one in (event.register_, event.visitor, event.buyer) if one]
    return list(dict.fromkeys(people))


def _person(history: History, account: str) -> int:
    """The number of the member behind a name or an account."""
    return _number(history.names.members, history.identities.member(account))


def _number(names: list[str], name: str) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)


def _rows(case: Case, number: int, event: Event, history: History, plan: int) -> Records:
    """The rows of one event: a row a line for an order, else one."""
    if case.stock or event.activity or event.fee:
        raise InputError("stock, activity and fee are not computed yet", case.place("events", number))
    if event.order is not None:
        rows = _order_rows(event, history, plan)
        rows["other"] = _repeated(case, number, event, history)
        return rows
    row = blank(1)
    names = history.names
    row["time"], row["kind"] = event.at, Kind[event.verb]
    row["quantity"], row["line"] = event.quantity or 0, event.line or 0
    row["amount"], row["via"] = event.amount or 0, Mark[event.via or "unknown"]
    verb, subject = event.verb, event.subject
    if verb in ORDER_VERBS:
        row["order"] = names.orders.index(subject) if subject in names.orders else 10**6
        if verb in ("dispute", "settle_dispute") and (member := event.by or event.member):
            row["member"] = _person(history, member)
        if verb == "settle_dispute":
            row["rank"] = event.outcome == "upheld"
    elif verb in WITHDRAWAL_VERBS:
        row["order"] = _number(history.withdrawals, subject)
    elif verb == "close":
        row["rank"] = Period[subject]
    elif verb == "plan":
        row["rank"] = plan
    else:
        _member_row(row, event, history)
    return row


def _member_row(row: Records, event: Event, history: History) -> None:
    names = history.names
    row["member"] = _person(history, event.subject)
    if event.verb == "click":
        assert event.visitor
        row["member"], row["other"] = _person(history, event.visitor), _person(history, event.subject)
    elif event.inviter is not None:
        row["other"] = _person(history, event.inviter)
    if event.rank is not None:
        row["rank"] = _number(names.ranks, event.rank)
    if event.verb == "withdraw":
        row["order"] = _number(history.withdrawals, event.id or f"withdrawal {len(history.withdrawals) + 1}")


def _order_rows(event: Event, history: History, plan: int) -> Records:
    assert event.lines is not None
    assert event.order is not None
    assert event.buyer is not None
    names = history.names
    basket = [BasketLine(line.price, line.quantity, line.member_price, line.freight) for line in event.lines]
    coupon_lines = None if event.coupon_lines is None else tuple(event.coupon_lines)
    discounts = Discounts(event.reduction, event.coupon, coupon_lines, event.points_off, event.freight)
    priced = price_order(basket, discounts, history.plans[plan].semantics)
    rows = blank(len(priced))
    rows["time"], rows["kind"], rows["amount"] = event.at, Kind.order, 0
    rows["order"], rows["member"] = _number(names.orders, event.order), _person(history, event.buyer)
    rows["channel"] = 0 if event.channel is None else _number(names.channels, event.channel)
    for place, (row, line, paid) in enumerate(zip(rows, event.lines, priced, strict=True), 1):
        row["line"], row["quantity"], row["price"] = place, paid.quantity, paid.list_price
        row["member_price"] = -1 if paid.member_price is None else paid.member_price
        row["discount"], row["freight"] = paid.discount, paid.freight
        row["sku"], row["category"] = _number(names.skus, line.sku), _number(names.categories, line.category)
    return rows


def _repeated(case: Case, number: int, event: Event, history: History) -> int:
    """The number of the order that an order repeats, or -1."""
    first = history.identities.first_order(event.order or "", event.external, event.same_as)
    if first is None:
        return -1
    if first not in history.names.orders:
        raise InputError(
            f"order {first!r} has not come yet", case.place("events", number, "same_as"), "an earlier order"
        )
    return history.names.orders.index(first)


def _engines(case: Case, history: History) -> tuple[Engine, ReadableEngine]:
    first = int(history.events["time"][0]) if len(history.events) else 0
    day, people = first // DAY, len(history.names.members)
    compiled = Engine.open(history.plans, history.names, people, day)
    readable = ReadableEngine(history.plans, history.names, people, day)
    for member in case.members:
        opening = _opening(member, history, first)
        engines: tuple[CommissionEngine, ...] = (compiled, readable)
        for engine in engines:
            engine.enrol(history.names.members.index(member.id), opening, day)
    return compiled, readable


def _opening(member: Member, history: History, first: int) -> Opening:
    return Opening(
        rank=member.rank,
        inviter=None if member.inviter is None else _person(history, member.inviter),
        joined_at=first if member.joined is None else member.joined,
        frozen=member.frozen,
        real_name=member.real_name,
        tax_registered=member.tax_registered,
        promoter=member.promoter,
        volume=member.opening.volume,
        balance=member.opening.balance,
        orders=member.opening.orders,
        streak=member.opening.streak,
    )


def explained(entry: Entry, names: Names, plans: Sequence[Plan]) -> Explained:
    """An entry of the readable engine with the names behind its numbers."""
    return Explained(
        order=None if entry.order is None else names.order(entry.order),
        line=entry.line,
        member=names.member(entry.member),
        level=entry.level,
        component=Component(entry.component).name,
        bonus=None if entry.source is None or entry.source < 0 else plans[entry.plan].bonuses[entry.source].id,
        amount=entry.amount,
        steps=[{"zh": step.zh, "en": step.en} for step in entry.steps],
    )


def _disagreements(compiled: Engine, readable: ReadableEngine) -> Iterable[str]:
    """Where the two engines differ: never, or one of them is wrong."""
    ours = [(int(row["member"]), int(row["amount"])) for row in compiled.book.rows("entries")]
    theirs = [(entry.member, entry.amount) for entry in readable.state.entries]
    if ours != theirs:
        yield f"the two engines disagree: compiled {ours}, readable {theirs} (member number, fen)"


def _unexpected(case: Case, result: CaseResult, compiled: Engine, history: History) -> Iterable[str]:
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
        for part in ("pending", "held", "available", "withdrawn"):
            wanted = getattr(balance, part)
            if wanted is not None and wanted != row[part]:
                yield f"{part} of {name}: expected {yuan(wanted)}, got {yuan(row[part])}"
    yield from _lines_differ(case, compiled, history)
    yield from _payouts_differ(case, compiled, history)


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


def _payouts_differ(case: Case, compiled: Engine, history: History) -> Iterable[str]:
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


def _payout(row: np.void) -> tuple[int, int, int, int]:
    gross, fee, tax = int(row["amount"]), int(row["fee"]), int(row["tax"])
    return gross, fee, tax, gross - fee - tax


def _is_payout(got: tuple[str, int, int, int, int], wanted: ExpectedPayout) -> bool:
    given = [getattr(wanted, name) for name in ("gross", "fee", "tax", "net")]
    return got[0] == wanted.member and all(want in (None, have) for want, have in zip(given, got[1:], strict=True))


assert set(REFUSED) == set(Refusal)
