"""Payout channel 付款通道: what it takes in one payment, and of one member and of the shop on one day; its numbers.

Limits are on what reaches the member, net of fee and tax, on the day on which it is sent. Payments that failed do not
count; those whose fate is unknown do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from rules.book import Rows
from rules.events import DAY, Row
from rules.jit import kernel
from rules.lifecycle import ACCEPTED, Refusal
from rules.plan.compiled import NONE
from rules.plan.values import Section, Whole, Yuan
from rules.readable import State
from rules.records import WithdrawalStatus

if TYPE_CHECKING:
    from rules.payout.withdrawal import Withdrawal

ChannelName = Literal["wechat_2024"]
"""Channels whose limits are shipped, in `rules.payout.channel`."""


class PayoutChannel(Section):
    """What a payout channel 付款通道 takes, in yuan that reach the member: by payment, member and day, shop and day."""

    minimum: Yuan = 0
    per_payment: Yuan | None = None
    per_day: Yuan | None = None
    payments_per_day: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    shop_per_day: Yuan | None = None

    @model_validator(mode="after")
    def _some_payment_fits(self) -> Self:
        limits = (self.per_payment, self.per_day, self.shop_per_day)
        if any(limit is not None and limit < self.minimum for limit in limits):
            raise ValueError("minimum is above a limit: nothing could be paid")
        return self


CHANNELS: dict[ChannelName, PayoutChannel] = {
    "wechat_2024": PayoutChannel.model_validate(
        {"per_payment": 200, "per_day": 200, "payments_per_day": 10, "shop_per_day": 100_000}
    ),
}
"""Limits that are shipped. `wechat_2024`: what a merchant starts with by default (pay.weixin.qq.com, 2024-2025)."""

_FAILED = int(WithdrawalStatus.failed)
_MINIMUM, _PAYMENT, _DAY = int(Refusal.channel_minimum), int(Refusal.channel_payment), int(Refusal.channel_day)
_COUNT, _SHOP = int(Refusal.channel_count), int(Refusal.channel_shop_day)


def channel_order_no(withdrawal: int) -> str:
    """Under what number 渠道单号 the payout channel knows a withdrawal: one number for life.

    A payment whose answer is lost is asked for again under the same number, so that the channel pays it once.
    """
    return f"FX{withdrawal:012d}"


def channel_of(rule: Withdrawal) -> PayoutChannel | None:
    """The limits that a plan states or names."""
    return CHANNELS[rule.channel] if isinstance(rule.channel, str) else rule.channel


def largest_request(rule: Withdrawal) -> int | None:
    """The largest request in fen that is not refused for its size, if nothing is taken from it; None = any."""
    channel = channel_of(rule) or PayoutChannel()
    limits = (rule.maximum, channel.per_payment, channel.per_day, channel.shop_per_day)
    return min((limit for limit in limits if limit is not None), default=None)


@kernel
def channel_takes(book: Rows, rule: Row, member: int, net: int, day: int) -> int:
    """Whether the plan's channel takes a payment today; ACCEPTED or a `Refusal`."""
    if rule.channel_minimum == NONE:
        return ACCEPTED
    if net < max(1, rule.channel_minimum):
        return _MINIMUM
    if rule.channel_payment != NONE and net > rule.channel_payment:
        return _PAYMENT
    total, count = _sent_today(book, member, day)
    if rule.channel_day != NONE and total + net > rule.channel_day:
        return _DAY
    if rule.channel_count != NONE and count >= rule.channel_count:
        return _COUNT
    shop = book.clock[0].sent_today if book.clock[0].sent_day == day else 0
    if rule.channel_shop_day != NONE and shop + net > rule.channel_shop_day:
        return _SHOP
    return ACCEPTED


@kernel
def _sent_today(book: Rows, member: int, day: int) -> tuple[int, int]:
    """Fen and number of the payments sent to a member today that have not failed."""
    total, count = 0, 0
    number = book.members[member].payout
    while number >= 0 and book.withdrawals[number].sent_at // DAY == day:
        row = book.withdrawals[number]
        if row.status != _FAILED:
            total += row.amount - row.fee - row.tax
            count += 1
        number = row.previous
    return total, count


@kernel
def count_sent(book: Rows, net: int, day: int) -> None:
    """Count a payment into the shop's day."""
    clock = book.clock[0]
    if clock.sent_day != day:
        clock.sent_day, clock.sent_today = day, 0
    clock.sent_today += net


@kernel
def count_failed(book: Rows, net: int, day: int) -> None:
    """Count a payment of `day` out of the shop's day, if that is still running."""
    if book.clock[0].sent_day == day:
        book.clock[0].sent_today -= net


def refused_by_channel(state: State, member: int, net: int, day: int) -> Refusal | None:
    """Why the plan's channel does not take a payment today: the readable rule."""
    channel = channel_of(state.plan_of(member).withdrawal)
    if channel is None:
        return None
    today = [
        row
        for row in state.withdrawals.values()
        if row.sent_at is not None and row.sent_at // DAY == day and row.status is not WithdrawalStatus.failed
    ]
    own = [row.net for row in today if row.member == member]
    checks = [
        (net < max(1, channel.minimum), Refusal.channel_minimum),
        (_over(net, channel.per_payment), Refusal.channel_payment),
        (_over(sum(own) + net, channel.per_day), Refusal.channel_day),
        (_over(len(own) + 1, channel.payments_per_day), Refusal.channel_count),
        (_over(sum(row.net for row in today) + net, channel.shop_per_day), Refusal.channel_shop_day),
    ]
    return next((refusal for broken, refusal in checks if broken), None)


def _over(number: int, limit: int | None) -> bool:
    return limit is not None and number > limit
