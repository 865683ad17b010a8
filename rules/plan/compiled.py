"""A plan as the compiled engine reads it: numbers in record arrays, every name replaced by its number."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numba.experimental.structref import StructRefProxy
from numpy.typing import NDArray

from rules.events import Numbers, Records, Table
from rules.jit import by_reference, kernel
from rules.memory import borrowed, holding
from rules.plan.limits import FULL_CREDIT, MAX_LEVELS, MAX_RANKS, MAX_TARGETS

NONE = -1
"""No rate, no limit, no rank: where a plan is silent."""

PLAN = np.dtype(
    [
        ("depth", "i8"),  # levels that can be paid
        ("base_on", "i8"),  # 0 paid, 1 list, 2 member_price, 3 profit
        ("base_round", "i8"),  # 0 none, 1 line, 2 unit, 3 unit_trunc4
        ("freight", "i8"),  # 1 = commission on freight too
        ("fee_share", "i8"),  # 1 = what the payment cost comes off first
        ("subtract_lower", "i8"),  # 1 = so does what lower levels earn
        ("defects", "i8"),  # bits of `rules.plan.defects`
        ("activities", "i8"),  # bits of `Activity`: those whose orders earn
        ("group_head", "i8"),  # parts per million
        ("duration_months", "i8"),  # NONE = for ever
        ("round_per", "i8"),  # 0 line, 1 unit, 2 order
        ("entry_per", "i8"),  # 0 line, 1 order
        ("zero_stops", "i8"),  # 1 = nobody is paid above a level that earns nothing
        ("parts", "i8"),  # 1 = keep what each line put into an entry
        ("clawback_unit", "i8"),  # 0 exact, 1 trunc4
        ("rounding", "i8", (MAX_LEVELS + 1,)),  # a Rounding by level; 0 = period components
        ("minimum", "i8", (MAX_LEVELS + 1,)),  # fen per entry, by level
        ("rate_at", "i8"),  # the moment, a place in MOMENTS, at which rates are fixed
        ("first_upline_at", "i8"),  # the same for the level-1 person
        ("upline_at", "i8"),  # and for those above
        ("unbound_nobody", "i8"),  # 1 = an order placed by somebody without an upline pays nobody
        ("entries_at", "i8"),  # the moment at which entries are made
        ("check_at", "i8"),  # bits: the moments at which it is checked who may be paid
        ("late_uplines", "i8"),  # 1 = some plan looks up people again after payment
        ("late", "i8"),  # 1 = something of the above comes after payment
        ("wait_refund", "i8"),  # 1 = an open refund stops settlement
        ("wait_frozen", "i8"),  # 1 = entries of the frozen wait
        ("promoter_by", "i8"),  # 0 rank, 1 all, 2 appointed, 3 spend_over, 4 order_at_least
        ("promoter_amount", "i8"),  # fen
        ("joins", "i8"),  # bits: what some rank is joined by
        ("dispute_seconds", "i8"),  # after settlement; NONE = no disputes
        ("hold_from", "i8"),  # 0 create, 1 pay, 2 receipt
        ("hold_seconds", "i8"),
        ("hold_after", "i8"),  # 1 = strictly after the hold has ended
        ("credit_holds", "i8"),  # 1 = some score is held longer
        ("credit_hold", "i8", (FULL_CREDIT + 1,)),  # seconds by score; 0 = not longer than others
        ("cycle_every", "i8"),
        ("cycle_weekday", "i8"),
        ("cycle_at", "i8"),
        ("auto_receive_seconds", "i8"),
        ("ineligible", "i8"),  # 0 skip, 1 stop, 2 compress
        ("partial_refund", "i8"),  # 0 pro_rata, 1 cancel_line, 2 cancel_order, 3 none
        ("after_payout", "i8"),  # 0 negative_balance, 1 cap_at_balance, 2 none, 3 cap_at_wallet
        ("late_refund", "i8"),  # 0 recompute, 1 at_paid_rate, 2 keep
        ("self_purchase", "i8"),  # 1 = as level 1
        ("clawback_rounding", "i8"),
        ("fee_rounding", "i8"),
        ("order_ratio", "i8"),  # parts per million, NONE = no cap
        ("trim", "i8"),  # 0 far_levels_first, 1 pro_rata, 2 bonuses_first
        ("member_day", "i8"),  # fen, NONE = no cap
        ("member_month", "i8"),
        ("defer", "i8"),  # 1 = what is over these caps waits for later days
        ("new_only", "i8"),  # 1 = only who is not registered yet can be claimed
        ("bind_on", "i8"),  # 0 register, 1 first_click, 2 first_order, 3 invite_code
        ("keep_seconds", "i8"),  # NONE = for ever
        ("last_click", "i8"),
        ("conflict", "i8"),  # 0 keep, 1 override, 2 protect
        ("protect_seconds", "i8"),
        ("withdraw_minimum", "i8"),
        ("withdraw_maximum", "i8"),
        ("withdraw_per_day", "i8"),
        ("withdraw_fee", "i8"),  # parts per million
        ("withdraw_real_name", "i8"),
        ("withdraw_tax_registered", "i8"),
        ("withdraw_review_over", "i8"),
        ("withdraw_credit_below", "i8"),  # scores below are reviewed; 0 = none is
        ("withdraw_per_month", "i8"),
        ("withdraw_e_signature", "i8"),
        ("tax", "i8"),  # bit mask of `taxes`
        ("tax_from", "i8"),  # first and last day on which these can say what is to be withheld
        ("tax_to", "i8"),
        ("channel_minimum", "i8"),  # fen net of fee and tax; NONE = no channel
        ("channel_payment", "i8"),
        ("channel_day", "i8"),
        ("channel_count", "i8"),
        ("channel_shop_day", "i8"),
        ("slots", "i8"),  # period components in use
        ("bonuses", "i8"),
        ("contests", "i8"),
        ("stretches", "i8"),  # of days with the same campaigns on
        ("channel_kinds", "i8"),  # channels that campaigns tell apart
        ("bands", "i8"),  # of product ages
        ("variants", "i8"),
        ("budgets", "i8"),  # 1 = some campaign has a budget
        ("pools", "i8"),  # 1 = some plan of the book pays a dividend
        ("team_volumes", "i8"),  # 1 = some plan of the book measures team volumes
        ("ranks", "i8"),
        ("categories", "i8"),
        ("of_level_1", "i8", (MAX_LEVELS + 1,)),  # 1 = a rate of level 1's commission, by level
        ("differential", "i8"),  # 0 off, 1 rates, 2 amounts, 3 clamped_rates
        ("counts_base", "i8"),
        ("exclusive", "i8"),
        ("peer_rate", "i8"),  # parts per million; NONE = off
        ("peer_of_sale", "i8"),
        ("peer_ranks", "i8"),  # bit mask
        ("peer_generations", "i8"),
        ("area", "i8"),  # 1 = on
        ("margin", "i8"),  # 1 = on
    ],
    align=True,
)

RANK = np.dtype(
    [
        ("levels", "i8"),  # bits: levels at which the rank is paid; bit 0 always
        ("join", "i8", (7,)),  # thresholds of `rules.people.rank.MEASURES`
        ("join_any", "i8"),  # 1 = any of them
        ("next_month", "i8"),  # 1 = joined, in effect from next month on
        ("target_months", "i8", (2,)),  # to promote into it, to demote out of it
        ("target_any", "i8", (2,)),
        ("target_meter", "i8", (2, MAX_TARGETS)),
        ("target_over", "i8", (2, MAX_TARGETS)),  # thresholds, as many as there are
        ("differential", "i8"),  # parts per million
        ("differential_depth", "i8"),  # people up from the buyer within which the rank earns by differential
        ("area", "i8"),  # parts per million
    ],
    align=True,
)
"""What moves a member into and out of a rank, and what the rank earns; NONE where there is no such rule."""

SLOT = np.dtype(
    [
        ("component", "i8"),
        ("period", "i8"),
        ("meter", "i8"),
        ("measure", "i8"),
        ("whole", "i8"),
        ("ranks", "i8"),  # bit mask
        ("brackets", "i8"),
    ],
    align=True,
)
"""A component that is booked at the close of a period; a team share is a ladder with one bracket."""

BRACKET = np.dtype([("start", "i8"), ("rate", "i8")], align=True)

METER = np.dtype([("measure", "i8"), ("period", "i8")], align=True)
"""What adds up per member and period; `measure`: 0 personal, 1 promoted, 2 direct team, 3 team; from 16 on counts."""

CAMPAIGN = np.dtype([("budget", "i8"), ("account", "i8")], align=True)
"""`budget`: fen, NONE without; `account`: its place in `Book.budgets`."""

BAND = np.dtype([("first", "i8"), ("last", "i8")], align=True)
"""Ages of a product in days, from the first to the last."""

DYNAMIC = np.dtype([("period", "i8"), ("above", "i8"), ("clicks", "i8")], align=True)
"""What raises a product; `period` is NONE where nothing does, `above` is in parts per million."""

DIVIDEND = np.dtype(
    [("period", "i8"), ("rate", "i8"), ("carry", "i8"), ("weights", "i8", (MAX_RANKS,))],
    align=True,
)
"""A pool of the company's volume; `period` is NONE where there is none, `weights` are by rank, 0 = no head."""

RACE = np.dtype([("measure", "i8"), ("above", "i8"), ("every", "i8"), ("first", "i8"), ("last", "i8")], align=True)
"""What is counted for contests: 0 fen, 1 orders, 2 newcomers; `above` 1 = for a team; `every` 3 = one round."""

CONTEST = np.dtype(
    [("race", "i8"), ("ranks", "i8"), ("least", "i8"), ("pk", "i8"), ("places", "i8"), ("prizes", "i8")], align=True
)
"""A contest: who takes part (bits), the figure that is needed, and how many places and prizes it has."""

PRIZE = np.dtype([("first", "i8"), ("last", "i8"), ("pay", "i8"), ("value", "i8")], align=True)
"""A prize of some places, in fen: of money, or the value of goods."""

BONUS = np.dtype(
    [
        ("event", "i8"),  # place in `limits.BONUS_EVENTS`
        ("pay", "i8"),  # fen
        ("days", "i8"),
        ("ranks", "i8"),  # bit mask
        ("count", "i8"),
        ("title", "i8"),  # row of `Book.titles`
        ("allowance", "i8"),  # fen
        ("period", "i8"),  # of the allowance
        ("coupon", "i8"),  # number of the coupon, NONE = money
        ("counted", "i8"),  # 0 registered, 1 first_order
        ("newcomer", "i8"),  # 1 = paid to the newcomer, 0 = to the inviter
        ("per_day", "i8"),  # fen, NONE = no cap
        ("months", "i8"),
        ("rate", "i8"),  # parts per million
    ],
    align=True,
)
"""A bonus; what its event does not use is NONE."""

POINTS = np.dtype(
    [
        ("on", "i8"),  # 1 = members gather points
        ("sign_in", "i8"),
        ("share", "i8"),
        ("share_per_day", "i8"),  # shares a day that earn, NONE = any
        ("per_yuan", "i8"),
        ("value", "i8"),  # fen off an order per point; 0 = for gifts only
        ("most", "i8"),  # parts per million of an order that points can take off
    ],
    align=True,
)

COUPON_TERMS = np.dtype(
    [("known", "i8"), ("over", "i8"), ("seconds", "i8")],  # 1 = the plan has it; fen; NONE = for ever
    align=True,
)

INFLUENCE = np.dtype(
    [
        ("pay", "i8"),  # fen; 0 = off
        ("path", "i8"),
        ("node", "i8"),
        ("clicks", "i8"),
        ("without_sale", "i8"),
        ("per_day", "i8"),  # fen, NONE = no cap
    ],
    align=True,
)


TAX_BRACKETS = 7
TAX = np.dtype(
    [
        ("first_day", "i8"),
        ("last_day", "i8"),
        ("vat", "i8"),  # 1 = of sales, 0 = of income
        ("run", "i8"),  # 1 = over months in a row of a year, 0 = over one month
        ("flat", "i8"),  # fen off an income of up to `flat_up_to`
        ("flat_up_to", "i8"),
        ("expenses", "i8"),  # parts per million off any other
        ("monthly", "i8"),  # fen off for each month
        ("tax_starts", "i8", (TAX_BRACKETS,)),  # fen from which a bracket applies
        ("tax_rates", "i8", (TAX_BRACKETS,)),  # parts per million of all of it
        ("tax_quicks", "i8", (TAX_BRACKETS,)),  # fen off the tax
    ],
    align=True,
)
"""A dated table of `rules.payout.tax`."""


@dataclass
class Compiled:
    """One or more plans, compiled against the same names.

    Attributes:
        plans: `PLAN`, (plans,).
        ranks: `RANK`, (plans, ranks).
        rates: parts per million or NONE, (plans, regimes, variants, classes, levels + 1, ranks); campaigns, ages and
            raised rates are folded in. A regime is stretch * kinds of channels + kind of channel.
        plain_rates: the same without the campaign that has a budget; one cell where none has.
        budgeted: that campaign's number or NONE, (plans, regimes, classes, ranks); one cell where none has.
        fixed: fen per unit or NONE, (plans, classes, levels + 1, ranks); wins over a rate.
        sku_block: a number above 0 for a sku with settings of its own, else 0, (plans, skus). The class of a line is
            block * (1 + categories) + 1 + category; a category of -1 is unknown.
        regime_from: first day of each stretch of days with the same campaigns on, ascending, (plans, regimes).
        channel_kind: which channels campaigns do not tell apart, (plans, channels).
        campaigns: `CAMPAIGN`, (plans, campaigns).
        launched: day of launch or NONE, (plans, skus). bands: `BAND`, (plans, bands). dynamics: `DYNAMIC`, (plans,).
        dividends: `DIVIDEND`, (plans,).
        slots: `SLOT`, (plans, slots). brackets: `BRACKET`, (plans, slots, brackets). meters: `METER`, (meters,).
        bonuses: `BONUS`, (plans, bonuses).
        races: `RACE`, (races,); the same for all plans. contests: `CONTEST`, (plans, contests).
        prizes: `PRIZE`, (plans, contests, prizes).
        taxes: `TAX`, (tables,), the later above the earlier; the same for all plans.
        points: `POINTS`, (plans,). influence: `INFLUENCE`, (plans,). coupons: `COUPON_TERMS`, (plans, coupons).
        gifts: points that a gift costs, or NONE, (plans, gifts).
        rank_named: rank of this plan behind a number of `Names.ranks`, or NONE, (plans, names).
        rank_moved: rank in plan q of who has rank r in plan p, (plans, plans, ranks).
        grade_rates: a rank's purchase price in parts per million of the public price, or NONE, (plans, classes, ranks).
        grade_prices: the same in fen a unit, which wins. Both have one cell only if no plan has purchase prices.
        area_around: the next known area that an area lies in, or NONE, (plans, areas).
    """

    plans: Records
    ranks: Records
    rates: NDArray[np.int64]
    plain_rates: NDArray[np.int64]
    budgeted: NDArray[np.int64]
    fixed: NDArray[np.int64]
    sku_block: NDArray[np.int64]
    regime_from: NDArray[np.int64]
    channel_kind: NDArray[np.int64]
    campaigns: Records
    launched: NDArray[np.int64]
    bands: Records
    dynamics: Records
    dividends: Records
    slots: Records
    brackets: Records
    meters: Records
    bonuses: Records
    races: Records
    contests: Records
    prizes: Records
    taxes: Records
    points: Records
    influence: Records
    coupons: Records
    gifts: NDArray[np.int64]
    rank_named: NDArray[np.int64]
    rank_moved: NDArray[np.int64]
    grade_rates: NDArray[np.int64]
    grade_prices: NDArray[np.int64]
    area_around: NDArray[np.int64]

    @property
    def titles(self) -> int:
        """How many titles the plans give."""
        return int(self.bonuses["title"].max()) + 1

    def tables(self) -> Tables:
        """The arrays, to hand to kernels."""
        return holding(make_tables(*(getattr(self, part.name) for part in fields(self))), self)


class Tables(StructRefProxy):
    """The arrays of `Compiled` as kernels take them."""

    plans: Table
    ranks: Table
    rates: Numbers
    plain_rates: Numbers
    budgeted: Numbers
    fixed: Numbers
    sku_block: Numbers
    regime_from: Numbers
    channel_kind: Numbers
    campaigns: Table
    launched: Numbers
    bands: Table
    dynamics: Table
    dividends: Table
    slots: Table
    brackets: Table
    meters: Table
    bonuses: Table
    races: Table
    contests: Table
    prizes: Table
    taxes: Table
    points: Table
    influence: Table
    coupons: Table
    gifts: Numbers
    rank_named: Numbers
    rank_moved: Numbers
    grade_rates: Numbers
    grade_prices: Numbers
    area_around: Numbers


by_reference(Tables, list(Tables.__annotations__), counted=False)


@kernel
def make_tables(
    plans: Records,
    ranks: Records,
    rates: NDArray[np.int64],
    plain_rates: NDArray[np.int64],
    budgeted: NDArray[np.int64],
    fixed: NDArray[np.int64],
    sku_block: NDArray[np.int64],
    regime_from: NDArray[np.int64],
    channel_kind: NDArray[np.int64],
    campaigns: Records,
    launched: NDArray[np.int64],
    bands: Records,
    dynamics: Records,
    dividends: Records,
    slots: Records,
    brackets: Records,
    meters: Records,
    bonuses: Records,
    races: Records,
    contests: Records,
    prizes: Records,
    taxes: Records,
    points: Records,
    influence: Records,
    coupons: Records,
    gifts: NDArray[np.int64],
    rank_named: NDArray[np.int64],
    rank_moved: NDArray[np.int64],
    grade_rates: NDArray[np.int64],
    grade_prices: NDArray[np.int64],
    area_around: NDArray[np.int64],
) -> Tables:
    """The arrays as one thing that kernels take; whoever hands it over holds them."""
    return Tables(
        borrowed(plans),
        borrowed(ranks),
        borrowed(rates),
        borrowed(plain_rates),
        borrowed(budgeted),
        borrowed(fixed),
        borrowed(sku_block),
        borrowed(regime_from),
        borrowed(channel_kind),
        borrowed(campaigns),
        borrowed(launched),
        borrowed(bands),
        borrowed(dynamics),
        borrowed(dividends),
        borrowed(slots),
        borrowed(brackets),
        borrowed(meters),
        borrowed(bonuses),
        borrowed(races),
        borrowed(contests),
        borrowed(prizes),
        borrowed(taxes),
        borrowed(points),
        borrowed(influence),
        borrowed(coupons),
        borrowed(gifts),
        borrowed(rank_named),
        borrowed(rank_moved),
        borrowed(grade_rates),
        borrowed(grade_prices),
        borrowed(area_around),
    )
