"""What the readable engine remembers: the same things as `rules.book`, as plain objects a person can print.

Nothing here shares code with the compiled engine's arrays; that is what makes the two a check on each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rules.events import Activity, Mark
from rules.journey.facts import Binding, Dispute, Terms, Why
from rules.lifecycle import Refusal
from rules.plan.limits import FULL_CREDIT
from rules.records import Component, EntryStatus, OrderStatus, WithdrawalStatus

if TYPE_CHECKING:
    from rules.commission.contest import Race
    from rules.plan.model import Plan


class Step(NamedTuple):
    """One sentence of an explanation, in both languages."""

    zh: str
    en: str


@dataclass
class Coupon:
    """One coupon that was granted: `expires` is the first moment at which it can no longer be used."""

    member: int
    coupon: str
    expires: int
    reason: Step
    order: int | None = None


@dataclass
class Movement:
    """Points that came or went, and why."""

    time: int
    member: int
    points: int
    reason: Step


@dataclass
class Member:
    """One person of the market; amounts in fen, times in seconds on the local clock, None = not yet or nobody."""

    rank: int = 0
    upline: int | None = None
    bound_at: int = -1
    joined_at: int | None = None
    first_paid_at: int | None = None
    bound_via: Mark = Mark.unknown
    clicked_by: int | None = None
    clicked_via: Mark = Mark.unknown
    clicked_at: int | None = None
    bindings: list[Binding] = field(default_factory=list)
    appointed: bool = False
    qualified: bool = False
    frozen: bool = False
    real_name: bool = False
    tax_registered: bool = False
    e_signed: bool = False
    credit: int = FULL_CREDIT
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
    next_rank: int | None = None
    earned_on: dict[int, int] = field(default_factory=dict)
    earned_in: dict[int, int] = field(default_factory=dict)
    deferrals: list[Deferral] = field(default_factory=list)
    promoted_on: int | None = None
    streak: int = 0
    months_on_target: int = 0
    months_under: int = 0
    points: int = 0
    signed_on: int | None = None
    shares_on: dict[int, int] = field(default_factory=dict)
    registers_on: dict[int, int] = field(default_factory=dict)
    influence_on: dict[int, int] = field(default_factory=dict)
    sold_on: int | None = None
    promoter_since: int | None = None
    in_kind: int = 0
    team: set[int] = field(default_factory=set)
    titles: dict[str, tuple[str, int] | None] = field(default_factory=dict)
    invited: int = 0
    invited_buyers: int = 0
    clicks: int = 0
    arm: int = 0
    withdrawals_on: dict[int, int] = field(default_factory=dict)
    withdrawals_in: dict[int, int] = field(default_factory=dict)


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
    cost: int = 0
    fee: int = 0
    unit_cut: int = 0
    refunded: int = 0
    refunded_quantity: int = 0
    raised: bool = False


@dataclass
class Part:
    """What one line put into an entry of its order, and what of it is to be taken back so far."""

    line: int
    amount: int
    taken: int = 0
    pieces: int = 0


@dataclass
class Entry:
    """One amount, one payee, one reason, and the steps that led to it; `parts` where a plan needs to know them.

    Attributes:
        held_at, available_at: when it was held, and when it became available.
        due_at: when it was first due, if it settles by itself and not with its order.
        waited: the ticks at which it had to wait, and why.
        left_in: of a reversal, where the money was that it took.
        balance: what was available to the member once it was settled, or reversed another.
        payouts: how many payouts had been asked for by everybody when it was settled.
    """

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
    deferral: Deferral | None = None
    parts: list[Part] = field(default_factory=list)
    held_at: int | None = None
    available_at: int | None = None
    due_at: int | None = None
    waited: list[tuple[int, Why]] = field(default_factory=list)
    left_in: EntryStatus | None = None
    balance: int = 0
    payouts: int = 0


@dataclass
class Deferral:
    """An entry of which a cap has put off a part to later days.

    Attributes:
        cut: the entry as the cap left it, which may be nothing.
        amount: fen before the cap. waiting: fen not yet paid. cancelled: fen that refunds took of what waited.
        paid: numbers of the entries that paid parts of it, the first ones first.
    """

    cut: Entry
    amount: int
    waiting: int
    cancelled: int = 0
    paid: list[int] = field(default_factory=list)


@dataclass
class Order:
    """One order from placing to refund.

    Attributes:
        terms: index of the plan in force when it was placed; `plan`: that whose rates apply; `arm`: whose they are.
        people: above the buyer, nearest first, as many as a plan can pay; `ranks` are theirs (None = may not be paid),
            `allowed` the levels at which they may be (0 = on the order at all).
        beyond: everybody further up. counted: everybody at payment, whose volumes it counts for.
        made: whether its entries have been made.
        entries: those made together. pieces: those that paid parts of `deferrals` on later days.
        fixed: when and how plan and people were fixed.
        held_from, due_at: when the hold of its entries began, and when they were first due.
        waited: the ticks at which it had to wait, and why.
    """

    buyer: int
    placed_at: int
    plan: int
    day: int
    terms: int
    arm: int = 0
    channel: str | None = None
    status: OrderStatus = OrderStatus.created
    lines: list[Line] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    beyond: list[int] = field(default_factory=list)
    ranks: list[int | None] = field(default_factory=list)
    allowed: list[set[int]] = field(default_factory=list)
    via: Mark = Mark.unknown
    counted: list[int] = field(default_factory=list)
    made: bool = False
    entries: list[int] = field(default_factory=list)
    adjustments: list[int] = field(default_factory=list)
    deferrals: list[Deferral] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    paid_at: int | None = None
    auto_receive_at: int | None = None
    settle_at: int | None = None
    refund_open: bool = False
    disputed_by: int | None = None
    disputed_line: int = 0
    area: int | None = None
    coupon: Coupon | None = None
    points_off: int = 0
    points: int = 0
    points_back: int = 0
    points_earned: int = 0
    activity: Activity = Activity.none
    fixed: Terms = field(default_factory=Terms)
    received_at: int | None = None
    held_from: int | None = None
    due_at: int | None = None
    waited: list[tuple[int, Why]] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)

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
class Share:
    """What one head was booked of a pool."""

    weight: int = 0
    booked: int = 0
    entry: int | None = None


@dataclass
class Pool:
    """A share of the company's volume of a period, divided among `heads` (by member); `pool` = `paid` + `residue`.

    Attributes:
        closed: fen of the pool at its close.
        into: the pool that took over what this one carried on; None = none yet.
    """

    plan: int
    arm: int
    period: int
    carried: int
    volume: int = 0
    closed: int = 0
    pool: int = 0
    residue: int = 0
    into: Pool | None = None
    heads: dict[int, Share] = field(default_factory=dict)

    @property
    def paid(self) -> int:
        """Booked for all heads."""
        return sum(head.booked for head in self.heads.values())


@dataclass
class Standing:
    """Where a member stands in a round of what is counted for a contest: fen or a count, and when it last rose."""

    round: int
    figure: int = 0
    reached: int = 0


@dataclass
class Placing:
    """A place of a closed round; `prize` is which of the contest it won, `entry` the number of what was booked."""

    member: int
    figure: int
    reached: int
    rival: int | None = None
    prize: int | None = None
    entry: int | None = None


@dataclass
class Round:
    """A closed round of a contest, the first place first; `day` is its last, `contest` its place in the plan."""

    plan: int
    arm: int
    contest: int
    number: int
    day: int
    placings: list[Placing] = field(default_factory=list)


@dataclass
class Request:
    """One request for a payout; what is fixed when it is sent is 0 or None until then.

    `income`, `months` and `withheld` are what its income tax was worked out from, `sales` its VAT; the tables are ids.
    `in_kind` is the part of the income that is the value of prizes.
    `pot` is what was available to the member when it was asked for.
    """

    time: int
    member: int
    amount: int
    fee: int
    status: WithdrawalStatus
    sent_at: int | None = None
    done_at: int | None = None
    tax: int = 0
    vat: int = 0
    income: int = 0
    months: int = 0
    withheld: int = 0
    sales: int = 0
    income_table: str | None = None
    vat_table: str | None = None
    in_kind: int = 0
    pot: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def net(self) -> int:
        """What reaches the member."""
        return self.amount - self.fee - self.tax


def _by_period() -> dict[str, dict[str, int]]:
    return {"day": {}, "week": {}, "month": {}}


@dataclass
class Arm:
    """A group of people under a plan of their own (`rules.people.arms`).

    Attributes:
        plan: index of the plan in force.
        clicked, sold: by running period and sku, clicks on shares and paid orders that somebody promoted.
        raised: by sku, the plan that raised its rates and the number of the period it did so for.
        company: by running period, fen of all paid orders net of refunds.
        carried: fen that pools left for the next one.
        changes: when which plan came into force after the first one.
    """

    plan: int = 0
    clicked: dict[str, dict[str, int]] = field(default_factory=_by_period)
    sold: dict[str, dict[str, int]] = field(default_factory=_by_period)
    raised: dict[str, tuple[int, int]] = field(default_factory=dict)
    company: dict[str, int] = field(default_factory=lambda: {"day": 0, "week": 0, "month": 0})
    carried: int = 0
    changes: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class State:
    """Everything the readable engine remembers.

    Attributes:
        statements_of: the statements of each member, in order.
        volumes: running volumes by (measure, period name, member), fen.
        agents: members appointed to each area, in the order of their appointment.
        coupons: those granted, in order. movements: points that came and went, in order.
        agenda: (time, kind, ref) of what will happen because time passes, kept as a heap.
        budgets: fen that campaigns with a budget have spent, by id.
        deferring: members of whose entries a cap has put off a part.
        kept: fen that pools left to the company.
        races: what is counted for contests; `standings` by member, `rivals` are who is paired with whom.
        rounds: the rounds of contests that are closed, in order.
        watched: whose entries keep their steps; None = everybody's do.
    """

    plans: list[Plan]
    start_day: int
    members: list[Member]
    orders: list[Order] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    statements: dict[tuple[int, int, Component, int], Statement] = field(default_factory=dict)
    statements_of: dict[int, list[Statement]] = field(default_factory=dict)
    withdrawals: dict[int, Request] = field(default_factory=dict)
    volumes: dict[tuple[str, str, int], int] = field(default_factory=dict)
    coupons: list[Coupon] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    agenda: list[tuple[int, int, int]] = field(default_factory=list)
    budgets: dict[str, int] = field(default_factory=dict)
    arms: list[Arm] = field(default_factory=lambda: [Arm()])
    pools: list[Pool] = field(default_factory=list)
    kept: int = 0
    races: list[Race] = field(default_factory=list)
    standings: dict[Race, dict[int, Standing]] = field(default_factory=dict)
    rivals: dict[Race, dict[int, int]] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    refusals: list[tuple[int, Refusal]] = field(default_factory=list)
    agents: dict[int, list[int]] = field(default_factory=dict)
    deferring: set[int] = field(default_factory=set)
    events: int = 0
    now: int = 0
    next_midnight: int = 0
    fees: int = 0
    taxes: int = 0
    watched: frozenset[int] | None = None

    def write(self, entry: Entry) -> int:
        """Append an entry, without its steps if its member is not watched; its number."""
        if self.watched is not None and entry.member not in self.watched:
            entry.steps = []
        self.entries.append(entry)
        return len(self.entries) - 1

    def number_of(self, member: int) -> int:
        """Index of the plan in force for a member."""
        return self.arms[self.members[member].arm].plan

    def plan_of(self, member: int) -> Plan:
        """The plan in force for a member."""
        return self.plans[self.number_of(member)]
