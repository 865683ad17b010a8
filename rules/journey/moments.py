"""What became of an entry: booked, held, due, made to wait, settled; taken back from, and disputed."""

from __future__ import annotations

from itertools import groupby

from rules.journey.facts import Dispute, LongerHold, Why
from rules.journey.words import PLACES, Told, Words, clock, say
from rules.money import yuan
from rules.readable import Entry, Order, Step
from rules.records import EntryStatus, OrderStatus

_WHY = {
    "frozen": Step("会员被冻结", "the member was frozen"),
    "refund_open": Step("退款处理中", "a refund was open"),
    "dispute": Step("申诉未结", "a dispute was open"),
}
_HOLD_FROM = {"create": Step("下单", "its placing"), "pay": Step("付款", "payment"), "receipt": Step("收货", "receipt")}

At = tuple[int, Step]
"""What happened, and when."""


def moments(told: Told, entry: Entry, reversals: list[Entry]) -> list[Step]:
    """The moments of an entry in order of time, without what payouts did later."""
    order = None if entry.order is None else told.state.orders[entry.order]
    booked = say("{at} 计入 {amount}", "{at} booked: {amount}", at=clock(entry.time), amount=yuan(entry.amount))
    found: list[At] = [*_hold(told, entry, order), *_waits(entry, order)]
    for dispute in order.disputes if order else []:
        found += _disputed(told, dispute)
    found += _settled(entry, reversals) if entry.available_at is not None else []
    if entry.available_at is None:
        found += _reversed(reversals, entry.amount)
    found.sort(key=lambda one: one[0])
    return [booked, *(step for _, step in found), *_still_open(entry, order)]


def _hold(told: Told, entry: Entry, order: Order | None) -> list[At]:
    """Since when an entry is held, for how long, and when it is due."""
    if entry.held_at is None:
        return []
    if entry.due_at is None and order is not None and order.held_from is not None and order.due_at is not None:
        plan = told.state.plans[order.plan]
        since, due, begun = order.held_from, order.due_at, _HOLD_FROM[plan.semantics.hold_from]
        if plan.semantics.hold_from == "receipt" and order.received_at == order.auto_receive_at:
            begun = Step("自动收货", "automatic receipt")
    elif entry.due_at is not None:
        plan, since, due, begun = told.state.plans[entry.plan], entry.held_at, entry.due_at, Step("计入", "booking")
    else:
        return []
    if due < entry.held_at:
        return []
    if entry.due_at is not None and entry.deferral is not None and order is not None:
        return [(entry.held_at, say("应于 {due} 结算", "due {due}", due=clock(due)))]
    words: Words = {"since": clock(since), "begun": begun, "days": _days(plan.settlement.hold_days), "due": clock(due)}
    step = say(
        "自 {since}（{begun}）起冻结 {days}，应于 {due} 结算",
        "held from {since} ({begun}) for {days}, due {due}",
        **words,
    )
    return [(entry.held_at, step)]


def _days(number: int) -> Step:
    return Step(f"{number} 天", "1 day" if number == 1 else f"{number} days")


def _waits(entry: Entry, order: Order | None) -> list[At]:
    """The ticks at which an entry should have settled and had to wait."""
    waited = list(entry.waited)
    if order is not None and entry.due_at is None:
        made_at_settlement = entry.time == entry.available_at
        waited += [one for one in order.waited if made_at_settlement or one[0] >= entry.time]
    end = entry.available_at
    waited = sorted((one for one in waited if end is None or one[0] < end), key=lambda one: one[0])
    found = []
    for why, ticks in groupby(waited, key=lambda one: one[1]):
        times = [time for time, _ in ticks]
        words: Words = {"first": clock(times[0]), "last": clock(times[-1]), "times": len(times), "why": _why(why)}
        if len(times) == 1:
            step = say("{first} 到期未结：{why}", "{first} due, but it waits: {why}", **words)
        else:
            step = say(
                "{first} 至 {last} 共 {times} 次到期未结：{why}",
                "{first} to {last}, {times} times due, but it waits: {why}",
                **words,
            )
        found.append((times[0], step))
    return found


def _why(why: Why) -> Step:
    if not isinstance(why, LongerHold):
        return _WHY[why]
    days = _days(why.days)
    words: Words = {"below": why.below, "days": days}
    return say("信用分低于 {below}，冻结期延长至 {days}", "credit is below {below}: held for {days}", **words)


def _disputed(told: Told, dispute: Dispute) -> list[At]:
    words: Words = {"at": clock(dispute.opened), "who": told.who(dispute.by), "line": dispute.line}
    if dispute.line:
        found = [(dispute.opened, say("{at} {who} 就第 {line} 行申诉", "{at} {who} disputed line {line}", **words))]
    else:
        found = [(dispute.opened, say("{at} {who} 就本单申诉", "{at} {who} disputed the order", **words))]
    if dispute.closed is not None:
        at = clock(dispute.closed)
        upheld = say("{at} 申诉成立", "{at} the dispute was upheld", at=at)
        refused = say("{at} 申诉驳回", "{at} the dispute was refused", at=at)
        found.append((dispute.closed, upheld if dispute.upheld else refused))
    return found


def released(entry: Entry, reversals: list[Entry]) -> int:
    """What of an entry became available when it settled."""
    return entry.amount + sum(one.amount for one in reversals if one.left_in is not EntryStatus.available)


def _settled(entry: Entry, reversals: list[Entry]) -> list[At]:
    """Settlement, with what was taken back before and after it."""
    assert entry.available_at is not None
    first = [one for one in reversals if one.left_in is not EntryStatus.available]
    amount = released(entry, reversals)
    words: Words = {"at": clock(entry.available_at), "amount": yuan(amount), "balance": yuan(entry.balance)}
    step = say(
        "{at} 结算：{amount} 转为可提现，可提现余额 {balance}",
        "{at} settled: {amount} became available, {balance} available in all",
        **words,
    )
    after = _reversed(reversals[len(first) :], amount)
    return [*_reversed(first, entry.amount), (entry.available_at, step), *after]


def _reversed(reversals: list[Entry], left: int) -> list[At]:
    """What was taken back from an entry of which `left` was left, each with its reason."""
    found = []
    for one in reversals:
        left += one.amount
        found.append((one.time, _one_reversal(one, left)))
    return found


def _one_reversal(one: Entry, left: int) -> Step:
    why = one.steps[0] if one.steps else Step("", "")
    words: Words = {"at": clock(one.time), "why": why, "left": yuan(left), "taken": taken(one)}
    return say("{at} {why}；{taken}，本笔余 {left}", "{at} {why}; {taken}, {left} of it left", **words)


def taken(one: Entry) -> Step:
    """Where a reversal took its amount, or by a fault put it, and the balance if that changed."""
    assert one.left_in is not None
    words: Words = {"place": PLACES[one.left_in], "amount": yuan(abs(one.amount)), "balance": yuan(one.balance)}
    if one.amount > 0:
        step = say("向{place}加 {amount}", "{amount} added to {place}", **words)
    else:
        step = say("从{place}追回 {amount}", "{amount} taken from {place}", **words)
    if one.left_in is not EntryStatus.available:
        return step
    step = say("{step}，可提现余额 {balance}", "{step}, {balance} available in all", step=step, **words)
    if one.balance >= 0:
        return step
    return say("{step}（为负，由以后的佣金抵补）", "{step} (negative: later commission makes up for it)", step=step)


def _still_open(entry: Entry, order: Order | None) -> list[Step]:
    """What an entry still waits for, or has waiting."""
    steps = []
    if entry.deferral is not None and entry.deferral.cut is entry and entry.deferral.waiting:
        waiting = yuan(entry.deferral.waiting)
        steps.append(say("另有 {waiting} 因封顶顺延，尚未计入", "{waiting} more wait for later days", waiting=waiting))
    if entry.status is EntryStatus.pending and order is not None and order.status is not OrderStatus.refunded:
        at = clock(order.auto_receive_at or order.placed_at)
        waits = say("等待收货，最迟 {at} 自动收货", "waits for receipt, automatic {at} at the latest", at=at)
        steps.append(waits)
    return steps
