"""A case as the engines take it: numbers for names, events in order, engines opened with its members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rules.cases.model import ORDER_VERBS, WITHDRAWAL_VERBS, Case, Event, Member
from rules.cases.result import Refused
from rules.commission.margin import grade_price
from rules.compliance.undercut import undercuts
from rules.engine import CommissionEngine, Engine
from rules.errors import InputError
from rules.events import DAY, Activity, Kind, Mark, Names, Period, Records, blank
from rules.money import yuan
from rules.opening import Opening
from rules.people.arms import arm_of_sale
from rules.people.identity import Identities
from rules.people.promoter import rank_name_under
from rules.plan.model import Plan
from rules.plan.versions import MAIN
from rules.pricing import BasketLine, Discounts, price_order
from rules.records import NEVER
from rules.trace import ReadableEngine

Resolve = Callable[[str], Plan]
"""Finds a plan by the name or path that a case gives."""


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


def as_history(case: Case, resolve: Resolve) -> History:
    """Give everything in a case a number, and every event its row."""
    given = [case.plan, *case.arms.values(), *(event.plan for event in case.events if event.plan is not None)]
    plans = [plan if isinstance(plan, Plan) else resolve(plan) for plan in given]
    identities = Identities({account: member.id for member in case.members for account in member.accounts})
    names = _names(case, plans, identities)
    history = History(
        names, blank(0), plans, [], case.events[0].at if case.events else 0, identities, [MAIN, *case.arms]
    )
    guide = readable_engine(case, history) if case.arms or any(plan.commission.margin for plan in plans) else None
    rows: list[Records] = []
    newest = len(case.arms)
    last = -(10**18)
    for number, event in enumerate(case.events):
        if event.at < last:
            raise InputError(
                "the event is earlier than the one before it", case.place("events", number, "at"), "order of time"
            )
        last = event.at
        if event.plan is not None:
            newest += 1
        rows.append(_rows(case, number, event, history, _buyer(event, history, guide, newest)))
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


def _buyer(event: Event, history: History, guide: ReadableEngine | None, newest: int) -> tuple[int, int]:
    """The plan that an event's order goes by, and its buyer's rank under it; `guide` knows both where they vary."""
    if guide is None or event.buyer is None:
        return newest, 0
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
        row["rank"] = buyer[0]
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
    elif event.score is not None:
        row["rank"] = event.score
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


def engines(case: Case, history: History) -> tuple[Engine, ReadableEngine]:
    """Both engines with the members of a case, before its first event."""
    readable = readable_engine(case, history)
    compiled = Engine.open(*_world(history))
    _enrol(case, history, compiled)
    return compiled, readable


def _world(history: History) -> tuple[list[Plan], Names, int, int, range]:
    """What an engine is opened with."""
    names = history.names
    return history.plans, names, len(names.members), history.first // DAY, range(len(history.arms))


def readable_engine(case: Case, history: History) -> ReadableEngine:
    """The readable engine with the members of a case, before its first event."""
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


def _joined(member: Member, history: History) -> int:
    if not member.registered:
        return NEVER
    return history.first if member.joined is None else member.joined


def _opening(member: Member, history: History) -> Opening:
    return Opening(
        rank=member.rank,
        inviter=None if member.inviter is None else _person(history, member.inviter),
        joined_at=_joined(member, history),
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
        credit=member.credit,
    )
