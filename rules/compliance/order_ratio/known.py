"""Which plans the decider understands. A key or a word that nobody has thought of here makes a plan undecided, by name.

Left aside on purpose, because it moves no money of an order when it is paid: who is bound to whom and when, how ranks
are reached (any rank can stand at any place), hold, settlement, withdrawal, what earns points, and what is paid for a
period or for people. What an operator grants in a dispute is a decision of its own, and no plan limits it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.plan.model import Plan
from rules.plan.values import Section

_ANYTHING = "attribution settlement disputes withdrawal title care messages costs recommend"
_KNOWN = {
    "Plan": "plan platform start ranks commission bonuses points coupons campaigns contests caps semantics",
    "Rank": "id join effective promote demote",
    "Commission": "base ladder team differential peer area margin influence dividend dynamic activities group_head",
    "Base": "levels product_age",
    "BaseLevel": "level rates skus by_rank ranks minimum of",
    "ProductAge": "launched bands",
    "Differential": "rates difference counts_base exclusive depth",
    "Peer": "rate of ranks generations",
    "Area": "rates within",
    "Margin": "prices skus",
    "Influence": "path node clicks pay without_sale per_day",
    "Dynamic": "period above clicks multiply",
    "Bonus": "id event pay days count allowance period coupon counted to per_day months rate ranks",
    "Points": "earn value max_share_of_order gifts",
    "CouponTerms": "amount over days",
    "Campaign": "id days dates categories skus ranks channels multiply budget",
    "Multiply": "base",
    "Caps": "levels order_ratio member_day member_month trim over_cap",
    "Semantics": "base_on base_round subtract_lower fee_share freight freight_split rounding round_per entry_per "
    "sku_left_out rank_rate stack zero_amount duration_months discount_split discount_order discount_weights "
    "rate_snapshot upline_snapshot unbound_at_create promoter_by eligible_at settle_while_refund_open "
    "frozen_at_settlement hold_from hold_boundary ineligible_level partial_refund clawback_unit refund_after_payout "
    "late_refund self_purchase clawback_rounding fee_rounding defects",
}
"""Keys by section; another key must be off, that is, at its default."""

_WORDS = {
    "base_on": "paid list member_price profit",
    "base_round": "none line unit unit_trunc4",
    "freight": "exclude include",
    "rounding": "floor half_up half_even ceil",
    "round_per": "line unit order",
    "entry_per": "line order",
    "zero_amount": "continue stop",
    "ineligible_level": "skip stop compress",
    "self_purchase": "none as_level_1",
    "trim": "far_levels_first pro_rata bonuses_first",
    "over_cap": "forfeit defer",
    "difference": "rates amounts clamped_rates",
    "of": "sale level_1_commission differential",
    "event": "first_promoted_order promotion_streak first_order_of_day direct_team invites register new_promoter "
    "apprentice",
    "promoter_by": "rank all appointed spend_over order_at_least",
    "defects": "freight_times_quantity coupon_not_deducted half_percent_dropped zero_share_keeps_place no_clawback "
    "blended_refund_rate refund_rounded_each stock_not_restored settled_differential_kept",
}
"""By key: the words that are thought of, where a word changes what an order pays."""

_LEAVES = (
    *("Ladder", "Team", "Dividend", "Contest", "JoinRule", "TargetRule", "Earn", "Title", "AgeBand", "Fixed"),
    "Percentage",
)
"""Sections whose keys change no order, or are read by the plan's own tables."""


def unthought_of(plan: Plan) -> str | None:
    """A key or word of a plan that the decider does not know, as `path: value`; None if it knows them all."""
    return next(_unknown(plan, "plan"), None)


def _unknown(section: Section, path: str) -> Iterator[str]:
    kind = type(section).__name__
    if kind in _LEAVES:
        return
    known = _KNOWN.get(kind, "").split()
    for name, field in type(section).model_fields.items():
        given, here = getattr(section, name), f"{path}.{name}"
        if name in _ANYTHING.split():
            continue
        if name not in known:
            if given != field.get_default(call_default_factory=True):
                yield f"{here}: {given}"
            continue
        if name in _WORDS:
            yield from (f"{here}: {one}" for one in _chosen(given) if one not in _WORDS[name].split())
        yield from _unknown_below(given, here)


def _chosen(given: object) -> list[str]:
    """The words that a setting chooses: one, the first of a pair, several, or one by level."""
    if isinstance(given, dict | list):
        return [str(one) for one in (given.values() if isinstance(given, dict) else given)]
    return [str(given[0] if isinstance(given, tuple) else given)]


def _unknown_below(given: object, path: str) -> Iterator[str]:
    if isinstance(given, Section):
        yield from _unknown(given, path)
    elif isinstance(given, dict | list):
        for key, one in given.items() if isinstance(given, dict) else enumerate(given):
            yield from _unknown_below(one, f"{path}.{key}")
