"""The JSON of the staging contract (docs/STAGING.md), one model a kind of event: read strictly, written exactly.

Strictly: a whole number is no text and no `true`, and what nobody knows is refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from rules.money import MAX_AMOUNT

BODY = 256 * 1024
"""Bytes of the largest body."""
LINES = 40
"""Lines of the longest order."""
LAST = (1 << 53) - 1
"""The largest number of an event: the largest whole number that every reader of JSON takes exactly."""
_SHANGHAI = timezone(timedelta(hours=8))
_EPOCH = datetime(1970, 1, 1)
_YEARS = (1970, 2199)
_TIME = "2026-01-05T08:30:00 (Asia/Shanghai), or with an offset such as +08:00 or Z, or seconds since 1970 (UTC)"


def _local(given: object) -> int:
    """Seconds since 1970-01-01 00:00 on the clock of Asia/Shanghai.

    Raises:
        ValueError: it is no time.
    """
    try:
        if isinstance(given, str):
            moment = datetime.fromisoformat(given)
        elif isinstance(given, int) and not isinstance(given, bool):
            moment = datetime.fromtimestamp(given, _SHANGHAI)
        else:
            raise ValueError(_TIME)
        if moment.tzinfo is not None:
            moment = moment.astimezone(_SHANGHAI).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        raise ValueError(_TIME) from None
    if moment.microsecond or not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise ValueError(f"{_TIME}; whole seconds, years {_YEARS[0]} to {_YEARS[1]}")
    return int((moment - _EPOCH).total_seconds())


def iso(time: int) -> str:
    """Seconds on the clock of Asia/Shanghai, as ISO 8601 without an offset."""
    return (_EPOCH + timedelta(seconds=time)).isoformat()


MOST = (1 << 31) - 1
"""The largest number of anything that has one."""
Time: TypeAlias = Annotated[int, BeforeValidator(_local), PlainSerializer(iso)]
Number: TypeAlias = Annotated[int, Field(ge=0, le=MOST)]
"""Of a member, an order or a withdrawal, from 0."""
Fen: TypeAlias = Annotated[int, Field(ge=0, le=MAX_AMOUNT)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=MOST)]
Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Of a product, category, channel, rank, area, coupon or gift, as the catalogue has it."""
Via: TypeAlias = Literal["code", "link", "qr"]
ActivityName: TypeAlias = Literal["none", "group_buy", "group_head", "seckill", "bargain"]


class Happened(BaseModel):
    """Something that happened: its number at its source, and when."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    number: Annotated[int, Field(ge=0, le=LAST)]
    time: Time


class Register(Happened):
    """A member registers, led by an inviter or by nobody."""

    kind: Literal["register"]
    member: Number
    inviter: Number | None = None
    via: Via | None = None
    channel: Name | None = None


class Share(Happened):
    """A member shares the shop, or one product."""

    kind: Literal["share"]
    member: Number
    sku: Name | None = None


class Click(Happened):
    """Somebody clicks on what a member shared."""

    kind: Literal["click"]
    member: Number
    sharer: Number
    via: Via | None = None
    sku: Name | None = None


class OrderLine(BaseModel):
    """A line of an order; amounts in fen. `price`, `member_price` and `cost` are of one piece, all else of the line."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    sku: Name
    category: Name
    quantity: Annotated[int, Field(ge=1, le=MOST)]
    price: Fen
    member_price: Fen | None = None
    discount: Fen = 0
    freight: Fen = 0
    cost: Fen | None = None
    fee: Fen = 0
    unit_cut: Annotated[int, Field(ge=-128, le=127)] = 0


class Order(Happened):
    """An order is placed, all its lines at once."""

    kind: Literal["order"]
    order: Number
    member: Number
    channel: Name | None = None
    area: Name | None = None
    activity: ActivityName = "none"
    coupon: Name | None = None
    points_off: Fen = 0
    repeats: Number | None = None
    lines: Annotated[list[OrderLine], Field(min_length=1, max_length=LINES)]


class OnOrder(Happened):
    """Something happens to an order."""

    kind: Literal["pay", "cancel", "ship", "receive", "refund_open", "refund_refused"]
    order: Number


class Refund(Happened):
    """Money goes back: the whole order, a line, pieces of it, or an amount; `refund` counts those of the order."""

    kind: Literal["refund"]
    order: Number
    refund: Annotated[int, Field(ge=0, le=32_767)] = 0
    line: Annotated[int, Field(ge=0, le=LINES)] = 0
    quantity: Count = 0
    amount: Fen = 0


class Dispute(Happened):
    """A member disputes a commission of an order, of all lines or of one."""

    kind: Literal["dispute"]
    order: Number
    member: Number
    line: Annotated[int, Field(ge=0, le=LINES)] = 0


class SettleDispute(Happened):
    """A dispute is decided; `amount` may be below 0."""

    kind: Literal["settle_dispute"]
    order: Number
    upheld: bool
    member: Number | None = None
    amount: Annotated[int, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT)] = 0


class Rebind(Happened):
    """An operator binds a member to another inviter, or to nobody."""

    kind: Literal["rebind"]
    member: Number
    inviter: Number | None = None


class Promote(Happened):
    """An operator gives a member a rank."""

    kind: Literal["promote"]
    member: Number
    rank: Name


class OfMember(Happened):
    """A member is frozen or no longer, has signed the payout agreement, signs in for the day."""

    kind: Literal["freeze", "unfreeze", "sign", "sign_in"]
    member: Number


class Appoint(Happened):
    """A member becomes the agent of an area, or of none."""

    kind: Literal["appoint"]
    member: Number
    area: Name | None = None


class Redeem(Happened):
    """A member takes a gift for points."""

    kind: Literal["redeem"]
    member: Number
    gift: Name


class Grant(Happened):
    """A member is given a coupon."""

    kind: Literal["grant"]
    member: Number
    coupon: Name


class Credit(Happened):
    """A member's credit score from now on."""

    kind: Literal["credit"]
    member: Number
    score: Annotated[int, Field(ge=0, le=100)]


class Withdraw(Happened):
    """A member asks for money."""

    kind: Literal["withdraw"]
    withdrawal: Number
    member: Number
    amount: Fen


class OnWithdrawal(Happened):
    """A reviewer or the payout channel answers."""

    kind: Literal["approve", "reject", "paid", "failed", "unknown"]
    withdrawal: Number


Event: TypeAlias = (
    Register
    | Share
    | Click
    | Order
    | OnOrder
    | Refund
    | Dispute
    | SettleDispute
    | Rebind
    | Promote
    | OfMember
    | Appoint
    | Redeem
    | Grant
    | Credit
    | Withdraw
    | OnWithdrawal
)
