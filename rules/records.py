"""What a row of each array of the book is, and the states that rows are in.

Amounts are fen, times seconds on the local clock, days since 1970-01-01; -1 is none, nobody or never.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from rules.plan.limits import MAX_LEVELS

NEVER = -1
"""A time that has not come: not registered, not paid, not received."""


class OrderStatus(IntEnum):
    """Where an order stands; `rules.lifecycle` says what may follow."""

    created = 0
    paid = 1
    shipped = 2
    received = 3
    cancelled = 4
    refunded = 5


class EntryStatus(IntEnum):
    """Where the money of an entry is. A reversal takes effect at once and never moves."""

    pending = 0
    held = 1
    available = 2
    reversal = 3


class Component(IntEnum):
    """Which mechanism made an entry; an adjustment is an operator's answer to a dispute, a prize is goods of a contest.

    The amount of a prize is 0 and its `base` the value: nobody can withdraw it (`rules.commission.contest_close`).
    """

    base = 0
    bonus = 1
    ladder = 2
    team = 3
    differential = 4
    peer = 5
    area = 6
    margin = 7
    influence = 8
    dividend = 9
    adjustment = 10
    contest = 11
    prize = 12


class WithdrawalStatus(IntEnum):
    """requested → reviewing → sent → paid | failed | unknown; unknown keeps its channel order number for ever."""

    reviewing = 0
    sent = 1
    paid = 2
    failed = 3
    unknown = 4
    rejected = 5


MEMBER = np.dtype(
    [
        # what nearly every event looks at, 64 bytes:
        ("joined_at", "i8"),  # registered; NEVER
        ("bound_at", "i8"),  # when the upline was set
        ("clicked_at", "i8"),  # last click on anybody's share
        ("upline", "i4"),  # whom the member is bound to
        ("clicked_by", "i4"),  # whose share the last click was on
        ("streak_day", "i4"),  # last day with a promotion record
        ("team", "i4"),  # registered members bound to this one
        ("orders", "i4"),  # own paid orders
        ("clicks", "i4"),  # clicks of others on shares of this member
        ("promoted_orders", "i4"),  # paid orders attributed at level 1
        ("streak", "i2"),  # days in a row with one
        ("arm", "i2"),
        ("rank", "u1"),
        ("next_rank", "i1"),  # joined, and in effect from next month on; -1 = none
        ("clicked_via", "u1"),  # a Mark: of the last click
        ("bound_via", "u1"),  # a Mark: of the binding
        ("frozen", "?"),
        ("appointed", "?"),  # made a promoter by an operator
        ("qualified", "?"),  # a promoter for ever by one large order
        ("credit", "u1"),  # a score from 0 to 100
        # what nearly every entry looks at:
        ("pending", "i8"),  # fen, of orders not yet received
        ("held", "i8"),  # fen, in the hold
        ("available", "i8"),  # fen; below 0 where a refund came after the payout
        ("earned", "i8"),  # fen, all entries net of reversals
        ("day_total", "i8"),  # fen of order entries on `day`, for the daily cap
        ("day", "i4"),
        ("month", "i4"),
        ("promoted", "i8"),  # fen promoted so far, net of refunds
        ("spent", "i8"),  # fen, own paid orders with freight, not reduced by refunds
        # what orders and closes look at:
        ("largest_order", "i8"),  # fen, the largest of them
        ("first_paid_at", "i8"),  # when the member's first own order was paid
        ("promoter_since", "i8"),  # first time above the lowest rank; NEVER
        ("month_total", "i8"),  # fen of order entries in `month`, for the monthly cap
        ("deferred", "i8"),  # fen that caps have put off to later days
        ("first_deferral", "i4"),  # rows of `deferrals` that wait, the oldest first
        ("last_deferral", "i4"),
        ("statement", "i4"),  # latest row of this member in `statements`
        ("promoted_day", "i4"),  # last day on which an order attributed at level 1 was paid
        ("invited", "i4"),  # members who were bound to this one when they registered
        ("invited_buyers", "i4"),  # members who were bound to this one when they first paid an order
        # the rest:
        ("withdrawing", "i8"),  # fen, asked for and under way
        ("withdrawn", "i8"),  # fen, paid out (gross of fee and tax)
        ("points", "i8"),  # to spend; never below 0
        ("coupon", "i4"),  # latest row of this member in `coupons`
        ("sign_day", "i4"),  # last day that earned points for signing in
        ("next_agent", "i4"),  # the agent appointed after this one to the same area
        ("withdraw_day", "i4"),
        ("withdraw_month", "i4"),
        ("payout", "i4"),  # latest row of this member in `withdrawals` that was sent
        ("months_on_target", "i2"),
        ("months_under", "i2"),
        ("shares", "i2"),  # shares that earned points on `day`
        ("withdraw_count", "i2"),  # requests on `withdraw_day`
        ("month_count", "i2"),  # requests in `withdraw_month`
        ("area", "i2"),  # of which the member is an agent; -1 = of none
        ("real_name", "?"),
        ("tax_registered", "?"),
        ("e_signed", "?"),  # has signed the agreement that payouts may ask for
    ],
    align=True,
)

MEMBER_EXTRA = np.dtype(
    [
        ("register_total", "i8"),  # fen of register bonuses on `day`
        ("influence_total", "i8"),  # fen of influence allowances on `day`
        ("in_kind", "i8"),  # fen, value of prizes that no payout has taken into its income tax yet
        ("day", "i4"),
    ],
    align=True,
)
"""What few members have, one row a member: all 0 for the others, and rows that nobody writes take no memory."""

assert MEMBER.fields
MONEY = int(MEMBER.fields["pending"][1])
"""The byte of a member at which the money begins."""

ORDER = np.dtype(
    [
        # what nearly every event on it looks at, 64 bytes:
        ("received_at", "i8"),
        ("auto_receive_at", "i8"),
        ("settle_at", "i8"),
        ("buyer", "i4"),
        ("first_line", "i4"),
        ("first_entry", "i4"),  # -1 before its entries are made
        ("entries", "i4"),  # entries made together; what comes of deferrals and disputes stands elsewhere
        ("disputed_by", "i4"),  # who disputes it now, -1 = nobody
        ("deferrals", "i4"),  # rows of `deferrals` that the payment made
        ("lines", "i2"),
        ("plan", "i2"),  # index of the plan whose rates apply
        ("terms", "i2"),  # index of the plan in force when it was placed: what is fixed when, and what waits
        ("adjustments", "i2"),  # how many there are
        ("area", "i2"),  # to which the order belongs; -1 = to none
        ("status", "u1"),
        ("refund_open", "?"),
        ("channel", "u1"),
        ("activity", "u1"),
        ("via", "u1"),  # a Mark: how the buyer was bound to the level-1 person
        ("counts_apart", "?"),  # whether `uplines` has all whose volumes it counts for: `chain` changes later
        # what payment looks at:
        ("placed_at", "i8"),
        ("paid_at", "i8"),
        ("held_from", "i8"),  # when the hold began; NEVER
        ("goods", "i8"),  # fen paid for goods, without freight
        ("freight", "i8"),  # fen paid for freight
        ("refunded", "i8"),  # fen of `goods` given back
        ("coupon", "i4"),  # row of the coupon it uses, else -1
        ("first_part", "i4"),  # row of the first of its `PART`s; -1 = it has none
        ("first_adjustment", "i4"),  # entry, -1 = none
        ("regime", "i4"),  # which campaigns were on, by day and channel
        # the people above it:
        ("chain", "i4", (MAX_LEVELS,)),  # people above the buyer, nearest first, as the snapshot saw them
        ("allowed", "i2", (MAX_LEVELS,)),  # bits: levels at which each of them may be paid; bit 0 = at all
        ("chain_rank", "i1", (MAX_LEVELS,)),  # their ranks when rates were fixed; below 0 = barred or nobody
        ("arm", "i2"),  # whose plans apply, fixed when it is paid
    ],
    align=True,
)

ORDER_EXTRA = np.dtype(
    [
        ("points_off", "i8"),  # fen that points took off
        ("points", "i8"),  # points spent on it
        ("points_back", "i8"),  # of those, given back
        ("points_earned", "i8"),  # points for what is received and not refunded
        ("first_deferral", "i4"),  # row of `deferrals`, where it has any
        ("first_above", "i4"),  # first row in `uplines` of the people above those in `chain`, or of all
        ("above", "i4"),  # how many they are
        ("disputed_line", "i2"),
    ],
    align=True,
)
"""What few orders have, one row an order: all 0 for the others, and rows that nobody writes take no memory."""

UPLINE = np.dtype([("member", "i4")], align=True)
"""Somebody so far above a buyer that an order's `chain` has no place for them; kept where a plan has team volumes."""

LINE = np.dtype(
    [
        ("paid", "i8"),  # fen paid for the line's goods
        ("price", "i8"),  # fen, public unit price
        ("member_price", "i8"),  # fen; -1 where there is none
        ("freight", "i8"),  # fen
        ("cost", "i8"),  # fen, of one unit; 0 where it is not known
        ("fee", "i8"),  # fen, part of the order's fee
        ("refunded", "i8"),  # fen of `paid` given back
        ("quantity", "i4"),
        ("refunded_quantity", "i4"),
        ("sku", "i4"),
        ("category", "i2"),
        ("variant", "i2"),  # of the rates: age of the product, and whether it was raised
        ("unit_cut", "i1"),  # fen a unit, `rules.pricing.PricedLine.unit_cut`
    ],
    align=True,
)

SKU = np.dtype(
    [
        ("clicked", "i8", (3,)),  # clicks on shares of the product in the running day, week, month
        ("sold", "i8", (3,)),  # paid orders with it that somebody promoted
        ("raised_by", "i4"),  # the plan whose close raised its rates, -1 before any
        ("raised_in", "i4"),  # the number of the period it is raised for
    ],
    align=True,
)
"""What a product's shares led to, where a plan has dynamic rates."""

PART = np.dtype(
    [
        ("amount", "i8"),  # fen that the line earned
        ("taken", "i8"),  # fen of it to be taken back so far, where pieces are reckoned one refund after the other
        ("order", "i4"),
        ("entry", "i4"),
        ("pieces", "i4"),  # of the line, given back so far
        ("line", "i2"),  # from 1
    ],
    align=True,
)
"""What one line put into an entry of its order: kept where entries stand for a whole order, or are taken back by
the piece; parts of an order stand together."""

ENTRY = np.dtype(
    [
        ("time", "i8"),
        ("amount", "i8"),  # fen; a reversal is negative
        ("base", "i8"),  # fen the rate was taken of; 0 for fixed amounts
        ("clawed", "i8"),  # fen of this entry reversed so far
        ("order", "i4"),  # -1 for entries of a period or a streak
        ("member", "i4"),
        ("rate", "i4"),  # parts per million; 0 for fixed amounts
        ("reverses", "i4"),  # row of the entry that this one takes back, else -1
        ("period", "i4"),  # number of the day, week or month of a period entry, else -1
        ("line", "i2"),  # from 1; 0 = the order as a whole
        ("plan", "i2"),
        ("source", "i2"),  # which bonus or contest of the plan; -2 = taken back by an adjustment; else -1
        ("level", "u1"),  # 0 where levels have no meaning
        ("component", "u1"),
        ("status", "u1"),
    ],
    align=True,
)

DEFERRAL = np.dtype(
    [
        ("amount", "i8"),  # fen before the cap
        ("waiting", "i8"),  # fen not yet paid
        ("cancelled", "i8"),  # fen that refunds took of what waited
        ("order", "i4"),  # -1 for a bonus without an order
        ("member", "i4"),
        ("entry", "i4"),  # row of what was paid at once, -1 = nothing
        ("piece", "i4"),  # row in `pieces` of what was paid last, -1 = nothing
        ("next", "i4"),  # the member's next deferral
        ("rate", "i4"),
        ("line", "i2"),
        ("plan", "i2"),
        ("source", "i2"),
        ("level", "u1"),
        ("component", "u1"),
    ],
    align=True,
)
"""An entry of which a member's cap has put off a part to later days."""

PIECE = np.dtype([("entry", "i4"), ("previous", "i4")], align=True)
"""An entry that pays a part of a deferral, and the piece before it."""

STATEMENT = np.dtype(
    [
        ("closed_volume", "i8"),  # fen when the period was closed
        ("closed_amount", "i8"),  # fen booked at the close
        ("volume", "i8"),  # fen now, after late refunds
        ("booked", "i8"),  # fen booked in all
        ("member", "i4"),
        ("period", "i4"),
        ("previous", "i4"),  # the member's row before this one
        ("plan", "i2"),
        ("slot", "u1"),  # which period component of the plan
        ("entry", "i4"),  # the latest entry booked for it, -1 before the first
    ],
    align=True,
)

POOL = np.dtype(
    [
        ("volume", "i8"),  # fen of the company's volume now, after late refunds
        ("carried", "i8"),  # fen that earlier pools left
        ("closed", "i8"),  # fen of the pool at its close
        ("pool", "i8"),  # fen of the pool now: paid + residue
        ("paid", "i8"),  # fen booked for heads
        ("residue", "i8"),  # fen that the company keeps, or carries into the next pool
        ("weight", "i8"),  # of all heads together
        ("period", "i4"),
        ("first", "i4"),  # row in `shares` of the first head, -1 = nobody
        ("heads", "i4"),
        ("into", "i4"),  # the pool that took over what this one carried on, -1 = none yet
        ("plan", "i2"),
        ("arm", "i2"),
    ],
    align=True,
)
"""A share of the company's volume of a period, divided among heads."""

SHARE = np.dtype(
    [
        ("booked", "i8"),  # fen
        ("member", "i4"),
        ("weight", "i4"),
        ("entry", "i4"),  # the latest entry booked for it, -1 before the first
        ("next", "i4"),  # the pool's next head
    ],
    align=True,
)
"""What one head was booked of a pool."""

STANDING = np.dtype(
    [
        ("figure", "i8"),  # fen or a count, in the round `round`
        ("reached", "i8"),  # when it last rose
        ("round", "i4"),
        ("rival", "i4"),  # whom the member is paired with in the running round, -1 = nobody
    ],
    align=True,
)
"""Where a member stands in what is counted for a contest."""

ROUND = np.dtype(
    [
        ("number", "i4"),  # of its day, week or month; 0 where a contest has one round
        ("day", "i4"),  # its last
        ("first", "i4"),  # row in `placings` of the first place
        ("places", "i4"),  # how many rows
        ("contest", "i2"),  # of the plan
        ("plan", "i2"),
        ("arm", "i2"),
    ],
    align=True,
)
"""A closed round of a contest in which somebody has a place."""

PLACING = np.dtype(
    [
        ("figure", "i8"),
        ("reached", "i8"),
        ("member", "i4"),
        ("rival", "i4"),
        ("entry", "i4"),  # of the prize, -1 = none
        ("prize", "i4"),  # which of the contest, -1 = none
    ],
    align=True,
)
"""A place of a closed round: rows of a round stand together, the first place first."""

WITHDRAWAL = np.dtype(
    [
        ("time", "i8"),  # asked for
        ("sent_at", "i8"),  # handed to the channel; fee and tax are fixed then; NEVER
        ("done_at", "i8"),  # paid, failed or rejected; NEVER
        ("amount", "i8"),  # fen asked for
        ("fee", "i8"),
        ("tax", "i8"),  # fen withheld: income tax and VAT
        ("vat", "i8"),  # the part of `tax` that is VAT
        ("income", "i8"),  # fen gathered for the income tax, this payout included
        ("in_kind", "i8"),  # fen of it that are the value of prizes
        ("withheld", "i8"),  # fen of income tax withheld of it before
        ("sales", "i8"),  # fen gathered for the VAT, this payout included
        ("member", "i4"),
        ("previous", "i4"),  # the payout of the same member that was sent before this one, -1 = none
        ("months", "i2"),  # in a row with income, this one included
        ("income_table", "i2"),  # which of `rules.payout.tax.TABLES`, -1 = none
        ("vat_table", "i2"),
        ("status", "u1"),
        ("known", "?"),
    ],
    align=True,
)

COUPON = np.dtype(
    [
        ("expires", "i8"),  # the first moment at which it can no longer be used
        ("member", "i4"),
        ("coupon", "i4"),  # which coupon of the plans
        ("order", "i4"),  # the order that uses it, else -1
        ("previous", "i4"),  # the member's row before this one
    ],
    align=True,
)

STEP = np.dtype([("time", "i8"), ("kind", "i4"), ("ref", "i4")], align=True)
"""A thing that will happen because time passes; kept in a binary heap by (time, kind, ref)."""

REFUSAL = np.dtype([("time", "i8"), ("event", "i8"), ("code", "i4"), ("member", "i4")], align=True)
"""An event that changed nothing, and why (`rules.lifecycle.Refusal`); `event` counts all events from 0."""

CLOCK = np.dtype(
    [
        ("now", "i8"),
        ("next_midnight", "i8"),  # 0 before the first event
        ("events", "i8"),  # events seen
        ("orders", "i8"),
        ("lines", "i8"),
        ("entries", "i8"),
        ("parts", "i8"),
        ("statements", "i8"),
        ("steps", "i8"),
        ("refusals", "i8"),
        ("withdrawals", "i8"),
        ("coupons", "i8"),
        ("uplines", "i8"),
        ("deferrals", "i8"),
        ("pieces", "i8"),
        ("waiting", "i8"),  # deferrals of which a part is not yet paid
        ("pools", "i8"),
        ("shares", "i8"),
        ("rounds", "i8"),
        ("placings", "i8"),
        ("closed_early", "i8"),  # bit mask of the running day, week, month that an operator has closed before their end
        ("kept", "i8"),  # fen that pools left and the company kept
        ("wanted", "i8"),  # rows the engine needs before it can go on
        ("fees", "i8"),  # fen kept from paid withdrawals
        ("taxes", "i8"),  # fen withheld from paid withdrawals
        ("sent_day", "i8"),  # the last day on which something was sent to the payout channel
        ("sent_today", "i8"),  # fen net of fee and tax sent on it and not failed
        ("agents", "i8"),  # members appointed to an area
        ("running", "i8", (MAX_LEVELS + 1,)),  # what rounding has left over so far, by level, of the order being paid
    ],
    align=True,
)
"""The single row of counters: how far time has come and how many rows of each array are in use."""

ARM = np.dtype(
    [
        ("company", "i8", (3,)),  # fen of its orders paid in the running day, week, month, net of refunds
        ("carried", "i8"),  # fen that its pools left for the next one
        ("plan", "i8"),  # index of the plan in force
    ],
    align=True,
)
"""A group of people under a plan of their own (`rules.people.arms`); without arms there is one, of everybody."""
