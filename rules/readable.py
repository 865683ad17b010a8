"""What the readable engine remembers: the same things as `rules.book`, as plain objects a person can print.

Nothing here shares code with the compiled engine's arrays; that is what makes the two a check on each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rules.book import Component, EntryStatus, OrderStatus, WithdrawalStatus
from rules.events import Mark
from rules.lifecycle import Refusal

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Step(NamedTuple):
    """One sentence of an explanation, in both languages."""

    zh: str
    en: str


@dataclass
class Member:
    """One person of the market; amounts in fen, times in seconds on the local clock, None = not yet or nobody."""

    rank: int = 0
    upline: int | None = None
    bound_at: int = -1
    joined_at: int | None = None
    bound_via: Mark = Mark.unknown
    clicked_by: int | None = None
    clicked_via: Mark = Mark.unknown
    appointed: bool = False
    qualified: bool = False
    frozen: bool = False
    real_name: bool = False
    tax_registered: bool = False
    pending: int = 0
    held: int = 0
    available: int = 0
    withdrawing: int = 0
    withdrawn: int = 0
    earned: int = 0
    spent: int = 0
    orders: int = 0
    largest_order: int = 0
    promoted_orders: int = 0
    promoted: int = 0
    direct_team: int = 0
    next_rank: int | None = None
    earned_on: dict[int, int] = field(default_factory=dict)
    promoted_on: int | None = None
    streak: int = 0
    months_on_target: int = 0
    months_under: int = 0
    withdrawals_on: dict[int, int] = field(default_factory=dict)


@dataclass
class Line:
    """One order line as it was paid; `sku` and `category` are names, None where unknown."""

    sku: str | None
    category: str | None
    quantity: int
    price: int
    member_price: int | None
    paid: int
    freight: int
    refunded: int = 0
    refunded_quantity: int = 0


@dataclass
class Entry:
    """One amount, one payee, one reason, and the steps that led to it."""

    time: int
    member: int
    component: Component
    amount: int
    plan: int
    steps: list[Step]
    order: int | None = None
    line: int = 0
    level: int = 0
    base: int = 0
    rate: int = 0
    source: int | None = None
    period: int | None = None
    reverses: int | None = None
    clawed: int = 0
    adjusted: int = 0
    status: EntryStatus = EntryStatus.pending


@dataclass
class Order:
    """One order from placing to refund.

    Attributes:
        terms: index of the plan in force when it was placed; `plan`: that whose rates apply.
        people: above the buyer, nearest first; `ranks`: theirs, None = may not be paid; `allowed`: at which levels.
        counted: the people at payment, whose volumes it counts for.
        made: whether its entries have been made.
    """

    buyer: int
    placed_at: int
    plan: int
    day: int
    terms: int
    status: OrderStatus = OrderStatus.created
    lines: list[Line] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    ranks: list[int | None] = field(default_factory=list)
    allowed: list[set[int]] = field(default_factory=list)
    via: Mark = Mark.unknown
    counted: list[int] = field(default_factory=list)
    made: bool = False
    entries: list[int] = field(default_factory=list)
    adjustments: list[int] = field(default_factory=list)
    paid_at: int | None = None
    auto_receive_at: int | None = None
    settle_at: int | None = None
    refund_open: bool = False
    disputed_by: int | None = None
    disputed_line: int = 0

    @property
    def goods(self) -> int:
        """Paid for goods, without freight."""
        return sum(line.paid for line in self.lines)

    @property
    def freight(self) -> int:
        """Paid for freight."""
        return sum(line.freight for line in self.lines)

    @property
    def refunded(self) -> int:
        """Given back of what was paid for goods."""
        return sum(line.refunded for line in self.lines)


@dataclass
class Statement:
    """What one member was booked for one period component and period."""

    member: int
    plan: int
    component: Component
    period: int
    volume: int = 0
    closed_volume: int = 0
    closed_amount: int = 0
    booked: int = 0
    entry: int | None = None


@dataclass
class Request:
    """One request for a payout."""

    time: int
    member: int
    amount: int
    fee: int
    status: WithdrawalStatus


@dataclass
class State:
    """Everything the readable engine remembers.

    Attributes:
        volumes: running volumes by (measure, period name, member), fen.
        agenda: (time, kind, ref) of what will happen because time passes, kept as a heap.
    """

    plans: list[Plan]
    start_day: int
    members: list[Member]
    orders: list[Order] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    statements: dict[tuple[int, int, Component, int], Statement] = field(default_factory=dict)
    withdrawals: dict[int, Request] = field(default_factory=dict)
    volumes: dict[tuple[str, str, int], int] = field(default_factory=dict)
    agenda: list[tuple[int, int, int]] = field(default_factory=list)
    refusals: list[tuple[int, Refusal]] = field(default_factory=list)
    events: int = 0
    plan_number: int = 0
    now: int = 0
    next_midnight: int = 0
    fees: int = 0

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.plans[self.plan_number]
