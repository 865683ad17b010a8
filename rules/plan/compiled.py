"""A plan as the compiled engine reads it: numbers in record arrays, every name replaced by its number."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numba.experimental.structref import StructRefProxy
from numpy.typing import NDArray

from rules.events import Numbers, Records, Table
from rules.jit import by_reference, kernel
from rules.plan.limits import MAX_LEVELS, MAX_RANKS

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
        ("level_ranks", "i8", (MAX_LEVELS + 1,)),  # bit mask of ranks that are paid, by level
        ("rate_at_create", "i8"),
        ("upline_at_create", "i8"),
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
        ("member_month", "i8"),
        ("defer", "i8"),  # 1 = what is over these caps waits for later days
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
        ("stretches", "i8"),  # of days with the same campaigns on
        ("channel_kinds", "i8"),  # channels that campaigns tell apart
        ("bands", "i8"),  # of product ages
        ("variants", "i8"),
        ("budgets", "i8"),  # 1 = some campaign has a budget
        ("pools", "i8"),  # 1 = some plan of the book pays a dividend
        ("team_volumes", "i8"),  # 1 = some plan of the book measures team volumes
        ("ranks", "i8"),
        ("categories", "i8"),
    ],
    align=True,
)

RANK = np.dtype(
    [
        ("join_orders", "i8"),
        ("join_spend", "i8"),
        ("promote_months", "i8"),
        ("promote_meter", "i8"),
        ("promote_volume", "i8"),
        ("demote_months", "i8"),
        ("demote_meter", "i8"),
        ("demote_volume", "i8"),
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
"""A volume that is added up per member and period; `measure`: 0 personal, 1 promoted, 2 direct team, 3 team."""

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

BONUS = np.dtype([("event", "i8"), ("pay", "i8"), ("days", "i8"), ("ranks", "i8")], align=True)
"""`event`: 0 first promoted order, 1 promotion streak."""


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
        rank_named: rank of this plan behind a number of `Names.ranks`, or NONE, (plans, names).
        rank_moved: rank in plan q of who has rank r in plan p, (plans, plans, ranks).
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
    rank_named: Numbers
    rank_moved: Numbers


by_reference(Tables, list(Tables.__annotations__))


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
    rank_named: NDArray[np.int64],
    rank_moved: NDArray[np.int64],
) -> Tables:
    """The arrays as one thing that kernels take."""
    return Tables(
        plans,
        ranks,
        rates,
        plain_rates,
        budgeted,
        fixed,
        sku_block,
        regime_from,
        channel_kind,
        campaigns,
        launched,
        bands,
        dynamics,
        dividends,
        slots,
        brackets,
        meters,
        bonuses,
        rank_named,
        rank_moved,
    )
