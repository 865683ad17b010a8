"""A plan as the compiled engine reads it: numbers in record arrays, every name replaced by its number."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numba.experimental.structref import StructRefProxy
from numpy.typing import NDArray

from rules.events import Numbers, Records, Table
from rules.jit import by_reference, kernel
from rules.plan.limits import MAX_LEVELS, MAX_TARGETS

NONE = -1
"""No rate, no limit, no rank: where a plan is silent."""

PLAN = np.dtype(
    [
        ("depth", "i8"),  # levels that can be paid
        ("base_on", "i8"),  # 0 paid, 1 list, 2 member_price
        ("freight", "i8"),  # 1 = commission on freight too
        ("round_per_unit", "i8"),
        ("rounding", "i8", (MAX_LEVELS + 1,)),  # a Rounding by level; 0 = period components
        ("minimum", "i8", (MAX_LEVELS + 1,)),  # fen per entry, by level
        ("rate_at", "i8"),  # the moment, a place in MOMENTS, at which rates are fixed
        ("first_upline_at", "i8"),  # the same for the level-1 person
        ("upline_at", "i8"),  # and for those above
        ("unbound_nobody", "i8"),  # 1 = an order placed by somebody without an upline pays nobody
        ("entries_at", "i8"),  # the moment at which entries are made
        ("check_at", "i8"),  # bits: the moments at which it is checked who may be paid
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
        ("cycle_every", "i8"),
        ("cycle_weekday", "i8"),
        ("cycle_at", "i8"),
        ("auto_receive_seconds", "i8"),
        ("ineligible", "i8"),  # 0 skip, 1 stop, 2 compress
        ("partial_refund", "i8"),  # 0 pro_rata, 1 cancel_line, 2 cancel_order, 3 none
        ("after_payout", "i8"),  # 0 negative_balance, 1 cap_at_balance, 2 none
        ("late_refund", "i8"),  # 0 recompute, 1 at_paid_rate, 2 keep
        ("self_purchase", "i8"),  # 1 = as level 1
        ("clawback_rounding", "i8"),
        ("fee_rounding", "i8"),
        ("order_ratio", "i8"),  # parts per million, NONE = no cap
        ("trim", "i8"),  # 0 far_levels_first, 1 pro_rata, 2 bonuses_first
        ("member_day", "i8"),  # fen, NONE = no cap
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
        ("slots", "i8"),  # period components in use
        ("bonuses", "i8"),
        ("regimes", "i8"),
        ("ranks", "i8"),
        ("categories", "i8"),
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
    ],
    align=True,
)
"""What moves a member into and out of a rank; NONE where there is no such rule."""

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
"""What adds up per member and period; `measure`: 0 personal, 1 promoted, 2 direct team volume; from 16 on counts."""

BONUS = np.dtype([("event", "i8"), ("pay", "i8"), ("days", "i8"), ("ranks", "i8")], align=True)
"""`event`: 0 first promoted order, 1 promotion streak."""


@dataclass
class Compiled:
    """One or more plans, compiled against the same names.

    Attributes:
        plans: `PLAN`, (plans,).
        ranks: `RANK`, (plans, ranks).
        rates: parts per million or NONE, (plans, regimes, classes, levels + 1, ranks); campaigns are folded in.
        fixed: fen per unit or NONE, (plans, classes, levels + 1, ranks); wins over a rate.
        sku_block: a number above 0 for a sku with settings of its own, else 0, (plans, skus). The class of a line is
            block * (1 + categories) + 1 + category; a category of -1 is unknown.
        regime_from: first day of each stretch of days with the same campaigns on, ascending, (plans, regimes).
        slots: `SLOT`, (plans, slots). brackets: `BRACKET`, (plans, slots, brackets). meters: `METER`, (meters,).
        bonuses: `BONUS`, (plans, bonuses).
        rank_named: rank of this plan behind a number of `Names.ranks`, or NONE, (plans, names).
        rank_moved: rank in plan q of who has rank r in plan p, (plans, plans, ranks).
    """

    plans: Records
    ranks: Records
    rates: NDArray[np.int64]
    fixed: NDArray[np.int64]
    sku_block: NDArray[np.int64]
    regime_from: NDArray[np.int64]
    slots: Records
    brackets: Records
    meters: Records
    bonuses: Records
    rank_named: NDArray[np.int64]
    rank_moved: NDArray[np.int64]

    def tables(self) -> Tables:
        """The arrays, to hand to kernels."""
        return make_tables(*(getattr(self, part.name) for part in fields(self)))


class Tables(StructRefProxy):
    """The arrays of `Compiled` as kernels take them."""

    plans: Table
    ranks: Table
    rates: Numbers
    fixed: Numbers
    sku_block: Numbers
    regime_from: Numbers
    slots: Table
    brackets: Table
    meters: Table
    bonuses: Table
    rank_named: Numbers
    rank_moved: Numbers


by_reference(Tables, list(Tables.__annotations__))


@kernel
def make_tables(
    plans: Records,
    ranks: Records,
    rates: NDArray[np.int64],
    fixed: NDArray[np.int64],
    sku_block: NDArray[np.int64],
    regime_from: NDArray[np.int64],
    slots: Records,
    brackets: Records,
    meters: Records,
    bonuses: Records,
    rank_named: NDArray[np.int64],
    rank_moved: NDArray[np.int64],
) -> Tables:
    """The arrays as one thing that kernels take."""
    return Tables(
        plans,
        ranks,
        rates,
        fixed,
        sku_block,
        regime_from,
        slots,
        brackets,
        meters,
        bonuses,
        rank_named,
        rank_moved,
    )
