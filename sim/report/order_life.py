"""The life of an order, from the click to the bank: what happened when, who got what for it, and sums that close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rules.events import Kind, Records
from rules.journey.words import Words, say
from rules.money import PPM, yuan
from rules.payout.channel import channel_order_no
from rules.payout.statement import COMPONENTS
from rules.plan.values import Title
from rules.readable import Entry, Order, Request, Step
from rules.records import EntryStatus, OrderStatus, WithdrawalStatus
from sim.history.lived import Lived

Sort = Literal[
    "share", "click", "join", "bind", "order", "pay", "commission", "ship", "receive", "refund", "clawback",
    "settle", "cancel", "withdraw", "paid",
]  # fmt: skip
_AFTER: tuple[Sort, ...] = (
    "share", "click", "join", "bind", "order", "pay", "commission", "ship", "receive", "refund", "clawback",
    "settle", "cancel", "withdraw", "paid",
)  # fmt: skip
"""What comes first of what happens in one second."""

Trait = Literal["refund", "clawback", "capped", "many", "three", "withdrawn", "own", "open"]
"""What makes an order worth a look."""


@dataclass(frozen=True)
class Moment:
    """Something that happened to an order: when, in one sentence, with more lines below it; fen that moved, if any."""

    time: int
    sort: Sort
    title: Step
    lines: tuple[Step, ...] = ()
    amount: int | None = None


@dataclass(frozen=True)
class Share:
    """What an order pays to somebody: all that was booked, and what was taken back (not negative); in fen."""

    member: int
    booked: int
    taken_back: int

    @property
    def left(self) -> int:
        """What is left of it."""
        return self.booked - self.taken_back


@dataclass(frozen=True)
class OrderLife:
    """An order from the first share to the bank. Amounts are fen.

    Attributes:
        goods, freight: what the buyer paid. refunded: of the goods.
        shares: by payee.
        moments: in order of time.
    """

    number: int
    name: str
    goods: int
    freight: int
    refunded: int
    shares: tuple[Share, ...]
    moments: tuple[Moment, ...]

    @property
    def paid(self) -> int:
        """What the buyer paid."""
        return self.goods + self.freight

    @property
    def commission(self) -> int:
        """What is left of all commission."""
        return sum(one.left for one in self.shares)

    @property
    def kept(self) -> int:
        """What stays with the shop of what was paid for goods."""
        return self.goods - self.refunded - self.commission


def traits(lived: Lived, number: int) -> set[Trait]:
    """What makes an order worth a look."""
    order, state = lived.state.orders[number], lived.state
    entries = [one for one in entries_of_order(lived, number) if one.reverses is None]
    found: set[Trait] = set()
    if order.refunded:
        found.add("refund")
    if any(one.clawed for one in entries):
        found.add("clawback")
    cap = state.plans[order.plan].caps.order_ratio
    total = sum(one.amount for one in entries)
    if cap is not None and total and total == order.goods * cap // PPM:
        found.add("capped")
    payees = {one.member for one in entries if one.amount}
    if len(payees) > 1:
        found.add("many")
    if len({one.level for one in entries if one.amount and one.level}) >= 3:
        found.add("three")
    if order.buyer in payees:
        found.add("own")
    if any(_paid_out(lived, one) for one in entries):
        found.add("withdrawn")
    return found


def _paid_out(lived: Lived, entry: Entry) -> bool:
    if entry.status is not EntryStatus.available or entry.clawed >= entry.amount:
        return False
    return any(one.status is WithdrawalStatus.paid for _, one in _payouts(lived, entry))


def entries_of_order(lived: Lived, number: int) -> list[Entry]:
    """All entries of an order, reversals too, as they were booked."""
    return [one for one in lived.state.entries if one.order == number]


def order_life(lived: Lived, number: int) -> OrderLife:
    """The life of order `number`."""
    order, told = lived.state.orders[number], lived.told
    entries = entries_of_order(lived, number)
    payees = dict.fromkeys(one.member for one in entries)
    shares = tuple(
        Share(
            who,
            sum(one.amount for one in entries if one.member == who and one.reverses is None),
            -sum(one.amount for one in entries if one.member == who and one.reverses is not None),
        )
        for who in payees
    )
    moments = [
        *_before(lived, order),
        *_at_the_store(lived, number, order),
        *_commission(lived, entries),
        *_settled(lived, entries),
        *_withdrawn(lived, entries),
    ]
    moments.sort(key=lambda one: (one.time, _AFTER.index(one.sort)))
    return OrderLife(number, told.order(number), order.goods, order.freight, order.refunded, shares, tuple(moments))


def _before(lived: Lived, order: Order) -> Iterator[Moment]:
    """The share, the click, the registration and the binding of the buyer."""
    told, buyer, binding = lived.told, order.buyer, order.fixed.binding
    joined = lived.state.members[buyer].joined_at
    who = told.who(buyer)
    if binding is not None and binding.inviter is not None:
        inviter = told.who(binding.inviter)
        if binding.clicked_at is not None:
            shared = _shared(lived, binding.inviter, binding.clicked_at)
            if shared is not None:
                yield Moment(shared, "share", say("{who} 分享了商品", "{who} shared a product", who=inviter))
            clicked = say("{who} 点击 {by} 的分享", "{who} clicked on a share of {by}", who=who, by=inviter)
            yield Moment(binding.clicked_at, "click", clicked)
        bound = say("{who} 绑定 {by}", "{who} is bound to {by}", who=who, by=inviter)
        yield Moment(binding.time, "bind", bound)
    if joined is not None and joined <= order.placed_at:
        yield Moment(joined, "join", say("{who} 注册成为会员", "{who} joined", who=who))


def _shared(lived: Lived, member: int, before: int) -> int | None:
    events = lived.past.log.events
    times = events["time"][(events["kind"] == Kind.share) & (events["member"] == member) & (events["time"] <= before)]
    return int(times[-1]) if len(times) else None


def _at_the_store(lived: Lived, number: int, order: Order) -> Iterator[Moment]:
    """Placing, payment, delivery, refunds."""
    who = lived.told.who(order.buyer)
    lines = tuple(
        say(
            "{sku} × {pieces}：实付 {paid}",
            "{sku} × {pieces}: {paid} paid",
            sku=line.sku or str(place),
            pieces=line.quantity,
            paid=yuan(line.paid),
        )
        for place, line in enumerate(order.lines, 1)
    )
    if order.freight:
        lines += (say("运费 {freight}", "freight {freight}", freight=yuan(order.freight)),)
    yield Moment(order.placed_at, "order", say("{who} 下单", "{who} placed the order", who=who), lines)
    paid = order.goods + order.freight
    if order.paid_at is not None:
        title = say("{who} 付款 {paid}", "{who} paid {paid}", who=who, paid=yuan(paid))
        yield Moment(order.paid_at, "pay", title, (), paid)
    for event in _events(lived, number):
        yield from _delivery(event, order)
    if order.received_at is not None and not any(int(one["kind"]) == Kind.receive for one in _events(lived, number)):
        yield Moment(order.received_at, "receive", Step("自动确认收货", "received automatically"))


def _events(lived: Lived, number: int) -> Records:
    events = lived.past.log.events
    kinds = (Kind.ship, Kind.receive, Kind.refund, Kind.refund_open, Kind.refund_refused, Kind.cancel)
    found: Records = events[(events["order"] == number) & np.isin(events["kind"], kinds)]
    return found


def _delivery(event: Records, order: Order) -> Iterator[Moment]:
    time, kind = int(event["time"]), Kind(int(event["kind"]))
    simple: dict[Kind, tuple[Sort, Step]] = {
        Kind.ship: ("ship", Step("发货", "shipped")),
        Kind.receive: ("receive", Step("买家确认收货", "the buyer received it")),
        Kind.refund_open: ("refund", Step("买家申请退款", "the buyer asked for a refund")),
        Kind.refund_refused: ("refund", Step("退款申请被驳回", "the refund was refused")),
        Kind.cancel: ("cancel", Step("订单取消", "the order was cancelled")),
    }
    if kind in simple:
        yield Moment(time, *simple[kind])
        return
    line, amount = int(event["line"]), int(event["amount"])
    where = Step(f"（第 {line} 行）", f"of line {line}") if line else Step("（整单）", "of the whole order")
    what = Step(f" {yuan(amount)}", f" {yuan(amount)}") if amount else Step("", "")
    yield Moment(time, "refund", say("退款{where}{what}", "refund {where}{what}", where=where, what=what))


def _commission(lived: Lived, entries: list[Entry]) -> Iterator[Moment]:
    """What was booked, to whom, by which rule, and what was taken back."""
    told = lived.told
    for entry in entries:
        who, name = told.who(entry.member), COMPONENTS[entry.component]
        what = Step(name.zh, name.en)
        level = Step(f" · {entry.level} 级", f" · level {entry.level}") if entry.level else Step("", "")
        if entry.reverses is None:
            title = say("{who} 记 {what}{level}", "{who}: {what}{level}", who=who, what=what, level=level)
            yield Moment(entry.time, "commission", title, tuple(entry.steps), entry.amount)
        else:
            title = say("从 {who} 追回 {what}", "taken back from {who}: {what}", who=who, what=what)
            yield Moment(entry.time, "clawback", title, tuple(entry.steps), entry.amount)


def _settled(lived: Lived, entries: list[Entry]) -> Iterator[Moment]:
    told = lived.told
    for entry in entries:
        if entry.available_at is not None and entry.reverses is None:
            reversals = [
                one
                for one in entries
                if one.reverses is not None
                and lived.state.entries[one.reverses] is entry
                and one.left_in is not EntryStatus.available
            ]
            amount = entry.amount + sum(one.amount for one in reversals)
            words: Words = {"who": told.who(entry.member), "balance": yuan(entry.balance)}
            title = say("结算：转为 {who} 可提现", "settled: available to {who}", **words)
            line = say("可提现余额 {balance}", "{balance} available in all", **words)
            yield Moment(entry.available_at, "settle", title, (line,), amount)


def _payouts(lived: Lived, entry: Entry) -> list[tuple[int, Request]]:
    """The payouts of the payee after an entry was settled, up to the first that was paid, with their numbers."""
    found = []
    for before, (number, one) in enumerate(lived.state.withdrawals.items()):
        if one.member == entry.member and before >= entry.payouts:
            found.append((number, one))
            if one.status is WithdrawalStatus.paid:
                break
    return found


def _withdrawn(lived: Lived, entries: list[Entry]) -> Iterator[Moment]:
    """The payouts after the entries; a wallet is one pot, so a payout is told once."""
    payouts: dict[int, Request] = {}
    for entry in entries:
        if entry.reverses is None and entry.status is EntryStatus.available and entry.amount > entry.clawed:
            payouts |= dict(_payouts(lived, entry))
    for number, one in payouts.items():
        who = lived.told.who(one.member)
        words: Words = {"who": who, "number": number, "pot": yuan(one.pot), "no": channel_order_no(number)}
        channel = () if one.sent_at is None else (say("渠道单号 {no}", "channel order number {no}", **words),)
        asked = say("{who} 申请提现，提现单 {number}", "{who} asked for payout {number}", **words)
        pot = say("钱包不分笔：可提现共 {pot}", "the wallet is one pot: {pot} available in all", **words)
        yield Moment(one.time, "withdraw", asked, (pot, *one.steps, *channel), one.amount)
        if one.status is WithdrawalStatus.paid and one.done_at is not None:
            paid = say("渠道确认到账，提现单 {number}", "the channel confirms payout {number}", **words)
            sums = Title(
                zh=f"{yuan(one.amount)} − 手续费 {yuan(one.fee)} − 代扣税款 {yuan(one.tax)} = {yuan(one.net)}",
                en=f"{yuan(one.amount)} − fee {yuan(one.fee)} − tax withheld {yuan(one.tax)} = {yuan(one.net)}",
            )
            yield Moment(one.done_at, "paid", paid, (Step(sums.zh, sums.en), *channel), one.net)


def is_told(order: Order) -> bool:
    """Whether there is anything to tell of an order beyond its placing."""
    return order.status is not OrderStatus.created and order.paid_at is not None
