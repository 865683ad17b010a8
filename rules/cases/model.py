"""Case files: a plan, a few members, what happens, and what must come out of it (the format is CONTRACT's).

A case that is read is consistent: every member, order, line, withdrawal and rank it names exists. Amounts are
fen, times are seconds since 1970-01-01 on the local clock. `rules.cases` runs cases.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, PrivateAttr, Tag, ValidationInfo, field_validator, model_validator

from rules.errors import Place
from rules.money import MAX_AMOUNT, yuan
from rules.payout.credit import Score
from rules.plan.limits import FULL_CREDIT
from rules.plan.model import Plan
from rules.plan.values import Flag, Id, LocalTime, Section, SignedYuan, Whole, Yuan
from rules.plan.yaml import Document, Path

Name = Annotated[str, Field(min_length=1, max_length=64, description="a name of at most 64 characters")]
Reference = Annotated[str, Field(min_length=1, max_length=4096, description="the name or path of a plan")]
Count = Annotated[Whole, Field(ge=0, le=1_000_000)]
Quantity = Annotated[Whole, Field(ge=1, le=1_000_000)]
LineNumber = Annotated[Whole, Field(ge=1, le=10_000)]


def _kind_of_plan(given: object) -> str:
    return "a plan of its own" if isinstance(given, dict | Plan) else "the name or path of a plan"


PlanOrName = Annotated[
    Annotated[Plan, Tag("a plan of its own")] | Annotated[Reference, Tag("the name or path of a plan")],
    Discriminator(_kind_of_plan),
]


def _kind_of_coupon(given: object) -> str:
    return "the id of a coupon" if isinstance(given, str) and not given[:1].isdigit() else "an amount"


YuanOrCoupon = Annotated[
    Annotated[Yuan, Tag("an amount")] | Annotated[Id, Tag("the id of a coupon")], Discriminator(_kind_of_coupon)
]
"""What comes off an order, in fen; or, of a `grant`, the coupon that is granted."""


class Line(Section):
    """One line of an order; its freight is its own, on top of its part of the order's; cost, weight of one unit."""

    sku: Name
    category: Name = "default"
    price: Yuan
    quantity: Quantity = 1
    member_price: Yuan | None = None
    freight: Yuan = 0
    cost: Yuan | None = None
    weight: Annotated[Whole, Field(ge=0, le=1_000_000_000)] | None = None

    @model_validator(mode="after")
    def _amounts(self) -> Self:
        if self.price * self.quantity > MAX_AMOUNT:
            raise ValueError("price × quantity is more than the largest amount")
        if self.member_price is not None and self.member_price > self.price:
            raise ValueError("member_price is more than price")
        return self


class Opening(Section):
    """What a member has behind it when the case begins."""

    volume: Yuan = 0
    balance: SignedYuan = 0
    orders: Count = 0
    streak: Count = 0
    points: Count = 0
    clicks: Count = 0


class Member(Section):
    """A member at the beginning of a case; without a rank it has the plan's first.

    Who is not `registered` yet can register later on, and has then shown what is stated here (a real name, for one).
    """

    id: Name
    rank: Name | None = None
    inviter: Name | None = None
    frozen: Flag = False
    real_name: Flag = False
    tax_registered: Flag = False
    e_signed: Flag = False
    credit: Score = FULL_CREDIT
    promoter: Flag = False
    accounts: list[Name] = Field(default_factory=list, max_length=100)
    device: Name | None = None
    area: Name | None = None
    arm: Name | None = None
    joined: LocalTime | None = None
    registered: Flag = True
    opening: Opening = Opening()

    @model_validator(mode="after")
    def _nothing_before(self) -> Self:
        stated = [name for name in ("rank", "inviter", "joined", "opening") if name in self.model_fields_set]
        if stated and not self.registered:
            raise ValueError(f"who is not registered yet has no {', '.join(stated)}")
        return self


ORDER_VERBS = (
    *("pay", "cancel", "ship", "receive", "refund", "refund_open", "refund_refused"),
    *("dispute", "settle_dispute"),
)
MEMBER_VERBS = (
    *("share", "click", "sign_in", "rebind", "promote", "freeze", "unfreeze", "sign", "withdraw", "appoint"),
    *("redeem", "grant", "assign", "credit"),
)
WITHDRAWAL_VERBS = ("approve", "reject", "paid", "failed", "unknown")
VERBS = ("order", *ORDER_VERBS, "register", *MEMBER_VERBS, *WITHDRAWAL_VERBS, "plan", "close")

_NEEDS: dict[str, tuple[str, ...]] = {
    "order": ("buyer", "lines"),
    "click": ("visitor",),
    "rebind": ("inviter",),
    "promote": ("rank",),
    "withdraw": ("amount",),
    "appoint": ("area",),
    "assign": ("arm",),
    "credit": ("score",),
    "redeem": ("gift",),
    "grant": ("coupon",),
    "dispute": ("by",),
    "settle_dispute": ("outcome",),
}
_TAKES: dict[str, tuple[str, ...]] = {
    "order": (
        *("coupon", "use", "coupon_lines", "points_off", "reduction", "freight"),
        *("activity", "fee", "channel", "area", "same_as", "external"),
    ),
    "refund": ("line", "quantity", "amount"),
    "register": ("inviter", "via"),
    "click": ("channel", "sku", "via"),
    "dispute": ("line",),
    "settle_dispute": ("member", "amount"),
    "withdraw": ("id",),
    "plan": ("arm",),
}


class Event(Section):
    """One event: a moment, exactly one verb with what it is about, and what belongs to that verb.

    `area: none` takes an appointment back.
    """

    at: LocalTime
    order: Name | None = None
    pay: Name | None = None
    cancel: Name | None = None
    ship: Name | None = None
    receive: Name | None = None
    refund: Name | None = None
    refund_open: Name | None = None
    refund_refused: Name | None = None
    dispute: Name | None = None
    settle_dispute: Name | None = None
    register_: Annotated[Name | None, Field(alias="register")] = None
    share: Name | None = None
    click: Name | None = None
    sign_in: Name | None = None
    rebind: Name | None = None
    promote: Name | None = None
    freeze: Name | None = None
    unfreeze: Name | None = None
    sign: Name | None = None
    withdraw: Name | None = None
    appoint: Name | None = None
    redeem: Name | None = None
    grant: Name | None = None
    assign: Name | None = None
    credit: Name | None = None
    approve: Name | None = None
    reject: Name | None = None
    paid: Name | None = None
    failed: Name | None = None
    unknown: Name | None = None
    plan: PlanOrName | None = None
    close: Literal["day", "week", "month"] | None = None

    buyer: Name | None = None
    lines: Annotated[list[Line], Field(min_length=1, max_length=10_000)] | None = None
    coupon: YuanOrCoupon = 0
    use: Id | None = None
    gift: Id | None = None
    coupon_lines: list[LineNumber] | None = None
    points_off: Yuan = 0
    reduction: Yuan = 0
    freight: Yuan = 0
    activity: Literal["group_buy", "group_head", "seckill", "bargain"] | None = None
    fee: Yuan = 0
    channel: Name | None = None
    area: Name | None = None
    arm: Name | None = None
    sku: Name | None = None
    same_as: Name | None = None
    external: Name | None = None
    via: Literal["code", "link", "qr"] | None = None
    line: LineNumber | None = None
    quantity: Quantity | None = None
    amount: SignedYuan | None = None
    by: Name | None = None
    member: Name | None = None
    outcome: Literal["upheld", "refused"] | None = None
    inviter: Name | None = None
    visitor: Name | None = None
    rank: Name | None = None
    score: Score | None = None
    id: Name | None = None

    @field_validator("amount")
    @classmethod
    def _sign(cls, amount: int | None, info: ValidationInfo) -> int | None:
        if amount is not None and amount < 0 and info.data.get("settle_dispute") is None:
            raise ValueError(f"{yuan(amount)} is negative")
        return amount

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        given = [_written(name) for name in type(self).model_fields if name in self.model_fields_set]
        verbs = [name for name in given if name in VERBS]
        if len(verbs) != 1:
            raise ValueError(f"exactly one verb is needed, got {', '.join(verbs) or 'none'}; verbs: {', '.join(VERBS)}")
        needs, takes = _NEEDS.get(verbs[0], ()), _TAKES.get(verbs[0], ())
        if missing := [name for name in needs if getattr(self, name) is None]:
            raise ValueError(f"{verbs[0]} needs {', '.join(missing)}")
        extra = [name for name in given if name not in ("at", *verbs, *needs, *takes)]
        if extra:
            known = ", ".join((*needs, *takes)) or "nothing else"
            raise ValueError(f"{', '.join(extra)} does not belong to {verbs[0]}, which takes {known}")
        if self.outcome == "refused" and self.amount:
            raise ValueError("a dispute that is refused has no amount")
        if self.quantity is not None and self.amount is not None:
            raise ValueError("a refund is narrowed by quantity or by amount, not by both")
        if isinstance(self.coupon, str) != (self.grant is not None):
            raise ValueError(
                "coupon is an amount in yuan of an order (which names one with use), and a name of a grant"
            )
        if self.use is not None and self.coupon:
            raise ValueError("an order takes a coupon it uses, or an amount, not both")
        return self

    @property
    def verb(self) -> str:
        """What happens: one of `VERBS`."""
        return next(verb for verb in VERBS if getattr(self, _field(verb)) is not None)

    @property
    def subject(self) -> str:
        """What it happens to: an order, a member, a withdrawal, a period, or the plan's name."""
        given = getattr(self, _field(self.verb))
        return given.plan if isinstance(given, Plan) else str(given)


def _field(verb: str) -> str:
    return "register_" if verb == "register" else verb


def _written(field: str) -> str:
    return "register" if field == "register_" else field


class ExpectedEntry(Section):
    """One entry that must come out. What is left out (all but member and amount) is not compared.

    `value` is that of a prize in kind, whose amount is 0.
    """

    order: Name | None = None
    line: LineNumber | None = None
    member: Name
    level: Annotated[Whole, Field(ge=0, le=100)] | None = None
    component: Name | None = None
    amount: SignedYuan
    value: Yuan | None = None


class ExpectedBalance(Section):
    """A member's wallet; what is left out is not compared."""

    pending: SignedYuan | None = None
    held: SignedYuan | None = None
    available: SignedYuan | None = None
    withdrawn: SignedYuan | None = None
    deferred: SignedYuan | None = None


class ExpectedLine(Section):
    """What an order line pays, without freight."""

    order: Name
    line: LineNumber
    paid: Yuan


class ExpectedPayout(Section):
    """A withdrawal that was paid out; what is left out is not compared."""

    member: Name
    gross: Yuan | None = None
    fee: Yuan | None = None
    tax: Yuan | None = None
    net: Yuan | None = None


class ExpectedPool(Section):
    """A pool of dividends; what is left out is not compared."""

    volume: Yuan | None = None
    carried: SignedYuan | None = None
    pool: SignedYuan | None = None
    paid: SignedYuan | None = None
    residue: SignedYuan | None = None


class Expect(Section):
    """What must come out; what is left out is not compared. `entries` is complete unless `partial`.

    `pools` are those of dividends, in the order of their closes; `budgets` is what campaigns have spent of theirs.
    """

    entries: list[ExpectedEntry] | None = None
    partial: Flag = False
    totals: dict[str, SignedYuan] | None = None
    balances: dict[str, ExpectedBalance] | None = None
    points: dict[str, Annotated[Whole, Field(ge=0)]] | None = None
    coupons: dict[str, list[Id]] | None = None
    lines: list[ExpectedLine] | None = None
    payouts: list[ExpectedPayout] | None = None
    pools: list[ExpectedPool] | None = None
    budgets: dict[str, Yuan] | None = None
    stock: dict[str, Annotated[Whole, Field(ge=-1_000_000, le=1_000_000_000)]] | None = None
    error: Annotated[str, Field(min_length=1)] | None = None
    refused: list[Annotated[Whole, Field(ge=1)]] | None = None


class Case(Section):
    """One case: what it is called, the plan, the members, what happens, what must come out.

    `public_prices` are what products cost everybody; an order that asks less is refused as undercutting. `arms` are
    groups of members under plans of their own; who names none is in the arm `main`, under `plan`.
    """

    name: Annotated[str, Field(min_length=1)]
    source: str | None = None
    plan: PlanOrName
    arms: Annotated[dict[Name, PlanOrName], Field(max_length=16)] = Field(default_factory=dict)
    stock: dict[str, Count] = Field(default_factory=dict)
    public_prices: dict[str, Yuan] = Field(default_factory=dict)
    members: list[Member] = Field(default_factory=list)
    events: list[Event] = Field(default_factory=list)
    expect: Expect = Expect()

    _document: Document | None = PrivateAttr(None)
    _path: Path = PrivateAttr(())

    def place(self, *path: str | int) -> Place | None:
        """Where the case stands, or a part of it such as `"events", 3`; None for a case made by a program."""
        return self._document.place((*self._path, *path)) if self._document else None
