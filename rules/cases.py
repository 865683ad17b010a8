"""Running case files: a tiny history through both engines, held against what it says must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rules.book import Component, WithdrawalStatus
from rules.cases_check import ORDER_VERBS, WITHDRAWAL_VERBS
from rules.cases_model import Case, Event, ExpectedEntry, ExpectedPayout, Member
from rules.commission.margin import grade_price
from rules.compliance.undercut import undercuts
from rules.engine import CommissionEngine, Engine
from rules.errors import InputError
from rules.events import DAY, Activity, Kind, Mark, Names, Period, Records, blank
from rules.journey.journey import Journeys
from rules.lifecycle import REFUSED, Refusal
from rules.money import yuan
from rules.opening import Opening
from rules.people.arms import arm_of_sale
from rules.people.identity import Identities
from rules.people.promoter import rank_name_under
from rules.plan.model import Plan
from rules.plan.versions import MAIN
from rules.pricing import BasketLine, Discounts, price_order
from rules.readable import State
from rules.stock import Shelf
from rules.trace import ReadableEngine

BALANCES = ("pending", "held", "available", "withdrawn", "deferred")
"""The parts of a wallet that a case can state."""

Resolve = Callable[[str], Plan]
"""Finds a plan by the name or path that a case gives."""


@dataclass(frozen=True)
class Explained:
    """One entry that came out, with the names of the case, and its journey: steps with `part`, `zh` and `en`."""

    order: str | None
    line: int
    member: str
    level: int
    component: str
    bonus: str | None
    amount: int
    steps: list[dict[str, str]]

    @property
    def worked_out(self) -> list[dict[str, str]]:
        """The steps of the amount alone, without what came before and after it."""
        return [step for step in self.steps if step["part"] == "amount"]

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


@dataclass(frozen=True)
class Refused:
    """An event of a case that changed nothing: which one, from 1, and why."""

    event: int
    reason: str
    words: str


@dataclass
class CaseResult:
    """What came of a case.

    Attributes:
        problems: what differs from the expectation, one sentence each; empty = passed.
        entries: everything that came out.
        refused: events that changed nothing, and why.
        balances: everybody's wallet in the end, in fen, by member and part.
        state: everything the readable engine remembers at the end; members and orders in the order of the case.
    """

    name: str
    problems: list[str] = field(default_factory=list)
    entries: list[Explained] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    balances: dict[str, dict[str, int]] = field(default_factory=dict)
    state: State | None = None

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems

    @property
    def refusals(self) -> list[str]:
        """Events that changed nothing, in words."""
        return [f"event {one.event}: {one.words}" for one in self.refused]


@dataclass
class History:
    """A case as the engines take it: numbers for names, events in order; `sources` has each row's event, from 1.

    `arms` are the names of the arms, whose first plans come first in `plans`; `first` is the moment it begins;
    `refused` are orders that undercut a public price, and never became events.
    """

    names: Names
    events: Records
    plans: list[Plan]
    withdrawals: list[str]
    first: int
    identities: Identities
    arms: list[str]
    sources: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


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
    result.problems += _disagreements(compiled, readable)
    result.problems += _unexpected(case, result, compiled, readable, history)
    for sku, pieces in (case.expect.stock or {}).items():
        if pieces != shelf.pieces.get(sku, 0):
            result.problems.append(f"stock of {sku}: expected {pieces}, got {shelf.pieces.get(sku, 0)}")
    if payouts := list(_payouts_differ(case, compiled, history)):
        result.problems += [*payouts, *_why_paid(readable, history)]
    return result


def _on_the_shelf(case: Case, readable: ReadableEngine, events: Records) -> Shelf:
    """Run the events through the readable engine; what is then in stock, if the case asks."""
    shelf = Shelf(case.stock)
    for batch in np.split(events, len(events)) if case.expect.stock and len(events) else [events]:
        readable.apply(batch)
        shelf.observe(readable.state)
    return shelf


def as_history(case: Case, resolve: Resolve) -> History:
    """Give everything in a case a number, and every event its row."""
    given = [case.plan, *case.arms.values(), *(event.plan for event in case.events if event.plan is not None)]
    plans = [plan if isinstance(plan, Plan) else resolve(plan) for plan in given]
    identities = Identities({account: member.id for member in case.members for account in member.accounts})
    names = _names(case, plans, identities)
    history = History(
        names, blank(0), plans, [], case.events[0].at if case.events else 0, identities, [MAIN, *case.arms]
    )
    guide = _readable(case, history) if case.arms or any(plan.commission.margin for plan in plans) else None
    rows: list[Records] = []
    latest, in_force = len(case.arms), 0
    last = -(10**18)
    for number, event in enumerate(case.events):
        if event.at < last:
            raise InputError(
                "the event is earlier than the one before it", case.place("events", number, "at"), "order of time"
            )
        last = event.at
        if event.plan is not None:
            latest = in_force = latest + 1
        rows.append(_rows(case, number, event, history, _buyer(event, history, guide, in_force)))
        history.sources += [number + 1] * len(rows[-1])
        if guide:
            guide.apply(rows[-1])
    history.events = np.concatenate(rows) if rows else blank(0)
    return history


def _names(case: Case, plans: Sequence[Plan], identities: Identities) -> Names:
    """What plans name, once each, and the people of the case."""
    ranks = [rank.id for plan in plans for rank in plan.ranks]
    coupons = [coupon for plan in plans for coupon in plan.coupons]
    gifts = [gift for plan in plans if plan.points for gift in plan.points.gifts]
    once = (list(dict.fromkeys(names)) for names in (ranks, coupons, gifts))
    return Names(
        _members(case, identities), channels=["default"], **dict(zip(("ranks", "coupons", "gifts"), once, strict=True))
    )


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


def _buyer(event: Event, history: History, guide: ReadableEngine | None, in_force: int) -> tuple[int, int]:
    """The plan that an event's order goes by, and its buyer's rank under it; `guide` knows both where they vary."""
    if guide is None or event.buyer is None:
        return in_force, 0
    guide.apply(_tick(event.at))
    state, buyer = guide.state, _person(history, event.buyer)
    plan = state.arms[arm_of_sale(state, buyer)].plan
    return plan, rank_name_under(state, state.plans[plan], buyer)


def _tick(time: int) -> Records:
    tick = blank(1)
    tick["time"], tick["kind"] = time, Kind.tick
    return tick


def _rows(case: Case, number: int, event: Event, history: History, buyer: tuple[int, int]) -> Records:
    """The rows of one event: a row a line for an order, else one. `buyer` is the plan and rank of an order's."""
    names = history.names
    if event.order is not None:
        rows = _accepted(case, number, event, history, *buyer)
        rows["other"] = _repeated(case, number, event, history)
        return rows
    row = blank(1)
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
        row["rank"] = len(history.arms) + sum(one.plan is not None for one in case.events[:number])
        row["other"] = -1 if event.arm is None else history.arms.index(event.arm)
    else:
        _member_row(row, event, history)
    return row


def _member_row(row: Records, event: Event, history: History) -> None:
    names = history.names
    row["member"] = _person(history, event.subject)
    if event.verb == "click":
        assert event.visitor
        row["member"], row["other"] = _person(history, event.visitor), _person(history, event.subject)
        row["sku"] = -1 if event.sku is None else _number(names.skus, event.sku)
    elif event.inviter is not None:
        row["other"] = _person(history, event.inviter)
    elif event.arm is not None:
        row["other"] = history.arms.index(event.arm)
    if event.rank is not None:
        row["rank"] = _number(names.ranks, event.rank)
    elif isinstance(event.coupon, str):
        row["rank"] = _number(names.coupons, event.coupon)
    elif event.gift is not None:
        row["rank"] = _number(names.gifts, event.gift)
    row["area"] = _area(names, event.area)
    if event.verb == "withdraw":
        row["order"] = _number(history.withdrawals, event.id or f"withdrawal {len(history.withdrawals) + 1}")


def _area(names: Names, area: str | None) -> int:
    """The number of an area; -1 is of none, which a case can also write as `none`."""
    return -1 if area in (None, "none") else _number(names.areas, area or "")


def _accepted(case: Case, number: int, event: Event, history: History, plan: int, rank: int) -> Records:
    """The rows of an order, or none if it asks less than a public price of the case, which is noted."""
    names = history.names
    orders = list(names.orders)
    try:
        rows = _order_rows(event, history, plan, rank)
    except ValueError as error:
        raise InputError(str(error), case.place("events", number)) from error
    public = {names.skus.index(sku): price for sku, price in case.public_prices.items() if sku in names.skus}
    found = undercuts(rows, public)
    if not found:
        return rows
    line, names.orders = found[0], orders
    sold, asked = yuan(line.price), yuan(line.public)
    words = f"{names.skus[line.sku]} is sold at {sold}, below the public price of {asked} (低于公开价，禁止低价销售)"
    history.refused.append(Refused(number + 1, "undercut", f"order {event.order} line {line.line}: {words}"))
    return blank(0)


def _order_rows(event: Event, history: History, plan: int, rank: int) -> Records:
    """The rows of an order, priced; a line without a price of its own for the buyer has that of the buyer's rank."""
    assert event.lines is not None
    assert event.order is not None
    assert event.buyer is not None
    names = history.names
    rules = history.plans[plan]
    basket = [
        BasketLine(
            line.price,
            line.quantity,
            grade_price(rules, rules.ranks[rank].id, line.sku, line.category, line.price)
            if line.member_price is None
            else line.member_price,
            line.freight,
            line.weight,
        )
        for line in event.lines
    ]
    coupon_lines = None if event.coupon_lines is None else tuple(event.coupon_lines)
    coupon = _coupon(event, history.plans[plan])
    discounts = Discounts(event.reduction, coupon, coupon_lines, event.points_off, event.freight, event.fee)
    priced = price_order(basket, discounts, rules.semantics)
    rows = blank(len(priced))
    rows["time"], rows["kind"], rows["amount"] = event.at, Kind.order, event.points_off
    rows["rank"] = -1 if event.use is None else _number(names.coupons, event.use)
    rows["activity"] = Activity[event.activity or "none"]
    rows["order"], rows["member"] = _number(names.orders, event.order), _person(history, event.buyer)
    rows["area"] = _area(names, event.area)
    rows["channel"] = 0 if event.channel is None else _number(names.channels, event.channel)
    for place, (row, line, paid) in enumerate(zip(rows, event.lines, priced, strict=True), 1):
        row["line"], row["quantity"], row["price"] = place, paid.quantity, paid.list_price
        row["member_price"] = -1 if paid.member_price is None else paid.member_price
        row["discount"], row["freight"], row["fee"] = paid.discount, paid.freight, paid.fee
        row["cost"], row["unit_cut"] = -1 if line.cost is None else line.cost, paid.unit_cut
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


def _coupon(event: Event, plan: Plan) -> int:
    """What an order's coupon takes off, in fen: nothing if the plan does not have it (the order will be refused)."""
    if event.use is None:
        assert isinstance(event.coupon, int)
        return event.coupon
    return plan.coupons[event.use].amount if event.use in plan.coupons else 0


def _engines(case: Case, history: History) -> tuple[Engine, ReadableEngine]:
    readable = _readable(case, history)
    compiled = Engine.open(*_world(history))
    _enrol(case, history, compiled)
    return compiled, readable


def _world(history: History) -> tuple[list[Plan], Names, int, int, range]:
    """What an engine is opened with."""
    names = history.names
    return history.plans, names, len(names.members), history.first // DAY, range(len(history.arms))


def _readable(case: Case, history: History) -> ReadableEngine:
    engine = ReadableEngine(*_world(history))
    _enrol(case, history, engine)
    return engine


def _enrol(case: Case, history: History, engine: CommissionEngine) -> None:
    for place, member in enumerate(case.members):
        number = history.names.members.index(member.id)
        ranks = [rank.id for rank in history.plans[history.arms.index(member.arm or MAIN)].ranks]
        if member.rank is not None and member.rank not in ranks:
            message = f"the plan of {member.id!r} has no rank {member.rank!r}"
            raise InputError(message, case.place("members", place, "rank"), ", ".join(ranks))
        engine.enrol(number, _opening(member, history), history.first // DAY)


def _opening(member: Member, history: History) -> Opening:
    return Opening(
        rank=member.rank,
        inviter=None if member.inviter is None else _person(history, member.inviter),
        joined_at=history.first if member.joined is None else member.joined,
        frozen=member.frozen,
        real_name=member.real_name,
        tax_registered=member.tax_registered,
        e_signed=member.e_signed,
        promoter=member.promoter,
        volume=member.opening.volume,
        balance=member.opening.balance,
        orders=member.opening.orders,
        streak=member.opening.streak,
        area=_area(history.names, member.area),
        points=member.opening.points,
        clicks=member.opening.clicks,
        arm=history.arms.index(member.arm or MAIN),
    )


def explained(number: int, journeys: Journeys) -> Explained:
    """An entry of the readable engine by its number, with the names behind its numbers and its journey."""
    names, plans, entry = journeys.names, journeys.state.plans, journeys.state.entries[number]
    return Explained(
        order=None if entry.order is None else names.order(entry.order),
        line=entry.line,
        member=names.member(entry.member),
        level=entry.level,
        component=Component(entry.component).name,
        bonus=None if entry.source is None or entry.source < 0 else plans[entry.plan].bonuses[entry.source].id,
        amount=entry.amount,
        steps=[
            {"part": part, "zh": step.zh, "en": step.en}
            for part, steps in journeys.of(number).parts()
            for step in steps
        ],
    )


def _refused(event: int, code: Refusal) -> Refused:
    english, chinese = REFUSED[code]
    return Refused(event, code.name, f"{english} ({chinese})")


def _disagreements(compiled: Engine, readable: ReadableEngine) -> Iterable[str]:
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
    points = compiled.book.members["points"].tolist()
    if points != (other := [member.points for member in readable.state.members]):
        yield f"the two engines disagree on points: compiled {points}, readable {other} (by member number)"


def _unexpected(
    case: Case, result: CaseResult, compiled: Engine, readable: ReadableEngine, history: History
) -> Iterable[str]:
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


def _why_paid(readable: ReadableEngine, history: History) -> Iterable[str]:
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


assert set(REFUSED) == set(Refusal)
