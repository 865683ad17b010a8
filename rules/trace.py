"""The readable engine: one event at a time, in plain Python on the plan as it was read, with a reason for every amount.

It is the second opinion on the compiled engine (both must agree on any log, to the cent and in order) and the source of
`fenxiao explain`. Mechanisms are in the files of their names; here is the order of things.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from rules.calendar import calendar_numbers
from rules.commission.area import appoint_to
from rules.commission.campaign import budget_ids
from rules.commission.contest import races
from rules.commission.contest_close import close_rounds
from rules.commission.deferral import pay_waiting
from rules.commission.direct_team import pay_team
from rules.commission.dynamic import note_click
from rules.commission.invites import pay_registration
from rules.commission.period import close_components, close_now
from rules.commission.streak import record_promotion
from rules.commission.variant import look_at_product
from rules.commission.volume import PERIODS
from rules.events import DAY, Activity, Kind, Mark, Names, Records
from rules.journey.facts import Binding
from rules.lifecycle import ORDER_FLOW, WITHDRAWAL_FLOW, Refusal
from rules.opening import Opening
from rules.payout.credit import give_score
from rules.payout.dispute import answer_dispute, dispute_order
from rules.payout.hold import await_receipt
from rules.payout.repeated import entries_again, pays_again
from rules.payout.withdrawal import answered, ask
from rules.people.arms import arm_of_sale, assign_to, put_in_force
from rules.people.basket import give_back, refusal_of_order, refusal_of_payment, reserve
from rules.people.binding import bind_to, claim_for, claim_newcomer, leave
from rules.people.coupons import coupon_ids, granted
from rules.people.points import redeemed, shared, signed_in
from rules.people.rank import give_rank, join, judge
from rules.plan.model import Plan
from rules.readable import Arm, Entry, Line, Member, Order, State
from rules.readable_moments import fix_terms, goods_received, settle_due, settle_entry_due
from rules.readable_orders import pay_order, refund_order
from rules.records import ENTRY, NEVER, OrderStatus
from rules.steps import AUTO_RECEIVE, SETTLE_ORDER


class ReadableEngine:
    """The engine for people. `state` has everything; `state.entries[n].steps` says why.

    Args:
        plans: all that can come into force.
        names: what stands behind the numbers of categories, skus and ranks.
        members: people of the market.
        start_day: what days of campaigns count from.
        arms: the numbers of the plans that each arm begins with; everybody is in the first.
        watch: members whose entries keep their steps; None = everybody's do.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        names: Names,
        members: int,
        start_day: int,
        arms: Sequence[int] = (0,),
        watch: AbstractSet[int] | None = None,
    ) -> None:
        self.names, self.coupons = names, coupon_ids(plans, names)
        self.state = State(list(plans), start_day, [Member() for _ in range(members)])
        self.state.arms = [Arm(number) for number in arms]
        self.state.watched = None if watch is None else frozenset(watch)
        self.state.races = races(plans, start_day)
        self.state.budgets = dict.fromkeys(budget_ids(plans), 0)

    def enrol(self, member: int, opening: Opening, day: int) -> None:
        """Put a member into the book as it is opened on `day`, before the first event."""
        person = self.state.members[member]
        person.arm = opening.arm
        ranks = [rank.id for rank in self.state.plan_of(member).ranks]
        person.rank = 0 if opening.rank is None else ranks.index(opening.rank)
        person.upline, person.bound_at = opening.inviter, opening.joined_at
        person.joined_at = None if opening.joined_at == NEVER else opening.joined_at
        person.frozen, person.real_name = opening.frozen, opening.real_name
        person.tax_registered, person.e_signed = opening.tax_registered, opening.e_signed
        person.credit = opening.credit
        person.appointed, person.qualified = opening.promoter or person.rank > 0, opening.promoter
        person.available = person.earned = opening.balance
        person.promoted = opening.volume
        person.orders, person.streak, person.promoted_on = opening.orders, opening.streak, day - 1
        person.points, person.clicks = opening.points, opening.clicks
        person.promoter_since = opening.joined_at if person.rank else None
        if opening.inviter is not None:
            self.state.members[opening.inviter].team.add(member)
            person.bindings.append(Binding(opening.joined_at, opening.inviter, "opening"))
        person.first_paid_at = opening.joined_at if opening.orders else None
        for period in PERIODS:
            if opening.volume:
                self.state.volumes["promoted_volume", period, member] = opening.volume
        if opening.area >= 0:
            appoint_to(self.state, member, opening.area)

    def verify_everybody(self) -> None:
        """Note that everybody has shown a real name, is registered for tax and has signed, as withdrawals may ask."""
        for member in self.state.members:
            member.real_name = member.tax_registered = member.e_signed = True

    def open_with(self, members: Records) -> None:
        """Take over `MEMBER` rows of a book as it stood before the first event."""
        for person, row in zip(self.state.members, members, strict=True):
            for name in ("bound_at", "pending", "held", "available", "withdrawing", "withdrawn", "earned", "spent"):
                setattr(person, name, int(row[name]))
            for name in ("credit", "points", "clicks", "invited", "invited_buyers", "largest_order", "promoted"):
                setattr(person, name, int(row[name]))
            for name in ("arm", "orders", "promoted_orders", "rank", "streak", "months_on_target", "months_under"):
                setattr(person, name, int(row[name]))
            for name in ("frozen", "real_name", "tax_registered", "e_signed", "appointed", "qualified"):
                setattr(person, name, bool(row[name]))
            person.bound_via, person.clicked_via = Mark(int(row["bound_via"])), Mark(int(row["clicked_via"]))
            person.next_rank = int(row["next_rank"]) if row["next_rank"] >= 0 else None
            person.upline = int(row["upline"]) if row["upline"] >= 0 else None
            person.joined_at = int(row["joined_at"]) if row["joined_at"] >= 0 else None
            person.first_paid_at = int(row["first_paid_at"]) if row["first_paid_at"] >= 0 else None
            person.clicked_by = int(row["clicked_by"]) if row["clicked_by"] >= 0 else None
            person.promoted_on = int(row["streak_day"]) if row["streak_day"] >= 0 else None
            person.sold_on = int(row["promoted_day"]) if row["promoted_day"] >= 0 else None
            person.promoter_since = int(row["promoter_since"]) if row["promoter_since"] >= 0 else None
        for first in np.setdiff1d(np.flatnonzero(members["area"] >= 0), members["next_agent"]):
            agent = int(first)
            while agent >= 0:
                self.state.agents.setdefault(int(members[agent]["area"]), []).append(agent)
                agent = int(members[agent]["next_agent"])
        for number, person in enumerate(self.state.members):
            if person.upline is not None:
                person.bindings.append(Binding(person.bound_at, person.upline, "opening", person.bound_via))
            if person.upline is not None and person.joined_at is not None:
                self.state.members[person.upline].team.add(number)

    def apply(self, events: Records) -> Records:
        """Take events that are not earlier than any before; return the new entries as `ENTRY` rows."""
        before = len(self.state.entries)
        for event in events:
            self._advance(int(event["time"]))
            refusal = self._dispatch(event)
            if refusal is not None:
                self.state.refusals.append((self.state.events, refusal))
            self.state.events += 1
        return as_records(self.state.entries[before:])

    def _advance(self, time: int) -> None:
        state = self.state
        if state.next_midnight == 0:
            state.next_midnight = (time // DAY + 1) * DAY
        while True:
            step_due = state.agenda[0][0] if state.agenda else state.next_midnight
            due = min(step_due, state.next_midnight)
            if due > time:
                break
            state.now = due
            if due == state.next_midnight:
                self._midnight(due)
            else:
                self._step(*heapq.heappop(state.agenda))
        state.now = time

    def _step(self, time: int, kind: int, number: int) -> None:
        state = self.state
        if kind == AUTO_RECEIVE:
            order = state.orders[number]
            if order.auto_receive_at == time and order.status in (OrderStatus.paid, OrderStatus.shipped):
                goods_received(state, number, self.names.areas, time)
        elif kind == SETTLE_ORDER:
            if state.orders[number].settle_at == time:
                settle_due(state, number, self.names.areas, time)
        else:
            settle_entry_due(state, number, time)

    def _midnight(self, time: int) -> None:
        state = self.state
        today, ended = calendar_numbers(time // DAY), calendar_numbers(time // DAY - 1)
        over = [period for period in PERIODS if today[period] != ended[period]]
        close_rounds(state, time // DAY - 1, time)
        for period in over:
            close_components(state, period, ended[period], time)
        if "month" in over:
            for number in range(len(state.members)):
                judge(state, number)
        state.volumes = {key: value for key, value in state.volumes.items() if key[1] not in over}
        pay_waiting(state, time)
        for arm in state.arms:
            for ended_period in over:
                arm.clicked[ended_period], arm.sold[ended_period], arm.company[ended_period] = {}, {}, 0
        state.next_midnight = time + DAY

    def _dispatch(self, event: np.void) -> Refusal | None:
        kind = Kind(int(event["kind"]))
        if kind is Kind.order:
            return self._place(event)
        if kind in ORDER_FLOW:
            return self._on_order(kind, event)
        if kind in WITHDRAWAL_FLOW:
            return answered(self.state, int(event["order"]), kind, int(event["time"]))
        return self._on_member(kind, event)

    def _on_member(self, kind: Kind, event: np.void) -> Refusal | None:
        state, time = self.state, int(event["time"])
        member, other = int(event["member"]), int(event["other"])
        if kind is Kind.click:
            via = Mark(int(event["via"]))
            state.members[member].clicked_by, state.members[member].clicked_via = other, via
            state.members[member].clicked_at = time
            state.members[other].clicks += member != other
            note_click(state, other, _name(self.names.skus, int(event["sku"])))
            policy = state.plan_of(other).attribution
            if policy.bind_on == "first_click" or policy.keep[0] == "last_click":
                claim_for(state, member, other, time, via)
            record_promotion(state, other, time)
        elif kind is Kind.share:
            record_promotion(state, member, time)
            shared(state, member, time)
        elif kind is Kind.sign_in:
            signed_in(state, member, time)
        elif kind is Kind.redeem:
            return redeemed(state, member, _name(self.names.gifts, int(event["rank"])), time)
        elif kind is Kind.grant:
            return granted(state, member, _name(self.coupons, int(event["rank"])), time)
        elif kind is Kind.register:
            return self._register(event)
        elif kind is Kind.sign:
            state.members[member].e_signed = True
        elif kind is Kind.withdraw:
            return ask(state, int(event["order"]), member, int(event["amount"]), time)
        else:
            return self._administer(kind, event)
        return None

    def _register(self, event: np.void) -> Refusal | None:
        state, member, inviter, time = self.state, int(event["member"]), int(event["other"]), int(event["time"])
        person = state.members[member]
        if person.joined_at is not None:
            return Refusal.already_registered
        if event["rank"] >= 0:
            return Refusal.stated_rank
        person.joined_at = time
        if person.upline is not None:
            state.members[person.upline].team.add(member)
        refusal = None
        if inviter >= 0:
            refusal = claim_newcomer(state, member, inviter, time, Mark(int(event["via"])))
        elif person.clicked_by is not None and state.plan_of(person.clicked_by).attribution.bind_on == "register":
            claim_newcomer(state, member, person.clicked_by, time, person.clicked_via, "last_click")
        join(state, member)
        if person.upline is not None:
            join(state, person.upline, "direct_team")
            pay_team(state, person.upline, time)
        pay_registration(state, member, time)
        return refusal

    def _administer(self, kind: Kind, event: np.void) -> Refusal | None:
        state, time, member, rank = self.state, int(event["time"]), int(event["member"]), int(event["rank"])
        if kind is Kind.rebind:
            if event["other"] >= 0:
                return bind_to(state, member, int(event["other"]), time)
            person = state.members[member]
            person.bindings.append(Binding(time, None, "rebind", before=person.upline))
            leave(state, member)
        elif kind is Kind.promote:
            ranks = [one.id for one in state.plan_of(member).ranks]
            name = self.names.ranks[rank] if 0 <= rank < len(self.names.ranks) else None
            if name not in ranks:
                return Refusal.unknown_rank
            give_rank(state, member, ranks.index(name))
            person = state.members[member]
            person.next_rank, person.appointed = None, person.rank > 0 or len(ranks) == 1
        elif kind in (Kind.freeze, Kind.unfreeze):
            state.members[member].frozen = kind is Kind.freeze
        elif kind is Kind.appoint:
            return appoint_to(state, member, int(event["area"]))
        elif kind is Kind.plan:
            return put_in_force(state, rank, int(event["other"]) if event["other"] >= 0 else None)
        elif kind is Kind.assign:
            return assign_to(state, member, int(event["other"]))
        elif kind is Kind.credit:
            return give_score(state, member, rank)
        elif kind is Kind.close:
            close_now(state, PERIODS[rank], time)
        return None

    def _place(self, event: np.void) -> Refusal | None:
        state, number, time = self.state, int(event["order"]), int(event["time"])
        last = len(state.orders) - 1
        if number < last or (number == last and event["line"] == 1):
            return Refusal.duplicate_order
        if event["other"] >= 0:
            self._use_up(number + 1, event)
            return Refusal.same_order
        if number > last and (refusal := self._open(event, time)) is not None:
            return refusal
        if state.orders[-1].status is not OrderStatus.created:
            return Refusal.order_state
        state.orders[-1].lines.append(self._line(event))
        look_at_product(state, state.orders[-1], state.orders[-1].lines[-1])
        return None

    def _open(self, event: np.void, time: int) -> Refusal | None:
        state, buyer = self.state, int(event["member"])
        self._use_up(int(event["order"]), event)
        order = self._blank(buyer, time)
        order.channel = _name(self.names.channels, int(event["channel"]))
        order.area = int(event["area"]) if event["area"] >= 0 else None
        order.activity = Activity(int(event["activity"]))
        state.orders.append(order)
        coupon, points_off = int(event["rank"]), int(event["amount"])
        name = None if coupon < 0 else _name(self.coupons, coupon) or str(coupon)
        refusal = refusal_of_order(state, order.terms, buyer, name, points_off, time)
        if refusal is not None:
            order.status = OrderStatus.cancelled
            return refusal
        reserve(state, len(state.orders) - 1, name, points_off, time)
        clicked_by = state.members[buyer].clicked_by
        if (
            clicked_by is not None
            and state.plan_of(clicked_by).attribution.bind_on == "first_order"
            and state.members[buyer].orders == 0
        ):
            claim_for(state, buyer, clicked_by, time, state.members[buyer].clicked_via, "first_order")
        fix_terms(state, order, time, "create")
        return None

    def _use_up(self, end: int, event: np.void) -> None:
        """Use up the order numbers below `end`: nothing can happen to these orders."""
        while len(self.state.orders) < end:
            self.state.orders.append(self._blank(int(event["member"]), int(event["time"])))
            self.state.orders[-1].status = OrderStatus.cancelled

    def _blank(self, buyer: int, time: int) -> Order:
        arm = arm_of_sale(self.state, buyer)
        number = self.state.arms[arm].plan
        return Order(buyer, time, number, time // DAY, number, arm)

    def _line(self, event: np.void) -> Line:
        member_price = int(event["member_price"])
        paid_price = member_price if member_price >= 0 else int(event["price"])
        return Line(
            sku=_name(self.names.skus, int(event["sku"])),
            category=_name(self.names.categories, int(event["category"])),
            quantity=int(event["quantity"]),
            price=int(event["price"]),
            member_price=member_price if member_price >= 0 else None,
            paid=paid_price * int(event["quantity"]) - int(event["discount"]),
            freight=int(event["freight"]),
            cost=max(0, int(event["cost"])),
            fee=int(event["fee"]),
            unit_cut=int(event["unit_cut"]),
        )

    def _on_order(self, kind: Kind, event: np.void) -> Refusal | None:
        state, number, time = self.state, int(event["order"]), int(event["time"])
        if not 0 <= number < len(state.orders):
            return Refusal.unknown_order
        order = state.orders[number]
        if order.status not in ORDER_FLOW[kind]:
            if kind is Kind.pay and pays_again(state, order):
                entries_again(state, number, time)
                return None
            return Refusal.order_state
        if kind is Kind.pay:
            if (refusal := refusal_of_payment(state, order)) is not None:
                return refusal
            pay_order(state, number, self.names.areas, time)
        elif kind is Kind.cancel:
            order.status = OrderStatus.cancelled
            give_back(state, order, time)
        elif kind is Kind.ship:
            order.status = OrderStatus.shipped
            await_receipt(state, number, time)
        elif kind is Kind.receive:
            goods_received(state, number, self.names.areas, time)
        elif kind is Kind.refund:
            line, quantity, amount = int(event["line"]), int(event["quantity"]), int(event["amount"])
            return refund_order(state, number, line, quantity, amount, time)
        elif kind is Kind.dispute:
            return dispute_order(state, number, int(event["member"]), int(event["line"]), time)
        elif kind is Kind.settle_dispute:
            member = int(event["member"]) if event["member"] >= 0 else None
            return answer_dispute(state, number, event["rank"] == 1, member, int(event["amount"]), time)
        else:
            order.refund_open = kind is Kind.refund_open
        return None


def _name(names: list[str], number: int) -> str | None:
    return names[number] if 0 <= number < len(names) else None


def as_records(entries: Sequence[Entry]) -> Records:
    """Entries as the compiled engine writes them."""
    records = np.zeros(len(entries), ENTRY)
    for row, entry in zip(records, entries, strict=True):
        row["time"], row["amount"], row["base"] = entry.time, entry.amount, entry.base
        row["member"], row["rate"], row["line"], row["level"] = (
            entry.member,
            entry.rate,
            entry.line,
            entry.level,
        )
        row["component"], row["plan"], row["status"], row["clawed"] = (
            entry.component,
            entry.plan,
            entry.status,
            entry.clawed,
        )
        for name in ("order", "reverses", "period", "source"):
            given = getattr(entry, name)
            row[name] = -1 if given is None else given
    return records
