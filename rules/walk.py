"""The walk through a log: event by event, and before each whatever was due by then.

Closes happen at local midnight, automatic receipt and settlement when their time has come; an event is taken only if
every array has room for all that it can add, so a walk can stop anywhere, and go on after the arrays have grown.
"""

from __future__ import annotations

from rules.ahead import look_ahead
from rules.book import Rows
from rules.calendar import first_day_of, month_of, period_of
from rules.commission.area import appoint
from rules.commission.contest_close import close_contests, rows_of_contests
from rules.commission.deferral import pay_deferred
from rules.commission.direct_team import reward_team
from rules.commission.dynamic import count_click
from rules.commission.invites import reward_registration
from rules.commission.period import close_early, close_period, reset_meters, rows_wanted
from rules.commission.streak import note_promotion
from rules.commission.volume import rows_of_refund
from rules.events import DAY, Kind, Records, Row
from rules.jit import kernel
from rules.lifecycle import Refusal, refuse
from rules.moments import receive, settle_entry, settle_order
from rules.orders import is_on_order, on_order, place_line, rows_of_order
from rules.payout import withdrawal
from rules.payout.credit import give_credit
from rules.payout.hold import wait_for_receipt
from rules.people.arms import assign, change_plan, plan_of
from rules.people.attribution import rows_above
from rules.people.binding import bind, claim, claim_joining, unbind
from rules.people.coupons import grant_event
from rules.people.points import earn_share, redeem, sign_in
from rules.people.promoter import make_promoter
from rules.people.rank import DIRECT_TEAM, join_by, join_ranks, judge_month, set_rank
from rules.plan.compiled import NONE, Tables
from rules.steps import AUTO_RECEIVE, SETTLE_ENTRY, SETTLE_ORDER, pop

(_REGISTER, _SHARE, _CLICK, _ORDER, _PAY, _RECEIVE, _REFUND, _REBIND, _PROMOTE) = (
    int(Kind.register),
    int(Kind.share),
    int(Kind.click),
    int(Kind.order),
    int(Kind.pay),
    int(Kind.receive),
    int(Kind.refund),
    int(Kind.rebind),
    int(Kind.promote),
)
_FREEZE, _UNFREEZE, _WITHDRAW, _UNKNOWN = (
    int(Kind.freeze),
    int(Kind.unfreeze),
    int(Kind.withdraw),
    int(Kind.unknown),
)
_PLAN, _CLOSE, _SIGN, _APPOINT = int(Kind.plan), int(Kind.close), int(Kind.sign), int(Kind.appoint)
_ASSIGN, _CREDIT = int(Kind.assign), int(Kind.credit)
_SIGN_IN, _REDEEM, _GRANT = int(Kind.sign_in), int(Kind.redeem), int(Kind.grant)
_TWICE, _NO_RANK, _STATED_RANK = (
    int(Refusal.already_registered),
    int(Refusal.unknown_rank),
    int(Refusal.stated_rank),
)
_DONE = -1
_SPARE = 4
"""Rows beyond its own that an event may add besides entries of its order: a step, a refusal, a statement, a bonus."""


@kernel
def run_events(events: Records, begin: int, book: Rows, plan: Tables) -> int:
    """Take events from row `begin` on; returns the row of the first that was not taken for want of room."""
    for place in range(begin, len(events)):
        look_ahead(events, place, book)
        event = events[place]
        if not _advance(book, plan, event.time):
            return place
        if not _room(book, _rows_of_event(book, plan, event)):
            return place
        _dispatch(book, plan, event)
        book.clock[0].events += 1
    return len(events)


@kernel
def _room(book: Rows, rows: int) -> bool:
    """Whether every array has `rows` free rows; if not, notes how many are wanted."""
    clock = book.clock[0]
    clock.wanted = rows
    return (
        clock.orders + rows <= len(book.orders)
        and clock.orders + rows <= len(book.order_extras)
        and clock.lines + rows <= len(book.lines)
        and clock.entries + rows <= len(book.entries)
        and clock.parts + rows <= len(book.parts)
        and clock.statements + rows <= len(book.statements)
        and clock.steps + rows <= len(book.steps)
        and clock.refusals + rows <= len(book.refusals)
        and clock.withdrawals + rows <= len(book.withdrawals)
        and clock.coupons + rows <= len(book.coupons)
        and clock.pools + rows <= len(book.pools)
        and clock.shares + rows <= len(book.shares)
        and clock.uplines + rows <= len(book.uplines)
        and clock.deferrals + rows <= len(book.deferrals)
        and clock.pieces + rows <= len(book.pieces)
        and clock.rounds + rows <= len(book.rounds)
        and clock.placings + rows <= len(book.placings)
    )


@kernel
def _rows_of_event(book: Rows, plan: Tables, event: Row) -> int:
    """How many rows an event can add to any array, at the most."""
    clock = book.clock[0]
    if event.kind == _ORDER:
        return _SPARE + 16 + max(0, event.order - clock.orders) + rows_above(book, plan, event.member)
    if event.kind == _WITHDRAW:
        return _SPARE + max(0, event.order - clock.withdrawals)
    if 0 <= event.order < clock.orders and is_on_order(event.kind):
        rows = rows_of_order(book, plan, event.order, event.kind in (_PAY, _RECEIVE))
        if event.kind == _REFUND:
            rows += rows_of_refund(book, plan, event.order, event.time)
        return rows
    if event.kind == _CLOSE:
        return _SPARE + rows_wanted(book, plan, event.rank)
    return _SPARE + 16


@kernel
def _advance(book: Rows, plan: Tables, time: int) -> bool:
    """Let everything happen that is due by `time`; False if there is no room for it yet."""
    clock = book.clock[0]
    if clock.next_midnight == 0:
        clock.next_midnight = (time // DAY + 1) * DAY
    while True:
        due = clock.next_midnight
        step = clock.steps > 0 and book.steps[0].time < due
        if step:
            due = book.steps[0].time
        if due > time:
            break
        clock.now = due
        if not (_take_step(book, plan) if step else _midnight(book, plan, due)):
            return False
    clock.now = time
    return True


@kernel
def _take_step(book: Rows, plan: Tables) -> bool:
    """Do the earliest thing that is due; False if there is no room for its entries yet."""
    step = book.steps[0]
    time, kind, ref = step.time, step.kind, step.ref
    if not _room(book, _SPARE if kind == SETTLE_ENTRY else rows_of_order(book, plan, ref, True)):
        return False
    pop(book)
    if kind == AUTO_RECEIVE:
        if wait_for_receipt(book, ref, time):
            receive(book, plan, ref, time)
    elif kind == SETTLE_ORDER:
        if book.orders[ref].settle_at == time:
            settle_order(book, plan, ref, time)
    else:
        settle_entry(book, plan, ref, time)
    return True


@kernel
def _midnight(book: Rows, plan: Tables, time: int) -> bool:
    """Close the day, and the week and month that end with it; False if there is no room for the entries yet."""
    day = time // DAY
    ended = day - 1
    week = period_of(day, 1) != period_of(ended, 1)
    month = day == first_day_of(month_of(day))
    wanted = rows_wanted(book, plan, 0) + rows_of_contests(book, plan, ended)
    if week:
        wanted += rows_wanted(book, plan, 1)
    if month:
        wanted += rows_wanted(book, plan, 2)
    if not _room(book, wanted + book.clock[0].waiting + _SPARE):
        return False
    close_contests(book, plan, ended, time)
    _close(book, plan, 0, ended, time)
    if week:
        _close(book, plan, 1, ended, time)
    if month:
        _close(book, plan, 2, ended, time)
        judge_month(book, plan)
        reset_meters(book, plan, 2)
    reset_meters(book, plan, 0)
    if week:
        reset_meters(book, plan, 1)
    pay_deferred(book, plan, time)
    book.clock[0].next_midnight = time + DAY
    return True


@kernel
def _close(book: Rows, plan: Tables, period: int, day: int, time: int) -> None:
    close_period(book, plan, period, period_of(day, period), time)


@kernel
def _dispatch(book: Rows, plan: Tables, event: Row) -> None:
    """Do what an event says, or note why not."""
    kind = event.kind
    result = _DONE
    if kind == _ORDER:
        result = place_line(book, plan, event)
    elif is_on_order(kind):
        result = on_order(book, plan, event)
    elif kind == _CLICK:
        _click(book, plan, event)
    elif kind == _SHARE:
        note_promotion(book, plan, event.member, event.time)
        earn_share(book, plan, event.member, event.time)
    elif kind == _REGISTER:
        result = _register(book, plan, event)
    elif kind == _WITHDRAW:
        result = withdrawal.request(book, plan, event.order, event.member, event.amount, event.time)
    elif kind > _WITHDRAW and kind <= _UNKNOWN:
        result = withdrawal.answer(book, plan, event.order, kind, event.time)
    elif kind == _SIGN:
        book.members[event.member].e_signed = True
    else:
        result = _administer(book, plan, event)
    if result != _DONE:
        refuse(book, event, result)


@kernel
def _click(book: Rows, plan: Tables, event: Row) -> None:
    visitor = book.members[event.member]
    visitor.clicked_by, visitor.clicked_at, visitor.clicked_via = event.other, event.time, event.via
    if event.other != event.member:
        book.members[event.other].clicks += 1
    rule = plan.plans[plan_of(book, event.other)]
    if rule.bind_on == 1 or rule.last_click == 1:
        claim(book, plan, event.member, event.other, event.time, event.via)
    count_click(book, event.other, event.sku)
    note_promotion(book, plan, event.other, event.time)


@kernel
def _register(book: Rows, plan: Tables, event: Row) -> int:
    person = book.members[event.member]
    if person.joined_at >= 0:
        return _TWICE
    if event.rank >= 0:
        return _STATED_RANK
    person.joined_at = event.time
    if person.upline >= 0:
        book.members[person.upline].team += 1
    result = _DONE
    if event.other >= 0:
        result = claim_joining(book, plan, event.member, event.other, event.time, event.via)
    elif person.clicked_by >= 0 and plan.plans[plan_of(book, person.clicked_by)].bind_on == 0:
        claim_joining(book, plan, event.member, person.clicked_by, event.time, person.clicked_via)
    join_ranks(book, plan, event.member)
    if person.upline >= 0:
        join_by(book, plan, person.upline, DIRECT_TEAM)
        reward_team(book, plan, person.upline, event.time)
    reward_registration(book, plan, event.member, event.time)
    return result


@kernel
def _administer(book: Rows, plan: Tables, event: Row) -> int:
    """What an operator does: rebind, promote, freeze, another plan, arm or credit score, an early close."""
    kind = event.kind
    if kind == _REBIND:
        if event.other >= 0:
            return bind(book, plan, event.member, event.other, event.time, 0)
        unbind(book, event.member)
    elif kind == _PROMOTE:
        rank = NONE
        if 0 <= event.rank < plan.rank_named.shape[1]:
            rank = plan.rank_named[plan_of(book, event.member), event.rank]
        if rank < 0:
            return _NO_RANK
        set_rank(book, event.member, rank)
        book.members[event.member].next_rank = -1
        make_promoter(book, plan, event.member, rank)
    elif kind in (_FREEZE, _UNFREEZE):
        book.members[event.member].frozen = kind == _FREEZE
    elif kind == _APPOINT:
        return appoint(book, event.member, event.area)
    elif kind == _PLAN:
        return change_plan(book, plan, event.rank, event.other)
    elif kind == _ASSIGN:
        return assign(book, plan, event.member, event.other)
    elif kind == _CREDIT:
        return give_credit(book, event)
    elif kind == _CLOSE:
        close_early(book, plan, event.rank, event.time)
    elif kind == _SIGN_IN:
        sign_in(book, plan, event.member, event.time)
    elif kind == _REDEEM:
        return redeem(book, plan, event.member, event.rank)
    elif kind == _GRANT:
        return grant_event(book, plan, event.member, event.rank, event.time)
    return _DONE
