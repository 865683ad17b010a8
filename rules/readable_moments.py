"""The moments of an order as the readable engine takes them: see `rules.moments`, whose second opinion this is."""

from __future__ import annotations

import heapq

from rules.commission import caps
from rules.commission.activity import earns, group_head_entries
from rules.commission.apprentice import pay_mentor
from rules.commission.base import base_entries
from rules.commission.chain import chain_entries
from rules.commission.duration import still_lasts
from rules.commission.entry import credit_to, move_on
from rules.commission.influence import influence_entries, note_influence
from rules.commission.order_bonus import order_bonuses
from rules.commission.variant import look_at_product
from rules.commission.whole_order import gathered
from rules.events import DAY, MARK_ZH
from rules.journey.facts import Why
from rules.payout.clawback import claw_entries, reverse
from rules.payout.credit import still_held
from rules.payout.dispute import own_entries
from rules.payout.hold import start_order_hold, tick_from
from rules.people.arms import arm_of_sale
from rules.people.attribution import check_all, look_at_ranks, look_up_people
from rules.people.points import purchase_points
from rules.people.promoter import may_be_paid_at
from rules.people.rank import join
from rules.people.target import note_in_month
from rules.plan.limits import MOMENTS, Moment
from rules.readable import Entry, Order, State, Step
from rules.records import Component, EntryStatus, OrderStatus
from rules.steps import SETTLE_ENTRY, SETTLE_ORDER


def fix_terms(state: State, order: Order, time: int, moment: Moment) -> None:
    """Look up what is fixed at this moment or later, and check who may be paid: the readable rule."""
    semantics = state.plans[order.terms].semantics
    now, after_creation = MOMENTS.index(moment), moment != "create"
    rates = now <= MOMENTS.index(semantics.rate_snapshot)
    people = now <= MOMENTS.index(semantics.upline_at(2))
    if semantics.unbound_at_create == "nobody" and after_creation and not order.people:
        people = False
    if now <= MOMENTS.index("pay"):
        order.arm = arm_of_sale(state, order.buyer)
    if rates:
        order.plan, order.day = state.arms[order.arm].plan, time // DAY
        order.fixed.rates = time, moment
        for line in order.lines:
            look_at_product(state, order, line)
    if people:
        keep_first = now > MOMENTS.index(semantics.upline_at(1))
        look_up_people(state, order, time, keep_first)
        order.fixed.people = time, moment
        order.fixed.first = order.fixed.first if keep_first else (time, moment)
    if rates or people:
        look_at_ranks(state, order)
    if moment in checks_of(state, order) and now <= MOMENTS.index(semantics.entries_at):
        check_all(state, order, moment == "settle" and semantics.frozen_at_settlement == "wait")


def checks_of(state: State, order: Order) -> list[Moment]:
    """When it is checked who may be paid on an order: as the plan says, but not before the people are known."""
    semantics = state.plans[order.terms].semantics
    return [max(one, semantics.upline_at(2), key=MOMENTS.index) for one in semantics.checks]


def make_entries_of(state: State, number: int, areas: list[str], time: int) -> None:
    """Make the entries of an order; `areas` are the names behind the numbers of areas. The readable rule."""
    order = state.orders[number]
    plan = state.plans[order.plan]
    order.ranks = [rank if 0 in levels else None for rank, levels in zip(order.ranks, order.allowed, strict=True)]
    assert order.paid_at is not None
    entries: list[Entry] = []
    if earns(plan, order):
        if still_lasts(plan, state.members[order.buyer], order.paid_at):
            entries = base_entries(state, order.plan, order, time)
            entries += chain_entries(state, order.plan, order, entries, areas, time)
            entries = gathered(plan, order, entries)
        entries += order_bonuses(state, order.plan, order, entries, time)
    entries += group_head_entries(state, order.plan, order, time)
    if earns(plan, order):
        entries += influence_entries(state, order.plan, order, time)
    caps.trim_order(plan, order, entries)
    for entry in entries:
        entry.order = number
        if entry.level == 1 and order.via:
            entry.steps.insert(0, Step(f"归因：{MARK_ZH[order.via]}", f"attributed by {order.via.name}"))
        caps.trim_day(state, plan, entry, time // DAY)
    order.entries = [credit_to(state, one, EntryStatus.pending) for one in entries if one.amount > 0]
    order.made = True
    note_influence(state, entries)
    if order.people:
        promoter = state.members[order.people[0]]
        promoter.promoted_orders, promoter.sold_on = promoter.promoted_orders + 1, time // DAY
        note_in_month(state, order.people[0], "promoted_orders")
        join(state, order.people[0], "promoted_orders")
        pay_mentor(state, order.people[0], time)


def goods_received(state: State, number: int, areas: list[str], time: int) -> None:
    """The buyer has the goods: the readable rule."""
    order = state.orders[number]
    order.status, order.received_at = OrderStatus.received, time
    entries_at = state.plans[order.terms].semantics.entries_at
    if not order.made:
        fix_terms(state, order, time, "receipt")
    if entries_at == "receipt":
        _make_late_entries(state, number, areas, time)
    elif entries_at == "pay" and "receipt" in checks_of(state, order):
        _check_entries_of(state, order, time, False)
    purchase_points(state, order, time)
    if state.plans[order.plan].semantics.hold_from == "receipt":
        start_order_hold(state, number, time)


def _make_late_entries(state: State, number: int, areas: list[str], time: int) -> None:
    order = state.orders[number]
    make_entries_of(state, number, areas, time)
    if any(line.refunded or line.refunded_quantity for line in order.lines):
        claw_entries(state, number, time)
    if order.settle_at is not None:
        for place in own_entries(order):
            move_on(state, state.entries[place], EntryStatus.held)
        if state.plans[order.terms].semantics.entries_at == "receipt":
            order.settle_at = max(order.settle_at, tick_from(state.plans[order.plan], time + 1))
            order.due_at = order.settle_at
            heapq.heappush(state.agenda, (order.settle_at, SETTLE_ORDER, number))


def _check_entries_of(state: State, order: Order, time: int, settling: bool) -> None:
    frozen_too = settling and state.plans[order.terms].semantics.frozen_at_settlement == "wait"
    when = Step("结算时", "at settlement") if settling else Step("收货时", "at receipt")
    reason = Step(f"{when.zh}复核：已无佣金资格", f"checked again {when.en}: may no longer be paid")

    def lost(one: Entry) -> bool:
        level = one.level if one.component is Component.base else 0
        return level not in may_be_paid_at(state, state.plans[order.plan], one.member, frozen_too)

    def check(place: int) -> None:
        entry = state.entries[place]
        left = entry.amount - entry.clawed
        if left > 0 and (entry.status is EntryStatus.held or not settling) and lost(entry):
            reverse(state, place, left, time, reason)

    for place in order.entries:
        check(place)
    for deferral in order.deferrals:
        if deferral.waiting and lost(deferral.cut):
            deferral.cancelled, deferral.waiting = deferral.cancelled + deferral.waiting, 0
        for place in reversed([one for one in deferral.paid if one not in order.entries]):
            check(place)


def settle_due(state: State, number: int, areas: list[str], time: int) -> None:
    """Make the entries of an order available; what waits is tried again at the next tick: the readable rule."""
    order = state.orders[number]
    semantics = state.plans[order.terms].semantics
    waits = _order_waits(state, order, order.waited)
    if not waits:
        if semantics.entries_at == "settle" and not order.made and order.status is not OrderStatus.refunded:
            fix_terms(state, order, time, "settle")
            _make_late_entries(state, number, areas, time)
        elif semantics.entries_at != "settle" and "settle" in checks_of(state, order):
            _check_entries_of(state, order, time, True)
        deferred = [place for one in order.deferrals for place in reversed(one.paid) if place not in order.entries]
        own = order.entries + deferred + order.adjustments
        assert order.held_from is not None
        policy, since = semantics.frozen_at_settlement, order.held_from
        gone = [_released(state, place, policy, order.plan, since) for place in own]
        waits = not all(gone)
    if waits:
        order.settle_at = tick_from(state.plans[order.plan], time + 1)
        heapq.heappush(state.agenda, (order.settle_at, SETTLE_ORDER, number))


def _order_waits(state: State, order: Order, waited: list[tuple[int, Why]]) -> bool:
    wait = state.plans[order.terms].semantics.settle_while_refund_open == "wait"
    waits = order.disputed_by is not None or (order.refund_open and wait)
    if waits:
        waited.append((state.now, "refund_open" if order.disputed_by is None else "dispute"))
    return waits


def settle_entry_due(state: State, number: int, time: int) -> None:
    """Make an entry available that settles by itself, or try again at the next tick: the readable rule."""
    entry = state.entries[number]
    plan = state.plans[entry.plan]
    order = None if entry.order is None else state.orders[entry.order]
    policy = (plan if order is None else state.plans[order.terms]).semantics.frozen_at_settlement
    since = entry.time
    if order is not None and entry.deferral is not None:
        assert order.held_from is not None
        since = order.held_from
    waits = order is not None and _order_waits(state, order, entry.waited)
    if waits or not _released(state, number, policy, entry.plan, since):
        heapq.heappush(state.agenda, (tick_from(plan, time + 1), SETTLE_ENTRY, number))


def _released(state: State, number: int, policy: str, plan: int, since: int) -> bool:
    entry = state.entries[number]
    frozen = policy == "wait" and state.members[entry.member].frozen
    why: Why | None = "frozen" if frozen else still_held(state, plan, entry, since)
    if why is not None and entry.amount > entry.clawed:
        entry.waited.append((state.now, why))
        return False
    move_on(state, entry, EntryStatus.available)
    join(state, entry.member, "earned")
    return True
